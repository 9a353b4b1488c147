"""YAML becomes a bundle: flow files, prompt files, links between them, findings where they do not fit."""
