"""Every name that a stack gives a resource is one that is looked up beforehand."""

import json
from typing import Any

import pytest

from stacks.context import DeploymentContext, Organization
from stacks.lookups.found import NAME_PROPERTIES
from stacks.planned import Kind, PlannedName
from stacks.planned_names import (
    archive_names,
    management_names,
    security_names,
    standalone_names,
    workload_names,
)
from stacks.settings.load import parse_settings
from tests.support.deployment import (
    ACCOUNT,
    KEY_ID,
    MANAGEMENT_ACCOUNT,
    ORGANIZATION,
    ROOT,
    Deployment,
    deploy,
)
from tests.support.stacks import (
    ARCHIVE_ACCOUNT,
    GET_ORGANIZATION,
    archive,
    management,
    run,
    security,
    workload,
)

REGION = "eu-west-1"
USES = {
    "replica": {"region": "eu-central-1"},
    "readers": [{"roleName": "Investigator"}],
    "logFeed": {"enabled": True},
    "securityServices": {"accessAnalyzer": {"enabled": True, "organization": False}},
}


def archived(region: str) -> dict[str, Any]:
    """A replica in another account, in a region."""
    archive = {
        "bucketName": "copies",
        "keyArn": f"arn:aws:kms:{region}:{ARCHIVE_ACCOUNT}:key/{KEY_ID}",
        "breakGlassRoleArns": [f"arn:aws:iam::{ARCHIVE_ACCOUNT}:role/ArchiveAdmin"],
        "deployerRoleArns": [f"arn:aws:iam::{ARCHIVE_ACCOUNT}:role/Deploy"],
    }
    return {"replica": {"archive": archive}}


ARCHIVED = archived("eu-central-1")
ARCHIVED_HERE = archived(REGION)
ARCHIVED_AT_HOME = archived("us-east-1")
RESPONSE = {
    "tamperResponse": {"enabled": True},
    "securityServices": {"accessAnalyzer": {"enabled": True}},
}
MANY_ROLES = {
    "breakGlassRoles": [f"BreakGlass{number:02}" for number in range(30)],
    "deployerRoleArns": [
        f"arn:aws:iam::{ACCOUNT}:role/Deployer{number:02}" for number in range(30)
    ],
}
FEWER_ROLES = {key: values[:8] for key, values in MANY_ROLES.items()}
NOTHING = {
    "queries": {"enabled": False},
    "integrityRole": {"enabled": False},
    "tamperAlerts": False,
}
TYPES = {kind.type for kind in Kind}
BY_ANOTHER_NAME = {"cloudtrail-guard-delivery"}
"""Resources whose names AWS or Pulumi makes up, which cannot be taken."""


def text(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}


def context(role: str, account: str, region: str, values: dict[str, Any]) -> Any:
    config = {f"cloudtrail-guard:{key}": value for key, value in text(values).items()}
    return DeploymentContext(
        settings=parse_settings(config, role),
        account=account,
        region=region,
        partition="aws",
        deployer=f"arn:aws:iam::{account}:role/Deploy",
        found_organization=Organization(
            id=ORGANIZATION, management_account=MANAGEMENT_ACCOUNT, root=ROOT
        ),
    )


def made(deployment: Deployment, region: str = REGION) -> set[tuple[str, str, str]]:
    """Type, name and region of everything that has a name of our choice."""
    found: set[tuple[str, str, str]] = set()
    for each in deployment.resources:
        if each.type in TYPES and not each.read and each.name not in BY_ANOTHER_NAME:
            name = next(each.inputs[key] for key in NAME_PROPERTIES if each.inputs.get(key))
            found.add((each.type, name, each.inputs.get("region", region)))
    return found


def planned(names: list[PlannedName]) -> set[tuple[str, str, str]]:
    assert len(names) == len(set(names))
    return {(each.kind.type, each.name, each.region) for each in names}


@pytest.mark.parametrize(
    "values",
    [
        {},
        USES,
        ARCHIVED,
        ARCHIVED_HERE,
        ARCHIVED_AT_HOME,
        NOTHING,
        MANY_ROLES,
        {"bucketName": "org-logs", "keyAlias": "alias/logs"},
    ],
)
def test_the_names_of_a_security_stack(values: dict[str, Any]) -> None:
    deployment = security(**text(values))

    assert planned(security_names(context("security", ACCOUNT, REGION, values))) == made(deployment)


def policies(deployment: Deployment, region: str) -> list[PlannedName]:
    """The guardrails; how many there are depends on their length."""
    return [
        PlannedName(kind=kind, name=resource.inputs["name"], region=region)
        for kind in (Kind.POLICY, Kind.ORGANIZATION_POLICY)
        for resource in deployment.resources
        if resource.type == kind.type
    ]


@pytest.mark.parametrize("region", [REGION, "us-east-1"])
@pytest.mark.parametrize(
    "values", [{}, RESPONSE, {"tamperAlerts": False, "alarms": {"enabled": False}}]
)
def test_the_names_of_a_management_stack(region: str, values: dict[str, Any]) -> None:
    exported = security().outputs
    exported["trailArn"] = exported["trailArn"].replace(REGION, region)
    deployment = management(exported, region=region, **text(values))

    names = management_names(
        context("management", MANAGEMENT_ACCOUNT, region, values),
        "SecurityAuditTrail",
        policies(deployment, region),
        exempt=exported["breakGlassRoleArns"],
        forwards=True,
    )
    assert planned(names) == made(deployment, region)


@pytest.mark.parametrize(
    "values", [{}, {"bucketName": "copies", "keyAlias": "alias/copies"}, {"tamperAlerts": False}]
)
def test_the_names_of_an_archive_stack(values: dict[str, Any]) -> None:
    deployment = archive(**text(values))

    whole = {"sourceAccountId": ACCOUNT, "breakGlassRoles": ["ArchiveAdmin"], **values}
    names = archive_names(context("archive", ARCHIVE_ACCOUNT, "eu-central-1", whole))
    assert planned(names) == made(deployment, "eu-central-1")


@pytest.mark.parametrize("own", [True, False])
def test_the_names_of_a_workload_stack(own: bool) -> None:
    values = {"workload": {"ownBucket": own}}
    exported = {} if own else security(memberTrailNames='["DataAccess"]').outputs
    deployment = workload(exported, **text(values))

    names = workload_names(context("workload", "444455556666", REGION, values))
    assert planned(names) == made(deployment)


@pytest.mark.parametrize(
    "values", [{}, USES, ARCHIVED, ARCHIVED_HERE, ARCHIVED_AT_HOME, NOTHING, FEWER_ROLES]
)
def test_the_names_of_a_standalone_stack(values: dict[str, Any]) -> None:
    deployment = deploy(
        run,
        stack="standalone",
        functions={GET_ORGANIZATION: Exception("AWSOrganizationsNotInUseException")},
        config={f"cloudtrail-guard:{key}": value for key, value in text(values).items()},
    )

    here = context("standalone", ACCOUNT, REGION, values)
    names = standalone_names(here, policies(deployment, REGION))
    assert planned(names) == made(deployment)
