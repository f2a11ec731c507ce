"""Serve the policy pack to the engine, which runs this directory."""

from framework.server import Pack, serve
from rules import RULES

if __name__ == "__main__":
    serve(
        Pack(
            name="cloudtrail-guard",
            version="0.1.0",
            description="CloudTrail rules that judge any Pulumi program.",
            rules=RULES,
        )
    )
