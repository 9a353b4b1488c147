"""The HTTP interface: the provider's webhooks, health, and metrics."""
