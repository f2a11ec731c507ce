"""The bucket itself, and looking buckets up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import AwsError, error_code, find, ignoring
from sandbox.plugin.members import from_pairs, tag_list
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import NOT_FOUND, AutoName, ResourceError, conflict, function
from sandbox.plugin.services.s3.inline import BUCKETS, READ_ONLY, read_inline, write_inline
from sandbox.plugin.validators import json_text, length, matching, not_matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

# Source: `validBucketName` in bucket.go; the looser rule of us-east-1 is of before 2018.
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS: Final = re.compile(r"\d+\.\d+\.\d+\.\d+")
_DIRECTORY: Final = r"--[-a-z0-9]+--x-s3$"
_CANNED_ACLS: Final = (
    *("private", "public-read", "public-read-write", "aws-exec-read", "authenticated-read"),
    "log-delivery-write",
)
_SSE: Final = "applyServerSideEncryptionByDefault"
_ALGORITHMS: Final = (one_of("AES256", "aws:kms", "aws:kms:dsse"),)
_MODES: Final = (one_of("COMPLIANCE", "GOVERNANCE"),)
_DELETE_BATCH: Final = 1000


def _create(call: Call) -> str:
    name = str(call.inputs["bucket"])
    for problem in _name_problems(name):
        raise ResourceError(f"validating S3 Bucket ({name}) name: {problem}")
    client = call.client("s3")
    if call.region == "us-east-1" and _exists(call, name):
        # There, creating a bucket again that one owns succeeds in silence.
        raise ResourceError("BucketAlreadyExists: choose another name, or import the bucket")
    request: Properties = {"Bucket": name, "ACL": call.inputs.get("acl", "private")}
    if call.region != "us-east-1":
        request["CreateBucketConfiguration"] = {"LocationConstraint": call.region}
    if _wants_object_lock(call.inputs):
        request["ObjectLockEnabledForBucket"] = True
    client.create_bucket(**request)
    return name


def _name_problems(name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield (
            f"only lowercase alphanumeric characters, periods and hyphens allowed, 3 to 63 of "
            f"them, alphanumeric at both ends, in {name!r}"
        )
    elif ".." in name or _ADDRESS.fullmatch(name):
        yield f"must not contain two periods in a row, nor be formatted as an IP address: {name!r}"


def _exists(call: Call, name: str) -> bool:
    """Whether there is such a bucket; what cannot be looked up is left to CreateBucket to refuse.

    As `resourceBucketCreate` in `internal/service/s3/bucket.go` of terraform-provider-aws.
    """
    try:
        call.client("s3").head_bucket(Bucket=name)
    except AwsError:
        return False
    return True


def _wants_object_lock(inputs: Properties) -> bool:
    lock = inputs.get("objectLockConfiguration") or {}
    return bool(inputs.get("objectLockEnabled") or lock.get("objectLockEnabled"))


def _configure(call: Call) -> None:
    if call.creating and call.tags:
        tagging = {"TagSet": tag_list(call.tags)}
        call.client("s3").put_bucket_tagging(Bucket=call.id, Tagging=tagging)
    write_inline(call)


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    client = call.client("s3")
    tags = {key: value for key, value in _tags(call).items() if key not in removed}
    tags.update(new)
    if tags:
        client.put_bucket_tagging(Bucket=call.id, Tagging={"TagSet": tag_list(tags)})
    else:
        client.delete_bucket_tagging(Bucket=call.id)


def _tags(call: Call) -> dict[str, str]:
    answer = find(lambda: call.client("s3").get_bucket_tagging(Bucket=call.id), "NoSuchTagSet")
    return {} if answer is None else from_pairs(answer["TagSet"])


def describe_bucket(call: Call, name: str) -> Properties | None:
    """What a bucket's name alone says, and its region; None if there is no such bucket."""
    client = call.client("s3")
    head = find(lambda: client.head_bucket(Bucket=name), "404", "NoSuchBucket")
    if head is None:
        return None
    region = head.get("BucketRegion") or call.region
    china = call.account.partition_of(region) == "aws-cn"
    suffix = "amazonaws.com.cn" if china else "amazonaws.com"
    return {
        "arn": call.arn("s3", f"::{name}"),
        "bucket": name,
        "bucketDomainName": f"{name}.s3.{suffix}",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{name}.s3.{region}.{suffix}",
    }


def _read(call: Call) -> Properties | None:
    described = describe_bucket(call, call.id)
    if described is None:
        return None
    inline = read_inline(call)
    lock = inline.get("objectLockConfiguration") or {}
    return {
        **described,
        **inline,
        "bucketNamespace": "global",
        "objectLockEnabled": lock.get("objectLockEnabled") == "Enabled",
        "tags": _tags(call),
    }


