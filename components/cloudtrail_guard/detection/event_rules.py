"""EventBridge rules for tampering with trails, logs, keys, what protects them and what watches.

The event names come from the table of operations. A rule sees the events of its own account and
region; those of Organizations and IAM come to us-east-1 alone
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cloudtrail_guard.detection.event_patterns import (
    API_CALL,
    NETWORK_ACTIVITY,
    SERVICE_EVENT,
    Clause,
    calls,
    in_pieces,
    packed,
    refusal_names,
)
from cloudtrail_guard.detection.log_patterns import (
    bucket_clauses,
    key_clauses,
    object_clauses,
    planting_clauses,
)
from cloudtrail_guard.detection.watch_patterns import (
    policy_clauses,
    role_clauses,
    user_clauses,
    watch_clauses,
)
from cloudtrail_guard.operations import Target, events_on

GLOBAL_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-northwest-1"}
"""By partition: the region whose event bus has the events of global services."""

DEPARTURE = "AccountDepartedOrganization"
"""The service event by which the management account learns that an account has left: it is
recorded there, as LeaveOrganization is in the account that leaves."""

IDENTITY = "identity"
"""The rule on roles."""

_NEW_POLICIES = ("AttachPolicy", "CreatePolicy")
"""Beyond the table: an RCP that is new at the log bucket's account can deny CloudTrail's writes."""

_MANAGED = [target for target in Target if target is not Target.MEMBERSHIP]
"""What is acted on in the management account; LeaveOrganization never appears there."""


class Where(StrEnum):
    """The region of a rule."""

    HERE = "the region of what is watched"
    GLOBAL = "the region of the global services"
    REPLICA = "the replica's region"


@dataclass(frozen=True, kw_only=True)
class TamperRule:
    """An EventBridge rule for one kind of tampering.

    Attributes:
        name: part of the rule's name.
        description: what happened when it matches.
        pattern: the event pattern as JSON.
        where: the region whose events it matches.
    """

    name: str
    description: str
    pattern: str
    where: Where = Where.HERE

    @property
    def is_global(self) -> bool:
        """Whether the events come from a global service."""
        return self.where is Where.GLOBAL


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What an account has that is watched.

    Attributes:
        bucket: the log bucket's name, in the bucket's account.
        key_arns: ARNs of the keys of logs and alerts, of this account and region.
        global_key_arns: those in the region of the global services, where that is another one.
        organization: whether this is the management account, where Organizations' events are.
        member: whether this is a member account, where its leaving is recorded.
        names: how the names of what watches begin: rules, topics, alarms, functions, roles.
        log_groups: how the names of the log groups begin that alarms are made of.
        role_arns: ARNs of the roles and users that policies exempt, and that are of this account.
        break_glass_arns: ARNs of the roles whose use is reported.
        replica_bucket: the replica's name.
        replica_key_arn: ARN of the replica's key.
        at_home: whether the region is that of the global services too.
        replica_covered: whether the replica's region is this one, or that of the global services:
            it has rules already.
    """

    bucket: str | None = None
    key_arns: Sequence[str] = ()
    global_key_arns: Sequence[str] = ()
    organization: bool = False
    member: bool = False
    names: Sequence[str] = ()
    log_groups: Sequence[str] = ()
    role_arns: Sequence[str] = ()
    break_glass_arns: Sequence[str] = ()
    replica_bucket: str | None = None
    replica_key_arn: str | None = None
    at_home: bool = False
    replica_covered: bool = False


def tamper_rules(watched: Watched) -> list[TamperRule]:
    """The rules for an account; which there are depends on ARNs only by the number of the roles.

    Args:
        watched: what the account has.

    Raises:
        InvalidValueError: a pattern is longer than EventBridge accepts.
    """
    return [
        TamperRule(name=name, description=kind.description, pattern=pattern, where=kind.where)
        for kind in _kinds(watched)
        for name, pattern in packed(kind.name, kind.clauses, kind.detail_types)
    ]


def role_pattern(role: str) -> str:
    """The pattern of what is done to one role of the account.

    Args:
        role: the role's name.
    """
    ((_, pattern),) = packed("role", role_clauses([], [f":role/{role}"]), [API_CALL])
    return pattern


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A kind of tampering: any of some clauses, each a pattern of an event's detail."""

    name: str
    description: str
    clauses: Sequence[Clause]
    detail_types: Sequence[str] = (API_CALL,)
    where: Where = Where.HERE


def _kinds(watched: Watched) -> Iterator[_Kind]:
    yield _Kind(
        name="trail",
        description="A trail was stopped, deleted or changed",
        clauses=[calls("cloudtrail", events_on(Target.TRAIL, Target.CLOUDTRAIL))],
    )
    if watched.bucket is not None:
        yield _bucket("bucket", watched.bucket, Where.HERE)
        yield _objects("objects", watched.bucket)
    if watched.key_arns:
        yield _key("key", watched.key_arns, Where.HERE)
    if watched.global_key_arns:
        yield _key("global-key", watched.global_key_arns, Where.GLOBAL)
    if watched.organization:
        yield _organization()
    if watched.member:
        yield _membership()
    yield from _watch(watched)
    if watched.break_glass_arns:
        yield from _break_glass(watched)
    yield from _root(watched)
    yield _endpoints()
    if watched.replica_bucket is not None:
        yield _bucket("replica-bucket", watched.replica_bucket, Where.REPLICA)
        yield _replicas("replica-objects", watched.replica_bucket)
    if watched.replica_key_arn is not None:
        yield _key("replica-key", [watched.replica_key_arn], Where.REPLICA)


