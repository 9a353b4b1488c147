"""How each language speaks a value: one module a language, each registers its rules."""
