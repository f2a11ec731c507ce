"""Each operation of the table as CloudTrail records it: allowed and refused, by name and by ARN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.operations import OPERATIONS, Target

from tests.corpus.parameters import (
    DETECTOR,
    FUNCTION,
    GUARDRAIL,
    IDENTITY_PROVIDER,
    LOG_GROUP_ARN,
    OBJECT,
    OWN_ROLE,
    STORE,
    TOPIC,
    forms,
)
from tests.corpus.records import (
    BREAK_GLASS,
    BREAK_GLASS_USER,
    BUCKET,
    GLOBAL_REGION,
    KEY,
    MANAGEMENT,
    MEMBER,
    ORGANIZATION,
    REGION,
    SECURITY,
    TRAIL,
    record,
    refused,
    session,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cloudtrail_guard.operations import Operation

    from tests.corpus.records import (
        Record,
    )

RESOURCES: dict[Target, tuple[str, str]] = {
    Target.TRAIL: (MANAGEMENT, TRAIL),
    Target.CLOUDTRAIL: (MANAGEMENT, STORE),
    Target.OBJECTS: (SECURITY, f"arn:aws:s3:::{BUCKET}/{OBJECT}"),
    Target.LOG_PREFIX: (SECURITY, f"arn:aws:s3:::{BUCKET}/{OBJECT}"),
    Target.REPLICATION: (SECURITY, f"arn:aws:s3:::{BUCKET}/{OBJECT}"),
    Target.BUCKET: (SECURITY, f"arn:aws:s3:::{BUCKET}"),
    Target.KEY: (SECURITY, KEY),
    Target.EXEMPT_ROLE: (SECURITY, BREAK_GLASS),
    Target.BREAK_GLASS_SESSION: (SECURITY, BREAK_GLASS),
    Target.EXEMPT_USER: (SECURITY, BREAK_GLASS_USER),
    Target.OWN_ROLE: (SECURITY, OWN_ROLE),
    Target.IDENTITY_PROVIDER: (SECURITY, IDENTITY_PROVIDER),
    Target.GUARDED_GROUP: (MANAGEMENT, f"arn:aws:iam::{MANAGEMENT}:group/Developers"),
    Target.IAM_POLICY: (MANAGEMENT, GUARDRAIL),
    Target.IAM_ATTACHMENT: (MANAGEMENT, f"policy {GUARDRAIL}"),
    Target.BOUNDARY: (MANAGEMENT, f"arn:aws:iam::{MANAGEMENT}:role/Administrator"),
    Target.MEMBERSHIP: (MEMBER, "*"),
    Target.ORGANIZATION: (
        MANAGEMENT,
        f"arn:aws:organizations::{MANAGEMENT}:root/{ORGANIZATION}/r-exam",
    ),
    Target.GUARDRAIL_POLICY: (
        MANAGEMENT,
        f"arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/service_control_policy/p-1",
    ),
    Target.SECURITY_SERVICES: (
        SECURITY,
        f"arn:aws:guardduty:{REGION}:{SECURITY}:detector/{DETECTOR}",
    ),
}
"""By target: the account in which a call is recorded, and the ARN that a refusal names."""

MONITORING: dict[str, str] = {
    "logs": LOG_GROUP_ARN,
    "cloudwatch": f"arn:aws:cloudwatch:{REGION}:{MANAGEMENT}:alarm:cloudtrail-guard-RootUsage",
    "events": f"arn:aws:events:{REGION}:{MANAGEMENT}:rule/cloudtrail-guard-trail",
    "sns": TOPIC,
    "sqs": f"arn:aws:sqs:{REGION}:{MANAGEMENT}:cloudtrail-guard-response-failures",
    "lambda": FUNCTION,
}
"""By service: the ARN that a refusal names."""

GLOBAL_SERVICES = ("account", "iam", "organizations")

KEEPS_PARAMETERS = ("s3",)
"""Services whose records of refused calls keep the parameters. They are null in the refusals of
others that were seen (STS, Organizations), so the worst is assumed."""


@dataclass(frozen=True)
class Case:
    """A record of an operation.

    Attributes:
        operation: the operation.
        event: the event's name.
        is_refused: whether the call was refused.
        by: how the call names its resource: ``name``, ``ARN``, or ``nothing``.
        record: the record.
    """

    operation: Operation
    event: str
    is_refused: bool
    by: str
    record: Record

    @property
    def id(self) -> str:
        """What it is, in a few words."""
        outcome = "refused" if self.is_refused else "allowed"
        target = self.operation.target.name
        return f"{self.operation.action} on {target}, {self.event} {outcome} by {self.by}"


def cases(end: datetime) -> list[Case]:
    """Every record of every operation of the table, a second apart.

    Args:
        end: the time of the last.
    """
    made = [case for operation in OPERATIONS for case in _cases(operation, end)]
    for number, case in enumerate(reversed(made)):
        case.record["eventTime"] = f"{end - timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}"
        case.record["eventID"] = f"{len(made) - number:08x}-0000-4000-8000-000000000000"
    return made


def _cases(operation: Operation, at: datetime) -> Iterator[Case]:
    account, resource = RESOURCES.get(operation.target, (MANAGEMENT, ""))
    resource = resource or MONITORING[operation.service]
    identity = session(f"arn:aws:iam::{account}:role/Administrator", "session")
    region = GLOBAL_REGION if operation.service in GLOBAL_SERVICES else REGION
    source = operation.event_source.removesuffix(".amazonaws.com")
    common: dict[str, Any] = {
        "identity": identity,
        "at": at,
        "account": account,
        "region": region,
        "category": "Data" if operation.is_data_event else "Management",
    }
    for event in operation.events:
        for parameters in forms(operation, event):
            made = record(
                source,
                event,
                parameters=parameters,
                resources=_resources(operation, account),
                **common,
            )
            yield Case(operation, event, is_refused=False, by=_form(parameters), record=made)
        keeps = operation.service in KEEPS_PARAMETERS
        denied = record(
            source,
            event,
            parameters=forms(operation, event)[0] if keeps else None,
            resources=_resources(operation, account) if keeps else (),
            **common,
            **refused(identity, operation.action, resource),
        )
        named = denied["requestParameters"] if keeps else resource
        yield Case(operation, event, is_refused=True, by=_form(named), record=denied)


def _form(named: object) -> str:
    return "ARN" if "arn:" in str(named) else "name" if named else "nothing"


def _resources(operation: Operation, account: str) -> list[dict[str, str]]:
    """KMS names the key in every record, S3 object and bucket in those of data events.

    Sources: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
    """
    if operation.service == "kms":
        return [{"accountId": account, "type": "AWS::KMS::Key", "ARN": KEY}]
    if operation.is_data_event:
        return [
            {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{BUCKET}/{OBJECT}"},
            {"accountId": account, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{BUCKET}"},
        ]
    return []
