"""Build the one stack that was asked for, and export its outputs."""

import gc

gc.disable()  # a deployment leaves little garbage, and to look for it takes a tenth of its time

import pulumi  # noqa: E402

from stacks import archive, management, security, standalone, workload  # noqa: E402
from stacks.outputs import Outputs  # noqa: E402
from stacks.settings.load import read_settings  # noqa: E402
from stacks.settings.roles import (  # noqa: E402
    ArchiveSettings,
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
        case ArchiveSettings():
            return archive.deploy(settings)
        case StandaloneSettings():
            return standalone.deploy(settings)


for name, value in deploy(read_settings(pulumi.get_stack())).items():
    pulumi.export(name, value)
