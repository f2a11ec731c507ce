"""The names and ids that settings hold, each with the rule that AWS has for it.

A rule returns the value or raises ``ValueError`` with what is allowed; pydantic adds the key and
the value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from cloudtrail_guard.arns import (
    PARTITIONS,
    PERMISSION_SET_EXAMPLE,
    PERMISSION_SET_ROLE,
    parse_arn,
)
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs import formats
from pydantic import AfterValidator


@dataclass(frozen=True)
class Rule:
    """What a name or id must be.

    Attributes:
        pattern: what the whole value matches at least, for editors: a regular expression that
            Python and ECMAScript read alike.
        check: returns the value, or raises ``ValueError``.
    """

    pattern: str
    check: Callable[[str], str]

    def __call__(self, value: str) -> str:
        """Hold a value against the rule."""
        return self.check(value)


def matching(pattern: str, allowed: str) -> Rule:
    """A rule: the whole value matches the pattern, whose letters and digits are ASCII's."""
    compiled = re.compile(pattern, re.ASCII)

    def rule(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"must be {allowed}")
        return value

    return Rule(pattern, rule)


def optional(rule: Rule) -> Rule:
    """The rule, or nothing: empty stands for "find it out"."""
    return Rule(f"({rule.pattern})?", lambda value: rule(value) if value else value)


def arn_of(service: str, resource: str, example: str) -> Rule:
    """A rule: an ARN of this service, with an account, whose resource part matches the pattern."""
    compiled = re.compile(resource, re.ASCII)
    has_region = service != "iam"

    def rule(value: str) -> str:
        try:
            arn = parse_arn(value, service=service)
        except InvalidValueError:
            arn = None
        if (
            arn is None
            or not compiled.fullmatch(arn.resource)
            or not re.fullmatch(r"\d{12}", arn.account, re.ASCII)
            or bool(arn.region) is not has_region
        ):
            raise ValueError(f"must be an ARN like {example}")
        return value

    return Rule(rf"arn:[^:]+:{service}:[^:]*:[^:]*:({resource})", rule)


_BUCKET_NAME = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"


def _bucket_name(value: str) -> str:
    problem = formats.bucket_name(value)
    if problem:
        raise ValueError(problem)
    return value


_PATH = r"([\w+=,.@-]+/)*[\w+=,.@-]{1,64}"
"""A path, if there is one, and a name of IAM."""

bucket_name = Rule(_BUCKET_NAME, _bucket_name)
account_id = matching(r"\d{12}", "an account id of 12 digits")
organization_id = matching(r"o-[a-z0-9]{10,32}", "an organization id like o-a1b2c3d4e5")
root_id = matching(r"r-[0-9a-z]{4,32}", "the id of an organization's root, like r-a1b2")
region = matching(r"[a-z]{2,}(-[a-z]+)+-\d", "a region like eu-central-1")
_OR_PERMISSION_SET = (
    ", without wildcards, or the roles of a permission set of IAM Identity Center, like "
    f"{PERMISSION_SET_EXAMPLE}"
)

_PARTITION = f"({'|'.join(PARTITIONS)})"

role = matching(
    rf"(arn:{_PARTITION}:iam::\d{{12}}:role/)?{_PATH}"
    rf"|arn:{_PARTITION}:iam::\d{{12}}:{PERMISSION_SET_ROLE}",
    "a role's name, or its ARN like arn:aws:iam::111122223333:role/AdminRole" + _OR_PERMISSION_SET,
)
principal_arn = arn_of(
    "iam",
    rf"(role|user)/{_PATH}|{PERMISSION_SET_ROLE}",
    "arn:aws:iam::111122223333:role/Deploy" + _OR_PERMISSION_SET,
)
reader_arn = arn_of(
    "iam", rf"root|(role|user)/{_PATH}", "arn:aws:iam::111122223333:role/Investigator"
)
trail_arn = arn_of(
    "cloudtrail",
    r"trail/[A-Za-z0-9._-]{3,128}",
    "arn:aws:cloudtrail:eu-central-1:111122223333:trail/DataAccess",
)
trail_pattern = matching(
    rf"\*|arn:{_PARTITION}:cloudtrail:[a-z0-9*-]+:(\d{{12}}|\*):trail/[A-Za-z0-9._*?-]+",
    "* or a trail's ARN, with wildcards if need be, like "
    "arn:aws:cloudtrail:*:*:trail/SecurityAuditTrail",
)
key_arn = arn_of(
    "kms",
    r"key/(mrk-)?[0-9a-f-]{32,36}",
    "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
)
trail_name = matching(
    r"(?=.{3,128}$)(?!\d+\.\d+\.\d+\.\d+$)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*",
    "3 to 128 letters, digits, and single periods, underscores and hyphens between them",
)
alias = matching(r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}", "like alias/cloudtrail-logs")
target_id = matching(
    r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12}",
    "the id of a root (r-a1b2), of an OU (ou-a1b2-c3d4e5f6) or of an account (12 digits)",
)
stack_reference = matching(
    r"[\w.-]+/[\w.-]+/[\w.-]+", "<organization>/<project>/<stack>, like organization/guard/security"
)

