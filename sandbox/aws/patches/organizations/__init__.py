"""Organizations: who may ask, what a policy may be, where it may hang, who administers."""

from sandbox.aws.patches.organizations import access, attachments, delegates, policies

__all__ = ["access", "attachments", "delegates", "policies"]
