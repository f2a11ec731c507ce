"""The programs that the rules' good and bad examples have in common.

Each function returns a whole program, as a reader can run it; a rule gives the part that it is
about.
"""

from textwrap import indent
from typing import Final

TRAIL: Final = 'aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)\n'
"""A trail that writes to the bucket ``logs``."""

ORGANIZATION_TRAIL: Final = """\
aws.cloudtrail.Trail(
    "audit", s3_bucket_name=logs.bucket, is_organization_trail=True
)
"""

BUCKET: Final = """\
import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
"""
"""A bucket, and nothing that secures it."""

DENY_TAMPERING: Final = """\
{
    "Sid": "ProtectCloudTrail",
    "Effect": "Deny",
    "Action": [
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
    ],
    "Resource": "*",
"""
"""The beginning of an SCP's statement, up to where its conditions stand."""

CLOUDTRAIL_GRANT: Final = """\
{
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "kms:GenerateDataKey*",
    "Resource": "*",
    "Condition": {
        "StringEquals": {
            "aws:SourceArn": (
                "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
            )
        },
        "StringLike": {
            "kms:EncryptionContext:aws:cloudtrail:arn": (
                "arn:aws:cloudtrail:*:111122223333:trail/audit"
            )
        },
    },
},
"""
"""The statement by which CloudTrail encrypts log files of one trail."""

OPEN_GRANT: Final = """\
{
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "kms:GenerateDataKey*",
    "Resource": "*",
},
"""
"""The same for everybody's trails."""

_ADMINISTRATION: Final = """\
{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "kms:*",
    "Resource": "*",
},
"""

_DOCUMENT: Final = """\
json.dumps(
        {{
            "Version": "2012-10-17",
            "Statement": [
{statements}            ],
        }}
    )"""


def bucket_policy(statements: str, then: str = "") -> str:
    """Return a program with a bucket whose policy has these statements.

    Args:
        statements: The statements, as Python writes them.
        then: The rest of the program.
    """
    return (
        "import json\n\nimport pulumi_aws as aws\n\n"
        'logs = aws.s3.Bucket("logs", bucket="example-logs")\n'
        f'aws.s3.BucketPolicy(\n    "logs",\n    bucket=logs.bucket,\n'
        f"    policy={_document(statements)},\n)\n{then}"
    )


def key_policy(statements: str) -> str:
    """Return a program with a key whose policy has these statements beside its administration.

    Args:
        statements: The statements, as Python writes them.
    """
    return (
        "import json\n\nimport pulumi_aws as aws\n\n"
        'aws.kms.Key(\n    "logs",\n    enable_key_rotation=True,\n'
        f"    policy={_document(_ADMINISTRATION + statements)},\n)\n"
    )


def scp(statements: str, then: str = "") -> str:
    """Return a program with an SCP of these statements.

    Args:
        statements: The statements, as Python writes them.
        then: The rest of the program; the policy is its ``policy``.
    """
    return (
        "import json\n\nimport pulumi_aws as aws\n\n"
        'policy = aws.organizations.Policy(\n    "protect-cloudtrail",\n'
        f"    content={_document(statements)},\n)\n{then}"
    )


def log_group(arguments: str = "", then: str = "") -> str:
    """Return a program with a trail and the log group that it sends events to.

    Args:
        arguments: Further arguments of the log group, beginning with a comma.
        then: The rest of the program; the log group is its ``group``.
    """
    return f"""\
import pulumi_aws as aws

group = aws.cloudwatch.LogGroup("trail"{arguments})
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{{arn}}:*"),
    cloud_watch_logs_role_arn="arn:aws:iam::111122223333:role/TrailDelivery",
)
{then}"""


def metric_filter(last_clauses: str = "") -> str:
    """Return the part of a program that makes a metric filter of changes to trails.

    Args:
        last_clauses: What stands at the end of its pattern, as source lines.
    """
    return f"""\
aws.cloudwatch.LogMetricFilter(
    "trail-changes",
    log_group_name=group.name,
    pattern=(
        "{{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) ||"
{indent(last_clauses, " " * 8)}    ),
    metric_transformation={{"name": "TrailChanges", "namespace": "CIS", "value": "1"}},
)
"""


ALL_CLAUSES: Final = """\
" ($.eventName = DeleteTrail) || ($.eventName = StartLogging) ||"
" ($.eventName = StopLogging) }"
"""
"""The last clauses of a filter that is whole."""


def alarm(arguments: str = "", *, topic_arguments: str = "") -> str:
    """Return the part of a program that makes that filter, an alarm on its metric, and a topic.

    Args:
        arguments: Further arguments of the alarm, as source lines.
        topic_arguments: Further arguments of the topic, beginning with a comma.
    """
    return f"""\
{metric_filter(ALL_CLAUSES)}topic = aws.sns.Topic("alarms"{topic_arguments})
aws.cloudwatch.MetricAlarm(
    "trail-changes",
    metric_name="TrailChanges",
    namespace="CIS",
    comparison_operator="GreaterThanOrEqualToThreshold",
    evaluation_periods=1,
    period=300,
    statistic="Sum",
    threshold=1,
    alarm_actions=[topic.arn],
{indent(arguments, " " * 4)})
"""


def _document(statements: str) -> str:
    return _DOCUMENT.format(statements=indent(statements, " " * 16))
