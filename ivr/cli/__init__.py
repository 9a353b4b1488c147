"""The commands: python -m ivr COMMAND."""
