"""A weak trail, in a project of its own, for the policy pack to reject."""

from pathlib import Path

from demo.checkout import CHECKOUT

NAME = "weak-trail"

_PROJECT = """\
name: weak-trail
runtime:
  name: python
  options: {{toolchain: pip, virtualenv: {virtualenv}}}
"""

_STACK = """\
config:
  aws:profile: workload
  aws:region: us-east-1
"""

PROGRAM = """\
import pulumi_aws as aws

bucket = aws.s3.Bucket("weak", bucket="weak-trail-logs")
aws.cloudtrail.Trail("weak", name="weak-trail", s3_bucket_name=bucket.bucket)
"""
"""One region, no log file validation, no KMS key."""


def weak_project(directory: Path, stack: str) -> Path:
    """Write the project into an empty directory, and return it."""
    (directory / "Pulumi.yaml").write_text(_PROJECT.format(virtualenv=CHECKOUT / ".venv"))
    (directory / f"Pulumi.{stack}.yaml").write_text(_STACK)
    (directory / "__main__.py").write_text(PROGRAM)
    return directory
