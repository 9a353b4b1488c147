"""For each step type: cases of what it does when played, and what is refused."""

from dataclasses import dataclass

from tests.engine.small_bank import MAIN

HEAD = """variables:
  amount: {type: money}
  number: {type: digits}
  day: {type: date}
  name: {type: text}
  balance: {type: money}
  accounts: {type: list}
  account: {type: choice}
  password: {type: digits, secret: true}
steps:"""
TEXTS: dict[str, str | list[str]] = {"main.x": "甲，请按1。", "main.item": "{item.name}，请按{key}。",
         "main.more": "更多，请按{key}。",
         "main.sure": "同意，请按1。取消，请按2。",
         "main.speak": "请在提示音后留言，说完请按井号键。", "main.keep": "保存留言，请按1。重新留言，请按2。",
         "main.number": "{number|digits}。同意，请按1。取消，请按2。",
         "texts.x": "您好", "texts.rich": "{balance|yuan}", "words.cash": ["现金", "余额"]}  # fmt: skip


@dataclass(frozen=True)
class Does:
    """A step `x` (and others), and a call that is played on it as a transcript."""

    steps: str
    call: str
    call_row: str = "{start: main.x}"


@dataclass(frozen=True)
class Refuses:
    """A step `x` that does not build, and what its author reads."""

    steps: str
    message: str


INNER = """flow: inner
start: s
variables: {amount: {type: money}, name: {type: text}}
steps:
  s: {branch: [{when: amount > 50, then: rich}], else: return.poor}
  rich: {set: {name: '"rich"'}, then: return.rich}
"""

PROVEN = "{start: main.x, proven: [query]}"
FOUR = "x: {collect: number, prompt: main.x, digits: {exactly: 4}, then: bye}"
VOICE = (
    "x: {collect: number, prompt: main.x, digits: {exactly: 4}, then: y}\n  "
    'y: {confirm: main.number, "yes": z, "no": menu}\n  '
    "z: {record: account, number: number, prompt: main.speak, keep: main.keep, "
    "outcomes: {booked: bye, invalid: menu}}"
)
AGREED = 'press: "1234" | press: "1" | '
SUM = "x: {collect: amount, prompt: main.x, amount: {}, then: y}\n  y: "
LOOK = "x: {service: find_balance, outcomes: {found: y, unavailable: bye}}\n  y: "

