"""Every bad value of every key: the message names key, value and what is allowed."""

import json
from typing import Any

import pytest

from stacks.settings.load import SettingsError, declared_fields, default_of, parse_settings
from stacks.settings.roles import ROLES

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::444455556666:role/Archive"
ARCHIVE = {
    "bucketName": "org-logs-archive",
    "keyArn": KEY.replace("111122223333", "444455556666"),
    "breakGlassRoleArns": [ROLE],
    "deployerRoleArns": [ROLE],
}
"""What an archive stack exports."""
ARCHIVE_WITHOUT_KEY = {key: value for key, value in ARCHIVE.items() if key != "keyArn"}

STACK_OF = {
    key: "security" if "security" in roles else roles[0]
    for key, (_, roles) in declared_fields().items()
}
"""For each key a stack that has it."""


def parse(stack: str = "security", /, **values: object) -> Any:
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


def problems_of(stack: str, /, **values: object) -> str:
    """What is wrong with the values; empty if nothing is."""
    try:
        parse(stack, **values)
    except SettingsError as error:
        return str(error)
    return ""


def test_the_defaults_are_the_guides() -> None:
    settings, organization = parse(), parse("management")

    assert settings.trail_name == "SecurityAuditTrail"
    assert settings.break_glass_roles == ["AdminRole"]
    assert settings.object_lock.mode == "GOVERNANCE"
    assert organization.guardrails.trails == ["*"]
    assert organization.insights == []
    assert not organization.data_events.s3
    assert not organization.data_events.lambda_functions


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
    text = refused("dev")

    assert "the stack's name does not end in a role: must be one of security, management" in text
    assert "set cloudtrail-guard:role" in text
    assert "role = " not in text


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("role", "auditor", '"auditor": must be one of security, management, workload, archive'),
        ("protect", "maybe", '"maybe": must be true or false'),
        ("trailName", "x", '"x": must be 3 to 128 letters'),
        ("trailName", "two--hyphens", "single periods, underscores and hyphens"),
        ("trailName", "10.0.0.1", "must be 3 to 128 letters"),
        ("trailRegion", "Frankfurt", '"Frankfurt": must be a region like eu-central-1'),
        ("accountTrailArns", ["DataAccess"], '"DataAccess": must be an ARN like'),
        ("accountTrailArns", [KEY], "must be an ARN like arn:aws:cloudtrail:"),
        ("accountTrailArns", "DataAccess", "must be a list"),
        (
            "queries",
            {"accountIds": [98765432101]},
            "queries.accountIds.0 = 98765432101: must be text; write it in quotes",
        ),
        ("breakGlassRoles", [], "[]: must name at least one role"),
        ("breakGlassRoles", ["Admin Role"], '"Admin Role": must be a role\'s name, or its ARN'),
        ("breakGlassRoles", ["arn:aws:iam::*:role/Admin"], "without wildcards"),
        ("breakGlassRoles", ["arn:awsome:iam::111122223333:role/Admin"], "must be a role's name"),
        ("deployerRoleArns", ["Deploy"], '"Deploy": must be an ARN like arn:aws:iam::'),
        ("deployerRoleArns", ["arn:aws:iam::111122223333:role/*"], "without wildcards"),
        ("readerArns", ["111122223333"], "must be an ARN like arn:aws:iam::"),
        ("deployerRoleArns", ["arn:aws:iam::111122223333:role/ops/"], "must be an ARN like"),
        ("deployerRoleArns", ["arn:aws:iam:eu-west-1:111122223333:role/R"], "must be an ARN like"),
        ("deployerRoleArns", ["arn:aws:sts::111122223333:assumed-role/R/s"], "must be an ARN like"),
        (
            "deployerRoleArns",
            ["arn:aws:iam::111122223333:role/AWSReservedSSO_Deploy_*"],
            "or the roles of a permission set of IAM Identity Center, like arn:aws:iam::",
        ),
        (
            "breakGlassRoles",
            ["arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_A_*"],
            "or the roles of a permission set of IAM Identity Center, like arn:aws:iam::",
        ),
        ("readerArns", ["arn:aws:iam::1234:role/R"], "must be an ARN like arn:aws:iam::"),
        ("breakGlassRoles", ["/ops/Admin"], "must be a role's name, or its ARN"),
        ("breakGlassRoles", ["Rôle"], "must be a role's name, or its ARN"),
        ("existingKeyArn", KEY.replace("eu-west-1", ""), "must be an ARN like arn:aws:kms:"),
        ("alerts", {"emails": ["a@b.com", "a@b.com"]}, "has a@b.com twice"),
        ("guardrails", {"targets": ["r-a1b2", "r-a1b2"]}, "each entry once, and has r-a1b2 twice"),
        ("readers", [{"roleName": "R"}, {"roleName": "R"}], "each roleName once, and has R twice"),
        ("readers", [{"roleName": "R", "externalId": "x"}], "must be 2 to 1,224 letters"),
        ("readers", [{"roleName": "a/b"}], "must be a role's name of 1 to 64"),
        ("replica", {"bucketName": "copy-of-logs"}, "makes no replica without region"),
        ("replica", {"region": "Frankfurt"}, "must be a region like eu-central-1"),
        ("replica", {"region": "eu-central-1", "archive": ARCHIVE}, "a log bucket has one replica"),
        ("replica", {"bucketName": "copy", "archive": ARCHIVE}, "a log bucket has one replica"),
        ("replica", {"archive": ARCHIVE_WITHOUT_KEY}, "needs the key keyArn"),
        (
            "replica",
            {"archive": {**ARCHIVE, "keyArn": "alias/logs"}},
            'replica.archive.keyArn = "alias/logs": must be an ARN like arn:aws:kms:',
        ),
        (
            "replica",
            {"archive": {**ARCHIVE, "deployerRoleArns": []}},
            "replica.archive.deployerRoleArns = []: must have at least 1 entry",
        ),
        ("sourceAccountId", "1234", '"1234": must be an account id of 12 digits'),
        ("dataEvents", {"s3Buckets": ["bucket"]}, "records no bucket of s3Buckets while s3"),
        ("alerts", {"queueArns": ["arn:aws:sqs:eu-west-1:111122223333:q.fifo"]}, "not FIFO"),
        ("requireSourceOrgId", "sometimes", "must be true or false"),
        ("bucketName", "Logs", '"Logs": must have 3 to 63 lowercase letters'),
        ("bucketName", "a" * 64, "must have 3 to 63"),
        ("bucketName", "ab", "must have 3 to 63"),
        ("bucketName", "logs..org", "single periods"),
        ("bucketName", "-logs", "begin and end with a letter or digit"),
        ("bucketName", "192.168.5.4", "must not look like an IP address"),
        ("bucketName", "xn--logs", "S3 reserves them"),
        ("bucketName", "logs-s3alias", "S3 reserves them"),
        ("existingBucket", "perhaps", "must be true or false"),
        ("accessLogBucketName", "Access", "must have 3 to 63 lowercase letters"),
        ("existingKeyArn", "alias/mine", '"alias/mine": must be an ARN like arn:aws:kms:'),
        ("existingKeyArn", KEY.replace("key/", "alias/"), "must be an ARN like"),
        ("manageExistingKeyPolicy", "2", "must be true or false"),
        ("keyAlias", "mine", "must be like alias/cloudtrail-logs"),
        ("keyAlias", "", "must be like alias/cloudtrail-logs"),
        ("keyAlias", "alias/aws/mine", "must be like alias/cloudtrail-logs"),
        ("objectLock", {"days": 0}, "objectLock.days = 0: must be 1 or more"),
        ("objectLock", {"days": 99999}, "objectLock.days = 99999: must be 36500 or less"),
        ("objectLock", {"years": 0}, "objectLock.years = 0: must be 1 or more"),
        (
            "objectLock",
            {"mode": "NONE", "days": 1},
            'objectLock.mode = "NONE": must be one of GOV',
        ),
        ("objectLock", {"mode": "GOVERNANCE"}, "set exactly one of days and years"),
        ("objectLock", {"days": 1, "years": 1}, "set exactly one of days and years"),
        ("objectLock", "forever", "must be an object"),
        ("lifecycle", {"expireAfterDays": 30}, "expires logs after 30 days, but the object lock"),
        (
            "lifecycle",
            {"expireNoncurrentAfterDays": 90},
            "destroys noncurrent versions after 90 days, but logs are kept for 2557 days",
        ),
        ("lifecycle", {"expireAfterDays": -1}, "lifecycle.expireAfterDays = -1: must be 0 or more"),
        ("lifecycle", {"abortUploadsAfterDays": 0}, "lifecycle.abortUploadsAfterDays = 0"),
        ("securityStack", "security", '"security": must be <organization>/<project>/<stack>'),
        ("dataEvents", {"s3": "some"}, 'dataEvents.s3 = "some": must be true or false'),
        (
            "insights",
            ["Everything"],
            'insights.0 = "Everything": must be one of ApiCallR',
        ),
        ("guardrails", {"targets": ["root"]}, 'guardrails.targets.0 = "root": must be the id'),
        ("guardrails", {"trails": []}, "guardrails.trails = []: must have at least 1 entry"),
        ("guardrails", {"trails": ["MyTrail"]}, "must be * or a trail's ARN"),
        ("guardrails", {"exemptRoleArns": ["Admin"]}, "must be an ARN like arn:aws:iam::"),
        ("guardrails", {"policySize": 99}, "guardrails.policySize = 99: must be 1024 or more"),
        (
            "guardrails",
            {"policiesPerTarget": 1},
            "guardrails.policiesPerTarget = 1: must",
        ),
        ("guardrails", {"requireMfa": "x"}, 'guardrails.requireMfa = "x": must be true'),
        (
            "dataEvents",
            {"s3": True, "s3Buckets": ["B"]},
            'dataEvents.s3Buckets.0 = "B": must have 3 to 63',
        ),
        ("dataEvents", {"resourceTypes": ["S3"]}, "must be a resource type like AWS::DynamoDB"),
        (
            "dataEvents",
            {"readWrite": "Some"},
            'dataEvents.readWrite = "Some": must be one of All',
        ),
        ("networkActivity", ["s3"], "must be a service like s3.amazonaws.com"),
        ("manageTrustedAccess", "2", "must be true or false"),
        ("delegatedAdministrator", "security", "must be an account id of 12 digits"),
        ("alarms", {"enabled": "x"}, 'alarms.enabled = "x": must be true or false'),
        ("alarms", {"retentionDays": 90}, "alarms.retentionDays = 90: must be one of 365, 400"),
        ("alerts", {"emails": ["soc"]}, 'alerts.emails.0 = "soc": must be an email address'),
        ("alerts", {"httpsEndpoints": ["http://x"]}, "must be an https:// URL"),
        ("alerts", {"queueArns": ["siem"]}, "must be an ARN like arn:aws:sqs:"),
        ("tamperAlerts", "2", "must be true or false"),
        ("iamProtection", {"groups": ["a/b"]}, "must be the name (not the ARN or path)"),
        ("iamProtection", {"mfaUsers": ["a b"]}, "must be the name (not the ARN or path)"),
        ("memberTrailNames", ["x"], "must be 3 to 128 letters"),
        ("memberTrails", {"name": "x"}, 'memberTrails.name = "x": must be 3 to 128'),
        ("memberTrails", {"organizationalUnits": ["x"]}, "must be the id of an OU"),
        ("workload", {"trailName": "x"}, 'workload.trailName = "x": must be 3 to 128'),
        ("workload", {"ownBucket": "x"}, 'workload.ownBucket = "x": must be true or false'),
        (
            "workload",
            {"dataEvents": {"s3": "x"}},
            'workload.dataEvents.s3 = "x": must be true',
        ),
        ("organizationId", "my-org", '"my-org": must be an organization id like o-'),
        ("managementAccountId", "1234", '"1234": must be an account id of 12 digits'),
        ("rootId", "root", '"root": must be the id of an organization\'s root'),
        ("partition", "aws-moon", '"aws-moon": must be one of aws, aws-cn, aws-us-gov'),
    ],
)
def test_a_bad_value_is_refused_with_key_value_and_what_is_allowed(
    key: str, value: object, message: str
) -> None:
    stack = STACK_OF[key]

    text = refused(stack, **{key: value})

    assert f"cloudtrail-guard:{key}" in text
    assert message in text
    assert text.startswith(f"1 problem with the settings of stack '{stack}'; nothing was deployed:")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("bucketNmae", "x", "cloudtrail-guard:bucketNmae: there is no such key; did you mean buc"),
        ("objectLock", {"day": 9}, "objectLock.day: there is no such key; did you mean days?"),
        ("queries", {"enable": True}, "queries.enable: there is no such key; did you mean enabled"),
        ("guardrail", {}, "did you mean guardrails, a setting of management stacks?"),
        ("zzz", "x", "zzz: there is no such key; the keys here are role, protect, "),
        (
            "readers",
            [{"rolName": "x"}],
            'readers.0 = {"rolName": "x"}: needs the key roleName',
        ),
        ("readers", [{"rolName": "x"}], "readers.0.rolName: there is no such key; did you mean ro"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    key: str, value: object, message: str
) -> None:
    assert message in refused(**{key: value})


