"""Publishing: read flows and prompts from a folder, build a bundle, check it, and publish it under its hash."""
