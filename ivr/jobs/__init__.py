"""What happens by itself: texts leave, open outcomes are asked for, the audit log's head is anchored."""