@pytest.mark.parametrize(
    ("stack", "key", "value", "owners"),
    [
        ("security", "dataEvents", {"s3": True}, "management and standalone"),
        ("standalone", "existingBucket", True, "security"),
        (
            "management",
            "bucketName",
            "org-logs",
            "security and workload and archive and standalone",
        ),
        ("workload", "insights", ["ApiCallRateInsight"], "management and standalone"),
        (
            "standalone",
            "organizationId",
            "o-a1b2c3d4e5",
            "security and management and workload and archive",
        ),
        ("archive", "readerArns", [ROLE], "security and workload and standalone"),
        ("security", "sourceAccountId", "111122223333", "archive"),
    ],
)
def test_a_key_of_another_role_is_refused_with_the_role_that_has_it(
    stack: str, key: str, value: object, owners: str
) -> None:
    text = refused(stack, **{key: value})

    assert (
        f"cloudtrail-guard:{key} is a setting of {owners} stacks, and this is a {stack} stack"
        in text
    )
    assert f"`pulumi config rm cloudtrail-guard:{key}`" in text


@pytest.mark.parametrize("role", ROLES)
def test_a_declared_default_of_another_role_is_no_key_that_the_user_set(role: str) -> None:
    """The engine hands a program every default that `Pulumi.yaml` declares."""
    declared = {key: default_of(field) for key, (field, _) in declared_fields().items()}

    assert parse(role, **declared) == parse(role)


