"""The component plugin: serves the components to every Pulumi language."""

from importlib.metadata import version

from cloudtrail_guard import AccessLogBucket, Guardrails, LogBucket, LogEncryptionKey, Trail
from pulumi.provider.experimental import component_provider_host

if __name__ == "__main__":
    component_provider_host(
        components=[AccessLogBucket, Guardrails, LogBucket, LogEncryptionKey, Trail],
        name="cloudtrail-guard",
        version=version("cloudtrail-guard"),
    )
