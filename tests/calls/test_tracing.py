"""Every line a caller heard is traced to its file, its prompt, its language, and the step that set each value."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from ivr.calls import retention, tracing
from ivr.calls.tracing import HeardPrompt, RecordedCall, RecordedTurn, TraceEntry
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from tests.journeys.steps import BALANCE, BILLS, TRANSFER
from tests.support.caller import Caller
from tests.support.databases import ROOT
from tests.support.hotline import CARD, CHEN, IDENTITY, LI, QUERY, TRANSACTION, WANG, Clock, Hotline, open_hotline
from tests.support.seeding import seeded, seeded_postgres, seeded_sqlite

__all__ = ["seeded", "seeded_postgres", "seeded_sqlite"]

BILL = "3100458812"


@pytest.fixture
def hotline(seeded: Database, settings: Settings, keyring: Keyring) -> Iterator[Hotline]:
    """A running hotline on each database."""
    opened = open_hotline(seeded, settings, keyring, Clock())
    yield opened
    opened.close()


def traced(hotline: Hotline, call: str) -> tuple[RecordedCall, list[tuple[RecordedTurn, list[TraceEntry]]]]:
    with hotline.database.begin() as connection:
        kept = tracing.read_call(connection, call)
        sources = tracing.sources_of(connection, kept)
    return kept, tracing.trace(tracing.bundle_of(sources, kept), kept)


def lines(turns: list[tuple[RecordedTurn, list[TraceEntry]]]) -> list[HeardPrompt]:
    return [heard for _, stops in turns for stop in stops for heard in stop.heard]


def pay(hotline: Hotline) -> Caller:
    """王芳 pays the electricity bill from her second account."""
    caller = hotline.mandarin().keys(
        BILLS, "8", "2", IDENTITY[WANG], QUERY[WANG], "1", f"{BILL}#", "2", TRANSACTION[WANG], "1"
    )
    return caller.hear("缴费成功")


def at(file: str, line: str) -> str:
    """file:line of a line."""
    found = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return f"{file}:{found.index(line) + 1}"


def test_the_trail_names_what_was_said_and_nothing_that_was_keyed(hotline: Hotline) -> None:
    caller = pay(hotline)
    trails = [row[0] for row in hotline.ask("select trail from turns where call = :c order by turn", c=caller.call)]
    assert trails[0].endswith('["","said main.welcome main.welcome"]]')
    for secret in (QUERY[WANG], TRANSACTION[WANG], BILL, "186", "王芳", CARD[WANG][-4:]):
        assert not any(secret in trail for trail in trails)


def test_every_prompt_of_a_payment_is_traced_to_its_line_and_its_step(hotline: Hotline) -> None:
    caller = pay(hotline)
    call, turns = traced(hotline, caller.call)
    said = [key for turn, _ in turns for key in turn.said or ()]
    assert [heard.key for heard in lines(turns)] == said
    assert [turn.turn for turn, _ in turns] == list(range(13))  # reading back takes two
    for heard in lines(turns):
        file, _, number = heard.where.partition(":")
        leaf = heard.key.rpartition(".")[2]
        assert (ROOT / file).read_text(encoding="utf-8").splitlines()[int(number) - 1].lstrip().startswith(f"{leaf}:")
    stops = {stop.place: stop.where for _, walked in turns for stop in walked}
    assert stops["bills.find"] == at("flows/bills.yaml", "  find:")
    assert stops["bills.pay"] == at("flows/bills.yaml", "  pay:")
    assert call.bundle == hotline.one("select hash from bundles")


def test_each_value_is_traced_to_the_step_that_set_it(hotline: Hotline) -> None:
    caller = pay(hotline)
    _, turns = traced(hotline, caller.call)
    values = {(heard.key, slot): came for heard in lines(turns) for slot, came in heard.values}
    find, accounts = at("flows/bills.yaml", "  find:"), at("flows/bills.yaml", "  accounts:")
    assert values["bills.due", "bill.amount"] == f"service find_bill answered found, {find}"
    assert values["bills.choose_account", "item.last4"] == (
        f"an item of accounts: service list_paying_accounts answered found, {accounts}"
    )
    chosen = f"key 2, chosen at {at('flows/bills.yaml', '  choose:')} of accounts: service list_paying_accounts"
    assert values["bills.read_back", "account.last4"].startswith(chosen)
    assert values["main.welcome", "bank_name"] == "bank_name, a constant of config.yaml as it was published"
    assert [key for key, came in values.items() if "not told" in came] == []


def test_an_account_that_was_not_asked_for_is_traced_to_the_card(hotline: Hotline) -> None:
    caller = hotline.mandarin().keys(BALANCE, "2", QUERY[WANG]).hear("尾号四三二幺的账户")
    values = {
        (heard.key, slot): came for heard in lines(traced(hotline, caller.call)[1]) for slot, came in heard.values
    }
    chosen = (
        f"the identified card, chosen at {at('flows/balance.yaml', '  choose:')} of accounts: service list_accounts"
    )
    assert values["balance.amount", "account.last4"].startswith(chosen)


def test_a_greeting_in_two_languages_and_what_follows_have_each_their_language(hotline: Hotline) -> None:
    caller = hotline.english(CHEN).silent()
    _, turns = traced(hotline, caller.call)
    spoken = [(heard.key, heard.language) for heard in lines(turns)]
    assert spoken == [
        ("main.welcome", "zh-CN"),
        ("main.welcome", "en"),
        ("main.menu", "en"),
        ("ask.silence", "en"),
        ("main.menu", "en"),
    ]


def test_a_transfer_in_english_leaves_no_value_untold(hotline: Hotline) -> None:
    caller = hotline.english(CHEN).keys(TRANSFER, "1", QUERY[CHEN], "1", "100#")
    _, turns = traced(hotline, caller.call)
    untold = [(heard.key, slot) for heard in lines(turns) for slot, came in heard.values if "not told" in came]
    assert untold == []


def test_a_turn_that_failed_says_so_and_keeps_its_apology(hotline: Hotline) -> None:
    caller = hotline.mandarin(LI).press(BALANCE)
    trail = (
        '[["agent.start","enter"],["","failed: IvrError in a turn"],["","said common.system_down agent.connecting"]]'
    )
    hotline.do("update turns set trail = :t where call = :c and turn = 2", t=trail, c=caller.call)
    _, turns = traced(hotline, caller.call)
    assert any(stop.what.startswith("failed: ") for stop in turns[-1][1])
    assert turns[-1][0].said is not None
    assert turns[-1][0].said[0] == "common.system_down"
    assert [heard.key for heard in lines(turns[-1:])] == list(turns[-1][0].said)


def test_an_erased_call_is_still_traced_and_says_that_it_was_erased(hotline: Hotline) -> None:
    caller = pay(hotline)
    before = traced(hotline, caller.call)[1]
    caller.hang_up()
    hotline.clock.forward(hours=24, seconds=1)
    retention.erase(hotline.database, hotline.clock())
    call, after = traced(hotline, caller.call)
    assert call.erased
    assert after == before


def test_a_turn_of_an_older_release_is_known_to_have_kept_no_prompts(hotline: Hotline) -> None:
    caller = hotline.mandarin()
    hotline.do("update turns set trail = :t where call = :c", t='[["main.menu","enter"]]', c=caller.call)
    _, turns = traced(hotline, caller.call)
    assert {turn.said for turn, _ in turns} == {None}


def test_an_unknown_call_and_a_bundle_that_is_gone_are_said_in_words(hotline: Hotline) -> None:
    caller = hotline.mandarin()
    with hotline.database.begin() as connection:
        assert tracing.newest(connection) == caller.call
        with pytest.raises(ConfigurationError, match="no call CA1 is in this database"):
            tracing.read_call(connection, "CA1")
        call = tracing.read_call(connection, caller.call)
        connection.execute(text("update bundles set hash = 'another'"))
        with pytest.raises(ConfigurationError, match=f"the bundle {call.bundle} of this call is not in the database"):
            tracing.sources_of(connection, call)
