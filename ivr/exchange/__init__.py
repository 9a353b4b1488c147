"""An embedded telephone exchange that stands in for Twilio on one machine."""

from ivr.exchange.exchange import Exchange
from ivr.exchange.settings import ExchangeSettings

__all__ = ["Exchange", "ExchangeSettings"]
