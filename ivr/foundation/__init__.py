"""What everything stands on: errors, the clock, money, keys, words, configuration. It knows no other room."""
