"""A bank's hotline: voice menus in YAML, self-service banking, and the hand-over to people."""
