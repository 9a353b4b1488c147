"""What leaves for the world after the commit: texts, each once, kept until the provider has taken them."""
