"""An embedded telephone exchange that stands in for Twilio on one machine."""

from ivr.exchange.exchange import Exchange
from ivr.exchange.settings import DemoNumber, ExchangeSettings

__all__ = ["DemoNumber", "Exchange", "ExchangeSettings"]
