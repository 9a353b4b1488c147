"""The lowest layer: errors, the clock, money, cryptography, messages, configuration. It imports no other package of
ivr.
"""
