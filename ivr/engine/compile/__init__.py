"""Compiles YAML to a bundle: reads flow and prompt files, links references, reports what does not fit."""
