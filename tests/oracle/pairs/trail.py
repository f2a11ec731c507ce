"""Rules and checks about trails."""

from __future__ import annotations

from typing import Final

from tests.oracle.pairs.pair import FAIL, PASS, SILENT, Difference, Pair

_GUIDE: Final = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide"
_PUBLIC: Final = (
    "all",
    "all, as an account",
    "all of any organization",
    "all roles of a name",
    "all by TLS",
)
_WRITERS: Final = ("all", "all, anything", "all, all of Put", "all, multipart")

_ACLS_ALONE: Final = "The check looks at ACLs alone, the rule at the bucket policy as well."

TRAIL_PAIRS: Final = (
    Pair(
        checks=("cloudtrail_kms_encryption_enabled",),
        rules=("cloudtrail-kms-encryption",),
        on="trail",
    ),
    Pair(
        checks=("cloudtrail_log_file_validation_enabled",),
        rules=("cloudtrail-log-file-validation",),
        on="trail",
    ),
    Pair(
        checks=("cloudtrail_multi_region_enabled",),
        rules=("cloudtrail-multi-region", "cloudtrail-logging-enabled"),
        on="trail",
    ),
    Pair(
        checks=("cloudtrail_multi_region_enabled_logging_management_events",),
        rules=(
            "cloudtrail-multi-region",
            "cloudtrail-logging-enabled",
            "cloudtrail-management-events",
        ),
        on="trail",
        differences=(
            Difference(
                where={"events": ("reads, writes", "reads, writes, advanced")},
                pack=PASS,
                prowler=FAIL,
                because=(
                    "Two selectors, one of reads and one of writes, record everything; the check"
                    " wants one selector that does."
                ),
                source=f"{_GUIDE}/logging-management-events-with-cloudtrail.html",
            ),
            Difference(
                where={"events": ("management but for KMS", "management but for KMS, advanced")},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "A selector that leaves out the events of KMS does not record who uses the"
                    " key; the check looks at reads and writes alone."
                ),
                source=f"{_GUIDE}/logging-management-events-with-cloudtrail.html",
            ),
            Difference(
                where={"events": ("of objects alone", "of objects alone, advanced")},
                pack=PASS,
                prowler=FAIL,
                because=(
                    "A trail of data events is sound beside one of management events. The check"
                    " asks the whole account for one; `allowDataEventTrails: false` lets the rule"
                    " ask each trail."
                ),
                source=f"{_GUIDE}/logging-data-events-with-cloudtrail.html",
            ),
        ),
    ),
    Pair(
        checks=("cloudtrail_insights_exist",),
        rules=("cloudtrail-insights",),
        on="trail",
        differences=(
            Difference(
                where={"logging": ("off",), "insights": ("both", "errors")},
                pack=PASS,
                prowler=SILENT,
                because=(
                    "The check passes over trails that do not log; cloudtrail-logging-enabled"
                    " reports those."
                ),
            ),
            Difference(
                where={"logging": ("off",), "insights": ("none",)},
                pack=FAIL,
                prowler=SILENT,
                because="The same, where there are no Insights either.",
            ),
        ),
    ),
    Pair(
        checks=("cloudtrail_cloudwatch_logging_enabled",),
        rules=("cloudtrail-cloudwatch-logs",),
        on="trail",
        differences=(
            Difference(
                where={"log group": ("given",)},
                pack=PASS,
                prowler=FAIL,
                because=(
                    "The check asks whether events arrived within the last day. A program says"
                    " where they go; none has arrived when the trail has just been made."
                ),
                source=f"{_GUIDE}/send-cloudtrail-events-to-cloudwatch-logs.html",
            ),
        ),
    ),
    Pair(
        checks=("cloudtrail_s3_dataevents_read_enabled", "cloudtrail_s3_dataevents_write_enabled"),
        rules=("cloudtrail-s3-data-events",),
        on="trail",
        differences=(
            Difference(
                where={"events": ("of one bucket",)},
                pack=PASS,
                prowler=FAIL,
                because=(
                    "Data events cost by the event, so the rule leaves it to the program which"
                    " buckets it records. The check wants all of a basic selector, and takes any"
                    " buckets of an advanced one."
                ),
                source=f"{_GUIDE}/logging-data-events-with-cloudtrail.html",
            ),
            Difference(
                where={"events": ("reads of objects, advanced",)},
                pack=FAIL,
                prowler=PASS,
                because=(
                    "The selector leaves writes out; of an advanced selector the check looks at"
                    " the resource type alone."
                ),
                source=f"{_GUIDE}/logging-data-events-with-cloudtrail.html",
            ),
        ),
    ),
    Pair(
        checks=("cloudtrail_logs_s3_bucket_access_logging_enabled",),
        rules=("log-bucket-access-logging",),
        on="trail",
        differences=(
            Difference(
                where={"access logs": ("of itself",)},
                pack=FAIL,
                prowler=PASS,
                because="A bucket that logs to itself makes another log of each log.",
                source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
            ),
        ),
    ),
    Pair(
        checks=("cloudtrail_logs_s3_bucket_is_not_publicly_accessible",),
        rules=("log-bucket-not-public",),
        on="trail",
        differences=(
            Difference(
                where={"readers": _PUBLIC},
                pack=FAIL,
                prowler=PASS,
                because=_ACLS_ALONE,
            ),
            Difference(
                where={"writers": _WRITERS},
                pack=FAIL,
                prowler=PASS,
                because=_ACLS_ALONE,
            ),
        ),
    ),
)
