"""`python -m sandbox.plugin <engine address>`: what the Pulumi engine starts."""

from __future__ import annotations

import sys

from sandbox.plugin.server import serve

if __name__ == "__main__":
    serve(sys.argv[1] if len(sys.argv) > 1 else None)
