"""Flows and prompts become a bundle: read from a folder, built, proven, published under their hash."""
