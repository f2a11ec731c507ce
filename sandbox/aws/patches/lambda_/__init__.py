"""Lambda: functions that can be made and changed, and never run."""

from sandbox.aws.patches.lambda_ import functions, permissions

__all__ = ["functions", "permissions"]