role_name = matching(
    r"[\w+=,.@-]{1,64}", "a role's name of 1 to 64 letters, digits and + = , . @ - _"
)
detector_id = matching(r"[0-9a-f]{32}", "a detector's id: 32 letters a to f and digits")

oidc_provider_arn = arn_of(
    "iam",
    r"oidc-provider/[^*?]+",
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
)
oidc_subject = matching(
    r"[^*?]+", "given in full, without wildcards, like repo:owner/name:ref:refs/heads/main"
)

AccountId: TypeAlias = Annotated[str, AfterValidator(account_id)]
OptionalAccountId: TypeAlias = Annotated[str, AfterValidator(optional(account_id))]
Alias: TypeAlias = Annotated[str, AfterValidator(alias)]
OptionalBucketName: TypeAlias = Annotated[str, AfterValidator(optional(bucket_name))]
OptionalDetectorId: TypeAlias = Annotated[str, AfterValidator(optional(detector_id))]
KeyArn: TypeAlias = Annotated[str, AfterValidator(key_arn)]
OptionalKeyArn: TypeAlias = Annotated[str, AfterValidator(optional(key_arn))]
OptionalOrganizationId: TypeAlias = Annotated[str, AfterValidator(optional(organization_id))]
OptionalRegion: TypeAlias = Annotated[str, AfterValidator(optional(region))]
OptionalRootId: TypeAlias = Annotated[str, AfterValidator(optional(root_id))]
OptionalStackReference: TypeAlias = Annotated[str, AfterValidator(optional(stack_reference))]
PrincipalArn: TypeAlias = Annotated[str, AfterValidator(principal_arn)]
ReaderArn: TypeAlias = Annotated[str, AfterValidator(reader_arn)]
Region: TypeAlias = Annotated[str, AfterValidator(region)]
Role: TypeAlias = Annotated[str, AfterValidator(role)]
RoleName: TypeAlias = Annotated[str, AfterValidator(role_name)]
TargetId: TypeAlias = Annotated[str, AfterValidator(target_id)]
TrailArn: TypeAlias = Annotated[str, AfterValidator(trail_arn)]
TrailName: TypeAlias = Annotated[str, AfterValidator(trail_name)]
TrailPattern: TypeAlias = Annotated[str, AfterValidator(trail_pattern)]

email = matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an email address like soc@example.com")
https_url = matching(r"https://[^\s]+", "an https:// URL")
# SNS's standard topics do not deliver to FIFO queues:
# https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html
queue_arn = arn_of("sqs", r"[\w-]{1,80}", "arn:aws:sqs:eu-central-1:111122223333:siem, not FIFO")
external_id = matching(r"[\w+=,.@:/-]{2,1224}", "2 to 1,224 letters, digits and + = , . @ : / - _")
iam_name = matching(
    r"[\w+=,.@-]{1,128}", "the name (not the ARN or path) of an IAM group, user or role"
)
resource_type = matching(r"AWS::\w+::\w+", "a resource type like AWS::DynamoDB::Table")
event_source = matching(r"[a-z0-9-]+\.amazonaws\.com", "a service like s3.amazonaws.com")
unit_id = matching(
    r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}",
    "the id of an OU (ou-a1b2-c3d4e5f6) or of the root (r-a1b2)",
)

BucketName: TypeAlias = Annotated[str, AfterValidator(bucket_name)]
ExternalId: TypeAlias = Annotated[str, AfterValidator(external_id)]
Email: TypeAlias = Annotated[str, AfterValidator(email)]
EventSource: TypeAlias = Annotated[str, AfterValidator(event_source)]
HttpsUrl: TypeAlias = Annotated[str, AfterValidator(https_url)]
IamName: TypeAlias = Annotated[str, AfterValidator(iam_name)]
OidcProviderArn: TypeAlias = Annotated[str, AfterValidator(oidc_provider_arn)]
OidcSubject: TypeAlias = Annotated[str, AfterValidator(oidc_subject)]
QueueArn: TypeAlias = Annotated[str, AfterValidator(queue_arn)]
ResourceType: TypeAlias = Annotated[str, AfterValidator(resource_type)]
UnitId: TypeAlias = Annotated[str, AfterValidator(unit_id)]
