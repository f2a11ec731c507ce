"""What a program may say of its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.oracle.choices.arguments import FOREIGN, key_allows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.choices.arguments import Choice

KEY_CHOICES: Final[Mapping[str, Mapping[str, Choice]]] = {
    "rotation": {
        "on": {"key": {"enable_key_rotation": True}},
        "off": {"key": {"enable_key_rotation": False}},
        "off, by default": {},
    },
    "key": {
        "enabled, by default": {},
        "enabled": {"key": {"is_enabled": True}},
        "disabled": {"key": {"is_enabled": False}},
    },
    "key policy in": {"the key": {}, "a resource of its own": {}},
    "users of the key": {
        "of the account": {},
        "of another account": key_allows({"AWS": FOREIGN}, "kms:Decrypt"),
        "all": key_allows("*", "kms:Decrypt"),
        "all, as an account": key_allows({"AWS": "*"}, ["kms:Decrypt", "kms:DescribeKey"]),
        "all of the account": key_allows(
            "*", "kms:Decrypt", StringEquals={"kms:CallerAccount": "{account}"}
        ),
        "all by way of S3": key_allows(
            "*", "kms:Decrypt", StringEquals={"kms:ViaService": "s3.us-east-1.amazonaws.com"}
        ),
        "all by way of S3, of the account": key_allows(
            "*",
            "kms:Decrypt",
            StringEquals={
                "kms:ViaService": "s3.us-east-1.amazonaws.com",
                "kms:CallerAccount": "{account}",
            },
        ),
        "all with a context": key_allows(
            "*", "kms:Decrypt", StringLike={"kms:EncryptionContext:aws:cloudtrail:arn": "*"}
        ),
        "all of any account": key_allows("*", "kms:Decrypt", StringLike={"kms:CallerAccount": "*"}),
    },
}
