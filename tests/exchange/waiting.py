"""A caller in a queue, and an agent who dials it."""

from tests.exchange.web_application import AGENT, CALLER, HOTLINE, PhoneCall, RunningExchange

WAIT = '<Enqueue action="/left" waitUrl="/wait">人工服务</Enqueue><Say>next verb</Say>'
DIAL = '<Dial action="/dialled"><Queue>人工服务</Queue></Dial>'


def queued(running: RunningExchange, number: str = CALLER, twiml: str = WAIT) -> PhoneCall:
    """A caller who waits in the queue."""
    running.app["/voice"] = twiml
    call = running.call(number)
    call.hear("queued")
    return call


def agent_dials(running: RunningExchange, twiml: str = DIAL, to: str = AGENT) -> PhoneCall:
    """An agent's phone, rung by REST and answered, with this document."""
    running.register(to)
    running.app["/agent"] = twiml
    running.client().calls.create(to=to, from_=HOTLINE, url=f"{running.app.base}/agent")
    return running.ringing_call(to).answer()
