"""The verbs of TwiML, one module for each group."""
