"""Rules and checks about log buckets."""

from __future__ import annotations

from typing import Final

from tests.oracle.pairs.pair import FAIL, PASS, Difference, Pair

_S3: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
_BLOCK: Final = f"{_S3}/access-control-block-public-access.html"
_STATUS: Final = f"{_BLOCK}#access-control-block-public-access-policy-status"
_KEYS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html"
)

_OPEN_READERS: Final = ("all", "all, as an account", "all by TLS")
_LOOSELY_BOUND: Final = ("all of any organization", "all roles of a name")
_WRITERS: Final = ("all", "all, anything", "all, all of Put", "all, multipart")
_BLOCKED: Final = (
    "The rule looks at what the policy says. A block of public access holds back what the policy"
    " grants only for as long as it is there, and log-bucket-public-access-block asks for it."
)
_SAME_ALWAYS: Final = "S3 always knows whether a request came by TLS, so that it is the same Deny"

BUCKET_PAIRS: Final = (
    Pair(
        checks=("s3_bucket_server_access_logging_enabled",),
        rules=("log-bucket-access-logging",),
        on="bucket",
        differences=(
            Difference(
                where={"access logs": ("of itself",)},
                pack=FAIL,
                prowler=PASS,
                because="A bucket that logs to itself makes another log of each log.",
                source=f"{_S3}/ServerLogs.html",
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_public_access",),
        rules=("log-bucket-not-public",),
        on="bucket",
        differences=(
            Difference(
                where={"readers": _LOOSELY_BOUND},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "A condition bounds the callers only by fixed values; the check takes any"
                    " value of certain keys, also one that is a wildcard."
                ),
                source=_STATUS,
            ),
            Difference(
                where={"readers": ("all from an office",)},
                pack=PASS,
                prowler=FAIL,
                because=(
                    "A narrow range of addresses is not public; the check takes private ranges"
                    " alone, which no caller from outside AWS has."
                ),
                source=_STATUS,
            ),
            Difference(
                where={"public access": ("half blocked",), "readers": _OPEN_READERS},
                pack=FAIL,
                prowler=PASS,
                because=_BLOCKED,
                source=_BLOCK,
            ),
            Difference(
                where={"public access": ("half blocked",), "writers": _WRITERS},
                pack=FAIL,
                prowler=PASS,
                because=_BLOCKED,
                source=_BLOCK,
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_policy_public_write_access",),
        rules=("log-bucket-not-public",),
        on="bucket",
        differences=(
            Difference(
                where={"readers": (*_OPEN_READERS, *_LOOSELY_BOUND)},
                pack=FAIL,
                prowler=PASS,
                because="Who reads is as much the rule's business as who writes.",
            ),
            Difference(
                where={"writers": ("all, multipart",)},
                pack=FAIL,
                prowler=PASS,
                because="The check looks for five spellings of actions, not for what they cover.",
                source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
            ),
            Difference(
                where={"public access": ("half blocked", "restricted"), "writers": _WRITERS},
                pack=FAIL,
                prowler=PASS,
                because=_BLOCKED,
                source=_BLOCK,
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_cross_account_access",),
        rules=("log-bucket-foreign-account", "log-bucket-not-public"),
        on="bucket",
        differences=(
            Difference(
                where={"readers": ("of another account in the organization",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "The rule asks that an account be known to the program, also if it is of the"
                    " organization: `allowedAccounts` names it."
                ),
            ),
            Difference(
                where={"readers": ("all from an office",)},
                pack=PASS,
                prowler=FAIL,
                because=(
                    "A narrow range of addresses is not public; the check takes private ranges"
                    " alone."
                ),
                source=_STATUS,
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_level_public_access_block",),
        rules=("log-bucket-public-access-block",),
        on="bucket",
        differences=(
            Difference(
                where={"public access": ("not said",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "Buckets made since April 2023 have all four settings on. The rule wants the"
                    " program to say so, so that a preview shows when somebody switches one off."
                ),
                source=_BLOCK,
            ),
            Difference(
                where={"public access": ("half blocked",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "The check looks at two of the four settings. The other two refuse a public"
                    " policy or ACL when it is put; FSBP S3.8 wants all four."
                ),
                source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_acl_prohibited",),
        rules=("log-bucket-owner-enforced",),
        on="bucket",
        differences=(
            Difference(
                where={"ownership": ("not said",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "Buckets made since April 2023 have ACLs off. The rule wants the program to"
                    " say so, so that a preview shows when somebody switches them on."
                ),
                source=f"{_S3}/about-object-ownership.html",
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_kms_encryption",),
        rules=("log-bucket-kms-encryption",),
        on="bucket",
        differences=(
            Difference(
                where={"encryption": ("with AWS's key",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "The key that AWS manages for S3 has a policy that no one can narrow: all who"
                    " may read the bucket may use it."
                ),
                source=f"{_S3}/UsingKMSEncryption.html",
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_lifecycle_enabled",),
        rules=("log-bucket-lifecycle",),
        on="bucket",
        differences=(
            Difference(
                where={"lifecycle": ("of a month",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "A rule that expires log files within a month destroys evidence; the check"
                    " asks for any rule that is enabled."
                ),
                source=f"{_S3}/object-lifecycle-mgmt.html",
            ),
        ),
    ),
    Pair(
        checks=("s3_bucket_object_lock",),
        rules=("log-bucket-object-lock",),
        on="bucket",
        differences=(
            Difference(
                where={"lock": ("without a period",)},
                pack=FAIL,
                prowler=PASS,
                because="Object Lock without a default retention locks no log file.",
                source=f"{_S3}/object-lock.html",
            ),
        ),
    ),
    Pair(checks=("s3_bucket_object_versioning",), rules=("log-bucket-versioning",), on="bucket"),
    Pair(
        checks=("s3_bucket_secure_transport_policy",),
        rules=("log-bucket-tls-only",),
        on="bucket",
        differences=(
            Difference(
                where={"plain HTTP": ("denied for objects",)},
                pack=FAIL,
                prowler=PASS,
                because="The Deny leaves out the bucket itself, and with it the list of log files.",
                source=f"{_S3}/security-best-practices.html",
            ),
            Difference(
                where={"plain HTTP": ("denied for writes",)},
                pack=FAIL,
                prowler=PASS,
                because="The Deny leaves reading out, by which a log file is overheard.",
                source=f"{_S3}/security-best-practices.html",
            ),
            Difference(
                where={"plain HTTP": ("denied within an organization",)},
                pack=FAIL,
                prowler=PASS,
                because="A second condition leaves out all other callers; the check looks at one.",
                source=_KEYS,
            ),
            Difference(
                where={"plain HTTP": ("denied, as a boolean", "denied, in a list")},
                pack=PASS,
                prowler=FAIL,
                because=(
                    'To AWS `false` and `["false"]` are the same as the text `"false"`, which the'
                    " check wants."
                ),
                source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
            ),
            Difference(
                where={"plain HTTP": ("denied, other capitals",)},
                pack=PASS,
                prowler=FAIL,
                because="Names of condition keys are not case-sensitive; the check's is.",
                source=_KEYS,
            ),
            Difference(
                where={"plain HTTP": ("denied where the key is",)},
                pack=PASS,
                prowler=FAIL,
                because=f"{_SAME_ALWAYS}; the check wants Bool without IfExists.",
                source=f"{_S3}/amazon-s3-policy-keys.html",
            ),
        ),
    ),
)
