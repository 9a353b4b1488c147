"""One file for each step type; the file's name is the YAML word."""
