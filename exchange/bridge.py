"""A conversation of two legs, and the claim by which a dialling leg takes a waiting caller out of a queue."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from exchange import clock
from exchange.channel import Key, Redirected, WebhookTarget
from exchange.leg import Leg


@dataclass(eq=False)
class Bridge:
    """Ends when either party leaves. Both legs share the exchange's lock."""

    first: Leg
    second: Leg
    started: float = field(default_factory=clock.steady)
    ended: float | None = None
    redirected: Leg | None = None

    def open(self) -> "Bridge":
        with self.first.channel.changed:
            for leg, other in ((self.first, self.second), (self.second, self.first)):
                leg.conversation = self
                leg.tell("connected", **{"with": other.holder})
                leg.channel.wake()
        return self

    def listeners(self, speaker: Leg) -> Sequence[Leg]:
        return [leg for leg in (self.first, self.second) if leg is not speaker]

    @property
    def seconds(self) -> int:
        return round((self.ended or clock.steady()) - self.started)

    def talk(self, leg: Leg, limit_seconds: float | None = None, hangup_on_star: bool = False) -> None:
        """Keeps `leg` in the conversation until either party leaves, the time limit, or `*` if that hangs up."""
        deadline = None if limit_seconds is None else self.started + limit_seconds
        leg.channel.listen(*(("dtmf",) if hangup_on_star else ()))
        try:
            heard: object = Key("")
            while isinstance(heard, Key) and heard.digit != "*":
                left = None if deadline is None else max(0.0, deadline - clock.steady())
                heard = leg.channel.wait_in_conversation(lambda: self.ended is not None, left)
        except Redirected:
            self.redirected = self.redirected or leg
            raise
        finally:
            leg.channel.listen()
            self.close()

    def close(self) -> None:
        with self.first.channel.changed:
            if self.ended is not None:
                return
            self.ended = clock.steady()
            for leg in (self.first, self.second):
                leg.conversation = None if leg.conversation is self else leg.conversation
                leg.channel.wake()


@dataclass(eq=False)
class Claim:
    """`dialler` has taken `caller` out of a queue; `greeting` is played to the caller before they are connected."""

    caller: Leg
    dialler: Leg
    greeting: WebhookTarget | None
    bridge: Bridge | None = None
    dropped: bool = False

    def connect(self) -> Bridge | None:
        """Called by the caller's leg after the greeting; None when the dialler has left."""
        with self.caller.channel.changed:
            if not self.dropped and self.bridge is None:
                self.bridge = Bridge(self.caller, self.dialler).open()
            return self.bridge

    def drop(self) -> None:
        """Called by the party that leaves first."""
        with self.caller.channel.changed:
            self.dropped = True
            if self.bridge is not None:
                self.bridge.close()
            self.dialler.channel.wake()
            self.caller.channel.wake()

    @property
    def decided(self) -> bool:
        return self.dropped or self.bridge is not None
