"""Preflight findings about alerts: whether they reach anyone."""

from collections.abc import Iterator

from stacks.context import DeploymentContext
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import AlertingSettings, TrailContentSettings


def check_recipients(context: DeploymentContext[AlertingSettings]) -> Iterator[Finding]:
    """A warning when the stack raises alerts that nothing is subscribed to."""
    settings = context.settings
    has_alarms = isinstance(settings, TrailContentSettings) and settings.alarms.enabled
    if (settings.tamper_alerts or has_alarms) and not settings.alerts.subscriptions():
        yield Finding(
            f"{NAMESPACE}:alerts names no address, endpoint or queue: tampering is noticed, and "
            f"no one hears of it. Set {NAMESPACE}:alerts.emails, .httpsEndpoints or .queueArns",
            fatal=False,
        )
