"""Build the one stack that was asked for, and export its outputs."""

import pulumi

from stacks import management, security, standalone, workload
from stacks.config import read_settings

STACKS = {
    "security": security.deploy,
    "management": management.deploy,
    "workload": workload.deploy,
    "standalone": standalone.deploy,
}

settings = read_settings(pulumi.get_stack())
for name, value in STACKS[settings.role](settings).items():
    pulumi.export(name, value)
