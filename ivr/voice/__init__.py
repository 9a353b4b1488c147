"""HTTP: webhooks of the provider, health, and metrics; thin."""
