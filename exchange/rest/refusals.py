"""The refusals of the REST API, in Twilio's format and with Twilio's codes."""

from dataclasses import dataclass


@dataclass
class RestRefusal(Exception):  # noqa: N818 - an answer, not a fault
    """Becomes {"code", "message", "more_info", "status"} with an HTTP status."""

    status: int
    code: int
    message: str

    def body(self) -> dict[str, object]:
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more, "status": self.status}


def not_authenticated() -> RestRefusal:
    return RestRefusal(401, 20003, "Authenticate")


def not_local() -> RestRefusal:
    return RestRefusal(403, 20003, "This exchange serves its own machine only")


def not_found(what: str) -> RestRefusal:
    return RestRefusal(404, 20404, f"The requested resource {what} was not found")


def invalid(code: int, message: str) -> RestRefusal:
    return RestRefusal(400, code, message)


def invalid_parameter(name: str) -> RestRefusal:
    return RestRefusal(400, 20001, f"{name} is missing or invalid")
