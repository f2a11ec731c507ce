"""Bucket policies: what one may say, and where it is kept."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.buckets import denied, existing, extras, missing
from sandbox.aws.call import AwsError, Reply
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_conditions import values
from sandbox.aws.policy_evaluation import principals, statements
from sandbox.aws.policy_grammar import RESOURCE_POLICY, GrammarError, check_bucket_policy, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html (20 KB, in bytes)
_MAX_SIZE = 20_480

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
_NARROWING_KEYS = {
    *("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths"),
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
    *("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:userid"),
}

_KEPT_ASIDE = (
    "moto applies every Deny of a bucket policy to every principal, so it never sees one: the "
    "policy is kept beside it"
)


@patch(
    "s3",
    "PutBucketPolicy",
    f"{_KEPT_ASIDE}. moto takes any text; AWS refuses what is no bucket policy of this bucket, "
    "principals that do not exist, more than 20 KB, and a public policy where that is blocked",
)
def put_bucket_policy(call: Call) -> Answer:
    """Check and keep a bucket policy."""
    bucket = existing(call)
    text = call.body.decode()
    try:
        document = parse(text, RESOURCE_POLICY)
        check_bucket_policy(document, bucket.arn)
    except GrammarError as error:
        raise _malformed(str(error)) from None
    if len(call.body) > _MAX_SIZE:
        raise _malformed(f"Policy exceeds the maximum allowed document size: {_MAX_SIZE} bytes")
    for statement in statements(document):
        if any(lookups.unknown_principal(kind, value) for kind, value in principals(statement)):
            raise _malformed("Invalid principal in policy")
    block = bucket.public_access_block
    if block and block.block_public_policy and _is_public(document):
        raise denied(
            "User is not authorized to perform: s3:PutBucketPolicy because public policies are "
            "prevented by the BlockPublicPolicy setting in S3 Block Public Access."
        )
    extras(bucket).policy = text
    return Reply(HTTPStatus.NO_CONTENT)


@patch("s3", "GetBucketPolicy", _KEPT_ASIDE)
def get_bucket_policy(call: Call) -> Answer:
    """Return the bucket policy as it was put."""
    return {"Policy": _policy(call)}


@patch("s3", "GetBucketPolicyStatus", _KEPT_ASIDE)
def get_bucket_policy_status(call: Call) -> Answer:
    """Report whether the bucket policy is public."""
    return {"PolicyStatus": {"IsPublic": _is_public(json.loads(_policy(call)))}}


@patch("s3", "DeleteBucketPolicy", _KEPT_ASIDE)
def delete_bucket_policy(call: Call) -> Answer:
    """Delete the bucket policy."""
    extras(existing(call)).policy = ""
    return Reply(HTTPStatus.NO_CONTENT)


def _policy(call: Call) -> str:
    text = extras(existing(call)).policy
    if not text:
        raise missing("NoSuchBucketPolicy", "bucket policy")
    return text


def _is_public(document: Mapping[str, Any]) -> bool:
    """Whether a policy is public: an Allow for all principals that no condition narrows."""
    return any(
        statement["Effect"] == "Allow"
        and "*" in [value for _, value in principals(statement)]
        and not _is_narrowed(statement.get("Condition", {}))
        for statement in statements(document)
    )


def _is_narrowed(conditions: Mapping[str, Any]) -> bool:
    return any(
        key.lower() in _NARROWING_KEYS and "Not" not in operator and "*" not in values(wanted)
        for operator, tests in conditions.items()
        for key, wanted in tests.items()
    )


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedPolicy", message)
