"""The Twilio adapter of the telephony port: webhooks, documents (TwiML) and REST API."""

import re

from ivr.foundation.config import Settings
from ivr.foundation.environment import Environment
from ivr.foundation.errors import ConfigurationError
from ivr.telephony.provider import Provider
from ivr.telephony.twilio.forms import FormRules, SignedForms
from ivr.telephony.twilio.twiml import Renderer, Voice

ACCOUNT = re.compile(r"AC[0-9a-f]{32}", re.ASCII)


def connect(environment: Environment, settings: Settings, seconds: float = 7.0) -> Provider:
    """Connect to Twilio, or to another TwiML engine, as set in the environment and config.yaml.

    `seconds` bounds one API request as a whole, so that a text is looked up and sent within its lease.
    """
    from ivr.telephony.twilio import rest  # Twilio's client takes long to import, and most commands need none

    telephony = settings.telephony
    account = rest.TwilioAccount(
        environment.account_sid, environment.auth_token, environment.hotline_number, environment.api_url, seconds
    )
    rules = FormRules(environment.account_sid, telephony.call_ids, frozenset(telephony.trusted_sip_hosts))
    return Provider(
        documents=Renderer(voices_of(settings)),
        webhooks=SignedForms(rules, environment.auth_token),
        calls=rest.TwilioCalls(account),
        conferences=rest.TwilioConferences(account),
        recordings=rest.TwilioRecordings(account),
        queues=rest.TwilioQueues(account),
        texts=rest.TwilioTexts(account),
    )


def check(environment: Environment, settings: Settings) -> None:
    """Raises `ConfigurationError` when the account id is not Twilio's and no other engine is configured."""
    account = environment.account_sid
    if account and settings.telephony.call_ids == "twilio" and not ACCOUNT.fullmatch(account):
        raise ConfigurationError(
            "TWILIO_ACCOUNT_SID is no account of Twilio's: AC and 32 characters of 0-9 and a-f. Of another engine? "
            "write call_ids: any under telephony: in config.yaml"
        )


def voices_of(settings: Settings) -> dict[str, Voice]:
    """Twilio's voice and recogniser for each language."""
    return {
        language: Voice(speech.say, speech.voice, speech.hear, speech.model)
        for language, speech in settings.speech.items()
    }
