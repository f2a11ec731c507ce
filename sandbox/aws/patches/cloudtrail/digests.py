"""Digest files, and the key that signs them.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.aws.patches.cloudtrail.records import TIME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

ALGORITHM = "SHA256withRSA"


@dataclass
class SigningKey:
    """The RSA key that CloudTrail signs with, in all regions of the sandbox."""

    private: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    )

    @property
    def public(self) -> bytes:
        """The public key as CloudTrail hands it out: PKCS #1, DER."""
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)

    @property
    def fingerprint(self) -> str:
        """The public key's name in digests."""
        return hashlib.md5(self.public, usedforsecurity=False).hexdigest()

    def sign(self, text: str) -> str:
        """A signature, in hexadecimal."""
        return self.private.sign(text.encode(), padding.PKCS1v15(), SHA256()).hex()


@dataclass(frozen=True)
class Digest:
    """A digest file: where it is, its content before compression, and its signature."""

    bucket: str
    key: str
    body: bytes
    signature: str


def sign(  # noqa: PLR0913 - what a digest says
    key: SigningKey,
    *,
    account_id: str,
    place: tuple[str, str],
    period: tuple[datetime, datetime],
    files: Sequence[Mapping[str, str]],
    previous: Digest | None,
) -> Digest:
    """Make a digest of an hour.

    Args:
        key: what signs it.
        account_id: the account whose log files it names.
        place: its bucket and key.
        period: from when until when.
        files: the log files of the hour, as digests name them.
        previous: the digest of the hour before; None for the first of a chain.
    """
    bucket, name = place
    start, end = (f"{moment:{TIME}}" for moment in period)
    content: dict[str, Any] = {
        "awsAccountId": account_id,
        "digestStartTime": start,
        "digestEndTime": end,
        "digestS3Bucket": bucket,
        "digestS3Object": name,
        "digestPublicKeyFingerprint": key.fingerprint,
        "digestSignatureAlgorithm": ALGORITHM,
        "newestEventTime": max((each["newestEventTime"] for each in files), default=None),
        "oldestEventTime": min((each["oldestEventTime"] for each in files), default=None),
        "previousDigestS3Bucket": previous.bucket if previous else None,
        "previousDigestS3Object": previous.key if previous else None,
        "previousDigestHashValue": sha256(previous.body) if previous else None,
        "previousDigestHashAlgorithm": "SHA-256" if previous else None,
        "previousDigestSignature": previous.signature if previous else None,
        "logFiles": list(files),
    }
    body = json.dumps(content).encode()
    before = previous.signature if previous else "null"
    signature = key.sign(f"{end}\n{bucket}/{name}\n{sha256(body)}\n{before}")
    return Digest(bucket, name, body, signature)


def sha256(body: bytes) -> str:
    """A hash, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
