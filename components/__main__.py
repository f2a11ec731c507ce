"""The component plugin: serves the components to every Pulumi language."""

from importlib.metadata import version

import cloudtrail_guard as guard
import pulumi
from pulumi.provider.experimental import component_provider_host

COMPONENTS: list[type[pulumi.ComponentResource]] = [
    guard.AccessLogBucket,
    guard.AlertTopic,
    guard.Guardrails,
    guard.IamProtection,
    guard.LogBucket,
    guard.LogEncryptionKey,
    guard.MemberTrails,
    guard.TamperAlerts,
    guard.TamperResponse,
    guard.Trail,
    guard.TrailAlarms,
]

if __name__ == "__main__":
    component_provider_host(
        components=COMPONENTS,
        name="cloudtrail-guard",
        version=version("cloudtrail-guard"),
    )