CASES: dict[str, list[Does | Refuses]] = {
    "say": [
        Does("x: {say: main.hello, then: bye}", "hear: [main.hello, common.bye] | ends_in: hang_up"),
        Does("x: {say: [main.hello, main.x], then: bye}", "hear: [main.hello, main.x, common.bye]"),
        Does(LOOK + "{say: main.item2, each: accounts, then: bye}", "hear: [main.item2, main.item2]", PROVEN),
        Refuses("x: {say: main.hello}", "'then:' is missing. Callers would not reach this flow. write then: and what"),
        Refuses("x: {say: Main Hello, then: bye}", "'Main Hello' is not a prompt key, such as bills.read_back"),
        Refuses("x: {say: main.hello, thn: bye, then: bye}", "the key 'thn' is unknown here. Callers would not "
                "reach this flow. did you mean 'then'?"),
        Refuses("x: {say: main.hello, then: by}", "there is no step 'by'. A caller who comes here would be passed to "
                "the exit. did you mean 'bye'?"),
        Refuses("x: {say: main.hello, each: acounts, then: bye}", "did you mean 'accounts'?"),
    ],
    "menu": [
        Does('x: {menu: main.x, options: {"1": bye}}', 'ends_in: main.x | press: "1" | ends_in: hang_up'),
        Does('x: {menu: main.x, options: {star: bye, hash: menu}}', 'press: star | ends_in: hang_up'),
        Does('x: {menu: main.x, options: {"1": {then: bye, words: words.cash}}}', "say: 查余额 | ends_in: hang_up"),
        Does('x: {menu: main.x, options: {"1": bye}}', "silence: | hear: [common.again, main.x] | ends_in: main.x"),
        Does('x: {menu: main.x, options: {"1": bye}}', 'press: "5" | hear: [common.wrong, main.x] | silence: 2 | '
             "ends_in: main.x | silence: | ends_in: queue"),
        Does('x: {menu: main.x, options: {"1": bye}, no_input: [{instead: main.hello}]}',
             "silence: | hear: main.hello | ends_in: main.x"),
        Does('x: {menu: main.x, options: {"1": bye}, tries: 1, give_up: bye}', "silence: | ends_in: hang_up"),
        Does('x: {menu: main.x, options: {"1": bye}}', 'press: "0" | ends_in: queue'),
        Does('x: {menu: main.x, options: {"1": bye}}', 'press: "9" | hear: main.x | ends_in: main.x'),
        Does(LOOK + "{menu: main.x, choices: accounts, each: main.item, more: main.more, into: account, then: bye}",
             'hear: [main.x, main.item, main.item] | press: "2" | ends_in: hang_up', PROVEN),
        Does('x: {menu: main.x, options: {"1": menu}, silence: bye}', "silence: | ends_in: hang_up"),
        Does('x: {menu: main.x, options: {"1": menu}, silence: x}', "silence: 11 | ends_in: main.x | silence: | "
             "ends_in: queue"),
        Refuses("x: {menu: main.x}", "a menu needs options: or choices:"),
        Refuses("x: {menu: main.x, choices: accounts}", "choices: needs each:, into: and then: beside it"),
        Refuses('x: {menu: main.x, options: {"12": bye}}', "'12' is not a telephone key; keys are 1, 2, 3"),
        Refuses('x: {menu: main.x, options: {"*": bye}}', "'*' is not a telephone key"),
        Refuses('x: {menu: main.x, options: {"1": bye}, languages: [de]}', "config.yaml has no 'de' under languages:"),
        Refuses('x: {menu: main.x, options: {"1": bye}, wait: soon}', "'soon' is not a duration; write 6s or 2min"),
    ],
    "collect": [
        Does(FOUR, 'press: "0909" | ends_in: hang_up'),
        Does(FOUR,
             'press: "123" | hear: [common.wrong, main.x]'),
        Does("x: {collect: number, prompt: main.x, digits: {min: 2, max: 5, lengths: [2, 4]}, then: bye}",
             'press: "123" | hear: common.wrong | press: "1234" | ends_in: hang_up'),
        Does("x: {collect: number, prompt: main.x, digits: {exactly: 4, star: X}, then: bye}",
             'press: "123*" | ends_in: hang_up'),
        Does("x: {collect: amount, prompt: main.x, amount: {at_most: 5000}, then: y}\n  "
             "y: {branch: [{when: amount == 86.5, then: bye}], else: menu}",
             'press: "5000*01" | hear: common.wrong | press: "86*50" | ends_in: hang_up'),
        Does("x: {collect: day, prompt: main.x, date: true, then: bye}",
             'press: "20260230" | hear: common.wrong | press: "20260228" | ends_in: hang_up'),
        Does(FOUR, "silence: | hear: common.again"),
        Does(FOUR, "say: 一二三四 | hear: common.again"),
        Refuses("x: {collect: number, prompt: main.x, then: bye}", "say what is keyed: digits:, amount: or date: true"),
        Refuses("x: {collect: number, prompt: main.x, digits: {min: 3}, then: bye}", "write exactly: 6, or max: 20"),
        Refuses("x: {collect: amount, prompt: main.x, amount: {at_most: much}, then: bye}",
                "amounts are written in yuan, such as 0.01 or 5000"),
        Refuses("x: {collect: numbr, prompt: main.x, digits: {max: 3}, then: bye}",
                "the variable 'numbr' is not declared. A caller who comes here would be passed to the exit. "
                "did you mean 'number'?"),
    ],
    "confirm": [
        Does('x: {confirm: main.sure, "yes": bye, "no": menu}', 'press: "1" | ends_in: hang_up'),
        Does('x: {confirm: main.sure, "yes": bye, "no": menu}', 'press: "2" | ends_in: main.menu'),
        Does('x: {confirm: main.sure, yes: bye, no: menu}', "say: 是的 | ends_in: hang_up"),
        Does('x: {confirm: main.sure, yes: bye, no: menu}', 'press: "3" | hear: [common.wrong, main.sure] | silence: | '
             "hear: [common.again, main.sure]"),
        Refuses('x: {confirm: main.sure, "yes": bye}', "'no:' is missing"),
    ],
    "service": [
        Does("x: {service: ping, outcomes: {up: bye, down: menu}}", "ends_in: hang_up"),
        Does("x: {service: ping, outcomes: {up: bye, down: {say: main.hello, then: menu}}}",
             "service: {ping: down} | hear: [main.hello, main.menu] | ends_in: main.menu"),
        Does(LOOK + "{branch: [{when: balance > 80, then: bye}], else: menu}",
             "service: {find_balance: found, balance: 80.01} | ends_in: hang_up",
             PROVEN),
        Does("x: {service: find_balance, outcomes: {found: bye, unavailable: menu}}",
             'hear: verify.ask | press: "123456" | ends_in: hang_up'),
        Does("x: {service: pay, with: [amount], outcomes: {paid: bye, no_funds: bye, unavailable: bye}}",
             "ends_in: queue"),  # nobody is identified, nothing confirmed: the gate stays closed
        Refuses("x: {service: pong, outcomes: {up: bye}}", "there is no service 'pong'. A caller who comes here would "
                "be passed to the exit. did you mean 'ping'?"),
        Refuses("x: {service: pay, outcomes: {paid: bye}}", "the service needs the input 'amount'"),
        Refuses("x: {service: ping, with: [amount], outcomes: {up: bye}}", "the service takes no input 'amount'"),
        Refuses("x: {service: pay, with: {amount: number}, outcomes: {paid: bye}}",
                "'number' is digits, the service wants money"),
    ],
    "branch": [
        Does('x: {branch: [{when: language == "zh-CN", then: bye}], else: menu}', "ends_in: hang_up"),
        Does('x: {branch: [{when: language == "zh-CN", then: bye}], else: menu}', "ends_in: main.menu",
             "{start: main.x, language: en}"),
        Does("x: {branch: [{when: identified, then: bye}, {when: not caller_known, then: y}], else: menu}\n  "
             "y: {say: main.hello, then: bye}", "hear: main.hello"),
        Refuses("x: {branch: [], else: bye}", "'branch:' is empty"),
        Refuses("x: {branch: [{when: amont > 5, then: bye}], else: bye}", "there is no variable 'amont' that can be "
                "compared; did you mean 'amount'?"),
        Refuses("x: {branch: [{when: password == 1, then: bye}], else: bye}",
                "'password' is a secret, and a secret is never compared: let a service judge it"),
        Refuses("x: {branch: [{when: number == 5, then: bye}], else: bye}", "this compares a text with a number; "
                "digits and texts are written in quotes"),
        Does(LOOK + "{branch: [{when: count(accounts) == 1, then: bye}], else: menu}", "ends_in: hang_up", PROVEN),
        Does(LOOK + "{branch: [{when: count(accounts) > 1, then: bye}], else: menu}", "ends_in: main.menu", PROVEN),
        Refuses("x: {branch: [{when: open('x'), then: bye}], else: bye}", "the only thing with brackets is count(..)"),
        Refuses("x: {branch: [{when: count(acounts) > 1, then: bye}], else: bye}",
                "'acounts' is not a list; did you mean 'accounts'?"),
        Refuses("x: {branch: [{when: count(amount) > 1, then: bye}], else: bye}", "'amount' is not a list"),
        Refuses("x: {branch: [{when: 'accounts[0] == 1', then: bye}], else: bye}",
                "only names, texts, numbers, comparisons"),
    ],
    "set": [
        Does('x: {set: {name: \'"a"\'}, then: y}\n  y: {branch: [{when: name == "a", then: bye}], else: menu}',
             "ends_in: hang_up"),
        Does(SUM + "{set: {balance: amount + 1.5}, then: z}\n  "
             "z: {branch: [{when: balance == 3.5, then: bye}], else: menu}", 'press: "2" | ends_in: hang_up'),
        Does('x: {set: {name: \'"gas"\'}, then: y}\n  y: {service: owed, with: {biller: name}, outcomes: {found: bye}}',
             "ends_in: hang_up"),
        Refuses('x: {set: {name: \'"gaz"\'}, then: y}\n  y: {service: owed, with: {biller: name}, '
                "outcomes: {found: bye}}", "main.x: config.yaml has no 'gaz' under billers:. The bank would not know "
                "what callers chose here. did you mean 'gas'?"),
        Refuses("x: {set: {}, then: bye}", "'set:' is empty"),
        Refuses("x: {set: {nme: '\"a\"'}, then: bye}", "did you mean 'name'?"),
    ],
    "call": [
        Does(SUM + "{call: inner, with: [amount], take: [name], "
             'outcomes: {rich: z}, then: menu}\n  z: {branch: [{when: name == "rich", then: bye}], else: menu}',
             'press: "51" | ends_in: hang_up'),
        Does(SUM + "{call: inner, with: [amount], "
             "outcomes: {rich: bye}, then: menu}", 'press: "50" | ends_in: main.menu'),
        Refuses("x: {call: iner, then: bye}", "there is no flow 'iner'. A caller who comes here would be passed to the "
                "exit. did you mean 'inner'?"),
    ],
    "go": [
        Does("x: {go: main.bye}", "ends_in: hang_up"),
        Does("x: {go: verify}", "ends_in: verify.ask"),
        Refuses("x: {go: main.by}", "did you mean 'main.bye'?"),
    ],
    "language": [
        Does("x: {language: en, then: y}\n  y: {branch: [{when: language == \"en\", then: bye}], else: menu}",
             "ends_in: hang_up"),
        Refuses("x: {language: ne, then: bye}", "config.yaml has no 'ne' under languages:"),
    ],
    "hours": [
        Does("x: {hours: agents, open: bye, closed: menu}", "ends_in: hang_up",
             '{start: main.x, hour: "2026-11-24 10:00"}'),
        Does("x: {hours: agents, open: bye, closed: menu}", "ends_in: main.menu",
             '{start: main.x, hour: "2026-11-24 17:30"}'),
        Refuses("x: {hours: agent, open: bye, closed: bye}", "did you mean 'agents'?"),
    ],
    "authenticate": [
        Does("x: {authenticate: query, outcomes: {verified: bye, failed: menu}}",
             'hear: verify.ask | press: "123456" | ends_in: hang_up'),
        Does("x: {authenticate: query, outcomes: {verified: bye, failed: menu}}",
             'press: "123456" | service: {check_password: wrong} | ends_in: main.menu'),
        Does("x: {authenticate: query, outcomes: {verified: bye, failed: menu}}", "ends_in: hang_up",
             PROVEN),
        Refuses("x: {authenticate: much, outcomes: {verified: bye}}",
                "'authenticate:' should be 'identity', 'query' or 'transaction'"),
    ],
    "transfer": [
        Does("x: {transfer: general, connecting: main.hello, outcomes: {closed: bye, full: bye, timeout: menu, "
             "callback: bye, answered: end}}",
             "hear: main.hello | ends_in: queue | queue: timeout | ends_in: main.menu"),
        Does("x: {transfer: routed, outcomes: {closed: {say: main.hello, then: menu}, full: bye, timeout: bye, "
             "callback: bye, answered: end}}", "service: {join_queue: closed} | hear: main.hello | ends_in: main.menu"),
        Refuses("x: {transfer: genral, outcomes: {closed: bye}}", "did you mean 'general'?"),
    ],
    "callback": [
        Does('x: {collect: number, prompt: main.x, digits: {exactly: 4}, then: y}\n  y: {confirm: main.number, '
             '"yes": z, "no": menu}\n  z: {callback: number, outcomes: {booked: bye, invalid: menu}}',
             'press: "1234" | press: "1" | service: {book_callback: invalid} | ends_in: main.menu'),
        Does("x: {callback: number, outcomes: {booked: bye, invalid: menu}}", "ends_in: queue"),  # nobody agreed
        Does('x: {confirm: main.sure, "yes": z, "no": menu}\n  z: {callback: number, outcomes: {booked: bye, invalid: '
             "menu}}", 'press: "1" | hear: common.too_long | ends_in: queue'),  # a yes to no number
        Refuses("x: {callback: nummer, outcomes: {booked: bye}}", "did you mean 'number'?"),
    ],
    "record": [
        Does(VOICE, AGREED + 'hear: main.speak | press: hash | hear: main.keep | press: "1" | ends_in: hang_up'),
        Does(VOICE, AGREED + 'press: hash | press: "2" | hear: main.speak | press: hash | hear: main.keep | '
             'press: "1" | service: {book_callback: invalid} | ends_in: main.menu'),
        Does(VOICE, AGREED + 'press: hash | press: "2" | press: hash | press: "2" | press: hash | press: "2" | '
             "ends_in: queue"),  # three messages are enough
        Does(VOICE, AGREED + "silence: | hear: [common.again, main.speak] | silence: 2 | ends_in: queue"),
        Does(VOICE, AGREED + 'press: hash | press: "5" | hear: [common.wrong, main.keep] | press: "9" | hear: '
             "main.keep | ends_in: main.z"),
        Does("x: {record: account, number: number, prompt: main.speak, keep: main.keep, outcomes: {booked: bye}}",
             'press: hash | press: "1" | hear: common.too_long | ends_in: queue'),  # nobody agreed
        Refuses("x: {record: number, number: number, prompt: main.speak, keep: main.keep, outcomes: {booked: bye}}",
                "'number' is digits, a recording is a choice"),
        Refuses("x: {record: account, number: nummer, prompt: main.speak, keep: main.keep, outcomes: {booked: bye}}",
                "did you mean 'number'?"),
    ],
    "text": [
        Does("x: {text: texts.x, to: caller, then: bye}", "ends_in: hang_up"),
        Does(LOOK + "{text: texts.rich, to: caller, then: bye}", "ends_in: queue", PROVEN),
        Does(LOOK + "{text: texts.rich, then: bye}", "ends_in: hang_up", PROVEN),
        Does("x: {text: texts.x, then: menu}", "service: {send_text: unavailable} | ends_in: main.menu"),
        Refuses("x: {text: texts.x, to: everyone, then: bye}", "'registered' or 'caller'"),
    ],
    "end": [
        Does("x: {end: main.hello}", "hear: main.hello | ends_in: hang_up"),
        Refuses("x: {end: main.hello, then: bye}", "the key 'then' is unknown here"),
        Refuses("end: {end: main.hello}", "'end' is a command"),
    ],
}  # fmt: skip

PLAYED = [(verb, case) for verb, cases in CASES.items() for case in cases if isinstance(case, Does)]
REFUSED = [(verb, case) for verb, cases in CASES.items() for case in cases if isinstance(case, Refuses)]


def flows(steps: str) -> dict[str, str]:
    """The small bank with these steps beside its own, reached by nothing but a test."""
    return {"main": MAIN.replace("steps:", HEAD) + f"  {steps}\n", "inner": INNER}


def texts() -> dict[str, str | list[str]]:
    """Prompts for these steps, the same in both languages."""
    return {**TEXTS, "main.item2": "{item.name}。"}
