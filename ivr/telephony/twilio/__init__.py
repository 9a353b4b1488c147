"""Every word of Twilio: its webhooks, its documents (TwiML) and its REST API, behind the port of telephony."""
