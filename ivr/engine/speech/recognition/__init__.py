"""How each language understands a caller: one module a language, each registers its rules."""
