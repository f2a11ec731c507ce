import json
from typing import Any

import pytest
from cloudtrail_guard.detection.event_patterns import MAX_PATTERN, named_events, packed
from cloudtrail_guard.detection.event_rules import (
    TamperRule,
    Watched,
    Where,
    role_pattern,
    tamper_rules,
)
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import OPERATIONS, Target

from sandbox.aws.patches.events.matching import matches
from sandbox.aws.patches.events.patterns import check

ACCOUNT, REGION = "111122223333", "eu-west-1"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/security/AdminRole"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:cloudtrail-guard-alerts"
LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/cloudtrail/Audit"
LONG_KEY = KEY.replace(REGION, "ap-southeast-2")
EVERYTHING = Watched(
    bucket="org-logs",
    key_arns=[KEY],
    global_key_arns=[KEY.replace(REGION, "us-east-1")],
    organization=True,
    member=True,
    names=["cloudtrail-guard"],
    log_groups=["/aws/cloudtrail/"],
    role_arns=[ROLE],
    break_glass_arns=[ROLE],
    replica_bucket="org-logs-replica",
    replica_key_arn=KEY.replace(REGION, "eu-central-1"),
)
BASIC = ["trail", "root", "endpoints"]
WATCH = ["watch", "watch-2", "rules"]
API, SERVICE, NETWORK = (
    "AWS API Call via CloudTrail",
    "AWS Service Event via CloudTrail",
    "AWS Network Activity Event via CloudTrail",
)


def rules(**watched: Any) -> dict[str, TamperRule]:
    return {rule.name: rule for rule in tamper_rules(Watched(**watched))}


def ringing(source: str, name: str, kind: str = API, **detail: Any) -> set[str]:
    """The rules that match an event."""
    event = {
        "source": f"aws.{source}",
        "detail-type": kind,
        "detail": {"eventSource": f"{source}.amazonaws.com", "eventName": name, **detail},
    }
    found = {
        rule.name for rule in tamper_rules(EVERYTHING) if matches(json.loads(rule.pattern), event)
    }
    return {name.removesuffix("-2") for name in found}


def ringing_in(
    found: dict[str, TamperRule], source: str, name: str, parameters: dict[str, str]
) -> list[str]:
    """The rules that match a call."""
    event = {
        "source": f"aws.{source}",
        "detail-type": API,
        "detail": {
            "eventSource": f"{source}.amazonaws.com",
            "eventName": name,
            "requestParameters": parameters,
        },
    }
    return [name for name, rule in found.items() if matches(json.loads(rule.pattern), event)]


@pytest.mark.parametrize(
    ("watched", "names"),
    [
        ({}, [*BASIC, "root-global"]),
        ({"at_home": True}, BASIC),
        (
            {"bucket": "org-logs", "key_arns": [KEY], "at_home": True},
            [*BASIC, "bucket", "objects", "key"],
        ),
        ({"organization": True, "at_home": True}, [*BASIC, "organization"]),
        ({"member": True, "at_home": True}, [*BASIC, "membership"]),
        (
            {"names": ["guard"], "log_groups": ["/aws/cloudtrail/"], "at_home": True},
            [*BASIC, *WATCH, "identity", "users", "policies"],
        ),
        ({"break_glass_arns": [ROLE], "at_home": True}, [*BASIC, "break-glass"]),
        (
            {"break_glass_arns": [ROLE]},
            [*BASIC, "root-global", "break-glass", "break-glass-global"],
        ),
        (
            {"replica_bucket": "copy", "replica_key_arn": KEY, "at_home": True},
            [*BASIC, "root-replica", "replica-bucket", "replica-objects", "replica-key"],
        ),
    ],
)
def test_an_account_watches_what_it_has(watched: dict[str, Any], names: list[str]) -> None:
    assert sorted(rules(**watched)) == sorted(names)


def test_rules_and_watch_are_in_every_region_once() -> None:
    found = {rule.name: rule.where for rule in tamper_rules(EVERYTHING)}

    assert found["rules"] is found["watch"] is Where.HERE
    assert found["rules-global"] is found["watch-global"] is Where.GLOBAL
    assert found["rules-replica"] is found["watch-replica"] is Where.REPLICA
    assert "rules-global" not in rules(names=["guard"], at_home=True)
    assert "rules-replica" not in rules(
        names=["guard"], replica_bucket="copy", replica_covered=True
    )


