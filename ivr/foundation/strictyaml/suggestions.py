"""Which of the known words somebody may have meant, by the letters that were mistaken. Pure."""

from collections.abc import Iterable

from ivr.foundation.messages import Message, any_of, message

_MOST_NAMED = 3  # more is a list of strangers
_FEW = 12  # so many words may be named where none is close


def suggestion(word: str, known: Iterable[str]) -> Message:
    """ "did you mean 'agents'?", or what is known where that is a short list, for a remedy."""
    words = sorted(known)
    close = closest(word, words)
    if close:
        return did_you_mean(close)
    if not words:
        return message("there is none yet")
    if len(words) <= _FEW:
        return message("known are: {words}", words=", ".join(words))
    return message("none of the {count} known names is close to it", count=len(words))


def did_you_mean(words: Iterable[str]) -> Message:
    """ "did you mean 'agents'?"."""
    return message("did you mean {names}?", names=any_of(f"'{each}'" for each in words))


def closest(word: str, known: Iterable[str]) -> list[str]:
    """The known words that one can have meant: those with the fewest letters mistaken, three at most.

    Where already the best has more than one mistake, those with one more are named too.
    """
    most = max(1, len(word) // 3)
    apart = sorted((edit_distance(word, each), each) for each in known if abs(len(each) - len(word)) <= most)
    best = apart[0][0] if apart else 0
    return [each for mistaken, each in apart if mistaken <= min(most, best + (best > 1))][:_MOST_NAMED]


def edit_distance(word: str, other: str) -> int:
    """How many letters were left out, added, exchanged or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and (letter, word[row - 2]) == (other[column - 2], wanted):
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
