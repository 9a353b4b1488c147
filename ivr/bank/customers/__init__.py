"""Who the customers are, how they prove it, and what locks when they cannot."""
