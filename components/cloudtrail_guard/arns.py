"""Amazon Resource Names, built from names so that no policy waits for a resource to exist.

Format: ``arn:partition:service:region:account:resource``
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
"""

import re
from dataclasses import dataclass

from cloudtrail_guard.errors import InvalidValueError

_REGION_PREFIXES = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}

PARTITIONS = ("aws", *_REGION_PREFIXES.values())
"""Source: the partitions of AWS's endpoint rules (botocore ``partitions.json``)."""

_ARN = re.compile(
    rf"arn:(?P<partition>{'|'.join(PARTITIONS)}):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*)"
    r":(?P<account>\d{12}|aws|):(?P<resource>[!-~]+)",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class Arn:
    """A parsed ARN; ``str()`` gives the text back."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        """The ARN's text."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse_arn(text: str, *, service: str | None = None, what: str = "ARN") -> Arn:
    """Take an ARN apart.

    Args:
        text: the ARN.
        service: the service it must belong to, e.g. ``"cloudtrail"``; any when unset.
        what: what the value is, for the error message.

    Raises:
        InvalidValueError: the text is no ARN, or one of another service.
    """
    match = _ARN.fullmatch(text)
    if match is None or (service is not None and match["service"] != service):
        wanted = service or "service"
        raise InvalidValueError(
            f"{what} {text!r} is not an ARN of the form "
            f"arn:<partition>:{wanted}:<region>:<account>:<resource>"
        )
    return Arn(
        partition=match["partition"],
        service=match["service"],
        region=match["region"],
        account=match["account"] or "",
        resource=match["resource"],
    )


_TRAIL = re.compile(r"trail/[A-Za-z0-9._-]{3,128}")


def parse_trail_arn(text: str) -> Arn:
    """Take the ARN of one trail apart.

    Raises:
        InvalidValueError: the text is no ARN of a trail, or a pattern of many.
    """
    arn = parse_arn(text, service="cloudtrail", what="trail")
    if not (arn.region and arn.account and _TRAIL.fullmatch(arn.resource)):
        raise InvalidValueError(
            f"trail {text!r} must be one trail's ARN, without wildcards, like "
            "arn:aws:cloudtrail:eu-central-1:111122223333:trail/Audit"
        )
    return arn


PERMISSION_SET_ROLE = (
    r"role/aws-reserved/sso\.amazonaws\.com/(\*/|[a-z]+(-[a-z]+)+-\d+/)?"
    r"AWSReservedSSO_[\w+=,.@-]{1,32}_\*"
)
"""The roles that IAM Identity Center makes of one permission set in an account: a regular
expression of an ARN's resource.

AWS alone makes roles on this path. A role's suffix is another one whenever the permission set is
assigned to the account again. Identity Center's region is part of the path, unless it is us-east-1
(https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
"""

PERMISSION_SET_EXAMPLE = (
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Deploy_*"
)


def is_permission_set(arn: str) -> bool:
    """Whether an ARN is the pattern of a permission set's roles in one account."""
    match = _ARN.fullmatch(arn)
    return (
        match is not None
        and match["service"] == "iam"
        and not match["region"]
        and match["account"].isdigit()
        and re.fullmatch(PERMISSION_SET_ROLE, match["resource"], re.ASCII) is not None
    )


def stands_for(pattern: str, arn: str) -> bool:
    """Whether a pattern, or an ARN in full, stands for an ARN, as the operator ArnLike decides.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    parts, values = pattern.split(":", maxsplit=5), arn.split(":", maxsplit=5)
    return len(parts) == len(values) and all(
        re.fullmatch(re.escape(part).replace(r"\*", ".*").replace(r"\?", "."), value)
        for part, value in zip(parts, values, strict=True)
    )


def partition_of_region(region: str) -> str:
    """The partition of a region's name, e.g. ``us-gov-west-1`` -> ``aws-us-gov``.

    Source: the region patterns of the AWS endpoint rules (botocore ``partitions.json``).
    """
    for prefix, partition in _REGION_PREFIXES.items():
        if region.startswith(prefix):
            return partition
    return "aws"


def dns_suffix(partition: str) -> str:
    """How the names of services end, e.g. ``s3.eu-west-1.amazonaws.com``.

    Source: the endpoint rules of AWS (botocore ``partitions.json``).
    """
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


def bucket_arn(partition: str, bucket: str) -> str:
    """The ARN of a bucket, which has neither region nor account."""
    return f"arn:{partition}:s3:::{bucket}"


def object_arn(partition: str, bucket: str, key: str = "*") -> str:
    """The ARN of a bucket's objects under a key or key pattern."""
    return f"{bucket_arn(partition, bucket)}/{key}"


def role_arn(partition: str, account: str, name: str) -> str:
    """The ARN of an IAM role; ``name`` may carry the role's path."""
    return f"arn:{partition}:iam::{account}:role/{name}"


def root_arn(partition: str, account: str) -> str:
    """The ARN that stands for a whole account in a policy's Principal."""
    return f"arn:{partition}:iam::{account}:root"


def trail_arn(partition: str, region: str, account: str, name: str) -> str:
    """The ARN of a trail in its home region."""
    return f"arn:{partition}:cloudtrail:{region}:{account}:trail/{name}"


@dataclass(frozen=True, kw_only=True)
class Location:
    """The partition, region and account of a resource: what its ARN is made of."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """An ARN of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


def topic_arn(location: Location, topic: str) -> str:
    """The ARN of a topic."""
    return location.arn("sns", topic)


def log_group_arn(location: Location, log_group: str) -> str:
    """The ARN of a log group, without the ``:*`` that stands for its streams."""
    return location.arn("logs", f"log-group:{log_group}")


def queue_arn(location: Location, queue: str) -> str:
    """The ARN of a queue."""
    return location.arn("sqs", queue)
