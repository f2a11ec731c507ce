"""One digest file, read and verified."""

import base64
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

# First: awscli brings a botocore of its own, and would have it imported in this one's place.
import botocore.exceptions  # noqa: F401 # pyright: ignore[reportUnusedImport]
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from integrity.coverage import Digest

_cli: Any = import_module("awscli.customizations.cloudtrail.validation")

_GZIP = zlib.MAX_WBITS | 16
_LARGEST = 256 * 1024 * 1024
"""Bytes, decompressed: far above the digest of any hour, and below what fills the memory."""


class InvalidDigestError(Exception):
    """The file is not what CloudTrail delivered; the message says why."""


class _Content(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class LogFile(_Content):
    """A log file, as a digest lists it.

    Attributes:
        s3_bucket: its bucket.
        s3_object: its key.
        hash_value: SHA-256 of what is compressed in it, in hexadecimal.
    """

    s3_bucket: str
    s3_object: str
    hash_value: str


class DigestFile(_Content):
    """What a digest file says; its fields are AWS's.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
    """

    digest_start_time: datetime
    digest_end_time: str
    digest_s3_bucket: str
    digest_s3_object: str
    digest_public_key_fingerprint: str
    previous_digest_s3_bucket: str | None = None
    previous_digest_s3_object: str | None = None
    previous_digest_signature: str | None
    log_files: list[LogFile]


def public_keys(cloudtrail: Any, start: datetime, end: datetime) -> dict[str, str]:  # noqa: ANN401 - boto3 has no types
    """CloudTrail's public keys of one region by fingerprint, in base64.

    Raises:
        ClientError: AWS refused to answer.
    """
    pages = cloudtrail.get_paginator("list_public_keys").paginate(StartTime=start, EndTime=end)
    return {
        key["Fingerprint"]: base64.b64encode(key["Value"]).decode()
        for page in pages
        for key in page["PublicKeyList"]
    }


def read_digest(
    s3: Any,  # noqa: ANN401 - boto3 has no types
    keys: Mapping[str, str],
    bucket: str,
    key: str,
) -> tuple[Digest, list[LogFile]]:
    """Read a digest file, and verify that CloudTrail wrote it, under this name in this bucket.

    Args:
        s3: a client of S3 in the bucket's region.
        keys: CloudTrail's public keys of the digest's region.
        bucket: the bucket.
        key: the digest's key.

    Raises:
        InvalidDigestError: CloudTrail did not write it so.
        ClientError: AWS refused to read it.
    """
    answer = s3.get_object(Bucket=bucket, Key=key)
    if answer["ContentLength"] > _LARGEST:
        raise InvalidDigestError(f"it is larger than any digest: {answer['ContentLength']} bytes")
    body = _decompressed(answer["Body"].read())
    try:
        file = DigestFile.model_validate_json(body)
    except ValidationError:
        raise InvalidDigestError("it is no digest file") from None
    if (file.digest_s3_bucket, file.digest_s3_object) != (bucket, key):
        raise InvalidDigestError(
            f"it was moved: CloudTrail wrote s3://{file.digest_s3_bucket}/{file.digest_s3_object}"
        )
    if file.digest_public_key_fingerprint not in keys:
        raise InvalidDigestError(
            "CloudTrail has no public key in this region with the fingerprint "
            f"{file.digest_public_key_fingerprint}"
        )
    signature = answer["Metadata"].get("signature", "")
    _verify(file, body, signature, keys[file.digest_public_key_fingerprint])
    moved = file.previous_digest_s3_bucket not in {None, bucket}
    digest = Digest(
        key=key,
        start=file.digest_start_time.astimezone(UTC),
        end=datetime.fromisoformat(file.digest_end_time).astimezone(UTC),
        signature=signature,
        previous_key=file.previous_digest_s3_object,
        previous_signature=file.previous_digest_signature,
        previous_bucket=file.previous_digest_s3_bucket if moved else None,
    )
    return digest, file.log_files


def _decompressed(body: bytes) -> bytes:
    inflater = zlib.decompressobj(_GZIP)
    try:
        content = inflater.decompress(body, _LARGEST)
    except zlib.error:
        raise InvalidDigestError("it is no gzip file") from None
    if not inflater.eof:
        raise InvalidDigestError("it is no whole gzip file, or larger than any digest")
    if inflater.unused_data:
        raise InvalidDigestError("something follows the digest in the file")
    return content


def _verify(file: DigestFile, body: bytes, signature: str, public_key: str) -> None:
    signed = {**file.model_dump(by_alias=True), "_signature": signature}
    try:
        _cli.Sha256RSADigestValidator().validate(
            file.digest_s3_bucket, file.digest_s3_object, public_key, signed, body
        )
    except ValueError:  # the AWS CLI's own errors, and a signature that is no hexadecimal number
        raise InvalidDigestError("its signature is not CloudTrail's") from None
