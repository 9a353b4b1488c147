"""The staff pages: a guard before every view, and views that parse, act and render."""
