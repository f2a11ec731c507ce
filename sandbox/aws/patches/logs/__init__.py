"""CloudWatch Logs: log groups and their keys, metric filters, resource policies."""

from sandbox.aws.patches.logs import filters, groups, keys, policies

__all__ = ["filters", "groups", "keys", "policies"]
