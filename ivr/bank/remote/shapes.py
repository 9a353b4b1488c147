"""JSON types of the protocol with a remote core: the port's own types, validated strictly."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, TypeAdapter

from ivr.bank.core import Account, Bill, LossReport, Movement, PasswordReuse, Payee, Posting

Dated = TypeVar("Dated", Posting, LossReport, Movement)


def _aware(value: Dated) -> Dated:
    """Refuses a time without an offset."""
    moment = value.at if isinstance(value, Movement) else value.until
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value


AwarePosting = Annotated[Posting, AfterValidator(_aware)]
AwareReport = Annotated[LossReport, AfterValidator(_aware)]
AwareMovement = Annotated[Movement, AfterValidator(_aware)]

ACCOUNTS: TypeAdapter[tuple[Account, ...]] = TypeAdapter(tuple[Account, ...])
BILL: TypeAdapter[Bill | None] = TypeAdapter(Bill | None)
HOLDER: TypeAdapter[str | None] = TypeAdapter(str | None)
LOSS: TypeAdapter[LossReport] = TypeAdapter(AwareReport)
MOVEMENTS: TypeAdapter[tuple[Movement, ...]] = TypeAdapter(tuple[AwareMovement, ...])
NOTHING: TypeAdapter[None] = TypeAdapter(None)
OUTCOME: TypeAdapter[Posting | None] = TypeAdapter(AwarePosting | None)
PAYEES: TypeAdapter[tuple[Payee, ...]] = TypeAdapter(tuple[Payee, ...])
POSTING: TypeAdapter[Posting] = TypeAdapter(AwarePosting)
PREPARED: TypeAdapter[str] = TypeAdapter(str)
PASSWORD_REUSE: TypeAdapter[PasswordReuse] = TypeAdapter(PasswordReuse)
REPORT_OR_NONE: TypeAdapter[LossReport | None] = TypeAdapter(AwareReport | None)
YES_OR_NO: TypeAdapter[bool] = TypeAdapter(bool)

INSTRUCTIONS: dict[str, tuple[str, TypeAdapter[Any]]] = {  # an order's kind -> its word in the protocol, its answer
    "transfer": ("transfer", POSTING),
    "bill": ("pay_bill", POSTING),
    "loss": ("report_loss", LOSS),
    "password": ("set_password", NOTHING),
    "hold": ("hold_transfers", NOTHING),
}
