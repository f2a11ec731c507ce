"""The language host for Python."""
