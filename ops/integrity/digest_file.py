"""One digest file, verified."""

import binascii
import hashlib
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from integrity.coverage import Digest

_GZIP = zlib.MAX_WBITS | 16
LARGEST = 64 * 1024 * 1024
"""Bytes, decompressed: 130,000 log files, far above any hour, and below what fills the memory."""


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


def public_keys(cloudtrail: Any, start: datetime, end: datetime) -> dict[str, RSAPublicKey]:  # noqa: ANN401 - boto3 has no types
    """CloudTrail's public keys of one region by fingerprint.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PublicKey.html

    Raises:
        ClientError: AWS rejected the call.
    """
    pages = cloudtrail.get_paginator("list_public_keys").paginate(StartTime=start, EndTime=end)
    found = {key["Fingerprint"]: key["Value"] for page in pages for key in page["PublicKeyList"]}
    keys = {fingerprint: _public_key(value) for fingerprint, value in found.items()}
    return {fingerprint: key for fingerprint, key in keys.items() if key is not None}


def _public_key(der: bytes) -> RSAPublicKey | None:
    """The key of an answer, PKCS #1 in DER; None where it is none, so that it proves nothing."""
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def verify_digest(
    keys: Mapping[str, RSAPublicKey], bucket: str, key: str, compressed: bytes, signature: str
) -> tuple[Digest, list[LogFile]]:
    """Verify that CloudTrail wrote a digest file, under this name in this bucket.

    Args:
        keys: CloudTrail's public keys of the digest's region.
        bucket: the bucket.
        key: the digest's key.
        compressed: what the object holds.
        signature: what its metadata have as its signature, in hexadecimal.

    Raises:
        InvalidDigestError: CloudTrail did not write it so.
    """
    body = _decompressed(compressed)
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
    if not is_signed(file, body, signature, keys[file.digest_public_key_fingerprint]):
        raise InvalidDigestError("its signature is not CloudTrail's")
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
        content = inflater.decompress(body, LARGEST)
    except zlib.error:
        raise InvalidDigestError("it is no gzip file") from None
    if not inflater.eof:
        raise InvalidDigestError("it is no whole gzip file, or larger than any digest")
    if inflater.unused_data:
        raise InvalidDigestError("something follows the digest in the file")
    return content


def is_signed(file: DigestFile, body: bytes, signature: str, key: RSAPublicKey) -> bool:
    """Whether a signature is that of a digest file, by a key.

    What is signed: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html

    Args:
        file: what the file says.
        body: the file itself, decompressed.
        signature: in hexadecimal.
        key: the key whose fingerprint the file names.
    """
    signed = "\n".join(
        [
            file.digest_end_time,
            f"{file.digest_s3_bucket}/{file.digest_s3_object}",
            hashlib.sha256(body).hexdigest(),
            # The start of a chain is signed as Java writes nothing.
            "null" if file.previous_digest_signature is None else file.previous_digest_signature,
        ]
    )
    try:
        key.verify(binascii.unhexlify(signature), signed.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):  # the latter: it is no hexadecimal number
        return False
    return True
