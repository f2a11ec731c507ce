"""The preflight checks: what would fail, or protect less than it seems to, is said beforehand.

The checks are pure functions of the deployment context and of what the AWS look-ups answered; they
only check. ``run`` is the one place that asks AWS, runs the checks of a role and reports.
"""
