"""Generators of what is committed but written by the code: `python -m generate`."""
