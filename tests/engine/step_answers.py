"""For each step type: what it answers when proofs, the schema, diagrams, coverage and traces ask about it.

A question is the name of a method and what it is given; an answer is written plainly: an exit as "label -> step", a
prompt with what is true of it, a wanted variable as "name: type", an origin as its sentence and where it goes on.
"""

from collections.abc import Mapping
from typing import Any

from tests.engine.small_bank import SERVICES

Row = tuple[tuple[Any, ...], Any]  # the question; the answer
LEVELS = {"identity": "who", "query": "verify", "transaction": "sign"}
FIND, BOOK, QUEUE, TEXT, CHECK = (
    SERVICES[name] for name in ("find_balance", "book_callback", "join_queue", "send_text", "check_password")
)

SAY = {"say": ["a.x", "a.y"], "each": "accounts", "then": "b"}
MENU = {"menu": "a.x", "options": {"1": {"then": "b", "words": "words.cash"}, "star": "c"}, "languages": ["en"],
        "silence": "d", "common_keys": ["0"], "also": "a.y"}  # fmt: skip
LIST = {"menu": "a.x", "choices": "accounts", "each": "a.item", "more": "a.more", "into": "account", "then": "b"}
COLLECT = {"collect": "number", "prompt": "a.x", "digits": {"max": 5, "lengths": ["4"], "star": "X"}, "then": "b"}
AMOUNT = {"collect": "amount", "prompt": "a.x", "amount": {"at_least": "1.50", "at_most": "9"}, "then": "b"}
DATE = {"collect": "day", "prompt": "a.x", "date": True, "then": "b"}
CONFIRM = {"confirm": ["a.x", "a.keys"], "yes": "b", "no": "c"}
FOUND = {"service": "find_balance", "with": {"pin": "password"}, "outcomes": {"found": "b", "unavailable": "c"},
         "waiting": "a.x"}  # fmt: skip
BRANCH = {"branch": [{"when": "identified and amount > 5", "then": "b"}, {"when": "amount > 5", "then": "c"}],
          "else": "d"}  # fmt: skip
SET = {"set": {"amount": "balance + 1"}, "then": "b"}
CALL = {"call": "inner", "with": {"amount": "balance"}, "take": ["name"], "outcomes": {"rich": "b"}, "then": "c"}
BARE = {"call": "inner", "outcomes": {"rich": "b"}}
PROOF = {"authenticate": "query", "outcomes": {"verified": "b", "failed": "c"}}
TRANSFER = {"transfer": "general", "connecting": "a.x", "outcomes": {"closed": "b", "timeout": "c"}}
CALLBACK = {"callback": "number", "outcomes": {"booked": "b", "invalid": "c"}}
RECORD = {"record": "account", "number": "number", "prompt": "a.x", "keep": "a.keys", "outcomes": {"booked": "b"}}
SENT = {"text": "a.x", "to": "caller", "then": "b"}

