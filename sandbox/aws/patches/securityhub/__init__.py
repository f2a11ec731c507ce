"""Security Hub: the hub of an account in a region, and its standards."""

from sandbox.aws.patches.securityhub import hubs

__all__ = ["hubs"]
