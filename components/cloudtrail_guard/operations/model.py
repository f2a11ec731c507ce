"""What the table says of one API operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """What an operation can do to the record of events."""

    STOP = "stops recording"
    BLIND = "records or shows less"
    SHRINK = "keeps it for less time"
    DELAY = "delays or breaks delivery"
    DESTROY = "destroys logs, or what it takes to read them"
    FORGE = "plants or replaces logs"
    REENCRYPT = "encrypts logs with another key"
    REDIRECT = "sends logs or alerts elsewhere"
    SILENCE = "silences alerts"
    EXPOSE = "lets others read or use it"
    UNGUARD = "removes what denies the rest"


class Target(StrEnum):
    """What an operation acts on; which documents deny it follows from that."""

    TRAIL = "trails"
    CLOUDTRAIL = "event data stores, channels and the delegated administrator"
    OBJECTS = "log files"
    LOG_PREFIX = "log files below AWSLogs/"
    REPLICATION = "log files in the log bucket, by replication"
    BUCKET = "the log bucket"
    KEY = "the keys of logs, alerts, feed and query results"
    MONITORING = "log groups, alarms, event rules, topics, queues and the response function"
    ACCOUNT_MONITORING = (
        "subscriptions, mute rules, bus policies and log policies of the exempt roles' accounts"
    )
    EXEMPT_ROLE = "the exempt roles"
    EXEMPT_USER = "the exempt users"
    BREAK_GLASS_SESSION = "sessions of the break-glass roles"
    OWN_ROLE = "the stacks' own roles"
    IDENTITY_PROVIDER = "identity providers of the exempt roles' accounts"
    IAM_POLICY = "the guardrails' IAM policies"
    IAM_ATTACHMENT = "attachments of the guardrails' IAM policies"
    GUARDED_GROUP = "the groups that the guardrails' IAM policies are attached to"
    BOUNDARY = "permissions boundaries of the guardrails"
    MEMBERSHIP = "the account's membership of the organization"
    ORGANIZATION = "the organization, its accounts and their delegated administrators"
    GUARDRAIL_POLICY = "service and resource control policies"
    SECURITY_SERVICES = "Config, GuardDuty, Security Hub and Access Analyzer"


class Allowed(StrEnum):
    """Who may call an operation on what is protected."""

    DEPLOYER = "break-glass and deploying roles"
    BACKUP = "break-glass and deploying roles, and those of AWS Backup"
    BREAK_GLASS = "break-glass roles"
    SERVICE = "AWS services"
    TRUSTED = "those whom the role trusts, without the deploying roles"


class Document(StrEnum):
    """A document that can deny an operation."""

    BUCKET_POLICY = "bucket policy"
    KEY_POLICY = "key policy"
    SCP = "SCP"
    RCP = "RCP"
    IAM = "IAM policy"


_EVERYWHERE = frozenset({Document.SCP, Document.IAM})
_ON_BUCKET = _EVERYWHERE | {Document.BUCKET_POLICY, Document.RCP}

DENIED_IN: Mapping[Target, frozenset[Document]] = {
    Target.TRAIL: _EVERYWHERE,
    Target.CLOUDTRAIL: _EVERYWHERE,
    Target.OBJECTS: _ON_BUCKET,
    Target.LOG_PREFIX: _ON_BUCKET,
    Target.REPLICATION: _ON_BUCKET,
    Target.BUCKET: _ON_BUCKET,
    Target.KEY: _EVERYWHERE | {Document.KEY_POLICY, Document.RCP},
    Target.MONITORING: _EVERYWHERE,
    Target.ACCOUNT_MONITORING: _EVERYWHERE,
    Target.EXEMPT_ROLE: _EVERYWHERE,
    Target.EXEMPT_USER: _EVERYWHERE,
    # The role may be assumed from another account, whose SCPs are not these.
    Target.BREAK_GLASS_SESSION: _EVERYWHERE | {Document.RCP},
    Target.OWN_ROLE: _EVERYWHERE,
    Target.IDENTITY_PROVIDER: _EVERYWHERE,
    Target.IAM_POLICY: frozenset({Document.IAM}),
    Target.IAM_ATTACHMENT: frozenset({Document.IAM}),
    Target.GUARDED_GROUP: frozenset({Document.IAM}),
    Target.BOUNDARY: frozenset({Document.IAM}),
    Target.MEMBERSHIP: _EVERYWHERE,
    # The management account, which no SCP binds, and what it delegates to member accounts.
    Target.ORGANIZATION: _EVERYWHERE,
    Target.GUARDRAIL_POLICY: _EVERYWHERE,
    Target.SECURITY_SERVICES: _EVERYWHERE,
}
"""The documents that deny what acts on a target."""

_EVENT_SOURCES = {"cloudwatch": "monitoring"}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One API operation that can harm the record.

    Attributes:
        action: the IAM action that authorizes it, e.g. ``s3:PutLifecycleConfiguration``.
        events: the event names by which CloudTrail records it, e.g. ``PutBucketLifecycle``; none if
            the action authorizes a part of another operation.
        is_data_event: whether it is a data event, which no event rule sees unless a trail records
            them.
        harm: what it does to the record.
        target: what it acts on.
        allowed: who may call it.
        undone: whether the tamper response undoes it.
        note: what a reviewer would ask about the entry.
    """

    action: str
    events: tuple[str, ...]
    is_data_event: bool = False
    harm: Harm
    target: Target
    allowed: Allowed
    undone: bool = False
    note: str = ""

    @property
    def service(self) -> str:
        """The IAM prefix of the service."""
        return self.action.split(":", maxsplit=1)[0]

    @property
    def event_source(self) -> str:
        """The event source, e.g. ``monitoring.amazonaws.com`` for CloudWatch."""
        return f"{_EVENT_SOURCES.get(self.service, self.service)}.amazonaws.com"

    @property
    def denied_in(self) -> frozenset[Document]:
        """The documents that deny it."""
        return DENIED_IN[self.target]


def entries(  # noqa: PLR0913 - all that entries share
    service: str,
    target: Target,
    allowed: Allowed,
    harms: Mapping[Harm, str],
    *,
    events: Mapping[str, str] | None = None,
    data_events: bool = False,
    undone: str = "",
    notes: Mapping[str, str] | None = None,
) -> Iterator[Operation]:
    """Entries that share service, target and who may call them.

    Args:
        service: the IAM prefix of the service.
        target: what they act on.
        allowed: who may call them.
        harms: the names of the actions, separated by spaces, by the harm that they do.
        events: event names, separated by spaces, where they are not the action's name.
        data_events: whether CloudTrail records them as data events.
        undone: the names of those that the tamper response undoes, separated by spaces.
        notes: notes by the action's name.
    """
    for harm, names in harms.items():
        for name in names.split():
            recorded = (events or {}).get(name, name)
            yield Operation(
                action=f"{service}:{name}",
                events=tuple(recorded.split()),
                is_data_event=data_events,
                harm=harm,
                target=target,
                allowed=allowed,
                undone=name in undone.split(),
                note=(notes or {}).get(name, ""),
            )
