"""Amazon Athena: workgroups and named queries.

Sources: `internal/service/athena` of terraform-provider-aws.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.resource import AutoName
from sandbox.plugin.validators import arn, length, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

# Workgroups

_KEY: Final = "configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn"
_RESULTS: Final = (
    *("AclConfiguration", "EncryptionConfiguration", "ExpectedBucketOwner", "OutputLocation"),
)
_REFUSED: Final = (
    *("customerContentEncryptionConfiguration", "executionRole", "identityCenterConfiguration"),
    *("managedQueryResultsConfiguration", "monitoringConfiguration"),
    "queryResultsS3AccessGrantsConfiguration",
)
_CUTOFF: Final = "BytesScannedCutoffPerQuery"
_MIN_CUTOFF: Final = 10_485_760


def _refine(call: Call, request: Properties) -> None:
    """Write a configuration as it is the first time, and later as a change."""
    if not call.creating:
        if call.has_changed("configuration"):
            request["ConfigurationUpdates"] = _updates(call)
    elif "Configuration" in request:
        _without_defaults(request["Configuration"])


def _without_defaults(configuration: Properties) -> None:
    if not configuration.get(_CUTOFF):
        configuration.pop(_CUTOFF, None)
    configuration.get("EngineVersion", {}).pop("EffectiveEngineVersion", None)


def _updates(call: Call) -> Properties:
    """A configuration as a change: what it lacks is taken away."""
    updates: Properties = _WORKGROUPS.request(
        replace(call, changed=frozenset()), "CreateWorkGroup"
    )["Configuration"]
    _without_defaults(updates)
    results: Properties = updates.pop("ResultConfiguration", {})
    missing = {f"Remove{name}": True for name in _RESULTS if not results.get(name)}
    if _CUTOFF not in updates:
        updates[f"Remove{_CUTOFF}"] = True
    return {**updates, "ResultConfigurationUpdates": {**results, **missing}}


def _disable(call: Call) -> None:
    """Write what CreateWorkGroup does not take: that the workgroup is disabled."""
    if call.creating and call.inputs.get("state") == "DISABLED":
        call.client("athena").update_work_group(WorkGroup=call.id, State="DISABLED")


def _cutoff(name: str, value: int) -> Iterator[str]:
    if 0 != value < _MIN_CUTOFF:
        yield (
            f"expected {name} to be at least ({_MIN_CUTOFF}), got {value}; "
            f"expected {name} to be one of [0], got {value}"
        )


_WORKGROUPS: Final = Api(
    service="athena",
    create="CreateWorkGroup",
    read="GetWorkGroup",
    update="UpdateWorkGroup",
    delete="DeleteWorkGroup",
    id="{name}",
    key="WorkGroup",
    names={_KEY: "KmsKey"},
    answer="WorkGroup",
    arn="workgroup/{name}",
    force="RecursiveDeleteOption",
    gone=("is not found",),
    refine=_refine,
    tags=Tags(target="ResourceARN", list="ListTagsForResource"),
)
WORKGROUP = _WORKGROUPS.row(
    type="aws:athena/workgroup:Workgroup",
    noun="Athena WorkGroup",
    configure=_disable,
    name=AutoName(),
    defaults={
        "configuration.enforceWorkgroupConfiguration": True,
        "configuration.engineVersion.selectedEngineVersion": "AUTO",
        "configuration.publishCloudwatchMetricsEnabled": True,
        "state": "ENABLED",
    },
    computed={
        "configuration",
        "configuration.engineVersion",
        "configuration.engineVersion.effectiveEngineVersion",
    },
    validate={
        "name": (
            length(1, 128),
            matching(
                r"^[0-9A-Za-z_.-]+$",
                "invalid value for {name} (must contain only alphanumeric characters, periods, "
                "underscores, and hyphens)",
            ),
        ),
        "state": (one_of("ENABLED", "DISABLED"),),
        "configuration.bytesScannedCutoffPerQuery": (_cutoff,),
        _KEY: (arn,),
    },
    not_emulated={f"configuration.{name}": "leave it out" for name in _REFUSED},
)

# Named queries: every change makes another one

NAMED_QUERY = Api(
    service="athena",
    create="CreateNamedQuery",
    read="GetNamedQuery",
    delete="DeleteNamedQuery",
    made="NamedQueryId",
    key="NamedQueryId",
    names={"query": "QueryString"},
    answer="NamedQuery",
    gone=("was not found",),
).row(
    type="aws:athena/namedQuery:NamedQuery",
    noun="Athena Named Query",
    name=AutoName(),
    replace={"database", "description", "name", "query", "workgroup"},
    defaults={"workgroup": "primary"},
    validate={"name": (length(1, 128),), "query": (length(1, 262_144),)},
)
