"""The agent's desk: a caller and an agent brought together, what is done during the talk, and how it is written up."""