@pytest.mark.parametrize(
    ("values", "named", "not_named"),
    [
        ({"objectLock": {"years": 10}}, ["objectLock = "], "guard:lifecycle = "),
        ({"lifecycle": {"expireAfterDays": 9}}, ["lifecycle = "], "guard:objectLock = "),
        (
            {"objectLock": {"days": 50}, "lifecycle": {"expireAfterDays": 9}},
            ["objectLock = ", "lifecycle = "],
            "Settings(",
        ),
    ],
)
def test_an_error_about_two_keys_names_those_that_the_user_set(
    values: dict[str, object], named: list[str], not_named: str
) -> None:
    text = refused(**values)

    assert "but the object lock holds them" in text
    assert all(f"cloudtrail-guard:{name}" in text for name in named)
    assert not_named not in text


@pytest.mark.parametrize("key", STACK_OF)
@pytest.mark.parametrize("value", ["[", "{}", "[1]", '[{"a": null}]', '{"x": {"y": 1}}'])
def test_an_error_never_shows_a_value_as_python_writes_it(key: str, value: str) -> None:
    text = problems_of(STACK_OF[key], **{key: value})

    problems = [line for line in text.splitlines() if line.startswith("  - ")]
    assert all(f"cloudtrail-guard:{key}" in problem for problem in problems)
    for mark in ("None", "True", "False", "Settings(", "{'", "['", "dictionary", "<class"):
        assert mark not in text


