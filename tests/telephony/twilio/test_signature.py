"""The webhook signature: the vectors of the provider's SDKs, and agreement with its own validator."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.telephony.twilio.signature import is_valid, sign
from tests.support.selection import examples

SEED = random.SystemRandom().randrange(2**32)
Pairs = tuple[tuple[str, str], ...]

FORM: Pairs = (("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"),
               ("Caller", "+14158675309"))  # fmt: skip
HOST, QUERY = "mycompany.com", "/myapp.php?foo=1&bar=2"
URL = f"https://{HOST}{QUERY}"
TWICE: Pairs = (("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"))
BODY_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
CHINESE: Pairs = (("SpeechResult", "查询余额"), ("Digits", ""), ("From", "+8613800138000"))


@dataclass(frozen=True)
class Vector:
    """A signature that the provider's SDKs give."""

    case: str
    token: str
    url: str
    pairs: Pairs
    signature: str


VECTORS = (
    Vector("form", "12345", URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    Vector("with :443", "12345", f"https://{HOST}:443{QUERY}", FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    Vector("http with :80", "12345", f"http://{HOST}:80{QUERY}", FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    Vector("http, port 1234", "12345", f"http://{HOST}:1234{QUERY}", FORM, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    Vector("duplicate fields", "12345", URL, TWICE, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    Vector("JSON: the URL alone", "12345", f"{URL}&bodySHA256={BODY_HASH}", (), "a9nBmqA0ju/hNViExpshrM61xv4="),
    Vector("Chinese", "tok", "https://ivr.example.com/voice", CHINESE, "/OOGEB4WMELvMzF+EvKSH/6awZI="),
    Vector("encoded query, duplicates", "tok", "https://ivr.example.com/voice?x=%E4%BD%A0&y=a%20b",
           (("A", "2"), ("A", "1"), ("A", "1")), "Upje3rwXyWA7nzH7htkP4WQo95Q="),
)  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.case)
def test_the_signature_is_the_one_of_the_sdks(vector: Vector) -> None:
    assert sign(vector.token, vector.url, vector.pairs) == vector.signature
    assert is_valid(vector.token, vector.url, vector.pairs, vector.signature)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.case)
def test_the_order_in_which_fields_arrive_does_not_matter(vector: Vector) -> None:
    assert is_valid(vector.token, vector.url, vector.pairs[::-1], vector.signature)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (f"https://{HOST}:443{QUERY}", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (f"http://{HOST}{QUERY}", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (f"https://{HOST}:8443{QUERY}", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ],
)
def test_the_provider_may_sign_with_the_port_or_without(url: str, signature: str) -> None:
    assert is_valid("12345", url, FORM, signature)


REFUSED: dict[str, tuple[str, str, Pairs, str]] = {
    "no signature": ("12345", URL, FORM, ""),
    "no token": ("", URL, FORM, sign("", URL, FORM)),
    "another token": ("12346", URL, FORM, VECTORS[0].signature),
    "another URL": ("12345", URL.replace("bar=2", "bar=3"), FORM, VECTORS[0].signature),
    "another scheme": ("12345", URL.replace("https", "http"), FORM, VECTORS[0].signature),
    "another port": ("12345", f"http://{HOST}:8080{QUERY}", FORM, VECTORS[3].signature),
    "a decoded query": ("tok", "https://ivr.example.com/voice?x=你&y=a b", VECTORS[7].pairs, VECTORS[7].signature),
    "a field changed": ("12345", URL, (*FORM[:1], ("Digits", "1235"), *FORM[2:]), VECTORS[0].signature),
    "a field added, empty": ("12345", URL, (*FORM, ("SpeechResult", "")), VECTORS[0].signature),
    "a field left out": ("12345", URL, FORM[:-1], VECTORS[0].signature),
    "an empty field left out": ("tok", "https://ivr.example.com/voice", (CHINESE[0], CHINESE[2]), VECTORS[6].signature),
    "not ASCII": ("12345", URL, FORM, "签名"),
    "white space": ("12345", URL, FORM, f" {VECTORS[0].signature}"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused(case: str) -> None:
    token, url, pairs, signature = REFUSED[case]
    assert not is_valid(token, url, pairs, signature)


NAMES = st.text(st.sampled_from("ABab0_签"), min_size=1, max_size=4)
PAIRS = st.lists(st.tuples(NAMES, st.text(max_size=6)), max_size=6).map(tuple)
PARTS = st.text(st.sampled_from("abZ09-_./%20+=&你"), max_size=10)


@st.composite
def urls(draw: st.DrawFn) -> str:
    scheme, port = draw(st.sampled_from(["http", "https"])), draw(st.sampled_from(["", ":80", ":443", ":8443"]))
    query = draw(st.sampled_from(["", "?"])) and f"?q={draw(PARTS)}"
    return f"{scheme}://ivr.example.com{port}/{draw(PARTS)}{query}"


def encodable(pairs: Pairs) -> bool:
    return all(not 0xD800 <= ord(char) <= 0xDFFF for pair in pairs for char in "".join(pair))


@seed(SEED)
@settings(max_examples=examples(300), deadline=None)
@given(st.text(st.sampled_from("abc123"), min_size=1, max_size=8), urls(), urls(), PAIRS.filter(encodable))
def test_the_provider_s_own_validator_agrees(token: str, url: str, other: str, pairs: Pairs) -> None:
    note(f"seed {SEED}")
    theirs, fields = RequestValidator(token), MultiDict(pairs)
    assert sign(token, url, pairs) == theirs.compute_signature(url, fields)
    for signed in (url, other, url.replace("example.com/", "example.com:443/"), url.replace(":443", "")):
        given_signature = sign(token, signed, pairs)
        assert is_valid(token, url, pairs, given_signature) == theirs.validate(url, fields, given_signature)
