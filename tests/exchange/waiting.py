"""A caller in a queue, and an agent who dials it."""

from tests.exchange.web_application import AGENT, CALLER, HOTLINE, Call, Office

WAIT = '<Enqueue action="/left" waitUrl="/wait">人工服务</Enqueue><Say>next verb</Say>'
DIAL = '<Dial action="/dialled"><Queue>人工服务</Queue></Dial>'


def queued(office: Office, number: str = CALLER, twiml: str = WAIT) -> Call:
    """A caller who waits in the queue."""
    office.app["/voice"] = twiml
    call = office.call(number)
    call.hear("queued")
    return call


def agent_dials(office: Office, twiml: str = DIAL, to: str = AGENT) -> Call:
    """An agent's phone, rung by REST and answered, with this document."""
    office.register(to)
    office.app["/agent"] = twiml
    office.client().calls.create(to=to, from_=HOTLINE, url=f"{office.app.base}/agent")
    return office.rung(to).answer()
