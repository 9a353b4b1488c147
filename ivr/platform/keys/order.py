"""Whether the secrets of a process are those of its database, in the same order. Pure."""

from collections.abc import Sequence

ORDER = "the newest first, the oldest last"


def fault(known: Sequence[bytes], given: Sequence[bytes]) -> str | None:
    """The problem with the given secrets and the remedy; None when they match.

    Both arguments are check values, the oldest first. Unknown secrets must be newer than all known ones.
    """
    if len(set(given)) < len(given):
        return "IVR_SECRET_KEY holds a secret twice: write each one once, " + ORDER
    if tuple(given[: len(known)]) == tuple(known):
        return None
    missing = [number for number, check in enumerate(known, 1) if check not in given]
    if len(missing) == len(known):
        return (
            "this database was made with another key: give IVR_SECRET_KEY, or bring back secret.key beside the "
            "database, as they were (docs/operations.md, Backups)"
        )
    if missing:
        return f"a secret of this database is missing in IVR_SECRET_KEY: write {_places(missing, len(known))}"
    return f"IVR_SECRET_KEY is in the wrong order: write {_ordered(known, given)}: {ORDER} (docs/operations.md, Keys)"


def _places(missing: Sequence[int], known: int) -> str:
    """The positions of missing secrets, counted from the end, where the oldest is."""
    told = [
        "the oldest one, which must stand last" if number == 1 else f"the one that stood at place {number} from the end"
        for number in missing
    ]
    return f"{' and '.join(told)} again; {known} secrets were used, {ORDER}"


def _ordered(known: Sequence[bytes], given: Sequence[bytes]) -> str:
    """The right order, as the present positions of the secrets, counted from the front."""
    right = [*known, *(check for check in given if check not in known)]
    now = list(reversed(given))
    places = ", ".join(str(now.index(check) + 1) for check in reversed(right))
    return f"the secrets that stand at these places now, in this order: {places}"
