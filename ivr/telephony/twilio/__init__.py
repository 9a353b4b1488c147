"""Every word of Twilio: its webhooks, its documents (TwiML) and its REST API, behind the port of telephony."""

import re

from ivr.foundation.config import Settings
from ivr.foundation.environment import Environment
from ivr.foundation.errors import ConfigurationError
from ivr.telephony.provider import Provider
from ivr.telephony.twilio.forms import FormRules, SignedForms
from ivr.telephony.twilio.twiml import Renderer, Voice

ACCOUNT = re.compile(r"AC[0-9a-f]{32}", re.ASCII)


def connect(environment: Environment, settings: Settings, seconds: float = 7.0) -> Provider:
    """Twilio, or another engine that speaks its language, as environment and config.yaml name it.

    `seconds` bound one request to its API as a whole: a text is asked after and sent within its lease.
    """
    from ivr.telephony.twilio import rest  # Twilio's client takes long to import, and most commands need none

    telephony = settings.telephony
    account = rest.Account(
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
    """Raises `ConfigurationError` where the account is none of Twilio's, and no other engine is named."""
    account = environment.account_sid
    if account and settings.telephony.call_ids == "twilio" and not ACCOUNT.fullmatch(account):
        raise ConfigurationError(
            "TWILIO_ACCOUNT_SID is no account of Twilio's: AC and 32 characters of 0-9 and a-f. Of another engine? "
            "write call_ids: any under telephony: in config.yaml"
        )


def voices_of(settings: Settings) -> dict[str, Voice]:
    """How each language is spoken and heard at Twilio."""
    return {
        language: Voice(speech.say, speech.voice, speech.hear, speech.model)
        for language, speech in settings.speech.items()
    }
