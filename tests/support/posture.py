"""What AWS answers about an organization in which everything is as meant, and changes to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.arns import Location
from cloudtrail_guard.detection.event_rules import Watched, tamper_rules
from cloudtrail_guard.detection.metric_filters import CIS_METRIC_FILTERS
from cloudtrail_guard.policies.document import document
from cloudtrail_guard.policies.guardrails import ProtectedResources, scp_statements
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy
from cloudtrail_guard.policies.replica import replica_bucket_policy, replica_key_policy
from cloudtrail_guard.policies.resource_guardrails import rcp_statements
from posture.collect.answers import Answer, Facts, Place
from posture.evaluate.run import evaluate

from stacks.monitoring import monitoring_patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posture.report import Report

MANAGEMENT, LOGS, WORKLOAD = "123456789012", "444455556666", "777788889999"
ORGANIZATION, ROOT, UNIT = "o-a1b2c3d4e5", "r-a1b2", "ou-a1b2-11111111"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:trail/Audit"
BUCKET = "org-logs"
KEY = f"arn:aws:kms:us-east-1:{LOGS}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BREAK_GLASS = f"arn:aws:iam::{LOGS}:role/AdminRole"
DEPLOYER = f"arn:aws:iam::{LOGS}:role/Deploy"
REPLICA = "org-logs-replica"
REPLICA_KEY = f"arn:aws:kms:us-west-2:{LOGS}:key/abcd1234-12ab-34cd-56ef-1234567890ab"
REPLICATION_ROLE = f"arn:aws:iam::{LOGS}:role/cloudtrail-guard-replica"
STORE = (
    f"arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:eventdatastore/11111111-2222-3333-4444-555555555555"
)
STANDARD = (
    "arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"
)
TOPICS = {
    account: f"arn:aws:sns:us-east-1:{account}:cloudtrail-guard-alerts"
    for account in (MANAGEMENT, LOGS)
}
NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
START = datetime(2026, 3, 1, 13, tzinfo=UTC)
HOURS = 24
DUE = (1 << 21) - 1
"""The hours of the period whose digests are due, all of them there."""

OUTPUTS: Mapping[str, Any] = {
    "trailArn": TRAIL,
    "bucketName": BUCKET,
    "keyArn": KEY,
    "accountId": LOGS,
    "organizationId": ORGANIZATION,
    "breakGlassRoleArns": [BREAK_GLASS],
    "deployerRoleArns": [DEPLOYER],
    "accountTrailArns": [],
    "memberTrailNames": [],
    "readerArns": [],
    "guardrailExemptRoleArns": [BREAK_GLASS],
    "guardrailPolicyIds": ["p-scp", "p-rcp"],
    "guardrailTargets": [ROOT],
    "replicaBucketName": REPLICA,
    "replicaKeyArn": REPLICA_KEY,
    "eventDataStoreArn": STORE,
    "guardDutyDetectorId": {LOGS: "on"},
    "securityHubStandardArns": {LOGS: [STANDARD]},
}


def answer(value: Any, error: str = "") -> Answer:
    """An answer to some question."""
    return Answer(call="service:Operation", of="something", at=NOW, value=value, error=error)


@cache
def _answers() -> dict[str, Answer]:
    protected = ProtectedResources(
        bucket=BUCKET,
        key_arn=KEY,
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
        monitoring=tuple(monitoring_patterns("aws")),
        security_services=True,
    )
    access = LogBucketAccess(
        bucket=BUCKET,
        organization_trail=TRAIL,
        organization_id=ORGANIZATION,
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
    )
    key = LogKeyAccess(
        account=LOGS, trails=(TRAIL,), break_glass=(BREAK_GLASS,), deployers=(DEPLOYER,)
    )
    values: dict[str, Any] = {
        "trail": {
            "Name": "Audit",
            "TrailARN": TRAIL,
            "S3BucketName": BUCKET,
            "KmsKeyId": KEY,
            "HomeRegion": "us-east-1",
            "IsMultiRegionTrail": True,
            "IncludeGlobalServiceEvents": True,
            "IsOrganizationTrail": True,
            "LogFileValidationEnabled": True,
            "CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{MANAGEMENT}:log-group:audit:*",
        },
        "trail.status": {
            "IsLogging": True,
            "StartLoggingTime": "2026-01-01T00:00:00+00:00",
            "LatestDeliveryTime": "2026-03-02T12:25:00+00:00",
        },
        "trail.selectors": {
            "AdvancedEventSelectors": [
                {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
                {
                    "FieldSelectors": [
                        {"Field": "eventCategory", "Equals": ["Data"]},
                        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                    ]
                },
            ]
        },
        "trail.insights": [{"InsightType": "ApiCallRateInsight"}],
        "trails": [TRAIL],
        **{f"{name}.{LOGS}": ["on"] for name in ("config", "guardduty")},
        **_bucket("bucket", "us-east-1", KEY),
        "bucket.access-logs": {"TargetBucket": "org-logs-access-logs"},
        "bucket.replication": {
            "Role": REPLICATION_ROLE,
            "Rules": [
                {
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "DeleteMarkerReplication": {"Status": "Disabled"},
                    "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
                    "Destination": {
                        "Bucket": f"arn:aws:s3:::{REPLICA}",
                        "EncryptionConfiguration": {"ReplicaKmsKeyID": REPLICA_KEY},
                    },
                }
            ],
        },
        "bucket.policy": log_bucket_policy(access),
        "bucket.size": {"STANDARD": 5e9},
        **_key("key"),
        "key.policy": log_key_policy(key),
        **_bucket("replica", "us-west-2", REPLICA_KEY),
        "replica.policy": replica_bucket_policy(
            replace(access.guard, bucket=REPLICA), account=LOGS, replication_role=REPLICATION_ROLE
        ),
        "replica.copies": {"newest": "AWSLogs/…/digest.json.gz", "copied": True},
        **_key("replica.key"),
        "replica.key.policy": replica_key_policy(
            Location(partition="aws", region="us-west-2", account=LOGS),
            bucket=REPLICA,
            replication_role=REPLICATION_ROLE,
            break_glass=(BREAK_GLASS,),
            deployers=(DEPLOYER,),
        ),
        "lake": [
            {
                "Name": "cloudtrail-guard",
                "EventDataStoreArn": STORE,
                "Status": "ENABLED",
                "MultiRegionEnabled": True,
                "OrganizationEnabled": True,
                "RetentionPeriod": 366,
                "TerminationProtectionEnabled": True,
                "AdvancedEventSelectors": [
                    {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
                ],
            }
        ],
        f"securityhub.{LOGS}": {"hub": "hub/default", "standards": {STANDARD: "READY"}},
        "organization": {"Id": ORGANIZATION, "FeatureSet": "ALL", "MasterAccountId": MANAGEMENT},
        "accounts": [
            {"Id": MANAGEMENT, "Name": "management", "State": "ACTIVE"},
            {"Id": LOGS, "Name": "logs", "State": "ACTIVE"},
            {"Id": WORKLOAD, "Name": "workload", "State": "ACTIVE"},
        ],
        "parents": {MANAGEMENT: ROOT, LOGS: ROOT, UNIT: ROOT, WORKLOAD: UNIT},
        "scps": [_policy("p-scp", "protect-cloudtrail", scp_statements(protected))],
        "rcps": [_policy("p-rcp", "protect-logs", rcp_statements(protected, ORGANIZATION))],
        "trusted-access": True,
        "administrators": [],
        "caller.trail": {"Account": MANAGEMENT, "Arn": "…"},
        "caller.logs": {"Account": LOGS, "Arn": "…"},
        f"role.{BREAK_GLASS}": {"trust": _trust({"Bool": {"aws:MultiFactorAuthPresent": "true"}})},
        f"role.{DEPLOYER}": {"trust": _trust({})},
        "identity-policy.cloudtrail-guard": {
            "document": document(scp_statements(protected)),
            "entities": ["group administrators"],
        },
        "identity-policy.cloudtrail-guard-boundary": {"document": {}, "entities": []},
        "identity-policy.cloudtrail-guard-mfa": {
            "document": {},
            "entities": ["group administrators"],
        },
        "log-group": {"logGroupName": "audit", "retentionInDays": 365, "kmsKeyId": "key"},
        "filters": [
            {"pattern": each.pattern, "metrics": [["Guard", each.name]]}
            for each in CIS_METRIC_FILTERS
        ],
        "alarms": [
            {
                "AlarmName": f"cloudtrail-guard-{each.name}",
                "Namespace": "Guard",
                "MetricName": each.name,
                "StateValue": "OK",
                "ActionsEnabled": True,
                "AlarmActions": [TOPICS[MANAGEMENT]],
                "lastFired": "2026-02-27T08:00:00+00:00",
            }
            for each in CIS_METRIC_FILTERS
        ],
        f"rules.{MANAGEMENT}.us-east-1": _rules(
            MANAGEMENT, organization=True, log_groups=["/aws/cloudtrail/"]
        ),
        f"rules.{LOGS}.us-east-1": _rules(LOGS, bucket=BUCKET, key_arns=[KEY]),
        **{
            f"topic.{arn}": {
                "key": "key",
                "subscriptions": [
                    {"protocol": "email", "endpoint": "soc@example.com", "confirmed": True}
                ],
            }
            for arn in TOPICS.values()
        },
        "places": 3,
    }
    answers = {key: answer(value) for key, value in values.items()}
    of = {"bucket.region": BUCKET, "replica.region": REPLICA}
    return {key: replace(each, of=of.get(key, each.of)) for key, each in answers.items()}


def _bucket(name: str, region: str, key: str) -> dict[str, Any]:
    """What AWS answers about a bucket with logs, beside its policy."""
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    return {
        f"{name}.region": region,
        f"{name}.versioning": "Enabled",
        f"{name}.lock": {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 365}},
        },
        f"{name}.encryption": [{"ApplyServerSideEncryptionByDefault": encryption}],
        f"{name}.public-access": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
        f"{name}.ownership": "BucketOwnerEnforced",
        f"{name}.payer": "BucketOwner",
        f"{name}.lifecycle": [{"Status": "Enabled", "Expiration": {"Days": 2557}}],
    }


def _key(name: str) -> dict[str, Any]:
    """What AWS answers about a key, beside its policy."""
    return {f"{name}.state": "Enabled", f"{name}.rotation": True, f"{name}.grants": []}


def _policy(policy: str, name: str, statements: Any) -> dict[str, Any]:
    return {"Id": policy, "Name": name, "Content": document(statements), "Targets": [ROOT]}


def _trust(condition: dict[str, Any]) -> dict[str, Any]:
    principal = {"AWS": f"arn:aws:iam::{LOGS}:role/Sso"}
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal}
    return {"Statement": [statement | ({"Condition": condition} if condition else {})]}


def _rules(account: str, **of: Any) -> list[dict[str, Any]]:
    return [
        {
            "Name": f"cloudtrail-guard-{rule.name}",
            "State": "ENABLED",
            "EventPattern": rule.pattern,
            "Targets": [TOPICS[account]],
            "lastFired": None,
        }
        for rule in tamper_rules(Watched(names=["cloudtrail-guard"], at_home=True, **of))
    ]


def good_facts() -> Facts:
    """The answers where everything is as meant."""
    return Facts(
        started=NOW,
        start=START,
        hours=HOURS,
        answers=_answers(),
        places=tuple(
            Place(account=account, region="us-east-1", hours=DUE)
            for account in (MANAGEMENT, LOGS, WORKLOAD)
        ),
    )


def changed(key: str, change: Callable[[Any], Any]) -> Facts:
    """The same with another value of one answer."""
    facts = good_facts()
    before = facts.answers[key]
    return replace(
        facts, answers={**facts.answers, key: replace(before, value=change(before.value))}
    )


def refused(key: str) -> Facts:
    """The same, but AWS refused to answer one question."""
    facts = good_facts()
    return replace(facts, answers={**facts.answers, key: answer(None, "AccessDenied: no")})


def report(facts: Facts, outputs: Mapping[str, Any] = OUTPUTS) -> Report:
    """The report on some answers, held against the stacks' outputs."""
    return evaluate(facts, TRAIL, outputs)


HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=document.title="owned">',
    "{{ 7 * 7 }}{% raw %}</style></script><marquee>",
    "javascript:document.title='owned'//' onmouseover='x",
)
"""Names that a page must show and not obey."""


def hostile_facts(name: str) -> Facts:
    """Answers in which all that others may name is called so."""
    facts = good_facts()
    trail = f"{TRAIL.rsplit('/', maxsplit=1)[0]}/{name}"
    policy = facts.value("bucket.policy")
    stranger = {
        "Sid": name,
        "Effect": "Allow",
        "Principal": {"AWS": name},
        "Action": name,
        "Resource": name,
    }
    named: dict[str, Any] = {
        "trail": {**facts.value("trail"), "Name": name, "TrailARN": trail, "S3BucketName": name},
        "bucket.region": name,
        "bucket.versioning": name,
        "bucket.access-logs": {"TargetBucket": name},
        "bucket.policy": {**policy, "Statement": [*policy["Statement"], stranger]},
        "key.state": name,
        "accounts": [{**each, "Name": name} for each in facts.value("accounts")],
        "scps": [{**each, "Name": name, "Id": name} for each in facts.value("scps")],
        "administrators": [name],
        f"role.{BREAK_GLASS}": {"trust": {"Statement": {"Effect": "Allow", "Principal": name}}},
        "alarms": [{**each, "AlarmName": name} for each in facts.value("alarms")],
        f"rules.{LOGS}.us-east-1": [
            {**each, "Name": name, "Targets": [name]}
            for each in facts.value(f"rules.{LOGS}.us-east-1")
        ],
        f"topic.{TOPICS[LOGS]}": {
            "key": name,
            "subscriptions": [{"protocol": "email", "endpoint": name, "confirmed": False}],
        },
    }
    changed_to = {key: answer(value) for key, value in named.items()}
    failing = {"trail.insights": answer(None, f"AccessDenied: {name}")}
    places = (
        *facts.places,
        Place(account=WORKLOAD, region=name, hours=DUE),
        Place(account=WORKLOAD, region="eu-west-1", error=name),
    )
    return replace(facts, answers={**facts.answers, **changed_to, **failing}, places=places)
