"""A bank's hotline: voice menus in YAML, self-service banking, and transfer to agents."""
