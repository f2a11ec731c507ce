"""Serve the pack to the engine; what the policy pack that ``init`` writes calls."""

import runpy

from cloudtrail_guard_policies.pack_directory import PACK


def serve() -> None:
    """Serve until the engine ends the process."""
    runpy.run_path(str(PACK), run_name="__main__")
