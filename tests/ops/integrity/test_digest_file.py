"""Signatures: what the AWS CLI accepts, and nothing else."""

import base64
from importlib import import_module
from typing import Any

import pytest

# Before awscli, which would have its own botocore imported in this one's place.
from botocore.exceptions import ClientError  # noqa: F401 # pyright: ignore[reportUnusedImport]
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from integrity.digest_file import DigestFile, is_signed, public_keys

from tests.support.digests import CLOUDTRAIL, PublicKeysClient, fingerprint, public_key, signing_key

cli: Any = import_module("awscli.customizations.cloudtrail.validation")

BODY = b'{"logFiles": []}'
FILE = {
    "digestStartTime": "2026-03-01T00:12:07Z",
    "digestEndTime": "2026-03-01T01:12:07Z",
    "digestS3Bucket": "org-logs",
    "digestS3Object": "AWSLogs/digest.json.gz",
    "digestPublicKeyFingerprint": fingerprint(),
    "previousDigestSignature": None,
    "logFiles": [],
}
[KEY] = public_keys(PublicKeysClient(), None, None).values()  # type: ignore[arg-type] # not used


def signature(to_sign: bytes, by: str = CLOUDTRAIL, algorithm: HashAlgorithm | None = None) -> str:
    return signing_key(by).sign(to_sign, PKCS1v15(), algorithm or SHA256()).hex()


def to_sign(body: bytes = BODY, **changes: Any) -> bytes:
    """What is signed, as the AWS CLI says."""
    validator = cli.Sha256RSADigestValidator()
    return validator._create_string_to_sign({**FILE, **changes}, body)  # noqa: SLF001 - its text


def accepted_by_cli(file: dict[str, Any], body: bytes, signed: str) -> bool:
    key = base64.b64encode(public_key()).decode()
    try:
        cli.Sha256RSADigestValidator().validate("b", "k", key, {**file, "_signature": signed}, body)
    except ValueError:
        return False
    return True


GOOD = signature(to_sign())


@pytest.mark.parametrize(
    ("file", "body", "signed", "accepted"),
    [
        (FILE, BODY, GOOD, True),
        (FILE, BODY, GOOD.upper(), True),
        (
            {**FILE, "previousDigestSignature": "ab12"},
            BODY,
            signature(to_sign(previousDigestSignature="ab12")),
            True,
        ),
        ({**FILE, "previousDigestSignature": ""}, BODY, GOOD, False),
        ({**FILE, "previousDigestSignature": "null"}, BODY, GOOD, True),
        ({**FILE, "digestEndTime": "2026-03-01T02:12:07Z"}, BODY, GOOD, False),
        ({**FILE, "digestS3Bucket": "other"}, BODY, GOOD, False),
        ({**FILE, "digestS3Object": "other"}, BODY, GOOD, False),
        (FILE, BODY + b" ", GOOD, False),
        (FILE, BODY, signature(to_sign(), by="somebody"), False),
        (FILE, BODY, GOOD[:-2], False),
        (FILE, BODY, GOOD + "00", False),
        (FILE, BODY, GOOD[:-1], False),
        (FILE, BODY, "zz", False),
        (FILE, BODY, " " + GOOD, False),
        (FILE, BODY, "ä", False),
        (FILE, BODY, "", False),
    ],
    ids=[
        *("signed", "upper case", "in a chain", "an empty previous one", "a previous one: null"),
        *("another end", "another bucket", "another key", "another body", "another signer"),
        *("cut off", "too long", "half a byte", "no number", "a blank", "no ASCII", "none"),
    ],
)
def test_a_signature_is_accepted_where_the_aws_cli_accepts_it(
    file: dict[str, Any], body: bytes, signed: str, *, accepted: bool
) -> None:
    parsed = DigestFile.model_validate(file)

    assert is_signed(parsed, body, signed, KEY) is accepted
    assert accepted_by_cli(file, body, signed) is accepted


def test_a_weaker_hash_is_not_accepted_though_the_aws_cli_takes_it() -> None:
    weak = signature(to_sign(), algorithm=SHA1())  # noqa: S303 - what must be refused

    assert accepted_by_cli(FILE, BODY, weak)
    assert not is_signed(DigestFile.model_validate(FILE), BODY, weak, KEY)


def test_what_is_no_key_proves_nothing() -> None:
    class Broken(PublicKeysClient):
        def paginate(self, **_: object) -> list[dict[str, Any]]:
            return [{"PublicKeyList": [{"Fingerprint": "f", "Value": b"junk"}]}]

    assert public_keys(Broken(), None, None) == {}  # type: ignore[arg-type] # not used
