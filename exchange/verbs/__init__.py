"""The verbs of TwiML, one module for each kind of deed."""
