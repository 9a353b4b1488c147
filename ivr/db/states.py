"""State machines of rows: a transition table, `move` to apply an event, `diagram` to draw the table."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import inspect, update
from sqlalchemy.orm import DeclarativeBase, Mapper, Session
from sqlalchemy.orm.attributes import set_committed_value

from ivr.foundation.errors import IllegalTransition, LostRace

State = TypeVar("State", bound=str)
Event = TypeVar("Event", bound=str)
TransitionTable = Mapping[tuple[State, Event], State]  # (state, event) -> next state; a missing pair is illegal


def after(table: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    """The next state; raises `IllegalTransition`."""
    try:
        return table[state, event]
    except KeyError:
        raise IllegalTransition(f"'{event}' does not happen in the state '{state}'") from None


def move(
    db: Session, row: DeclarativeBase, table: Mapping[tuple[State, Event], State], event: Event, **changes: object
) -> None:
    """Apply an event to a row, in one UPDATE that matches only the state (and version) that was read.

    `changes` are other columns to set. The row needs a column `state`; a column `version`, if any, is compared and
    incremented. Raises `IllegalTransition` when the table has no such event in this state, and `LostRace` when another
    transaction changed the row first.
    """
    db.flush()  # pending changes of the row first, so that they do not overwrite the move
    kind, key = _identity(row)
    read: dict[str, Any] = {name: getattr(row, name) for name in ("state", "version") if hasattr(kind, name)}
    values: dict[str, object] = {**changes, "state": after(table, read["state"], event)}
    if "version" in read:
        values["version"] = read["version"] + 1
    found = [getattr(kind, name) == value for name, value in {**key, **read}.items()]
    moved = db.execute(update(kind).where(*found).values(values).execution_options(synchronize_session=False))
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        db.expire(row)
        raise LostRace(f"a row of {kind.__tablename__} was changed by another transaction before '{event}'")
    for name, value in values.items():
        set_committed_value(row, name, value)


def diagram(table: Mapping[tuple[State, Event], State]) -> str:
    """The table as a Mermaid state diagram; states without an incoming transition are initial."""
    ends = {state for state, _ in table}
    begins = [state for state in dict.fromkeys(state for state, _ in table) if state not in set(table.values())]
    begins = begins or [next(state for state, _ in table)]
    lines = [f"    [*] --> {state}" for state in begins]
    lines += [f"    {state} --> {then}: {event}" for (state, event), then in table.items()]
    lines += [f"    {state} --> [*]" for state in dict.fromkeys(table.values()) if state not in ends]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"


def _identity(row: DeclarativeBase) -> tuple[type[DeclarativeBase], dict[str, Any]]:
    mapper: Mapper[Any] = inspect(type(row))
    names = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    return type(row), {name: getattr(row, name) for name in names}