@pytest.mark.parametrize(
    ("source", "name", "detail", "found"),
    [
        ("cloudtrail", "StopLogging", {"requestParameters": {"name": "Audit"}}, {"trail"}),
        ("cloudtrail", "PutEventConfiguration", {}, {"trail"}),
        ("cloudtrail", "UpdateEventDataStore", {}, {"trail"}),
        ("cloudtrail", "DescribeTrails", {}, set()),
        ("s3", "PutBucketPolicy", {"requestParameters": {"bucketName": "org-logs"}}, {"bucket"}),
        ("s3", "PutBucketPolicy", {"requestParameters": {"bucketName": "org-logs-2"}}, set()),
        (
            "s3",
            "PutBucketPolicy",
            {"requestParameters": {"bucketName": "org-logs-replica"}},
            {"replica-bucket"},
        ),
        ("s3", "DeleteObjects", {"requestParameters": {"bucketName": "org-logs"}}, {"objects"}),
        (
            "s3",
            "PutObject",
            {
                "requestParameters": {"bucketName": "org-logs"},
                "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/u"},
            },
            {"objects"},
        ),
        (
            "s3",
            "PutObject",
            {
                "requestParameters": {"bucketName": "org-logs"},
                "userIdentity": {
                    "type": "AWSService",
                    "invokedBy": "cloudtrail.amazonaws.com",
                },
            },
            set(),
        ),
        ("kms", "DisableKey", {"resources": [{"ARN": "x"}, {"ARN": KEY}]}, {"key"}),
        (
            "kms",
            "DisableKey",
            {"requestParameters": {"keyId": KEY_ID}},
            {"key", "global-key", "replica-key"},
        ),
        ("kms", "DisableKey", {"requestParameters": {"keyId": "another"}}, set()),
        ("organizations", "DetachPolicy", {}, {"organization"}),
        ("organizations", "CreatePolicy", {}, {"organization"}),
        ("organizations", "LeaveOrganization", {}, {"membership"}),
        ("account", "CloseAccount", {}, {"organization", "membership"}),
        (
            "events",
            "PutTargets",
            {"requestParameters": {"rule": "cloudtrail-guard-trail", "targets": []}},
            {"watch", "rules", "watch-global", "rules-global", "watch-replica", "rules-replica"},
        ),
        ("events", "DisableRule", {"requestParameters": {"name": "nightly"}}, set()),
        (
            "events",
            "UpdateEventBus",
            {"requestParameters": {"name": "default", "kmsKeyIdentifier": "alias/own"}},
            {"watch", "rules", "watch-global", "rules-global", "watch-replica", "rules-replica"},
        ),
        ("events", "UpdateEventBus", {"requestParameters": {"name": "orders"}}, set()),
        (
            "monitoring",
            "PutAlarmMuteRule",
            {"requestParameters": {"muteTargets": {"alarmNames": ["cloudtrail-guard-RootUsage"]}}},
            {"watch", "watch-global", "watch-replica"},
        ),
        (
            "sns",
            "SetSubscriptionAttributes",
            {"requestParameters": {"subscriptionArn": f"{TOPIC}:{KEY_ID}"}},
            {"watch", "watch-global", "watch-replica"},
        ),
        ("sns", "DeleteTopic", {"requestParameters": {"topicArn": f"{TOPIC[:30]}:own"}}, set()),
        (
            "logs",
            "PutDataProtectionPolicy",
            {"requestParameters": {"logGroupIdentifier": LOG_GROUP}},
            {"watch", "watch-global", "watch-replica"},
        ),
        ("logs", "PutAccountPolicy", {}, {"watch", "watch-global", "watch-replica"}),
        (
            "lambda",
            "UpdateFunctionConfiguration20150331v2",
            {"requestParameters": {"functionName": "cloudtrail-guard-response"}},
            {"watch", "watch-global", "watch-replica"},
        ),
        ("iam", "DeleteRole", {"requestParameters": {"roleName": "AdminRole"}}, {"identity"}),
        (
            "iam",
            "PutRolePolicy",
            {"requestParameters": {"roleName": "cloudtrail-guard-forward"}},
            {"identity"},
        ),
        ("iam", "DeleteRole", {"requestParameters": {"roleName": "Application"}}, set()),
        (
            "iam",
            "CreatePolicyVersion",
            {"requestParameters": {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/cloudtrail-guard"}},
            {"policies"},
        ),
        (
            "sts",
            "AssumeRoot",
            {"requestParameters": {"targetPrincipal": ACCOUNT}},
            {"root", "root-global", "root-replica"},
        ),
        (
            "ec2",
            "RunInstances",
            {"readOnly": False, "userIdentity": {"type": "Root"}},
            {"root", "root-global", "root-replica"},
        ),
        (
            "sts",
            "AssumeRole",
            {"readOnly": True, "requestParameters": {"roleArn": ROLE}},
            {"break-glass", "break-glass-global", "break-glass-replica"},
        ),
        ("sts", "AssumeRole", {"requestParameters": {"roleArn": f"{ROLE}2"}}, set()),
        (
            "sts",
            "AssumeRole",
            {"errorMessage": f"User: x is not authorized to perform: y on resource: {ROLE}"},
            {"break-glass", "break-glass-global", "break-glass-replica"},
        ),
        (
            "ec2",
            "RunInstances",
            {
                "readOnly": False,
                "userIdentity": {"sessionContext": {"sessionIssuer": {"arn": ROLE}}},
            },
            {"break-glass", "break-glass-global", "break-glass-replica"},
        ),
        (
            "ec2",
            "DescribeInstances",
            {
                "readOnly": True,
                "userIdentity": {"sessionContext": {"sessionIssuer": {"arn": ROLE}}},
            },
            set(),
        ),
    ],
)
def test_tampering_rings_and_nothing_else(
    source: str, name: str, detail: dict[str, Any], found: set[str]
) -> None:
    assert ringing(source, name, **detail) == found


def test_a_departure_is_a_service_event_and_a_refusal_of_an_endpoint_a_network_event() -> None:
    assert ringing("organizations", "AccountDepartedOrganization", SERVICE) == {"organization"}
    assert ringing("kms", "DisableKey", NETWORK, errorCode="VpceAccessDenied") == {"endpoints"}
    # What the endpoint let through is reported as the call that it is.
    assert ringing("kms", "DisableKey", NETWORK) == set()


RESERVED = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com"
EMERGENCY = f"{RESERVED}/{REGION}/AWSReservedSSO_Emergency_0123456789abcdef"


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (EMERGENCY, {"break-glass", "break-glass-global"}),
        (f"arn:aws:iam::{ACCOUNT}:role/{EMERGENCY.rpartition('/')[2]}", set[str]()),
    ],
)
def test_a_permission_set_that_is_break_glass_rings_whatever_suffix_its_role_has(
    role: str, names: set[str]
) -> None:
    roles = [ROLE, f"{RESERVED}/*/AWSReservedSSO_Emergency_*"]
    event = {
        "source": "aws.kms",
        "detail-type": API,
        "detail": {
            "eventSource": "kms.amazonaws.com",
            "eventName": "TagResource",
            "readOnly": False,
            "userIdentity": {"sessionContext": {"sessionIssuer": {"arn": role}}},
        },
    }

    found = rules(break_glass_arns=roles)

    for rule in found.values():
        check(json.loads(rule.pattern))
    assert {n for n, rule in found.items() if matches(json.loads(rule.pattern), event)} == names


