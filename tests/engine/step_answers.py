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
            (("spoken_prompts",), ["a.x say item position", "a.y say item position"]),
            (("reads",), ["accounts"]),
            (("iterated_list",), "accounts"),
            (("type_requirements",), ["accounts: list"]),
            (("slot_provenance", "item"), ["an item of accounts", "accounts", ""]),
            (("slot_provenance", "position"), ["the place of an item of accounts", "accounts", ""]),
            (("slot_provenance", "name"), None),
            (("heard_before_exit", "then"), "all of it"),
            (("is_silent_exit", "then"), True),
            (("trail_labels",), ["then"]),
            (("trigger", "then"), ""),
            (("may_give_up",), False),
        ]),
    ],
    "menu": [
        (MENU, [
            (("exits",), ["1 -> b", "star -> c", "silence -> d"]),
            (("spoken_prompts",), ["a.x menu asked in en", "a.y also asked"]),
            (("question",), ["a.x"]),
            (("announcing_prompts",), ["a.x", "a.y"]),
            (("question_languages",), ["en"]),
            (("option_words",), {"1": "words.cash"}),
            (("is_own_key", "*"), True),
            (("is_own_key", "0"), False),
            (("completes_entry", "1"), True),
            (("completes_entry", "#"), False),
            (("accepts_global_key", "0"), True),
            (("accepts_global_key", "9"), False),
            (("working_keys",), ["*", "1"]),
            (("keys_to_name",), ["*", "1"]),
            (("lists_options",), False),  # silence leads on
            (("sample_answers",), ["1", "*"]),
            (("heard_before_exit", "star"), "*"),
            (("heard_before_exit", "silence"), None),
            (("trail_labels",), ["1", "star"]),
            (("is_silent_exit", "1"), False),
            (("iterated_list",), None),
            (("writes",), []),
            (("type_requirements",), []),
            (("copied_variables", "f"), []),
            (("may_give_up",), True),
            (("trigger", "star"), "star"),
        ]),
        (LIST, [
            (("spoken_prompts",), ["a.x menu asked", "a.item each item key", "a.more more key sometimes"]),
            (("iterated_list",), "accounts"),
            (("reads",), ["accounts"]),
            (("writes",), ["account"]),
            (("type_requirements",), ["accounts: list", "account: choice"]),
            (("copied_variables", "f"), [[["f", "accounts"], ["f", "account"]]]),
            (("assigned_at_exit", "then", None), ["account"]),
            (("assigned_at_exit", "give_up", None), []),
            (("working_keys",), list("12345678")),
            (("sample_answers",), ["1", "8"]),
            (("is_silent_exit", "then"), True),  # one item is chosen unasked
            (("is_silent_exit", "give_up"), True),
            (("heard_before_exit", "then"), "nothing of it"),
            (("trail_labels",), ["1"]),
            (("trigger", "then"), "1"),
            (("provenance_of", "account", "2", None), ["key 2, chosen at {place} of accounts", "accounts", ""]),
            (("provenance_of", "account", "identified", None),
             ["the identified card, chosen at {place} of accounts", "accounts", ""]),
            (("provenance_of", "name", "2", None), None),
            (("slot_provenance", "item"), ["an item of accounts", "accounts", ""]),
            (("slot_provenance", "key"), ["the key of the item", "", ""]),
        ]),
    ],
    "collect": [
        (COLLECT, [
            (("question",), ["a.x"]),
            (("spoken_prompts",), ["a.x prompt asked"]),
            (("is_own_key", "0"), True),
            (("is_own_key", "*"), False),
            (("completes_entry", "12345"), True),
            (("completes_entry", "1234"), False),
            (("working_keys",), ["#", "*"]),
            (("sample_answers",), ["1111"]),
            (("data_type",), "digits"),
            (("max_digits",), 5),
            (("placeholder_keys", "95588*"), "12345*"),
            (("heard_before_exit", "then"), "its first sentence"),
            (("trigger", "then"), "<number>"),
            (("trail_labels",), ["collected"]),
            (("writes",), ["number"]),
            (("reads",), []),
            (("provenance_of", "number", "collected", None), ["collected at {place}", "", ""]),
            (("provenance_of", "number", "no_match", None), None),
            (("is_silent_exit", "then"), False),
        ]),
        (AMOUNT, [
            (("working_keys",), ["#", "*"]), (("data_type",), "money"), (("max_digits",), None),
            (("sample_answers",), ["1*50", "9"]), (("placeholder_keys", "86*50"), "86*50"),
        ]),
        (DATE, [
            (("working_keys",), ["#"]), (("data_type",), "date"), (("sample_answers",), ["20260131"]),
            (("placeholder_keys", "19800229"), "20000101"), (("placeholder_keys", "19800230"), "12345678"),
        ]),
    ],
    "confirm": [
        (CONFIRM, [
            (("exits",), ["yes -> b", "no -> c"]),
            (("spoken_prompts",), ["a.x confirm asked", "a.keys confirm asked"]),
            (("question",), ["a.x"]),
            (("announcing_prompts",), ["a.x", "a.keys"]),
            (("read_back_prompts",), ["a.x"]),
            (("key_prompts",), ["a.keys"]),
            (("yes_target",), "b"),
            (("proven_at_exit", "yes"), ["confirmation"]),
            (("proven_at_exit", "no"), []),
            (("is_own_key", "2"), True),
            (("is_own_key", "3"), False),
            (("completes_entry", "2"), True),
            (("keys_to_name",), ["1", "2"]),
            (("sample_answers",), ["1", "2"]),
            (("trigger", "no"), "2"),
        ]),
    ],
    "service": [
        (FOUND, [
            (("service",), "find_balance"),
            (("service_inputs",), {"pin": "password"}),
            (("routes",), {"found": "b", "unavailable": "c"}),
            (("results", FIND), ["found", "unavailable"]),
            (("subflows", LEVELS, FIND), ["verify"]),
            (("subflows", LEVELS, None), []),
            (("subflow", LEVELS), None),
            (("spoken_prompts",), ["a.x waiting sometimes"]),
            (("waiting_prompts",), ["a.x"]),
            (("reads",), ["password"]),
            (("service_outputs", FIND), ["accounts", "balance"]),
            (("assigned_at_exit", "found", FIND), ["accounts", "balance"]),
            (("assigned_at_exit", "unavailable", FIND), []),
            (("erased_secrets", FIND), []),
            (("effects", FIND), ["reveals_data"]),
            (("required_proofs", FIND, True), ["query"]),
            (("provenance_of", "balance", "found", FIND), ["service find_balance answered found, {place}", "", ""]),
            (("provenance_of", "balance", "unavailable", FIND), None),
            (("may_give_up",), True),
            (("is_silent_exit", "give_up"), False),
            (("trigger", "found"), "service find_balance answers found"),
        ]),
        ({**FOUND, "with": {"password": "password"}}, [(("erased_secrets", CHECK), ["password"])]),
    ],
    "branch": [
        (BRANCH, [
            (("exits",), ["row 1 -> b", "row 2 -> c", "else -> d"]),
            (("conditions",), [["identified and amount > 5"] * 2, ["amount > 5"] * 2]),
            (("proven_at_exit", "row 1"), ["identity"]),
            (("proven_at_exit", "row 2"), []),
            (("proven_at_exit", "else"), []),
        ]),
    ],
    "set": [
        (SET, [
            (("conditions",), [["amount", "balance + 1"]]),
            (("writes",), ["amount"]),
            (("reads",), []),
            (("assigned_at_exit", "then", None), ["amount"]),
            (("provenance_of", "amount", "enter", None), ["set to balance + 1 at {place}", "", ""]),
            (("provenance_of", "name", "enter", None), None),
        ]),
    ],
    "call": [
        (CALL, [
            (("subflow", LEVELS), "inner"),
            (("subflows", LEVELS, None), ["inner"]),
            (("routes",), {"rich": "b"}),
            (("return_target", "rich"), "b"),
            (("return_target", "poor"), "c"),
            (("return_words", "rich", frozenset({"rich", "poor"})), ["rich"]),
            (("return_words", "then", frozenset({"rich", "poor"})), ["poor"]),
            (("is_silent_exit", "rich"), False),
            (("may_give_up",), False),
            (("trail_labels",), ["rich"]),
            (("subflow_inputs",), {"amount": "balance"}),
            (("subflow_outputs",), ["name"]),
            (("reads",), ["balance"]),
            (("writes",), ["name"]),
            (("assigned_at_exit", "rich", None), ["name"]),
            (("copied_variables", "f"), [[["f", "balance"], ["inner", "amount"]], [["inner", "name"], ["f", "name"]]]),
            (("provenance_of", "name", "rich", None), ["brought back by {place}", "name", "inner"]),
            (("provenance_of", "name", "enter", None), None),
        ]),
        (BARE, [(("may_give_up",), True), (("return_target", "poor"), None)]),
    ],
    "go": [({"go": "b"}, [(("exits",), ["go -> b"]), (("spoken_prompts",), [])])],
    "language": [({"language": "en", "then": "b"}, [(("language_set",), "en"), (("reads",), [])])],
    "hours": [({"hours": "agents", "open": "b", "closed": "c"}, [(("exits",), ["open -> b", "closed -> c"])])],
    "authenticate": [
        (PROOF, [
            (("proven_level",), "query"),
            (("subflow", LEVELS), "verify"),
            (("subflows", LEVELS, None), ["verify"]),
            (("routes",), {"verified": "b", "failed": "c"}),
            (("return_target", "failed"), "c"),
            (("return_words", "failed", frozenset({"failed", "verified"})), ["failed"]),
            (("is_silent_exit", "verified"), True),
            (("is_silent_exit", "failed"), False),
            (("may_give_up",), True),
        ]),
    ],
    "transfer": [
        (TRANSFER, [
            (("service",), "join_queue"),
            (("results", QUEUE), ["answered", "callback", "closed", "failed", "full", "timeout"]),
            (("routes",), {"closed": "b", "timeout": "c"}),
            (("spoken_prompts",), ["a.x connecting sometimes"]),
            (("heard_before_exit", "closed"), None),
            (("is_silent_exit", "closed"), True),
            (("is_silent_exit", "full"), True),
            (("is_silent_exit", "timeout"), False),
            (("is_silent_exit", "give_up"), False),
            (("service_outputs", QUEUE), []),
        ]),
    ],
    "callback": [
        (CALLBACK, [
            (("service",), "book_callback"),
            (("service_inputs",), {"number": "number"}),
            (("routes",), {"booked": "b", "invalid": "c"}),
            (("reads",), ["number"]),
            (("type_requirements",), ["number: digits"]),
            (("effects", BOOK), ["stores_contact"]),
            (("required_proofs", BOOK, False), ["confirmation"]),
        ]),
    ],
    "record": [
        (RECORD, [
            (("service",), "book_callback"),
            (("service_inputs",), {"number": "number", "recording": "account"}),
            (("routes",), {"booked": "b"}),
            (("question",), ["a.x"]),
            (("spoken_prompts",), ["a.x prompt asked", "a.keys keep asked"]),
            (("is_own_key", "1"), True),
            (("is_own_key", "#"), False),
            (("completes_entry", "1"), True),
            (("working_keys",), ["#", "1", "2"]),
            (("keys_to_name",), ["1", "2"]),
            (("sample_answers",), ["#", "1", "2"]),
            (("trigger", "booked"), "#, 1, service book_callback answers booked"),
            (("reads",), ["number"]),
            (("writes",), ["account"]),
            (("assigned_at_exit", "booked", BOOK), ["account"]),
            (("assigned_at_exit", "give_up", BOOK), []),
            (("type_requirements",), ["account: choice", "number: digits"]),
            (("provenance_of", "account", "recorded", BOOK), ["recorded at {place}", "", ""]),
            (("provenance_of", "account", "kept", BOOK), None),
            (("effects", BOOK), ["stores_contact"]),
            (("required_proofs", BOOK, False), ["confirmation"]),
            (("is_silent_exit", "booked"), False),
        ]),
    ],
    "text": [
        (SENT, [
            (("service",), "send_text"),
            (("spoken_prompts",), ["a.x text sometimes written"]),
            (("text_to_caller",), "a.x"),
            (("required_proofs", TEXT, False), []),
            (("required_proofs", TEXT, True), ["query"]),
            (("service_inputs",), {}),
        ]),
        ({**SENT, "to": "registered"}, [(("text_to_caller",), None)]),
    ],
    "end": [({"end": "a.x"}, [(("spoken_prompts",), ["a.x end"]), (("exits",), [])])],
}  # fmt: skip
