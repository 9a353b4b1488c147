"""What a flow may invoke, thin over its domain: a file for each service, or for services that are one thought."""