@pytest.mark.parametrize(
    ("name", "rings"), [("Emergency_0", True), ("Emergencies_0", False), ("Deploy_0", False)]
)
def test_what_is_done_to_a_role_of_a_watched_permission_set_rings(
    name: str, *, rings: bool
) -> None:
    roles = [f"{RESERVED}/*/AWSReservedSSO_Emergency_*"]
    rule = rules(names=["cloudtrail-guard"], role_arns=roles)["identity"]
    event = {
        "source": "aws.iam",
        "detail-type": API,
        "detail": {
            "eventSource": "iam.amazonaws.com",
            "eventName": "DeleteRole",
            "requestParameters": {"roleName": f"AWSReservedSSO_{name}"},
        },
    }

    check(json.loads(rule.pattern))
    assert matches(json.loads(rule.pattern), event) is rings


def test_an_event_that_says_itself_what_it_is_does_not_ring() -> None:
    """Who puts events on the bus can give them any detail type, but no source of AWS's."""
    forged = {
        "source": "my.application",
        "detail-type": API,
        "detail": {"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging"},
    }

    assert not any(matches(json.loads(rule.pattern), forged) for rule in tamper_rules(EVERYTHING))


def test_every_management_event_of_the_table_is_in_a_rule() -> None:
    named = {
        (source, name)
        for rule in tamper_rules(EVERYTHING)
        for source, names in named_events(rule.pattern)
        for name in names
    }
    missing = {
        (operation.event_source, event)
        for operation in OPERATIONS
        # Services that watch more than the logs have findings of their own.
        if operation.target
        not in (Target.SECURITY_SERVICES, Target.GUARDED_GROUP, Target.REPLICATION)
        for event in operation.events
    } - named

    assert missing == set()


