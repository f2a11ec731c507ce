"""What a release is made of: one version, its notes out of the changelog, its archives.

``python -m release`` is the command line; only the standard library is needed.
"""
