"""The outbox: texts that are sent after the commit, each once, and kept until the provider accepts them."""
