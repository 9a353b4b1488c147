"""The port's operations through Twilio's REST API."""

from ivr.telephony.twilio.rest.account import TwilioAccount
from ivr.telephony.twilio.rest.calls import TwilioCalls
from ivr.telephony.twilio.rest.conferences import TwilioConferences
from ivr.telephony.twilio.rest.queues import TwilioQueues
from ivr.telephony.twilio.rest.recordings import TwilioRecordings
from ivr.telephony.twilio.rest.texts import TwilioTexts

__all__ = ["TwilioAccount", "TwilioCalls", "TwilioConferences", "TwilioQueues", "TwilioRecordings", "TwilioTexts"]
