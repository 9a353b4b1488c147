"""The platform under the domains: audit log, outbox of texts, background jobs, check values of keys."""
