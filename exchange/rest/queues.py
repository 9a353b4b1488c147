"""The Queues and Members resources."""

from flask import request

from exchange.channel import WebhookTarget
from exchange.clock import rfc2822
from exchange.parameters import API_VERSION
from exchange.queues import DEFAULT_QUEUE_SIZE, MAX_NAME_CHARACTERS, MAX_QUEUE_SIZE, Member, WaitQueue
from exchange.rest import shapes
from exchange.rest.refusals import invalid, invalid_parameter, not_found
from exchange.rest.routes import Routes
from exchange.switchboard import Switchboard


class Queueing:
    """/Queues and /Queues/{QueueSid}/Members"""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def mount(self, routes: Routes) -> None:
        routes.add("/Queues.json", self.create, "POST")
        routes.add("/Queues.json", self.list)
        routes.add("/Queues/<sid>.json", self.fetch)
        routes.add("/Queues/<sid>.json", self.update, "POST")
        routes.add("/Queues/<sid>.json", self.remove, "DELETE")
        routes.add("/Queues/<sid>/Members.json", self.members)
        routes.add("/Queues/<sid>/Members/<call>.json", self.member)
        routes.add("/Queues/<sid>/Members/<call>.json", self.dequeue, "POST")

    def create(self) -> tuple[shapes.JsonObject, int]:
        name = request.form.get("FriendlyName", "")
        if not name or len(name) > MAX_NAME_CHARACTERS:
            raise invalid_parameter("FriendlyName")
        size = self._size(DEFAULT_QUEUE_SIZE)
        with self._board.lock:
            if self._board.queues.named(name) is not None:
                raise invalid(22003, f"A queue named {name} exists already.")
            queue = self._board.queues.open(name, size)
        return self._write(queue), 201

    def list(self) -> shapes.JsonObject:
        return shapes.listing("queues", self._board.queues.all(), self._write)

    def fetch(self, sid: str) -> shapes.JsonObject:
        return self._write(self._queue(sid))

    def update(self, sid: str) -> shapes.JsonObject:
        """Changes the maximum size; callers already waiting stay."""
        queue = self._queue(sid)
        queue.max_size = self._size(queue.max_size)
        return self._write(queue)

    def remove(self, sid: str) -> tuple[str, int]:
        if not self._board.queues.remove(self._queue(sid)):
            raise invalid(22001, "A queue with waiting callers cannot be deleted.")
        return "", 204

    def members(self, sid: str) -> shapes.JsonObject:
        """The caller who waited longest comes first."""
        with self._board.lock:
            members = list(self._queue(sid).members)
        return shapes.listing("queue_members", members, self._write_member)

    def member(self, sid: str, call: str) -> shapes.JsonObject:
        return self._write_member(self._member(sid, call))

    def dequeue(self, sid: str, call: str) -> shapes.JsonObject:
        """Takes the caller out of the queue and redirects the call to another document."""
        url = shapes.url(request.form, "Url")
        if url is None:
            raise invalid_parameter("Url")
        target = WebhookTarget(url, shapes.method(request.form, "Method"))
        with self._board.lock:
            member = self._member(sid, call)
            record = self._write_member(member)
            self._board.queues.dequeue(member, target)
        return record

    def _size(self, default: int) -> int:
        return shapes.integer(request.form, "MaxSize", default, low=1, high=MAX_QUEUE_SIZE)

    def _queue(self, sid: str) -> WaitQueue:
        queue = self._board.queues.get(sid)
        if queue is None:
            raise not_found(f"/Queues/{sid}")
        return queue

    def _member(self, sid: str, call: str) -> Member:
        """The member with this CallSid, or `Front` for the one who waited longest."""
        with self._board.lock:
            members = self._queue(sid).members
            found = next((each for each in members if call in (each.leg.sid, "Front")), None)
        if found is None:
            raise not_found(f"/Queues/{sid}/Members/{call}")
        return found

    def _write(self, queue: WaitQueue) -> shapes.JsonObject:
        account = self._board.settings.account_sid
        uri = f"/{API_VERSION}/Accounts/{account}/Queues/{queue.sid}"
        with self._board.lock:
            return {
                "sid": queue.sid,
                "account_sid": account,
                "friendly_name": queue.name,
                "current_size": len(queue.members),
                "max_size": queue.max_size,
                "average_wait_time": queue.average_seconds,
                "date_created": rfc2822(queue.created_at),
                "date_updated": rfc2822(queue.updated_at),
                "uri": f"{uri}.json",
                "subresource_uris": {"members": f"{uri}/Members.json"},
            }

    def _write_member(self, member: Member) -> shapes.JsonObject:
        account, queue = self._board.settings.account_sid, member.queue
        return {
            "call_sid": member.leg.sid,
            "queue_sid": queue.sid,
            "date_enqueued": rfc2822(member.enqueued_at),
            "position": queue.position(member),
            "wait_time": member.seconds,
            "uri": f"/{API_VERSION}/Accounts/{account}/Queues/{queue.sid}/Members/{member.leg.sid}.json",
        }
