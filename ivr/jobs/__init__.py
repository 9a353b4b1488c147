"""What happens by itself: texts leave, open outcomes are asked for, old answers are erased."""