def test_every_pattern_is_sound_and_fits_eventbridge() -> None:
    largest = Watched(
        bucket="b" * 63,
        key_arns=[LONG_KEY] * 5,
        organization=True,
        member=True,
        names=["cloudtrail-guard"],
        log_groups=["/aws/cloudtrail/"],
        role_arns=[f"arn:aws:iam::{ACCOUNT}:role/{'r' * 64}"] * 5,
        break_glass_arns=[f"arn:aws:iam::{ACCOUNT}:role/{'r' * 64}"] * 5,
        replica_bucket="r" * 63,
        replica_key_arn=LONG_KEY,
    )
    for rule in tamper_rules(largest):
        check(json.loads(rule.pattern))
        assert len(rule.pattern) <= MAX_PATTERN


def test_any_number_of_exempt_roles_is_watched_by_rules_that_fit() -> None:
    roles = [f"arn:aws:iam::{ACCOUNT}:role/BreakGlass{number:03}" for number in range(100)]
    found = rules(names=["cloudtrail-guard"], role_arns=roles, break_glass_arns=roles, at_home=True)

    assert all(len(rule.pattern) <= MAX_PATTERN for rule in found.values())
    for role in roles:
        changed = ringing_in(found, "iam", "UpdateAssumeRolePolicy", {"roleName": role[-13:]})
        assert {name.partition("-")[0] for name in changed} == {"identity"}
        used = ringing_in(found, "sts", "AssumeRole", {"roleArn": role})
        assert [name.startswith("break-glass") for name in used] == [True]
    assert not ringing_in(found, "iam", "UpdateAssumeRolePolicy", {"roleName": "BreakGlass1000"})


def test_clauses_are_packed_into_as_few_patterns_as_the_quota_allows() -> None:
    clauses = [{"eventName": [letter * 900]} for letter in "abc"]

    found = dict(packed("watch", clauses, [API]))

    assert list(found) == ["watch", "watch-2"]
    assert [pattern.count("eventName") for pattern in found.values()] == [2, 1]


def test_a_clause_that_fits_no_pattern_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InvalidValueError, match=r"'key' has 2\d{3} characters.*name fewer keys"):
        list(packed("key", [{"eventName": ["x" * 2_100]}], [API]))


@pytest.mark.parametrize(
    ("name", "role", "is_matched"),
    [
        ("DeleteRolePolicy", "guard-forward", True),
        ("PutRolePermissionsBoundary", "guard-forward", True),
        ("UpdateAssumeRolePolicy", "guard-forward", True),
        ("UpdateAssumeRolePolicy", "guard-forward-role", False),
        ("GetRole", "guard-forward", False),
    ],
)
def test_what_is_done_to_one_role_is_matched(name: str, role: str, *, is_matched: bool) -> None:
    event = {
        "source": "aws.iam",
        "detail-type": API,
        "detail": {
            "eventSource": "iam.amazonaws.com",
            "eventName": name,
            "requestParameters": {"roleName": role},
        },
    }

    assert matches(json.loads(role_pattern("guard-forward")), event) is is_matched
