"""The policy pack: its rules under its name and version, served to the engine."""

from typing import Final

from cloudtrail_guard_policies.engine import server
from cloudtrail_guard_policies.rules import RULES

PACK: Final = server.Pack(
    name="cloudtrail-guard",
    version="0.1.0",
    description="CloudTrail rules that evaluate any Pulumi program.",
    rules=RULES,
)


def serve() -> None:
    """Serve the pack until the engine ends the process."""
    server.serve(PACK)
