"""What a program may say of its bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.oracle.choices.arguments import (
    BUCKET,
    FOREIGN,
    OBJECTS,
    ORGANIZATION,
    allow,
    deny,
    statement,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.choices.arguments import (
        Arguments,
        Choice,
    )

_BLOCK: Final = (
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
)


def _blocks(*settings: str) -> Choice:
    return {"block": dict.fromkeys(settings, True)}


def _encrypts(**by_default: Any) -> Arguments:
    return {"apply_server_side_encryption_by_default": by_default}


def _expires(days: int, status: str = "Enabled") -> Choice:
    rule = {"id": "expire", "status": status, "expiration": {"days": days}, "filter": {}}
    return {"lifecycle": {"rules": [rule]}}


_KEY: Final = {"$of": "key.arn"}
_ACCESS_LOGS: Final[Choice] = {
    "access": {},
    "access-policy": {
        "policy": """{"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
"Action":"s3:PutObject","Principal":{"Service":"logging.s3.amazonaws.com"},"Resource":"arn:aws:s3:::{bucket}-access/*"}]}"""
    },
}

BUCKET_CHOICES: Final[Mapping[str, Mapping[str, Choice]]] = {
    "lock": {
        "of days": {
            "logs": {"object_lock_enabled": True},
            "lock": {"rule": {"default_retention": {"mode": "GOVERNANCE", "days": 365}}},
        },
        "of years, compliance": {
            "logs": {"object_lock_enabled": True},
            "lock": {"rule": {"default_retention": {"mode": "COMPLIANCE", "years": 1}}},
        },
        "without a period": {"logs": {"object_lock_enabled": True}},
        "later, with versions": {
            "versioning": {"versioning_configuration": {"status": "Enabled"}},
            "lock": {"rule": {"default_retention": {"mode": "GOVERNANCE", "days": 30}}},
        },
        "on the bucket": {
            "logs": {
                "object_lock_configuration": {
                    "object_lock_enabled": "Enabled",
                    "rule": {"default_retention": {"mode": "GOVERNANCE", "days": 365}},
                }
            }
        },
        "none": {},
    },
    "versions": {
        "enabled": {"versioning": {"versioning_configuration": {"status": "Enabled"}}},
        "suspended": {"versioning": {"versioning_configuration": {"status": "Suspended"}}},
        "on the bucket": {"logs": {"versioning": {"enabled": True}}},
        "off on the bucket": {"logs": {"versioning": {"enabled": False}}},
        "not said": {},
    },
    "encryption": {
        "with the key": {
            "encryption": {"rules": [_encrypts(sse_algorithm="aws:kms", kms_master_key_id=_KEY)]}
        },
        "with the key, twice": {
            "encryption": {
                "rules": [_encrypts(sse_algorithm="aws:kms:dsse", kms_master_key_id=_KEY)]
            }
        },
        "with AWS's key": {"encryption": {"rules": [_encrypts(sse_algorithm="aws:kms")]}},
        "with S3's key": {"encryption": {"rules": [_encrypts(sse_algorithm="AES256")]}},
        "on the bucket": {
            "logs": {
                "server_side_encryption_configuration": {
                    "rule": _encrypts(sse_algorithm="aws:kms", kms_master_key_id=_KEY)
                }
            }
        },
        "with S3's key on the bucket": {
            "logs": {
                "server_side_encryption_configuration": {"rule": _encrypts(sse_algorithm="AES256")}
            }
        },
        "not said": {},
    },
    "public access": {
        "blocked": _blocks(*_BLOCK),
        "not said": {},
        "half blocked": _blocks("ignore_public_acls", "restrict_public_buckets"),
        "restricted": _blocks("restrict_public_buckets"),
        "only refused": _blocks("block_public_acls", "block_public_policy"),
        "open": {"block": dict.fromkeys(_BLOCK, False)},
        "open, by default": {"block": {}},
    },
    "ownership": {
        "enforced": {"ownership": {"rule": {"object_ownership": "BucketOwnerEnforced"}}},
        "preferred": {"ownership": {"rule": {"object_ownership": "BucketOwnerPreferred"}}},
        "of writers": {"ownership": {"rule": {"object_ownership": "ObjectWriter"}}},
        "not said": {},
    },
    "access logs": {
        "of another bucket": {
            **_ACCESS_LOGS,
            "logging": {"target_bucket": {"$of": "access.id"}, "target_prefix": "logs/"},
        },
        "of itself": {
            "policy": {
                "statements": [
                    statement(
                        "Allow",
                        {"Service": "logging.s3.amazonaws.com"},
                        "s3:PutObject",
                        f"{BUCKET}/own/*",
                        StringEquals={"aws:SourceAccount": "{account}"},
                    )
                ]
            },
            "logging": {"target_bucket": {"$of": "logs.id"}, "target_prefix": "own/"},
        },
        "on the bucket": {
            **_ACCESS_LOGS,
            "logs": {"logging": {"target_bucket": {"$of": "access.id"}}},
        },
        "none": {},
    },
    "lifecycle": {
        "of seven years": _expires(2557),
        "of a month": _expires(30),
        "not enabled": _expires(2557, "Disabled"),
        "none": {},
    },
    "policy in": {"a resource of its own": {}, "the bucket": {}},
    "plain HTTP": {
        "denied": deny("s3:*", [BUCKET, OBJECTS], Bool={"aws:SecureTransport": "false"}),
        "denied, as a boolean": deny(
            "s3:*", [BUCKET, OBJECTS], Bool={"aws:SecureTransport": False}
        ),
        "denied, in a list": deny(
            ["s3:*"], [BUCKET, OBJECTS], Bool={"aws:SecureTransport": ["false"]}
        ),
        "denied, other capitals": deny(
            "s3:*", [BUCKET, OBJECTS], Bool={"aws:securetransport": "false"}
        ),
        "denied for objects": deny("s3:*", OBJECTS, Bool={"aws:SecureTransport": "false"}),
        "denied for writes": deny(
            "s3:PutObject", [BUCKET, OBJECTS], Bool={"aws:SecureTransport": "false"}
        ),
        "denied for reads and writes": deny(
            ["s3:GetObject", "s3:PutObject"],
            [BUCKET, OBJECTS],
            Bool={"aws:SecureTransport": "false"},
        ),
        "denied within an organization": deny(
            "s3:*",
            [BUCKET, OBJECTS],
            Bool={"aws:SecureTransport": "false"},
            StringEquals={"aws:PrincipalOrgID": ORGANIZATION},
        ),
        "denied where the key is": deny(
            "s3:*", [BUCKET, OBJECTS], BoolIfExists={"aws:SecureTransport": "false"}
        ),
        "allowed": {},
    },
    "readers": {
        "none": {},
        "of the account": allow({"AWS": "arn:aws:iam::{account}:root"}, "s3:GetObject"),
        "of another account": allow({"AWS": f"arn:aws:iam::{FOREIGN}:root"}, "s3:GetObject"),
        "of both accounts": allow({"AWS": ["{account}", FOREIGN]}, "s3:GetObject"),
        "of another account in the organization": allow(
            {"AWS": FOREIGN}, "s3:GetObject", StringEquals={"aws:PrincipalOrgID": ORGANIZATION}
        ),
        "all": allow("*", "s3:GetObject"),
        "all, as an account": allow({"AWS": "*"}, "s3:GetObject"),
        "all of the organization": allow(
            "*", "s3:GetObject", StringEquals={"aws:PrincipalOrgID": ORGANIZATION}
        ),
        "all of the account": allow(
            "*", "s3:GetObject", StringEquals={"aws:PrincipalAccount": "{account}"}
        ),
        "all of any organization": allow(
            "*", "s3:GetObject", StringLike={"aws:PrincipalOrgID": "*"}
        ),
        "all roles of a name": allow(
            "*", "s3:GetObject", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/Reader"}
        ),
        "all from an office": allow(
            "*", "s3:GetObject", IpAddress={"aws:SourceIp": "54.240.143.0/24"}
        ),
        "all from a private range": allow(
            "*", "s3:GetObject", IpAddress={"aws:SourceIp": "10.0.0.0/8"}
        ),
        "all by TLS": allow("*", "s3:GetObject", Bool={"aws:SecureTransport": "true"}),
        "all of a network": allow(
            "*", "s3:GetObject", StringEquals={"aws:SourceVpce": "vpce-1a2b3c4d"}
        ),
    },
    "writers": {
        "none": {},
        "all": allow("*", "s3:PutObject"),
        "all, anything": allow("*", "s3:*"),
        "all, all of Put": allow({"AWS": "*"}, "s3:Put*"),
        "all, multipart": allow("*", ["s3:PutObject*", "s3:AbortMultipartUpload"]),
        "all of the organization": allow(
            "*", "s3:PutObject", StringEquals={"aws:PrincipalOrgID": ORGANIZATION}
        ),
    },
}
