"""Chinese words -> English words. A test reads every page, so that none is without its words, and none is left over."""

from collections.abc import Mapping

from ivr.console.words.english import account, audit, desk, home, rules, shell, sign_in, staff

ENGLISH: Mapping[str, str] = {
    **shell.WORDS,
    **rules.WORDS,
    **sign_in.WORDS,
    **home.WORDS,
    **staff.WORDS,
    **account.WORDS,
    **audit.WORDS,
    **desk.WORDS,
}
