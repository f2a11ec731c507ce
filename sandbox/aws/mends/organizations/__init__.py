"""Organizations: who may ask, what a policy may be, where it may hang, who administers."""

from sandbox.aws.mends.organizations import access, accounts, attachments, delegates, policies

__all__ = ["access", "accounts", "attachments", "delegates", "policies"]
