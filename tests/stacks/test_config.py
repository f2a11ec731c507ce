"""Every bad value of every key: the message names key, value and what is allowed."""

import json
from typing import Any

import pytest

from stacks.config import SettingsError, parse_settings
from stacks.settings import Settings

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def parse(stack: str = "security", /, **values: object) -> Settings:
    """Settings from values as the engine hands them over: text, or JSON for lists and objects."""
    config = {
        f"cloudtrail-guard:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in values.items()
    }
    return parse_settings(config, stack)


def refused(stack: str = "security", /, **values: object) -> str:
    with pytest.raises(SettingsError) as error:
        parse(stack, **values)
    return str(error.value)


def test_the_defaults_are_the_guides() -> None:
    settings = parse()

    assert settings.trail_name == "SecurityAuditTrail"
    assert settings.break_glass_roles == ["AdminRole"]
    assert settings.object_lock.mode == "GOVERNANCE"
    assert settings.guardrails.trails == ["*"]
    assert settings.insights == []
    assert not settings.data_events.s3
    assert not settings.data_events.lambda_functions


@pytest.mark.parametrize(
    ("stack", "role", "expected"),
    [
        ("security", "", "security"),
        ("prod-security", "", "security"),
        ("eu-prod-management", "", "management"),
        ("anything", "management", "management"),
    ],
)
def test_the_role_comes_from_config_or_the_stacks_name(
    stack: str, role: str, expected: str
) -> None:
    assert parse(stack, role=role).role == expected


def test_a_stack_without_a_role_says_how_to_give_it_one() -> None:
    assert (
        "cloudtrail-guard:role = 'dev': must be one of security, management, workload"
        in refused("dev")
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("role", "auditor", "'auditor': must be one of security, management, workload, standalone"),
        ("protect", "maybe", '"maybe": should be a valid boolean'),
        ("trailName", "x", '"x": must be 3 to 128 letters'),
        ("trailName", "two--hyphens", "single periods, underscores and hyphens"),
        ("trailName", "10.0.0.1", "must be 3 to 128 letters"),
        ("trailRegion", "Frankfurt", '"Frankfurt": must be a region like eu-central-1'),
        ("accountTrailArns", ["DataAccess"], '"DataAccess": must be an ARN like'),
        ("accountTrailArns", [KEY], "must be an ARN like arn:aws:cloudtrail:"),
        ("accountTrailArns", "DataAccess", "should be a valid list"),
        (
            "queries",
            {"accountIds": [98765432101]},
            "queries.accountIds.0 = 98765432101: should be a valid string; write it in quotes",
        ),
        ("breakGlassRoles", [], "[]: must name at least one role"),
        ("breakGlassRoles", ["Admin Role"], '"Admin Role": must be a role\'s name, or its ARN'),
        ("breakGlassRoles", ["arn:aws:iam::*:role/Admin"], "without wildcards"),
        ("deployerRoleArns", ["Deploy"], '"Deploy": must be an ARN like arn:aws:iam::'),
        ("deployerRoleArns", ["arn:aws:iam::111122223333:role/*"], "without wildcards"),
        ("readerArns", ["111122223333"], "must be an ARN like arn:aws:iam::"),
        ("requireSourceOrgId", "sometimes", "should be a valid boolean"),
        ("bucketName", "Logs", '"Logs": must have 3 to 63 lower-case letters'),
        ("bucketName", "a" * 64, "must have 3 to 63"),
        ("bucketName", "ab", "must have 3 to 63"),
        ("bucketName", "logs..org", "single dots"),
        ("bucketName", "-logs", "begin and end with a letter or digit"),
        ("bucketName", "192.168.5.4", "must not look like an IP address"),
        ("bucketName", "xn--logs", "S3 reserves them"),
        ("bucketName", "logs-s3alias", "S3 reserves them"),
        ("existingBucket", "perhaps", "should be a valid boolean"),
        ("accessLogBucketName", "Access", "must have 3 to 63 lower-case letters"),
        ("existingKeyArn", "alias/mine", '"alias/mine": must be an ARN like arn:aws:kms:'),
        ("existingKeyArn", KEY.replace("key/", "alias/"), "must be an ARN like"),
        ("manageExistingKeyPolicy", "2", "should be a valid boolean"),
        ("keyAlias", "mine", "must be like alias/cloudtrail-logs"),
        ("keyAlias", "alias/aws/mine", "must be like alias/cloudtrail-logs"),
        ("objectLock", {"days": 0}, "objectLock.days = 0: should be greater than or equal to 1"),
        ("objectLock", {"days": 99999}, "objectLock.days = 99999: should be less than"),
        ("objectLock", {"years": 0}, "objectLock.years = 0: should be greater"),
        ("objectLock", {"mode": "NONE", "days": 1}, 'objectLock.mode = "NONE": should be \'GOV'),
        ("objectLock", {"mode": "GOVERNANCE"}, "set exactly one of days and years"),
        ("objectLock", {"days": 1, "years": 1}, "set exactly one of days and years"),
        ("objectLock", "forever", "should be a valid dictionary"),
        ("lifecycle", {"expireAfterDays": 30}, "expires logs after 30 days, but the object lock"),
        ("lifecycle", {"expireAfterDays": -1}, "lifecycle.expireAfterDays = -1: should be"),
        ("lifecycle", {"abortUploadsAfterDays": 0}, "lifecycle.abortUploadsAfterDays = 0"),
        ("securityStack", "security", '"security": must be <organization>/<project>/<stack>'),
        ("dataEvents", {"s3": "some"}, 'dataEvents.s3 = "some": should be a valid boolean'),
        ("insights", ["Everything"], 'insights.0 = "Everything": should be \'ApiCallRateIn'),
        ("guardrails", {"targets": ["root"]}, 'guardrails.targets.0 = "root": must be the id'),
        ("guardrails", {"trails": []}, "guardrails.trails = []"),
        ("guardrails", {"trails": ["MyTrail"]}, "must be * or a trail's ARN"),
        ("guardrails", {"exemptRoleArns": ["Admin"]}, "must be an ARN like arn:aws:iam::"),
        ("guardrails", {"policySize": 99}, "guardrails.policySize = 99: should be greater"),
        ("guardrails", {"policiesPerTarget": 1}, "guardrails.policiesPerTarget = 1: should be"),
        ("guardrails", {"requireMfa": "x"}, 'guardrails.requireMfa = "x": should be a valid'),
        ("dataEvents", {"s3Buckets": ["B"]}, 'dataEvents.s3Buckets.0 = "B": must have 3 to 63'),
        ("dataEvents", {"resourceTypes": ["S3"]}, "must be a resource type like AWS::DynamoDB"),
        ("dataEvents", {"readWrite": "Some"}, "dataEvents.readWrite = \"Some\": should be 'All'"),
        ("networkActivity", ["s3"], "must be a service like s3.amazonaws.com"),
        ("manageTrustedAccess", "2", "should be a valid boolean"),
        ("delegatedAdministrator", "security", "must be an account id of 12 digits"),
        ("alarms", {"enabled": "x"}, 'alarms.enabled = "x": should be a valid boolean'),
        ("alarms", {"retentionDays": 90}, "alarms.retentionDays = 90: must be one of 365, 400"),
        ("alerts", {"emails": ["soc"]}, 'alerts.emails.0 = "soc": must be an email address'),
        ("alerts", {"httpsEndpoints": ["http://x"]}, "must be an https:// URL"),
        ("alerts", {"queueArns": ["siem"]}, "must be an ARN like arn:aws:sqs:"),
        ("tamperAlerts", "2", "should be a valid boolean"),
        ("iamProtection", {"groups": ["a/b"]}, "must be the name (not the ARN or path)"),
        ("iamProtection", {"mfaUsers": ["a b"]}, "must be the name (not the ARN or path)"),
        ("memberTrailNames", ["x"], "must be 3 to 128 letters"),
        ("memberTrails", {"name": "x"}, 'memberTrails.name = "x": must be 3 to 128'),
        ("memberTrails", {"organizationalUnits": ["x"]}, "must be the id of an OU"),
        ("workload", {"trailName": "x"}, 'workload.trailName = "x": must be 3 to 128'),
        ("workload", {"ownBucket": "x"}, 'workload.ownBucket = "x": should be a valid boolean'),
        ("workload", {"dataEvents": {"s3": "x"}}, 'workload.dataEvents.s3 = "x": should be'),
        ("organizationId", "my-org", '"my-org": must be an organization id like o-'),
        ("managementAccountId", "1234", '"1234": must be an account id of 12 digits'),
        ("rootId", "root", '"root": must be the id of an organization\'s root'),
        ("partition", "aws-moon", "\"aws-moon\": should be '', 'aws', 'aws-cn' or 'aws-us-gov'"),
    ],
)
def test_a_bad_value_is_refused_with_key_value_and_what_is_allowed(
    key: str, value: object, message: str
) -> None:
    text = refused(**{key: value})

    assert f"cloudtrail-guard:{key}" in text
    assert message in text
    assert text.startswith("1 problem with the settings of stack 'security'; nothing was deployed:")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("bucketNmae", "x", "cloudtrail-guard:bucketNmae: there is no such key; did you mean buc"),
        ("objectLock", {"day": 9}, "objectLock.day: there is no such key; did you mean days?"),
        ("guardrails", {"target": []}, "guardrails.target: there is no such key; did you mean t"),
        ("zzz", "x", "zzz: there is no such key; the keys here are role, protect, "),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    key: str, value: object, message: str
) -> None:
    assert message in refused(**{key: value})


