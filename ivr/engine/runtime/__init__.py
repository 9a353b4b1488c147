"""One call moves on: an event in, actions out."""
