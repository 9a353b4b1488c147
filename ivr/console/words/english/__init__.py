"""Chinese text -> English text. A test finds missing and unused translations."""

from collections.abc import Mapping

from ivr.console.words.english import account, audit, desk, floor, home, journal, rules, shell, sign_in, staff

ENGLISH: Mapping[str, str] = {
    **shell.WORDS,
    **rules.WORDS,
    **sign_in.WORDS,
    **home.WORDS,
    **desk.WORDS,
    **floor.WORDS,
    **staff.WORDS,
    **account.WORDS,
    **audit.WORDS,
    **desk.WORDS,
    **journal.WORDS,
}