ANSWERS: Mapping[str, list[tuple[dict[str, Any], list[Row]]]] = {
    "say": [
        (SAY, [
            (("exits",), ["then -> b"]),
            (("says",), ["a.x say item position", "a.y say item position"]),
            (("reads",), ["accounts"]),
            (("goes_through",), "accounts"),
            (("wants",), ["accounts: list"]),
            (("offered", "item"), ["an item of accounts", "accounts", ""]),
            (("offered", "position"), ["the place of an item of accounts", "accounts", ""]),
            (("offered", "name"), None),
            (("heard_until", "then"), "all of it"),
            (("quiet", "then"), True),
            (("noted",), ["then"]),
            (("deed", "then"), ""),
            (("may_give_up",), False),
        ]),
    ],
    "menu": [
        (MENU, [
            (("exits",), ["1 -> b", "star -> c", "silence -> d"]),
            (("says",), ["a.x menu asked in en", "a.y also asked"]),
            (("question",), ["a.x"]),
            (("announcing",), ["a.x", "a.y"]),
            (("spoken_in",), ["en"]),
            (("option_words",), {"1": "words.cash"}),
            (("own_key", "*"), True),
            (("own_key", "0"), False),
            (("is_whole", "1"), True),
            (("is_whole", "#"), False),
            (("keeps_key", "0"), True),
            (("keeps_key", "9"), False),
            (("working_keys",), ["*", "1"]),
            (("keys_to_name",), ["*", "1"]),
            (("lists_options",), False),  # silence leads on
            (("sample_answers",), ["1", "*"]),
            (("heard_until", "star"), "*"),
            (("heard_until", "silence"), None),
            (("noted",), ["1", "star"]),
            (("quiet", "1"), False),
            (("goes_through",), None),
            (("writes",), []),
            (("wants",), []),
            (("copies", "f"), []),
            (("may_give_up",), True),
            (("deed", "star"), "star"),
        ]),
        (LIST, [
            (("says",), ["a.x menu asked", "a.item each item key", "a.more more key sometimes"]),
            (("goes_through",), "accounts"),
            (("reads",), ["accounts"]),
            (("writes",), ["account"]),
            (("wants",), ["accounts: list", "account: choice"]),
            (("copies", "f"), [[["f", "accounts"], ["f", "account"]]]),
            (("fills", "then", None), ["account"]),
            (("fills", "give_up", None), []),
            (("working_keys",), list("12345678")),
            (("sample_answers",), ["1", "8"]),
            (("quiet", "then"), True),  # one item is chosen unasked
            (("quiet", "give_up"), True),
            (("heard_until", "then"), "nothing of it"),
            (("noted",), ["1"]),
            (("deed", "then"), "1"),
            (("filled", "account", "2", None), ["key 2, chosen at {place} of accounts", "accounts", ""]),
            (("filled", "account", "identified", None),
             ["the identified card, chosen at {place} of accounts", "accounts", ""]),
            (("filled", "name", "2", None), None),
            (("offered", "item"), ["an item of accounts", "accounts", ""]),
            (("offered", "key"), ["the key of the item", "", ""]),
        ]),
    ],
    "collect": [
        (COLLECT, [
            (("question",), ["a.x"]),
            (("says",), ["a.x prompt asked"]),
            (("own_key", "0"), True),
            (("own_key", "*"), False),
            (("is_whole", "12345"), True),
            (("is_whole", "1234"), False),
            (("working_keys",), ["#", "*"]),
            (("sample_answers",), ["1111"]),
            (("keyed_as",), "digits"),
            (("most_digits",), 5),
            (("made_up", "95588*"), "12345*"),
            (("heard_until", "then"), "its first sentence"),
            (("deed", "then"), "<number>"),
            (("noted",), ["collected"]),
            (("writes",), ["number"]),
            (("reads",), []),
            (("filled", "number", "collected", None), ["collected at {place}", "", ""]),
            (("filled", "number", "no_match", None), None),
            (("quiet", "then"), False),
        ]),
        (AMOUNT, [
            (("working_keys",), ["#", "*"]), (("keyed_as",), "money"), (("most_digits",), None),
            (("sample_answers",), ["1*50", "9"]), (("made_up", "86*50"), "86*50"),
        ]),
        (DATE, [
            (("working_keys",), ["#"]), (("keyed_as",), "date"), (("sample_answers",), ["20260131"]),
            (("made_up", "19800229"), "20000101"), (("made_up", "19800230"), "12345678"),
        ]),
    ],
    "confirm": [
        (CONFIRM, [
            (("exits",), ["yes -> b", "no -> c"]),
            (("says",), ["a.x confirm asked", "a.keys confirm asked"]),
            (("question",), ["a.x"]),
            (("announcing",), ["a.x", "a.keys"]),
            (("read_back",), ["a.x"]),
            (("names_keys",), ["a.keys"]),
            (("agreed",), "b"),
            (("granted", "yes"), ["confirmation"]),
            (("granted", "no"), []),
            (("own_key", "2"), True),
            (("own_key", "3"), False),
            (("is_whole", "2"), True),
            (("keys_to_name",), ["1", "2"]),
            (("sample_answers",), ["1", "2"]),
            (("deed", "no"), "2"),
        ]),
    ],
    "service": [
        (FOUND, [
            (("service",), "find_balance"),
            (("given",), {"pin": "password"}),
            (("routes",), {"found": "b", "unavailable": "c"}),
            (("results", FIND), ["found", "unavailable"]),
            (("subflows", LEVELS, FIND), ["verify"]),
            (("subflows", LEVELS, None), []),
            (("runs", LEVELS), None),
            (("says",), ["a.x waiting sometimes"]),
            (("while_waiting",), ["a.x"]),
            (("reads",), ["password"]),
            (("finds", FIND), ["accounts", "balance"]),
            (("fills", "found", FIND), ["accounts", "balance"]),
            (("fills", "unavailable", FIND), []),
            (("forgets", FIND), []),
            (("effects", FIND), ["reveals_data"]),
            (("needs", FIND, True), ["query"]),
            (("filled", "balance", "found", FIND), ["service find_balance answered found, {place}", "", ""]),
            (("filled", "balance", "unavailable", FIND), None),
            (("may_give_up",), True),
            (("quiet", "give_up"), False),
            (("deed", "found"), "service find_balance answers found"),
        ]),
        ({**FOUND, "with": {"password": "password"}}, [(("forgets", CHECK), ["password"])]),
    ],
    "branch": [
        (BRANCH, [
            (("exits",), ["row 1 -> b", "row 2 -> c", "else -> d"]),
            (("conditions",), [["identified and amount > 5"] * 2, ["amount > 5"] * 2]),
            (("granted", "row 1"), ["identity"]),
            (("granted", "row 2"), []),
            (("granted", "else"), []),
        ]),
    ],
    "set": [
        (SET, [
            (("conditions",), [["amount", "balance + 1"]]),
            (("writes",), ["amount"]),
            (("reads",), []),
            (("fills", "then", None), ["amount"]),
            (("filled", "amount", "enter", None), ["set to balance + 1 at {place}", "", ""]),
            (("filled", "name", "enter", None), None),
        ]),
    ],
    "call": [
        (CALL, [
            (("runs", LEVELS), "inner"),
            (("subflows", LEVELS, None), ["inner"]),
            (("routes",), {"rich": "b"}),
            (("returned_to", "rich"), "b"),
            (("returned_to", "poor"), "c"),
            (("words_for", "rich", frozenset({"rich", "poor"})), ["rich"]),
            (("words_for", "then", frozenset({"rich", "poor"})), ["poor"]),
            (("quiet", "rich"), False),
            (("may_give_up",), False),
            (("noted",), ["rich"]),
            (("passes",), {"amount": "balance"}),
            (("takes_back",), ["name"]),
            (("reads",), ["balance"]),
            (("writes",), ["name"]),
            (("fills", "rich", None), ["name"]),
            (("copies", "f"), [[["f", "balance"], ["inner", "amount"]], [["inner", "name"], ["f", "name"]]]),
            (("filled", "name", "rich", None), ["brought back by {place}", "name", "inner"]),
            (("filled", "name", "enter", None), None),
        ]),
        (BARE, [(("may_give_up",), True), (("returned_to", "poor"), None)]),
    ],
    "go": [({"go": "b"}, [(("exits",), ["go -> b"]), (("says",), [])])],
    "language": [({"language": "en", "then": "b"}, [(("switches_to",), "en"), (("reads",), [])])],
    "hours": [({"hours": "agents", "open": "b", "closed": "c"}, [(("exits",), ["open -> b", "closed -> c"])])],
    "authenticate": [
        (PROOF, [
            (("proves",), "query"),
            (("runs", LEVELS), "verify"),
            (("subflows", LEVELS, None), ["verify"]),
            (("routes",), {"verified": "b", "failed": "c"}),
            (("returned_to", "failed"), "c"),
            (("words_for", "failed", frozenset({"failed", "verified"})), ["failed"]),
            (("quiet", "verified"), True),
            (("quiet", "failed"), False),
            (("may_give_up",), True),
        ]),
    ],
    "transfer": [
        (TRANSFER, [
            (("service",), "join_queue"),
            (("results", QUEUE), ["answered", "callback", "closed", "failed", "full", "timeout"]),
            (("routes",), {"closed": "b", "timeout": "c"}),
            (("says",), ["a.x connecting sometimes"]),
            (("heard_until", "closed"), None),
            (("quiet", "closed"), True),
            (("quiet", "full"), True),
            (("quiet", "timeout"), False),
            (("quiet", "give_up"), False),
            (("finds", QUEUE), []),
        ]),
    ],
    "callback": [
        (CALLBACK, [
            (("service",), "book_callback"),
            (("given",), {"number": "number"}),
            (("routes",), {"booked": "b", "invalid": "c"}),
            (("reads",), ["number"]),
            (("wants",), ["number: digits"]),
            (("effects", BOOK), ["stores_contact"]),
            (("needs", BOOK, False), ["confirmation"]),
        ]),
    ],
    "record": [
        (RECORD, [
            (("service",), "book_callback"),
            (("given",), {"number": "number", "recording": "account"}),
            (("routes",), {"booked": "b"}),
            (("question",), ["a.x"]),
            (("says",), ["a.x prompt asked", "a.keys keep asked"]),
            (("own_key", "1"), True),
            (("own_key", "#"), False),
            (("is_whole", "1"), True),
            (("working_keys",), ["#", "1", "2"]),
            (("keys_to_name",), ["1", "2"]),
            (("sample_answers",), ["#", "1", "2"]),
            (("deed", "booked"), "#, 1, service book_callback answers booked"),
            (("reads",), ["number"]),
            (("writes",), ["account"]),
            (("fills", "booked", BOOK), ["account"]),
            (("fills", "give_up", BOOK), []),
            (("wants",), ["account: choice", "number: digits"]),
            (("filled", "account", "recorded", BOOK), ["recorded at {place}", "", ""]),
            (("filled", "account", "kept", BOOK), None),
            (("effects", BOOK), ["stores_contact"]),
            (("needs", BOOK, False), ["confirmation"]),
            (("quiet", "booked"), False),
        ]),
    ],
    "text": [
        (SENT, [
            (("service",), "send_text"),
            (("says",), ["a.x text sometimes written"]),
            (("text_to_caller",), "a.x"),
            (("needs", TEXT, False), []),
            (("needs", TEXT, True), ["query"]),
            (("given",), {}),
        ]),
        ({**SENT, "to": "registered"}, [(("text_to_caller",), None)]),
    ],
    "end": [({"end": "a.x"}, [(("says",), ["a.x end"]), (("exits",), [])])],
}  # fmt: skip
