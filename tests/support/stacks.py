"""The program's stacks, run on the SDK's own test runtime."""

import gc
import runpy
from pathlib import Path
from typing import Any

from tests.support.deployment import (
    ACCOUNT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATION,
    ROOT,
    Deployment,
    deploy,
)

PROGRAM = Path(__file__).parents[2] / "__main__.py"
READ_STACK = "pulumi:pulumi:readStackOutputs"
GET_ORGANIZATION = "aws:organizations/getOrganization:getOrganization"

MEMBERS_VIEW: dict[str, Any] = {
    "id": ORGANIZATION,
    "masterAccountId": MANAGEMENT_ACCOUNT,
    "roots": [],
    "accounts": [],
    "enabledPolicyTypes": [],
    "awsServiceAccessPrincipals": [],
    "featureSet": "ALL",
}
MANAGEMENTS_VIEW: dict[str, Any] = {
    **MEMBERS_VIEW,
    "roots": [{"id": ROOT, "arn": "arn", "name": "Root", "policyTypes": []}],
    "accounts": [{"id": ACCOUNT}, {"id": MANAGEMENT_ACCOUNT}],
    "enabledPolicyTypes": ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"],
    "awsServiceAccessPrincipals": ["cloudtrail.amazonaws.com"],
}


def run() -> None:
    try:
        runpy.run_path(str(PROGRAM), run_name="__main__")
    finally:
        gc.enable()  # the program ends with its process, and the tests' goes on


def security(*, preview: bool = False, view: Any = MEMBERS_VIEW, **config: str) -> Deployment:
    return deploy(
        run,
        stack="security",
        preview=preview,
        functions={GET_ORGANIZATION: view},
        config={f"cloudtrail-guard:{key}": value for key, value in config.items()},
    )


def management(
    outputs: Any,
    *,
    preview: bool = False,
    view: Any = MANAGEMENTS_VIEW,
    region: str = "eu-west-1",
    **config: str,
) -> Deployment:
    answer = outputs if isinstance(outputs, Exception) else {"outputs": outputs}
    name = "organization/cloudtrail-guard/security"
    return deploy(
        run,
        stack="management",
        account=MANAGEMENT_ACCOUNT,
        region=region,
        preview=preview,
        functions={GET_ORGANIZATION: view, READ_STACK: answer},
        live={name: {"name": name, "outputs": {}, "secretOutputNames": []}},
        config={f"cloudtrail-guard:{key}": value for key, value in config.items()},
    )


ARCHIVE_ACCOUNT = "444455556666"


def archive(*, preview: bool = False, **config: str) -> Deployment:
    values = {"sourceAccountId": ACCOUNT, "breakGlassRoles": '["ArchiveAdmin"]', **config}
    return deploy(
        run,
        stack="archive",
        account=ARCHIVE_ACCOUNT,
        region="eu-central-1",
        preview=preview,
        functions={GET_ORGANIZATION: MEMBERS_VIEW},
        config={f"cloudtrail-guard:{key}": value for key, value in values.items()},
    )


def workload(outputs: Any, **config: str) -> Deployment:
    name = "organization/cloudtrail-guard/security"
    return deploy(
        run,
        stack="workload",
        account="444455556666",
        functions={GET_ORGANIZATION: MEMBERS_VIEW, READ_STACK: {"outputs": outputs}},
        live={name: {"name": name, "outputs": {}, "secretOutputNames": []}},
        config={f"cloudtrail-guard:{key}": value for key, value in config.items()},
    )
