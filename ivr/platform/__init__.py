"""What any domain uses and that knows none of them: the audit log, texts that leave, check values of keys."""