def test_all_problems_are_listed_at_once() -> None:
    text = refused(
        bucketName="B",
        bucketNmae="x",
        lifecycle={"expireAfterDays": 9},
        guardrails={"targets": [""]},
    )

    assert text.startswith("4 problems with the settings")
    for part in ("bucketName = ", "bucketNmae", "expires logs after 9 days", "targets.0"):
        assert part in text
    assert "pulumi config set --stack security --path cloudtrail-guard:<key> <value>" in text


@pytest.mark.parametrize(
    ("values", "path", "expected"),
    [
        ({"protect": "false"}, "protect", False),
        ({"objectLock": {"mode": "COMPLIANCE", "years": 7}}, "object_lock.years", 7),
        ({"lifecycle": {"expireAfterDays": 0}}, "lifecycle.expire_after_days", 0),
        ({"dataEvents": {"lambda": True}}, "data_events.lambda_functions", True),
        ({"bucketName": "my.logs-1"}, "bucket_name", "my.logs-1"),
        ({"keyAlias": ""}, "key_alias", ""),
        ({"breakGlassRoles": ["ops/Break_Glass+1"]}, "break_glass_roles", ["ops/Break_Glass+1"]),
    ],
)
def test_good_values_are_taken(values: dict[str, Any], path: str, expected: object) -> None:
    value: Any = parse(**values)
    for part in path.split("."):
        value = getattr(value, part)

    assert value == expected


def test_other_namespaces_are_none_of_our_business() -> None:
    assert parse_settings({"aws:region": "eu-west-1", "aws:profile": "x"}, "security").role
