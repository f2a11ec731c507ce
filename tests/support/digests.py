"""Logs and digests as CloudTrail delivers them, signed with a key of the tests' own."""

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BUCKET = "org-logs"
ORGANIZATION = "o-a1b2c3d4e5"
ACCOUNT = "111122223333"
TRAIL_ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/Audit"
START = datetime(2026, 3, 1, 0, 12, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLOUDTRAIL = "cloudtrail"

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_NAME = "%Y%m%dT%H%M%SZ"


@cache
def signing_key(name: str) -> rsa.RSAPrivateKey:
    """A key by a name; one name, one key."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key() -> bytes:
    """The public key as CloudTrail hands it out: PKCS #1, DER."""
    return signing_key(CLOUDTRAIL).public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)


def fingerprint() -> str:
    return hashlib.md5(public_key(), usedforsecurity=False).hexdigest()


class PublicKeysClient:
    """A client of CloudTrail, as far as it lists public keys: moto does not."""

    def get_paginator(self, operation: str) -> "PublicKeysClient":
        assert operation == "list_public_keys"
        return self

    def paginate(self, **_: object) -> list[dict[str, Any]]:
        key = {"Fingerprint": fingerprint(), "Value": public_key()}
        return [{"PublicKeyList": []}, {"PublicKeyList": [key]}]


@dataclass
class Chain:
    """The digests of one account and region, hour after hour, with a log file in each but one."""

    s3: Any
    account: str = ACCOUNT
    region: str = "us-east-1"
    trail: str = "Audit"
    suffix: str = ""
    bucket: str = BUCKET
    logs_each: int = 1
    digests: list[str] = field(default_factory=list[str])
    logs: list[str] = field(default_factory=list[str])
    _signature: str | None = None

    def deliver(self, hours: int, *, skip: int = 0, signer: str = CLOUDTRAIL) -> "Chain":
        """Deliver digests for some hours; `skip` leaves hours out and restarts the chain."""
        if skip:
            self._signature = None
        start = self.end + skip * HOUR
        for hour in range(hours):
            self._deliver(start + hour * HOUR, with_log=hour != 1, signer=signer)
        return self

    end: datetime = START

    def _deliver(self, start: datetime, *, with_log: bool, signer: str) -> None:
        end = start + HOUR
        name = f"_{self.trail}_us-east-1_{end:{_NAME}}{self.suffix}"
        key = self._key("CloudTrail-Digest", end, name)
        restarted = self._signature is None
        content: dict[str, Any] = {
            "awsAccountId": self.account,
            "digestStartTime": f"{start:{_TIME}}",
            "digestEndTime": f"{end:{_TIME}}",
            "digestS3Bucket": self.bucket,
            "digestS3Object": key,
            "digestPublicKeyFingerprint": fingerprint(),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "previousDigestS3Bucket": None if restarted else self.bucket,
            "previousDigestS3Object": None if restarted else self.digests[-1],
            "previousDigestSignature": self._signature,
            "logFiles": [self._log(end, n) for n in range(self.logs_each)] if with_log else [],
        }
        body = json.dumps(content).encode()
        signed = "\n".join(
            [
                content["digestEndTime"],
                f"{self.bucket}/{key}",
                hashlib.sha256(body).hexdigest(),
                self._signature or "null",
            ]
        )
        self._signature = (
            signing_key(signer).sign(signed.encode(), padding.PKCS1v15(), SHA256()).hex()
        )
        metadata = {"signature": self._signature, "signature-algorithm": "SHA256withRSA"}
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=gzip.compress(body), Metadata=metadata)
        self.digests.append(key)
        self.end = end

    def _log(self, end: datetime, number: int) -> dict[str, str]:
        key = self._key("CloudTrail", end, f"_{end:{_NAME}}_{number:016x}")
        body = json.dumps({"Records": [{"eventName": "StopLogging", "eventTime": str(end)}]})
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=gzip.compress(body.encode()))
        self.logs.append(key)
        return {
            "s3Bucket": self.bucket,
            "s3Object": key,
            "hashValue": hashlib.sha256(body.encode()).hexdigest(),
            "hashAlgorithm": "SHA-256",
        }

    def _key(self, folder: str, end: datetime, rest: str) -> str:
        return (
            f"AWSLogs/{ORGANIZATION}/{self.account}/{folder}/{self.region}/{end:%Y/%m/%d}/"
            f"{self.account}_{folder}_{self.region}{rest}.json.gz"
        )

    def delete(self, *keys: str) -> None:
        for key in keys:
            self.s3.delete_object(Bucket=self.bucket, Key=key)

    def rewrite(self, key: str, old: bytes, new: bytes) -> None:
        """Change a file's content and keep its metadata, as an attacker would."""
        found = self.s3.get_object(Bucket=self.bucket, Key=key)
        body = gzip.decompress(found["Body"].read())
        assert old in body
        self.s3.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=gzip.compress(body.replace(old, new)),
            Metadata=found["Metadata"],
        )
