"""What a program may say of each part: of the trail, of its bucket, of its key.

For each part its choices by name, the sound one first; for each choice the arguments of resources.
``{bucket}`` and ``{account}`` are the program's own, ``{foreign}`` is another account. Statements
make up the policy of the bucket or the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.oracle.choices.arguments import BUCKET, TRAIL, statement
from tests.oracle.choices.bucket import BUCKET_CHOICES
from tests.oracle.choices.key import KEY_CHOICES
from tests.oracle.choices.trail import TRAIL_CHOICES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.choices.arguments import Arguments, Choice

_NAMED: Final = {"bucket": {"$of": "logs.id"}}

RESOURCES: Final[Mapping[str, tuple[str, Arguments, tuple[str, ...]]]] = {
    "later": ("sns.Topic", {}, ()),
    "key": ("kms.Key", {}, ()),
    "key-policy": ("kms.KeyPolicy", {"key_id": {"$of": "key.id"}}, ()),
    "access": ("s3.Bucket", {"bucket": "{bucket}-access"}, ()),
    "access-policy": ("s3.BucketPolicy", {"bucket": {"$of": "access.id"}}, ()),
    "logs": ("s3.Bucket", {"bucket": "{bucket}"}, ()),
    "block": ("s3.BucketPublicAccessBlock", _NAMED, ()),
    "versioning": ("s3.BucketVersioning", _NAMED, ()),
    "lock": ("s3.BucketObjectLockConfiguration", _NAMED, ("versioning",)),
    "encryption": ("s3.BucketServerSideEncryptionConfiguration", _NAMED, ()),
    "ownership": ("s3.BucketOwnershipControls", _NAMED, ()),
    "policy": ("s3.BucketPolicy", _NAMED, ("block",)),
    "logging": ("s3.BucketLogging", _NAMED, ("access-policy", "policy")),
    "lifecycle": ("s3.BucketLifecycleConfiguration", _NAMED, ()),
    "group": ("cloudwatch.LogGroup", {"name": "trail"}, ()),
    "role": ("iam.Role", {"name": "trail"}, ()),
    "role-policy": ("iam.RolePolicy", {"role": {"$of": "role.id"}}, ()),
    "trail": (
        "cloudtrail.Trail",
        {"name": "audit", "s3_bucket_name": {"$of": "logs.id"}},
        ("policy", "key-policy", "role-policy"),
    ),
}
"""For each resource its class, what it always says, and what must be there before it."""

_GRANTS: Final[Choice] = {
    "policy": {
        "statements": [
            statement(
                "Allow",
                {"Service": "cloudtrail.amazonaws.com"},
                "s3:GetBucketAcl",
                BUCKET,
                StringEquals={"aws:SourceArn": TRAIL},
            ),
            statement(
                "Allow",
                {"Service": "cloudtrail.amazonaws.com"},
                "s3:PutObject",
                f"{BUCKET}/AWSLogs/{{account}}/*",
                StringEquals={
                    "aws:SourceArn": TRAIL,
                    "s3:x-amz-acl": "bucket-owner-full-control",
                },
            ),
        ]
    },
    "key-policy": {
        "statements": [
            statement("Allow", {"AWS": "arn:aws:iam::{account}:root"}, "kms:*", "*"),
            statement(
                "Allow",
                {"Service": "cloudtrail.amazonaws.com"},
                "kms:GenerateDataKey*",
                "*",
                StringEquals={"aws:SourceArn": TRAIL},
                StringLike={
                    "kms:EncryptionContext:aws:cloudtrail:arn": (
                        "arn:aws:cloudtrail:*:{account}:trail/*"
                    )
                },
            ),
            statement(
                "Allow",
                {"Service": "cloudtrail.amazonaws.com"},
                "kms:DescribeKey",
                "*",
                StringEquals={"aws:SourceArn": TRAIL},
            ),
        ]
    },
}

CHOICES: Final[Mapping[str, Mapping[str, Choice]]] = {
    "grants": {"CloudTrail": _GRANTS},
    **TRAIL_CHOICES,
    **BUCKET_CHOICES,
    **KEY_CHOICES,
}

_REFUSING_PUBLIC_POLICIES: Final = ("blocked", "not said", "only refused")

BESIDE: Final[Mapping[str, Mapping[str, tuple[tuple[str, ...], str]]]] = {
    "versions": {
        "lock": (("of days", "of years, compliance", "without a period", "on the bucket"), "none")
    },
    "readers": {"public access": (_REFUSING_PUBLIC_POLICIES, "open")},
    "writers": {"public access": (_REFUSING_PUBLIC_POLICIES, "open")},
    "key": {"trail": (("here",), "in another program")},
}
"""For a part of which a program makes another than the sound choice: beside which choices of other
parts AWS refuses it, and what stands in their place."""