def test_all_problems_are_listed_at_once() -> None:
    text = refused(
        bucketName="B",
        bucketNmae="x",
        lifecycle={"expireAfterDays": 9},
        queries={"regions": [""]},
        insights=["ApiCallRateInsight"],
    )

    assert text.startswith("5 problems with the settings")
    for part in ("bucketName = ", "bucketNmae", "expires logs after 9 days", "regions.0", "insig"):
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
        ({"breakGlassRoles": ["ops/Break_Glass+1"]}, "break_glass_roles", ["ops/Break_Glass+1"]),
    ],
)
def test_good_values_are_taken(values: dict[str, Any], path: str, expected: object) -> None:
    value: Any = parse(STACK_OF[next(iter(values))], **values)
    for part in path.split("."):
        value = getattr(value, part)

    assert value == expected


def test_keys_of_other_namespaces_are_ignored() -> None:
    config = {"aws:region": "eu-west-1", "aws:profile": "x"}

    assert parse_settings(config, "security") == parse()


PLANTED = "https//planted-token-of-a-webhook"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("alerts", {"httpsEndpoints": [PLANTED]}),
        ("alerts", {"httpsEndpoints": [f"https://{PLANTED}", f"https://{PLANTED}"]}),
        ("alerts", PLANTED),
        ("alerts", {"httpsEndpoints": [PLANTED * 100]}),
        ("readers", [{"externalId": f"{PLANTED} "}]),
        ("bucketName", PLANTED),
    ],
    ids=str,
)
def test_no_error_shows_a_secret(key: str, value: object) -> None:
    full = f"cloudtrail-guard:{key}"
    text = value if isinstance(value, str) else json.dumps(value)
    with pytest.raises(SettingsError) as error:
        parse_settings({full: text}, "security", secret=[full])

    assert full in str(error.value)
    assert "planted" not in str(error.value)
    assert "[secret]" in str(error.value)
