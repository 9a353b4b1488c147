"""The port of telephony on a carillon: what a second provider's package looks like."""

from collections.abc import Sequence

from ivr.telephony.provider import Provider
from tests.fakes.carillon_adapter.client import ApiClient
from tests.fakes.carillon_adapter.conferences import CarillonConferences
from tests.fakes.carillon_adapter.documents import CarillonDocuments
from tests.fakes.carillon_adapter.operations import CarillonCalls, CarillonQueues, CarillonRecordings, CarillonTexts
from tests.fakes.carillon_adapter.webhooks import SealedWebhooks


def connect(address: str, key: str, secret: str, languages: Sequence[str], seconds: float = 7.0) -> Provider:
    """A carillon at an address."""
    client = ApiClient(address, key, secret, seconds)
    return Provider(
        documents=CarillonDocuments(tuple(languages)),
        webhooks=SealedWebhooks(key, secret),
        calls=CarillonCalls(client),
        conferences=CarillonConferences(client),
        recordings=CarillonRecordings(client),
        queues=CarillonQueues(client),
        texts=CarillonTexts(client),
    )
