"""What the program loads before it knows its role: none of the SDK's many services."""

import json
import subprocess
import sys

from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT

SCRIPT = """
import json, sys
from stacks import management, security, standalone, workload
from stacks.settings.load import read_settings
print(json.dumps([name for name in sys.modules if name.startswith("pulumi_aws.")]))
"""


def test_no_service_of_the_sdk_is_loaded_before_a_resource_of_it_is_made() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    loaded = json.loads(done.stdout)
    services = {name.split(".")[1] for name in loaded if name.count(".") > 1}

    assert "pulumi_aws.provider" in loaded
    assert services == set()