def _delete(call: Call) -> None:
    client = call.client("s3")
    try:
        with ignoring("NoSuchBucket"):
            client.delete_bucket(Bucket=call.id)
    except AwsError as error:
        if error_code(error) != "BucketNotEmpty" or not call.state.get("forceDestroy"):
            raise
        _empty(call)
        client.delete_bucket(Bucket=call.id)


def _empty(call: Call) -> None:
    """Delete all versions and delete markers. A COMPLIANCE lock is never overcome."""
    client = call.client("s3")
    request: Properties = {"Bucket": call.id}
    if call.state.get("objectLockEnabled"):
        request["BypassGovernanceRetention"] = True
    for page in client.get_paginator("list_object_versions").paginate(Bucket=call.id):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        objects = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in found]
        for start in range(0, len(objects), _DELETE_BATCH):
            batch = {"Objects": objects[start : start + _DELETE_BATCH], "Quiet": True}
            _raise_errors(client.delete_objects(**request, Delete=batch))


def _raise_errors(answer: Properties) -> None:
    failed: Iterable[dict[str, Any]] = answer.get("Errors", ())
    problems = [f"{error['Key']}: {error['Code']}: {error.get('Message')}" for error in failed]
    if problems:
        raise ResourceError(f"deleting objects: {'; '.join(problems)}")


_ROW: Final = BUCKETS.row(
    type="aws:s3/bucket:Bucket",
    noun="S3 Bucket",
    create=_create,
    configure=_configure,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AutoName("bucket", max_length=63, lower=True),
    replace={
        "bucketNamespace",
        "objectLockEnabled",
        "objectLockConfiguration.objectLockEnabled",
    },
    defaults={"bucketNamespace": "global"},
    equal={"policy": equivalent_policies},
    state_only={
        "acl": "AWS answers grants, not the canned ACL they came from",
    },
    validate={
        "bucket": (
            length(0, 63),
            not_matching(
                _DIRECTORY,
                "invalid value for {name} (must not end with --azid--x-s3: that is a directory "
                "bucket)",
            ),
        ),
        "bucketPrefix": (length(0, 37),),
        "acl": (one_of(*_CANNED_ACLS),),
        "bucketNamespace": (
            matching(
                "^global$",
                "expected {name} to be global, got {value}: namespaces of an "
                "account are not emulated in the sandbox",
            ),
        ),
        "objectLockConfiguration.objectLockEnabled": (one_of("Enabled"),),
        "policy": (json_text,),
    },
    not_emulated={name: f"use {instead}" for name, instead in READ_ONLY.items()},
    relations=(
        conflict("acl", "grants"),
        conflict("objectLockEnabled", "objectLockConfiguration"),
    ),
)

BUCKET = replace(
    _ROW,
    validate={
        **_ROW.validate,
        "objectLockConfiguration.rule.defaultRetention.mode": _MODES,
        f"serverSideEncryptionConfiguration.rule.{_SSE}.sseAlgorithm": _ALGORITHMS,
    },
)

_V2_NAMES: Final = {
    "replicationConfiguration": "replicationConfigurations",
    "website": "websites",
}

BUCKET_V2 = replace(
    _ROW,
    type="aws:s3/bucketV2:BucketV2",
    validate={
        **_ROW.validate,
        "objectLockConfiguration.rules.*.defaultRetentions.*.mode": _MODES,
        f"serverSideEncryptionConfigurations.*.rules.*.{_SSE}s.*.sseAlgorithm": _ALGORITHMS,
    },
    not_emulated={_V2_NAMES.get(name, name): f"use {other}" for name, other in READ_ONLY.items()},
)
"""The name that Bucket had before version 7; what is one object there, is a list of one here."""

# Functions


@function("s3/getBucket", "S3 Bucket", "bucket")
def find_bucket(call: Call) -> Properties:
    """A bucket by its name."""
    name = str(call.inputs["bucket"])
    found = describe_bucket(call, name)
    if found is None:
        raise ResourceError(f"{name}: {NOT_FOUND}")
    return {**found, "id": name}


@function("s3/getBucketPolicy", "S3 Bucket Policy", "bucket")
def find_policy(call: Call) -> Properties:
    """The policy of a bucket."""
    name = str(call.inputs["bucket"])
    client = call.client("s3")
    absent = ("NoSuchBucket", "NoSuchBucketPolicy")
    found = find(lambda: client.get_bucket_policy(Bucket=name), *absent)
    if found is None:
        raise ResourceError(f"{name}: {NOT_FOUND}")
    return {"id": name, "policy": compact_json(found["Policy"])}
