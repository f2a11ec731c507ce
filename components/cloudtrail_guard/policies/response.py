"""What the tamper response may do: the few calls that undo tampering, on what it watches over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cloudtrail_guard.arns import Location, log_group_arn
from cloudtrail_guard.policies.document import Document, Statement, document


@dataclass(frozen=True)
class ResponseScope:
    """What the function's role reaches.

    Attributes:
        function: the function's name.
        topic: ARN of the topic that it tells.
        topic_key: ARN of the topic's key.
        dead_letters: ARN of the queue for events that it failed on.
        trail: ARN of the trail that it may start and whose selectors it may restore.
        settings: the trail's other settings, as UpdateTrail takes them, if it may restore these
            too, and make the trail again.
        policies: ids of the organization's policies that it may attach again.
        targets: ids of the root, OUs and accounts that it may attach them to.
    """

    function: str
    topic: str
    topic_key: str
    dead_letters: str
    trail: str | None = None
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    policies: Sequence[str] = ()
    targets: Sequence[str] = ()


def response_trust_policy() -> Document:
    """Who may assume the function's role: Lambda.

    Lambda documents no source condition for it, and needs none: a role is given to a function by
    `iam:PassRole`, which never crosses accounts.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    """
    return document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]
    )


def response_policy(location: Location, scope: ResponseScope) -> Document:
    """The policy of the function's role.

    Args:
        location: where the function is.
        scope: what it reaches.
    """
    log = f"{log_group_arn(location, f'/aws/lambda/{scope.function}')}:*"
    statements: list[Statement] = [
        _allow("Tell", ["sns:Publish"], [scope.topic]),
        _allow("EncryptWhatItTells", ["kms:Decrypt", "kms:GenerateDataKey*"], [scope.topic_key]),
        _allow("KeepFailures", ["sqs:SendMessage"], [scope.dead_letters]),
        _allow("WriteItsLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [log]),
    ]
    if scope.trail is not None:
        statements.append(
            _allow(
                "RestoreTrail",
                [
                    "cloudtrail:StartLogging",
                    "cloudtrail:PutEventSelectors",
                    *(["cloudtrail:UpdateTrail", "cloudtrail:CreateTrail"] * bool(scope.settings)),
                ],
                [scope.trail],
            )
        )
        statements += _what_settings_take(scope.settings)
    if scope.policies:
        statements.append(
            _allow(
                "AttachGuardrails",
                ["organizations:AttachPolicy"],
                [
                    *(_organizations_arn(location, "policy", id_) for id_ in scope.policies),
                    *(_organizations_arn(location, _kind(id_), id_) for id_ in scope.targets),
                ],
            )
        )
    return document(statements)


def _what_settings_take(settings: Mapping[str, object]) -> Iterator[Statement]:
    """What UpdateTrail and CreateTrail ask for besides: the delivery role, and the organization.

    Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
    and https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html
    """
    role = settings.get("CloudWatchLogsRoleArn")
    if isinstance(role, str) and role:
        yield {
            **_allow("PassDeliveryRole", ["iam:PassRole"], [role]),
            "Condition": {"StringEquals": {"iam:PassedToService": "cloudtrail.amazonaws.com"}},
        }
    if settings.get("IsOrganizationTrail"):
        yield _allow(
            "ReadOrganization",
            [
                "organizations:DescribeOrganization",
                "organizations:ListAWSServiceAccessForOrganization",
            ],
            ["*"],
        )


def _allow(sid: str, actions: list[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def _organizations_arn(location: Location, kind: str, id_: str) -> str:
    return f"arn:{location.partition}:organizations::{location.account}:{kind}/*/{id_}"


def _kind(target: str) -> str:
    """What Organizations calls a target in its ARN."""
    return {"r": "root", "ou": "ou"}.get(target.split("-", maxsplit=1)[0], "account")
