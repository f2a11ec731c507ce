"""Which buckets are log buckets, and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_access_logging import (
    RULE as ACCESS_LOGGING,
)
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_force_destroy import (
    RULE as FORCE_DESTROY,
)
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_source_arn import RULE as SOURCE_ARN
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_versioning import RULE

from tests.policypack.support import (
    BUCKET,
    NOT_KNOWN,
    TRAIL,
    VERSIONING,
    made,
    policy,
    stack_verdict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

POLICY = "aws:s3/bucketPolicy:BucketPolicy"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
ENABLED = {"versioningConfiguration": {"status": "Enabled"}}
WRITES = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "*",
}
RANDOM = made("random:index/randomPet:RandomPet", "name")
LOGS = made(BUCKET, "logs")
NAMED = made(BUCKET, "logs", {"bucket": "logs-1", "id": "logs-1"})
DERIVED = made(BUCKET, "logs", bucket=RANDOM)
OF_LOGS = made(POLICY, "logs", policy(WRITES), bucket=LOGS)

# Each stack has a log bucket without versions: the rule speaks if it knows that it is one.
JOINED: dict[str, Sequence[AnalyzerResource]] = {
    "by-reference": [LOGS, made(TRAIL, "audit", s3BucketName=LOGS)],
    "by-reference-to-its-policy": [LOGS, OF_LOGS, made(TRAIL, "audit", s3BucketName=OF_LOGS)],
    "by-name": [NAMED, made(TRAIL, "audit", {"s3BucketName": "logs-1"})],
    "by-an-unknown-value-in-common": [DERIVED, made(TRAIL, "audit", s3BucketName=RANDOM)],
    "by-a-policy-that-admits-cloudtrail": [LOGS, OF_LOGS],
    "by-its-own-policy": [made(BUCKET, "logs", policy(WRITES))],
    "as-a-bucket-v2": [made("aws:s3/bucketV2:BucketV2", "logs", policy(WRITES))],
    "of-a-native-trail": [
        LOGS,
        made("aws-native:cloudtrail:Trail", "audit", s3BucketName=LOGS),
    ],
}
OTHERS: dict[str, Sequence[AnalyzerResource]] = {
    "without-a-trail": [LOGS],
    "of-another-name": [NAMED, made(TRAIL, "audit", {"s3BucketName": "logs-2"})],
    "from-another-unknown-value": [
        DERIVED,
        made(TRAIL, "audit", s3BucketName=made("x:y:Z", "other")),
    ],
    "read-by-others-alone": [
        LOGS,
        made(POLICY, "logs", policy({**WRITES, "Action": "s3:GetObject"}), bucket=LOGS),
    ],
    "with-a-policy-that-is-not-known-yet": [
        LOGS,
        made(POLICY, "logs", bucket=LOGS, policy=RANDOM),
    ],
}


@pytest.mark.parametrize("resources", JOINED.values(), ids=JOINED)
def test_a_bucket_is_a_log_bucket(resources: Sequence[AnalyzerResource]) -> None:
    assert stack_verdict(RULE, resources) == "fail"


@pytest.mark.parametrize("resources", OTHERS.values(), ids=OTHERS)
def test_a_bucket_is_no_log_bucket(resources: Sequence[AnalyzerResource]) -> None:
    assert stack_verdict(RULE, resources) == "pass"


@pytest.mark.parametrize(
    ("bucket", "versioning"),
    [
        (LOGS, made(VERSIONING, "logs", ENABLED, bucket=LOGS)),
        (LOGS, made("aws:s3/bucketVersioningV2:BucketVersioningV2", "v", ENABLED, bucket=LOGS)),
        (LOGS, made(VERSIONING, "logs", ENABLED, bucket=OF_LOGS)),
        (NAMED, made(VERSIONING, "logs", {**ENABLED, "bucket": "logs-1"})),
        (DERIVED, made(VERSIONING, "logs", ENABLED, bucket=RANDOM)),
    ],
    ids=["reference", "v2", "reference-to-its-policy", "name", "unknown-value-in-common"],
)
def test_what_secures_a_bucket_is_found(
    bucket: AnalyzerResource, versioning: AnalyzerResource
) -> None:
    trail = made(TRAIL, "audit", s3BucketName=bucket)
    own = made(POLICY, "logs", policy(WRITES), bucket=bucket)

    assert stack_verdict(RULE, [bucket, trail, own, versioning]) == "pass"


def test_one_rule_says_that_a_policy_may_make_a_bucket_a_log_bucket() -> None:
    resources = OTHERS["with-a-policy-that-is-not-known-yet"]

    assert stack_verdict(SOURCE_ARN, resources) == "undecided"
    assert stack_verdict(SOURCE_ARN, OTHERS["read-by-others-alone"]) == "pass"


def test_what_secures_another_bucket_does_not_count() -> None:
    other = made(BUCKET, "other", {"bucket": "other-1"})
    versioning = made(VERSIONING, "other", ENABLED, bucket=other)
    trail = made(TRAIL, "audit", s3BucketName=LOGS)

    assert stack_verdict(RULE, [LOGS, other, trail, versioning]) == "fail"


def test_what_may_secure_the_bucket_leaves_the_rule_undecided() -> None:
    trail = made(TRAIL, "audit", s3BucketName=LOGS)
    versioning = made(VERSIONING, "v", ENABLED, bucket=RANDOM)

    assert stack_verdict(RULE, [LOGS, trail, versioning]) == "undecided"


# A map of a YAML program's `variables`, an `Output.all` or `pulumi.all`: each property that takes
# one of its names depends on both buckets.
def carried(
    resource_type: str, values: Mapping[str, object], *origins: AnalyzerResource
) -> AnalyzerResource:
    """Return a resource whose values all come from all of these."""
    resource = made(resource_type, "carried", values)
    for name in values:
        resource.propertyDependencies[name].urns.extend(each.urn for each in origins)
    return resource


def two_names(trail_bucket: object, logged: object, target: object) -> list[AnalyzerResource]:
    """Return a log bucket, its bucket for access logs, and what takes their names together."""
    both = [
        made(BUCKET, "logs", {"bucket": "logs-1", "id": "logs-1"}),
        made(BUCKET, "access", {"bucket": "access-1", "id": "access-1", "forceDestroy": True}),
    ]
    return [
        *both,
        carried(TRAIL, {"s3BucketName": trail_bucket}, *both),
        carried(LOGGING, {"bucket": logged, "targetBucket": target}, *both),
    ]


def test_of_two_names_in_one_value_the_known_one_decides() -> None:
    resources = two_names("logs-1", "logs-1", "access-1")

    assert stack_verdict(FORCE_DESTROY, resources) == "pass"
    assert stack_verdict(ACCESS_LOGGING, resources) == "pass"
    assert stack_verdict(ACCESS_LOGGING, two_names("logs-1", "logs-1", "logs-1")) == "fail"
    assert stack_verdict(FORCE_DESTROY, two_names("access-1", "logs-1", "access-1")) == "fail"


def test_while_two_names_in_one_value_are_unknown_one_rule_says_so() -> None:
    resources = two_names(NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)

    assert stack_verdict(FORCE_DESTROY, resources) == "pass"
    assert stack_verdict(ACCESS_LOGGING, resources) == "pass"
    assert stack_verdict(SOURCE_ARN, resources) == "undecided"
