"""`python -m sandbox.plugin <engine address>`: what the Pulumi engine starts."""

from __future__ import annotations

import gc
import sys

# Before the imports: a collection finds nothing to free among what the SDK and botocore load.
gc.disable()

from sandbox.plugin.server import serve  # noqa: E402 - see above

if __name__ == "__main__":
    serve(sys.argv[1] if len(sys.argv) > 1 else None)
