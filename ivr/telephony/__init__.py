"""Where every word of the provider stops: webhooks become events, actions become TwiML."""
