"""The requests that harm the record, made from the table of operations."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cloudtrail_guard.arns import bucket_arn, object_arn
from cloudtrail_guard.operations import OPERATIONS, Document, Target

from posture.evaluate.denials import Request
from stacks.monitoring import monitoring_patterns
from stacks.names import PREFIX

if TYPE_CHECKING:
    from cloudtrail_guard.operations import Operation

    from posture.evaluate.denials import Principal
    from posture.evaluate.meant import Meant

COLUMNS: tuple[tuple[str, tuple[Target, ...]], ...] = (
    ("Trail", (Target.TRAIL,)),
    ("Event data stores", (Target.CLOUDTRAIL,)),
    ("Log files", (Target.OBJECTS,)),
    ("Forged logs", (Target.LOG_PREFIX,)),
    ("Replication", (Target.REPLICATION,)),
    ("Bucket", (Target.BUCKET,)),
    ("Key", (Target.KEY,)),
    ("Alarms and rules", (Target.MONITORING,)),
    ("Exempt roles", (Target.EXEMPT_ROLE,)),
    ("Membership", (Target.MEMBERSHIP,)),
    ("Security services", (Target.SECURITY_SERVICES,)),
    ("Organization", (Target.ORGANIZATION,)),
)
"""The columns of the matrix, and what they act on."""

OF_BUCKET = frozenset({Target.OBJECTS, Target.LOG_PREFIX, Target.REPLICATION, Target.BUCKET})


def operations_on(targets: tuple[Target, ...]) -> list[Operation]:
    """The operations of the table that act on these."""
    return [each for each in OPERATIONS if each.target in targets]


def guarded_operations(partition: str, targets: tuple[Target, ...]) -> list[Operation]:
    """Those that SCPs deny; of monitoring, those on the resources that guardrails name."""
    services = _samples(partition)
    return [
        each
        for each in operations_on(targets)
        if Document.SCP in each.denied_in
        and (each.target is not Target.MONITORING or each.service in services)
    ]


def request(meant: Meant, who: Principal, operation: Operation) -> Request:
    """An operation on what is protected, as someone would call it."""
    return Request(who=who, action=operation.action, resource=_resource(meant, who, operation))


def _resource(meant: Meant, who: Principal, operation: Operation) -> str:
    bucket, partition = meant.bucket or "unknown", meant.partition
    other = f"arn:{partition}:{operation.service}:{meant.region}:{who.account}:{PREFIX}"
    sample = _samples(partition).get(operation.service, other)
    log_file = object_arn(partition, bucket, f"AWSLogs/{meant.organization_id}/log.json.gz")
    return {
        Target.TRAIL: meant.trail_arn,
        Target.OBJECTS: log_file,
        Target.LOG_PREFIX: log_file,
        Target.REPLICATION: log_file,
        Target.BUCKET: bucket_arn(partition, bucket),
        Target.KEY: meant.key_arn or "unknown",
        Target.EXEMPT_ROLE: (*meant.break_glass, "unknown")[0],
        Target.MONITORING: sample.format(region=meant.region, account=who.account),
    }.get(operation.target, other)


@lru_cache
def _samples(partition: str) -> dict[str, str]:
    """By service: a resource of the kind that the guardrails protect, with region and account."""
    samples: dict[str, str] = {}
    for pattern in monitoring_patterns(partition):
        head, name = pattern.split(":*:*:")
        sample = f"{head}:{{region}}:{{account}}:{name.replace('*', '-example')}"
        samples[pattern.split(":")[2]] = sample
    return samples
