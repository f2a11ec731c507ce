"""Bring what was set up by hand under the stacks: find it, import it, and list what will change."""
