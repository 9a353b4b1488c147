"""The part of Twilio's REST API that the product uses, for Twilio's own client."""
