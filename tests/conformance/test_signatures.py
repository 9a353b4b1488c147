"""Twilio's Node SDK signs what we validate, and validates what we sign."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from ivr.telephony.twilio.signature import is_valid, sign
from tests.conformance.published import SDK, node

pytestmark = [pytest.mark.conformance, pytest.mark.whole]
SCRIPT = """
const hooks = require(process.argv[2]);
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({token, url, fields, ours}) => ({
    theirs: hooks.getExpectedTwilioSignature(token, url, fields),
    valid: hooks.validateRequest(token, ours, url, fields),
    forged: hooks.validateRequest(token, ours, url + "x", fields),
}))));
"""
SEED = random.SystemRandom().randrange(2**32)
NAMES = ("CallSid", "Digits", "From", "To", "SpeechResult", "Neu", "A", "a")
TEXTS = ("", "1234", "查询余额", "+8613800138000", "a b&c=d%20", "é𠮷", "\t ", "client:agent_7")
QUERIES = ("", "?foo=1&bar=2", "?x=%E4%BD%A0&y=a%20b", "?q=a+b")


def cases() -> list[dict[str, Any]]:
    """URLs and forms as webhooks have them: empty, Chinese and repeated fields, queries, ports."""
    chance = random.Random(SEED)
    made = []
    for _ in range(200):
        host = chance.choice(("ivr.bank.example", "ivr.bank.example:8443", "127.0.0.1:5000"))
        url = f"https://{host}/voice/turn/{chance.randrange(99)}{chance.choice(QUERIES)}"
        names = chance.sample(NAMES, chance.randint(0, 8))
        fields: dict[str, Any] = {name: chance.choice(TEXTS) for name in names}
        for name in names[:1]:
            if chance.random() < 0.4:
                fields[name] = [chance.choice(TEXTS) for _ in range(3)]
        pairs = [(n, each) for n, value in fields.items() for each in (value if isinstance(value, list) else [value])]
        made.append({"token": "made-up-token", "url": url, "fields": fields, "pairs": pairs})
    return made


def test_both_sides_agree_on_every_form(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201 - said where it fails
    script = tmp_path / "sign.js"
    script.write_text(SCRIPT)
    asked = cases()
    for each in asked:
        each["ours"] = sign(each["token"], each["url"], each["pairs"])
    done = node(script, str(SDK.folder() / "lib" / "webhooks" / "webhooks.js"), told=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    for ours, answer in zip(asked, json.loads(done.stdout), strict=True):
        assert is_valid(ours["token"], ours["url"], ours["pairs"], answer["theirs"]), ours
        assert (answer["theirs"], answer["valid"], answer["forged"]) == (ours["ours"], True, False), ours
