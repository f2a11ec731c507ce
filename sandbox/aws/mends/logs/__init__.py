"""CloudWatch Logs: log groups and their keys, metric filters, resource policies."""

from sandbox.aws.mends.logs import filters, groups, keys, policies

__all__ = ["filters", "groups", "keys", "policies"]
