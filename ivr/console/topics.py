"""Which topics somebody may listen to, collected from the domains: a new domain adds its line here."""

from collections.abc import Mapping

from ivr.centre.desk import topics as desk
from ivr.centre.staff import topics as staff
from ivr.centre.staff.permissions import Permission, permitted
from ivr.platform.actor import Actor

TOPICS: Mapping[str, Permission] = {**staff.TOPICS, **desk.TOPICS}


def heard_by(actor: Actor, topics: Mapping[str, Permission] = TOPICS) -> frozenset[str]:
    """The topics that the actor may listen to; `{actor}` in a declared one stands for their own user name."""
    return frozenset(name.format(actor=actor.id) for name, needed in topics.items() if permitted(actor, needed))
