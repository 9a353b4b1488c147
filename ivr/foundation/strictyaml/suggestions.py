"""Suggests the known word that somebody may have meant, by edit distance. Pure."""

from collections.abc import Iterable

from ivr.foundation.messages import Message, any_of, message

_MOST_NAMED = 3  # maximum number of suggestions
_FEW = 12  # list all known words up to this number


def suggestion(word: str, known: Iterable[str]) -> Message:
    """ "did you mean 'agents'?", or the list of known words where it is short; used as a remedy."""
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
    """The known words with the smallest edit distance, three at most.

    Where the best already has a distance of more than one, those with a distance one greater are included.
    """
    most = max(1, len(word) // 3)
    apart = sorted((edit_distance(word, each), each) for each in known if abs(len(each) - len(word)) <= most)
    best = apart[0][0] if apart else 0
    return [each for mistaken, each in apart if mistaken <= min(most, best + (best > 1))][:_MOST_NAMED]


def edit_distance(word: str, other: str) -> int:
    """The number of letters omitted, added, replaced or swapped with their neighbour (optimal string alignment
    distance).
    """
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
