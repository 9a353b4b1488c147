"""Reports: what the journal of calls and every number of the service centre are read from, across all domains."""