def _bucket(name: str, bucket: str, where: Where) -> _Kind:
    return _Kind(
        name=name,
        description="The log bucket's policy, lifecycle or protections were changed",
        clauses=bucket_clauses(bucket),
        where=where,
    )


def _objects(name: str, bucket: str) -> _Kind:
    return _Kind(
        name=name,
        description="Log files were deleted, unlocked, changed or planted",
        clauses=[*object_clauses(bucket), *planting_clauses(bucket)],
    )


def _replicas(name: str, bucket: str) -> _Kind:
    """Without what is planted: the replication's role writes here, as it should."""
    return _Kind(
        name=name,
        description="Replicas of log files were deleted, unlocked or changed",
        clauses=object_clauses(bucket),
        where=Where.REPLICA,
    )


def _key(name: str, arns: Sequence[str], where: Where) -> _Kind:
    return _Kind(
        name=name,
        description="The log key was disabled, scheduled for deletion or given another policy",
        clauses=key_clauses(arns),
        where=where,
    )


def _organization() -> _Kind:
    return _Kind(
        name="organization",
        description="Guardrails were detached or changed, or CloudTrail lost its access",
        clauses=[
            calls(
                "organizations",
                [
                    *events_on(*_MANAGED, service="organizations"),
                    *_NEW_POLICIES,
                    DEPARTURE,
                ],
            ),
            # The management account can close members, and disable their regions.
            calls("account", events_on(Target.MEMBERSHIP, service="account")),
        ],
        detail_types=(API_CALL, SERVICE_EVENT),
        where=Where.GLOBAL,
    )


def _membership() -> _Kind:
    return _Kind(
        name="membership",
        description="The account left the organization, was closed, or lost a region",
        clauses=[
            calls("organizations", events_on(Target.MEMBERSHIP, service="organizations")),
            calls("account", events_on(Target.MEMBERSHIP, service="account")),
        ],
        where=Where.GLOBAL,
    )


def _watch(watched: Watched) -> Iterator[_Kind]:
    """In each region two rules, each of which sees what is done to the other; and one for IAM."""
    if not watched.names:
        return
    clauses = watch_clauses(watched.names, watched.log_groups)
    for where, suffix in _regions(watched).items():
        yield _Kind(
            name=f"watch{suffix}",
            description="Alarms, topics, log groups, event rules or the response were changed",
            clauses=[*clauses.values()],
            where=where,
        )
        yield _Kind(
            name=f"rules{suffix}",
            description="Event rules or their targets were changed, disabled or deleted",
            clauses=[clauses["events"]],
            where=where,
        )
    # Each in a rule of its own: how long they are depends on ARNs that may be known later.
    for name, what, clauses in (
        (IDENTITY, "role", role_clauses(watched.names, watched.role_arns)),
        ("users", "user", user_clauses(watched.names, watched.role_arns)),
        ("policies", "policy or identity provider", policy_clauses(watched.names)),
    ):
        yield _Kind(
            name=name,
            description=f"A {what} was changed that guards the logs",
            clauses=clauses,
            where=Where.GLOBAL,
        )


def _regions(watched: Watched) -> dict[Where, str]:
    """The regions in which there are rules, each once, with how the names there end."""
    regions = {Where.HERE: ""}
    if not watched.at_home:
        regions[Where.GLOBAL] = "-global"
    if watched.replica_bucket is not None and not watched.replica_covered:
        regions[Where.REPLICA] = "-replica"
    return regions


def _break_glass(watched: Watched) -> Iterator[_Kind]:
    """Who assumes the role, and what it changes; in each region that is watched."""
    assumed = in_pieces(watched.break_glass_arns, _assumed)
    used = in_pieces(watched.break_glass_arns, _used)
    for where, suffix in _regions(watched).items():
        yield _Kind(
            name=f"break-glass{suffix}",
            description="The break-glass role was used, or refused to someone",
            clauses=[*assumed, *used],
            where=where,
        )


def _assumed(roles: Sequence[str]) -> Clause:
    """The calls, and those that were refused: of these the message alone names the role."""
    names = [*events_on(Target.BREAK_GLASS_SESSION), {"prefix": "AssumeRoleWith"}]
    return {
        **calls("sts", names),
        "$or": [
            {"requestParameters": {"roleArn": _arns(roles)}},
            refusal_names(arn.rstrip("*") for arn in roles),
        ],
    }


def _used(roles: Sequence[str]) -> Clause:
    session = {"sessionContext": {"sessionIssuer": {"arn": _arns(roles)}}}
    return {"readOnly": [False], "userIdentity": session}


def _arns(roles: Sequence[str]) -> list[object]:
    return [arn if "*" not in arn else {"wildcard": arn} for arn in roles]


def _root(watched: Watched) -> Iterator[_Kind]:
    """AssumeRoot is recorded where it is called; the session's own calls are of the root user.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html
    """
    for where, suffix in _regions(watched).items():
        yield _Kind(
            name=f"root{suffix}",
            description="A root session was started, or the root user changed something",
            clauses=[
                calls("sts", ["AssumeRoot"]),
                {"readOnly": [False], "userIdentity": {"type": ["Root"]}},
            ],
            where=where,
        )


def _endpoints() -> _Kind:
    """What an endpoint policy refused: it is of no API, and names no resource.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
    """
    refused = {"errorCode": ["VpceAccessDenied"]}
    return _Kind(
        name="endpoints",
        description="A VPC endpoint refused tampering",
        clauses=[
            calls("cloudtrail", events_on(Target.TRAIL, Target.CLOUDTRAIL), **refused),
            calls("kms", events_on(Target.KEY), **refused),
            calls("s3", events_on(Target.BUCKET), **refused),
        ],
        detail_types=(NETWORK_ACTIVITY,),
    )
