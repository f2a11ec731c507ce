"""Objects in buckets, as far as small files go."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType, conflict, split_id
from sandbox.plugin.tagging import tag_list, tag_map
from sandbox.plugin.validators import length, one_of
from sandbox.plugin.values import Asset

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_HEADERS = {
    "cacheControl": "CacheControl",
    "contentDisposition": "ContentDisposition",
    "contentEncoding": "ContentEncoding",
    "contentLanguage": "ContentLanguage",
    "contentType": "ContentType",
    "kmsKeyId": "SSEKMSKeyId",
    "serverSideEncryption": "ServerSideEncryption",
    "storageClass": "StorageClass",
    "objectLockMode": "ObjectLockMode",
    "objectLockLegalHoldStatus": "ObjectLockLegalHoldStatus",
    "objectLockRetainUntilDate": "ObjectLockRetainUntilDate",
}
"""Inputs that PutObject takes as they are."""

_REFUSED = (
    "acl",
    "bucketKeyEnabled",
    "checksumAlgorithm",
    "sourceHash",
    "websiteRedirect",
    "overrideProvider",
)

_CONTENT = ("content", "contentBase64", "source")


def _create(call: Call) -> str:
    _put(call)
    return f"{call.inputs['bucket']}/{call.inputs['key']}"


def _put(call: Call) -> None:
    wanted = call.inputs
    request = {theirs: wanted[ours] for ours, theirs in _HEADERS.items() if wanted.get(ours)}
    if wanted.get("metadata"):
        request["Metadata"] = wanted["metadata"]
    call.client("s3").put_object(
        Bucket=wanted["bucket"], Key=wanted["key"], Body=_body(wanted), **request
    )


def _configure(call: Call) -> None:
    if call.tags:  # every put takes them away
        tagging = {"TagSet": tag_list(call.tags)}
        call.client("s3").put_object_tagging(**_where(call), Tagging=tagging)
    elif not call.creating:
        call.client("s3").delete_object_tagging(**_where(call))


def _body(wanted: Properties) -> bytes:
    match wanted.get("source"):
        case None if "contentBase64" in wanted:
            return base64.b64decode(wanted["contentBase64"])
        case None:
            return str(wanted.get("content", "")).encode()
        case Asset(text=str(text)):
            return text.encode()
        case Asset(path=str(path)):
            return Path(path).read_bytes()
        case _:
            raise ResourceError(
                "source: only an asset of text or of a local file is emulated in the sandbox"
            )


def _where(call: Call) -> Properties:
    return {"Bucket": call.value("bucket"), "Key": call.value("key")}


def _read(call: Call) -> Properties | None:
    client = call.client("s3")
    head = find(lambda: client.head_object(**_where(call)), "404", "NoSuchKey", "NoSuchBucket")
    if head is None:
        return None
    tags = client.get_object_tagging(**_where(call))["TagSet"]
    texts = {ours: head.get(theirs) for ours, theirs in _HEADERS.items()}
    texts.pop("objectLockRetainUntilDate")
    bucket, key = call.value("bucket"), call.value("key")
    return {
        **texts,
        "storageClass": head.get("StorageClass", "STANDARD"),
        "arn": call.arn("s3", f"::{bucket}/{key}"),
        "bucket": bucket,
        "etag": head["ETag"].strip('"'),
        "key": key,
        "metadata": head["Metadata"],
        "tags": tag_map(tags),
        "versionId": head.get("VersionId"),
    }


def _delete(call: Call) -> None:
    request = _where(call)
    if call.state.get("forceDestroy"):
        request["BypassGovernanceRetention"] = True
    if call.state.get("versionId"):
        request["VersionId"] = call.state["versionId"]
    with ignoring("NoSuchKey", "NoSuchBucket"):
        call.client("s3").delete_object(**request)


def _identify(id_: str) -> Properties:
    bucket, key = split_id(id_, "/", "<bucket>/<key>")
    return {"bucket": bucket, "key": key}


OBJECT = ResourceType(
    type="aws:s3/bucketObjectv2:BucketObjectv2",
    noun="S3 Object",
    create=_create,
    update=_put,
    configure=_configure,
    read=_read,
    delete=_delete,
    label="key",
    name=AutoName("key", max_length=1024, digits=0),
    replace=frozenset({"bucket", "key"}),
    computed=frozenset(
        {
            "acl",
            "bucketKeyEnabled",
            "contentType",
            "etag",
            "kmsKeyId",
            "objectLockLegalHoldStatus",
            "objectLockMode",
            "objectLockRetainUntilDate",
            "serverSideEncryption",
            "storageClass",
        }
    ),
    state_only={
        **dict.fromkeys(_CONTENT, "only the object's hash is read back"),
        "forceDestroy": "only for the provider",
        "objectLockRetainUntilDate": "S3 answers another spelling of the same time",
    },
    validate={
        "key": (length(1, 1024),),
        "serverSideEncryption": (one_of("AES256", "aws:kms", "aws:kms:dsse"),),
        "objectLockMode": (one_of("GOVERNANCE", "COMPLIANCE"),),
        "objectLockLegalHoldStatus": (one_of("ON", "OFF"),),
    },
    not_emulated=dict.fromkeys(_REFUSED, "leave it out"),
    relations=(conflict(*_CONTENT),),
    identify=_identify,
)

RESOURCES = (OBJECT,)
