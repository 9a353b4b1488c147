"""The part of Twilio's REST API that the product uses; Twilio's own client can call it."""
