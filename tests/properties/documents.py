"""Policies that a bucket or key may have before it is adopted: AWS's, people's, and none."""

from __future__ import annotations

import json
from typing import Any

from cloudtrail_guard.policies.log_bucket import BUCKET_POLICY_SIDS
from cloudtrail_guard.policies.log_key import KEY_POLICY_SIDS
from hypothesis import strategies as st

from tests.properties.values import JSON, mostly
from tests.support.deployment import ACCOUNT

_PRINCIPALS: st.SearchStrategy[Any] = st.sampled_from(
    [
        "*",
        {"AWS": "*"},
        {"AWS": ACCOUNT},
        {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:role/Reader"]},
        {"Service": "cloudtrail.amazonaws.com"},
    ]
)
_CONDITIONS: st.SearchStrategy[Any] = st.sampled_from(
    [
        {},
        {"Bool": {"aws:SecureTransport": "false"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/pipeline/Deploy"]}},
        {"StringLike": {"aws:userid": "${aws:username}"}},
    ]
)


def _sids(ours: frozenset[str]) -> st.SearchStrategy[str]:
    return mostly(
        st.text("abcXYZ019", min_size=1, max_size=8), st.sampled_from(sorted(ours)), one_in=3
    )


def _policies(
    actions: list[str], resources: list[Any], ours: frozenset[str]
) -> st.SearchStrategy[str | None]:
    statement = st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Deny"]),
            "Principal": _PRINCIPALS,
            "Action": st.sampled_from([*actions, actions]),
            "Resource": st.sampled_from(resources),
        },
        optional={"Sid": _sids(ours), "Condition": _CONDITIONS},
    )
    # AWS holds each Sid once in a policy.
    statements = st.lists(
        statement, min_size=1, max_size=4, unique_by=lambda each: str(each.get("Sid", id(each)))
    )
    many = st.builds(
        lambda each, count: [{**each, "Sid": f"Many{n}"} for n in range(count)],
        statement,
        st.sampled_from([20, 60, 120, 200]),
    )
    document = st.fixed_dictionaries(
        {"Statement": st.one_of(statement, statements, many)},
        optional={
            "Version": st.sampled_from(["2012-10-17", "2008-10-17"]),
            "Id": st.sampled_from(["policy", "Policy1"]),
        },
    )
    broken = st.one_of(
        JSON.map(_text),
        st.builds(_put, document, st.sampled_from(["Statement", "Id", "Version"]), JSON),
        st.builds(_put_in_statement, document, st.sampled_from(["Sid", "Effect"]), JSON),
        st.sampled_from(["", "{", "[" * 100_000, "\ufeff{}", "null"]),
    )
    return st.one_of(st.none(), document.map(_text), mostly(document.map(_text), broken, one_in=2))


def _text(value: object) -> str:
    return json.dumps(value)


def _put(document: dict[str, Any], key: str, value: object) -> str:
    return _text({**document, key: value})


def _put_in_statement(document: dict[str, Any], key: str, value: object) -> str:
    found = document["Statement"]
    first = found[0] if isinstance(found, list) else found
    return _text({**document, "Statement": [{**first, key: value}]})


BUCKET_POLICIES = _policies(
    ["s3:GetObject", "s3:PutObject", "s3:*", "s3:PutBucketPolicy"],
    ["arn:aws:s3:::audit-logs", "arn:aws:s3:::audit-logs/*"],
    BUCKET_POLICY_SIDS,
)
"""Texts of policies of the bucket ``audit-logs``, broken ones among them; None: it has none."""

KEY_POLICIES = _policies(
    ["kms:Decrypt", "kms:*", "kms:PutKeyPolicy", "kms:GenerateDataKey*"], ["*"], KEY_POLICY_SIDS
)
"""Texts of key policies, broken ones among them."""
