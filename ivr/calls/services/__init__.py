"""What a flow may invoke: one file for each service, thin over its domain."""
