"""Rules and checks about log keys."""

from __future__ import annotations

from typing import Final

from tests.oracle.pairs.pair import FAIL, PASS, SILENT, Difference, Pair

_KMS: Final = "https://docs.aws.amazon.com/kms/latest/developerguide"
_OPEN: Final = (
    "all",
    "all, as an account",
    "all by way of S3",
    "all with a context",
    "all of any account",
)

KEY_PAIRS: Final = (
    Pair(
        checks=("kms_cmk_rotation_enabled",),
        rules=("log-key-rotation",),
        on="key",
        differences=(
            Difference(
                where={"key": ("disabled",), "rotation": ("on",)},
                pack=PASS,
                prowler=SILENT,
                because="The check passes over disabled keys; log-key-enabled reports those.",
            ),
            Difference(
                where={"key": ("disabled",), "rotation": ("off", "off, by default")},
                pack=FAIL,
                prowler=SILENT,
                because="The same, where the key is not rotated either.",
            ),
        ),
    ),
    Pair(
        checks=("kms_key_not_publicly_accessible",),
        rules=("log-key-not-public",),
        on="key",
        differences=(
            Difference(
                where={"users of the key": ("all by way of S3",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "kms:ViaService says by way of which service, not who: S3 uses the key for"
                    " callers of any account."
                ),
                source=f"{_KMS}/conditions-kms.html#conditions-kms-via-service",
            ),
            Difference(
                where={"users of the key": ("all of any account",)},
                pack=FAIL,
                prowler=PASS,
                because="A wildcard bounds no caller; the check takes any value of certain keys.",
                source=f"{_KMS}/conditions-kms.html#conditions-kms-caller-account",
            ),
            Difference(
                where={
                    "key": ("disabled",),
                    "users of the key": (
                        "of the account",
                        "of another account",
                        "all of the account",
                        "all by way of S3, of the account",
                    ),
                },
                pack=PASS,
                prowler=SILENT,
                because="The check passes over keys that are disabled.",
            ),
            Difference(
                where={"key": ("disabled",), "users of the key": _OPEN},
                pack=FAIL,
                prowler=SILENT,
                because="The same: once the key is enabled again, everybody may use it.",
            ),
        ),
    ),
    Pair(checks=("kms_cmk_are_used",), rules=("log-key-enabled",), on="key"),
)
