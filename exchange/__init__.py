"""An embedded telephone exchange: stands in for Twilio on one machine."""

from exchange.exchange import Exchange
from exchange.settings import DemoNumber, ExchangeSettings

__all__ = ["DemoNumber", "Exchange", "ExchangeSettings"]
