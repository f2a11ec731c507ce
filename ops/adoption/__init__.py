"""Bring what exists under the stacks: find it, import it, and list what will change."""
