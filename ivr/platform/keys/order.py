"""Whether the secrets that a process was given are those of its database, in their order. Pure."""

from collections.abc import Sequence

ORDER = "the newest first, the oldest last"


def fault(known: Sequence[bytes], given: Sequence[bytes]) -> str | None:
    """What is wrong with the given secrets and what to write instead; None where they fit.

    Both are check values, the oldest first. Secrets that are not known yet are newer than all that are.
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
    """The places of missing secrets, counted from the end, where the oldest stands."""
    told = [
        "the oldest one, which must stand last" if number == 1 else f"the one that stood at place {number} from the end"
        for number in missing
    ]
    return f"{' and '.join(told)} again; {known} secrets were used, {ORDER}"


def _ordered(known: Sequence[bytes], given: Sequence[bytes]) -> str:
    """The right order, told by the places at which the secrets stand now, counted from the front."""
    right = [*known, *(check for check in given if check not in known)]
    now = list(reversed(given))
    places = ", ".join(str(now.index(check) + 1) for check in reversed(right))
    return f"the secrets that stand at these places now, in this order: {places}"
