"""Build the one stack that was asked for, and export its outputs."""

import pulumi

from stacks import management, security, standalone, workload
from stacks.outputs import Outputs
from stacks.settings.load import read_settings
from stacks.settings.roles import (
    ManagementSettings,
    SecuritySettings,
    Settings,
    StandaloneSettings,
    WorkloadSettings,
)


def deploy(settings: Settings) -> Outputs:
    """Deploy the stack of the settings' role."""
    match settings:
        case SecuritySettings():
            return security.deploy(settings)
        case ManagementSettings():
            return management.deploy(settings)
        case WorkloadSettings():
            return workload.deploy(settings)
        case StandaloneSettings():
            return standalone.deploy(settings)


for name, value in deploy(read_settings(pulumi.get_stack())).items():
    pulumi.export(name, value)
