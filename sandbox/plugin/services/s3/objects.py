"""Objects in buckets, as far as small files go."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api
from sandbox.plugin.members import from_pairs, tag_list
from sandbox.plugin.resource import AutoName, ResourceError, conflict
from sandbox.plugin.validators import length
from sandbox.plugin.values import Asset

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_REFUSED = (
    *("acl", "bucketKeyEnabled", "checksumAlgorithm", "sourceHash", "websiteRedirect"),
    "overrideProvider",
)
_CONTENT = ("content", "contentBase64", "source")


def _configure(call: Call) -> None:
    client, where = call.client("s3"), _OBJECTS.where(call, "PutObjectTagging")
    if call.tags:  # every put takes them away
        client.put_object_tagging(**where, Tagging={"TagSet": tag_list(call.tags)})
    elif not call.creating:
        client.delete_object_tagging(**where)


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


def _live(call: Call, head: Properties) -> Properties:
    where = _OBJECTS.where(call, "GetObjectTagging")
    tags = call.client("s3").get_object_tagging(**where)["TagSet"]
    return {
        "storageClass": head.get("StorageClass", "STANDARD"),
        "arn": call.arn("s3", f"::{where['Bucket']}/{where['Key']}"),
        "etag": head["ETag"].strip('"'),
        "tags": from_pairs(tags),
    }


def _delete(call: Call) -> None:
    version = call.state.get("versionId")
    request = {"VersionId": version} if version else {}
    if call.state.get("forceDestroy"):
        request["BypassGovernanceRetention"] = True
    _OBJECTS.find(call, "DeleteObject", **_OBJECTS.where(call, "DeleteObject"), **request)


_OBJECTS: Final = Api(
    service="s3",
    create="PutObject",
    update="PutObject",
    read="HeadObject",
    id="{bucket}/{key}",
    form="<bucket>/<key>",
    names={"kmsKeyId": "SSEKMSKeyId"},
    more=lambda call: {"Body": _body(call.inputs)},
    outputs=_live,
    gone=("404", "NoSuchKey", "NoSuchBucket"),
)
OBJECT = _OBJECTS.row(
    type="aws:s3/bucketObjectv2:BucketObjectv2",
    noun="S3 Object",
    configure=_configure,
    delete=_delete,
    label="key",
    name=AutoName("key", max_length=1024, digits=0),
    computed={"objectLockLegalHoldStatus", "objectLockMode", "objectLockRetainUntilDate"},
    state_only={
        **dict.fromkeys(_CONTENT, "only the object's hash is read back"),
        "objectLockRetainUntilDate": "S3 answers another spelling of the same time",
    },
    validate={"key": (length(1, 1024),)},
    not_emulated=dict.fromkeys(_REFUSED, "leave it out"),
    relations=(conflict(*_CONTENT),),
)
