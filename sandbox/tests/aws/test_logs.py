"""CloudWatch Logs as AWS has it: groups and their keys, metric filters, policies."""

from typing import Any

import pytest

from sandbox.aws.patches.logs.patterns import problem
from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, allow, document, refused

LOGS = {"Service": "logs.us-east-1.amazonaws.com"}
USE = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
CONTEXT = "kms:EncryptionContext:aws:logs:arn"


@pytest.fixture
def logs(clients: Clients) -> Client:
    return clients("logs", "security")


@pytest.fixture
def group(logs: Client, name: str) -> str:
    """A log group of the security account."""
    logs.create_log_group(logGroupName=name)
    return name


@pytest.fixture
def account(organization: Organization) -> str:
    return organization.security_account_id


def described(logs: Client, name: str) -> dict[str, Any]:
    [found] = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return found


def group_arn(account: str, name: str) -> str:
    return f"arn:aws:logs:us-east-1:{account}:log-group:{name}"


def let_logs_use(clients: Clients, key: str, *statements: dict[str, Any]) -> None:
    """Give a key of the security account a policy."""
    root = {"AWS": f"arn:aws:iam::{key.split(':')[4]}:root"}
    policy = document(allow(root, "kms:*"), *statements)
    clients("kms", "security").put_key_policy(KeyId=key, PolicyName="default", Policy=policy)


# Groups


def test_a_group_keeps_its_class_and_protection(logs: Client, name: str) -> None:
    logs.create_log_group(
        logGroupName=name, logGroupClass="INFREQUENT_ACCESS", deletionProtectionEnabled=True
    )
    found = described(logs, name)
    assert (found["logGroupClass"], found["deletionProtectionEnabled"]) == (
        "INFREQUENT_ACCESS",
        True,
    )
    with refused("ValidationException", "deletion protection"):
        logs.delete_log_group(logGroupName=name)

    logs.put_log_group_deletion_protection(
        logGroupIdentifier=found["logGroupArn"], deletionProtectionEnabled=False
    )
    logs.delete_log_group(logGroupName=name)
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []


def test_groups_are_found_by_prefix_pattern_and_class_page_by_page(logs: Client, name: str) -> None:
    names = [f"/{name}/{letter}" for letter in "abc"]
    for each in reversed(names):
        logs.create_log_group(logGroupName=each)

    def found(**request: Any) -> list[str]:
        paginator: Any = logs.get_paginator("describe_log_groups")
        pages = paginator.paginate(**request)
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    assert found(logGroupNamePrefix=f"/{name}/", PaginationConfig={"PageSize": 2}) == names
    assert found(logGroupNamePattern=f"{name}/B") == names[1:2]
    assert found(logGroupNamePattern=name, logGroupClass="INFREQUENT_ACCESS") == []


def test_a_token_of_no_page_is_refused(logs: Client) -> None:
    with refused("InvalidParameterException", "The specified nextToken is invalid."):
        logs.describe_log_groups(nextToken="no-page")


@pytest.mark.parametrize("bad", ["a b", "a:b", "aws/mine"])
def test_a_bad_name_is_refused(logs: Client, bad: str) -> None:
    with refused("InvalidParameterException", "logGroupName"):
        logs.create_log_group(logGroupName=bad)


def test_a_retention_is_one_of_those_on_offer(logs: Client, group: str) -> None:
    with refused("InvalidParameterException", "retentionInDays"):
        logs.put_retention_policy(logGroupName=group, retentionInDays=13)

    logs.put_retention_policy(logGroupName=group, retentionInDays=365)
    assert described(logs, group)["retentionInDays"] == 365


def test_nothing_is_left_of_a_deleted_group(
    logs: Client, group: str, account: str, metric: dict[str, Any]
) -> None:
    arn = group_arn(account, group)
    logs.tag_resource(resourceArn=arn, tags={"a": "1"})
    logs.put_metric_filter(**metric)

    logs.delete_log_group(logGroupName=group)
    logs.create_log_group(logGroupName=group)

    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {}
    assert logs.describe_metric_filters(logGroupName=group)["metricFilters"] == []
    assert described(logs, group)["metricFilterCount"] == 0


# Keys


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({}, True),
        ({"ArnEquals": {CONTEXT: "GROUP"}}, True),
        ({"ArnLike": {CONTEXT: "arn:aws:logs:*:*:log-group:*"}}, True),
        ({"ArnEquals": {CONTEXT: "GROUP:*"}}, False),
        ({"ArnEquals": {CONTEXT: "arn:aws:logs:us-east-1:111111111111:log-group:other"}}, False),
    ],
)
def test_a_key_must_let_cloudwatch_logs_in_for_the_group(
    clients: Clients,
    name: str,
    key_arn: str,
    condition: dict[str, dict[str, str]],
    *,
    fits: bool,
) -> None:
    logs, group = clients("logs", "security"), group_arn(key_arn.split(":")[4], name)
    filled = {
        test: {key: value.replace("GROUP", group) for key, value in keys.items()}
        for test, keys in condition.items()
    }
    let_logs_use(clients, key_arn, allow(LOGS, USE, Condition=filled))
    if fits:
        logs.create_log_group(logGroupName=name, kmsKeyId=key_arn)
        assert described(logs, name)["kmsKeyId"] == key_arn
    else:
        with refused("AccessDeniedException", "not allowed to be used with Arn"):
            logs.create_log_group(logGroupName=name, kmsKeyId=key_arn)


def test_a_key_with_the_default_policy_is_refused(logs: Client, name: str, key_arn: str) -> None:
    with refused("AccessDeniedException", "logs.us-east-1.amazonaws.com for this log group"):
        logs.create_log_group(logGroupName=name, kmsKeyId=key_arn)


def test_a_key_must_be_there_enabled_and_symmetric(
    clients: Clients, logs: Client, name: str, key_arn: str
) -> None:
    kms = clients("kms", "security")
    let_logs_use(clients, key_arn, allow(LOGS, USE))
    kms.disable_key(KeyId=key_arn)
    asymmetric = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    let_logs_use(clients, asymmetric, allow(LOGS, USE))
    elsewhere = key_arn.replace("us-east-1", "eu-west-1")

    for key in (key_arn, asymmetric, elsewhere, f"{key_arn[:-1]}0"):
        with refused("AccessDeniedException", "does not exist or is not allowed"):
            logs.create_log_group(logGroupName=name, kmsKeyId=key)
    for text in ("alias/logs", key_arn.rpartition("/")[2]):
        with refused("InvalidParameterException", "could not be found"):
            logs.create_log_group(logGroupName=name, kmsKeyId=text)


def test_a_key_of_another_account_may_let_cloudwatch_logs_in(
    clients: Clients, organization: Organization, name: str, key_arn: str
) -> None:
    let_logs_use(clients, key_arn, allow(LOGS, USE))
    logs = clients("logs")

    logs.create_log_group(logGroupName=name, kmsKeyId=key_arn)

    assert organization.management_account_id not in key_arn
    assert described(logs, name)["kmsKeyId"] == key_arn


def test_a_key_is_associated_and_taken_away(
    clients: Clients, logs: Client, account: str, group: str, key_arn: str
) -> None:
    with refused("AccessDeniedException"):
        logs.associate_kms_key(logGroupName=group, kmsKeyId=key_arn)
    let_logs_use(clients, key_arn, allow(LOGS, USE))

    logs.associate_kms_key(logGroupName=group, kmsKeyId=key_arn)
    assert described(logs, group)["kmsKeyId"] == key_arn

    logs.disassociate_kms_key(resourceIdentifier=group_arn(account, group))
    assert "kmsKeyId" not in described(logs, group)
    with refused("ResourceNotFoundException"):
        logs.associate_kms_key(logGroupName=f"{group}-none", kmsKeyId=key_arn)


# Metric filters


@pytest.fixture
def metric(group: str) -> dict[str, Any]:
    """A request for a metric filter."""
    return {
        "logGroupName": group,
        "filterName": "root-use",
        "filterPattern": '{ $.userIdentity.type = "Root" }',
        "metricTransformations": [
            {
                "metricName": "RootUse",
                "metricNamespace": "Trail",
                "metricValue": "1",
                "defaultValue": 0,
            }
        ],
    }


def filters(logs: Client, group: str) -> list[dict[str, Any]]:
    return logs.describe_metric_filters(logGroupName=group)["metricFilters"]


def test_a_second_put_changes_the_filter(logs: Client, metric: dict[str, Any]) -> None:
    group = metric["logGroupName"]
    logs.put_metric_filter(**metric)
    [before] = filters(logs, group)

    logs.put_metric_filter(**metric | {"filterPattern": "ERROR"})

    [after] = filters(logs, group)
    assert after == before | {"filterPattern": "ERROR"}
    assert described(logs, group)["metricFilterCount"] == 1


def test_filters_of_groups_that_do_not_exist_are_refused(
    logs: Client, metric: dict[str, Any]
) -> None:
    missing = f"{metric['logGroupName']}-none"
    calls: tuple[tuple[Any, dict[str, Any]], ...] = (
        (logs.put_metric_filter, metric),
        (logs.describe_metric_filters, {}),
        (logs.delete_metric_filter, {"filterName": "root-use"}),
    )
    for call, request in calls:
        with refused("ResourceNotFoundException", "log group does not exist"):
            call(**request | {"logGroupName": missing})


def test_a_filter_is_deleted_once(logs: Client, metric: dict[str, Any]) -> None:
    where = {key: metric[key] for key in ("logGroupName", "filterName")}
    logs.put_metric_filter(**metric)

    logs.delete_metric_filter(**where)

    with refused("ResourceNotFoundException", "metric filter does not exist"):
        logs.delete_metric_filter(**where)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dimensions": {"who": "$.userIdentity.arn"}}, "mutually exclusive"),
        (
            {"dimensions": dict.fromkeys("abcd", "$.a"), "defaultValue": None},
            "at most 3 are allowed",
        ),
        ({"metricValue": "one"}, "metricValue 'one' is no number"),
    ],
)
def test_a_transformation_that_cannot_be_is_refused(
    logs: Client, metric: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    [given] = metric["metricTransformations"]
    changed = {key: value for key, value in {**given, **change}.items() if value is not None}

    with refused("InvalidParameterException", message):
        logs.put_metric_filter(**metric | {"metricTransformations": [changed]})


def test_a_group_of_another_class_has_no_filters(
    logs: Client, metric: dict[str, Any], name: str
) -> None:
    logs.create_log_group(logGroupName=f"{name}-rare", logGroupClass="INFREQUENT_ACCESS")

    with refused("InvalidOperationException", "INFREQUENT_ACCESS"):
        logs.put_metric_filter(**metric | {"logGroupName": f"{name}-rare"})


def test_a_group_has_100_filters_at_most(logs: Client, metric: dict[str, Any]) -> None:
    for number in range(100):
        logs.put_metric_filter(**metric | {"filterName": f"filter-{number}"})
    logs.put_metric_filter(**metric | {"filterName": "filter-0"})

    with refused("LimitExceededException"):
        logs.put_metric_filter(**metric)


def test_a_broken_pattern_is_refused(logs: Client, metric: dict[str, Any]) -> None:
    with refused("InvalidParameterException", "Invalid metric filter pattern"):
        logs.put_metric_filter(**metric | {"filterPattern": "{ $.eventName = }"})


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "ERROR",
        '?ERROR ?"access denied" -debug',
        "[ip, user, timestamp, request, status = 4*, bytes]",
        '{ $.eventName = "ConsoleLogin" }',
        '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS}',
        '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
        '{ ($.a = 1) && (($.b != "x y") || ($.c >= -1.5e3)) }',
        "{ $.items[0].cidrIp = 10.0.0.0/8 }",
        "{ $.list[*].name = %^Delete.+% }",
        "{ $.readOnly IS FALSE && $.error IS NULL }",
        r'{ $.message = "said \"no\"" }',
    ],
)
def test_patterns_that_can_be_read(pattern: str) -> None:
    assert problem(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{ $.a = 1", "closing }"),
        ("{ }", "expected a selector"),
        ("{ $.a }", "expected a"),
        ("{ ($.a = 1 }", "expected a close"),
        ("{ $.a = 1 && }", "expected a selector"),
        ("{ $.a = 1 $.b = 2 }", "'$.b' is not expected"),
        ("{ eventName = x }", "expected a selector"),
        ('{ $.a = "x }', "cannot be read"),
        ("{ $.a > high }", "compares numbers"),
        ("{ $.a IS EMPTY }", "one of ('TRUE', 'FALSE', 'NULL')"),
        ("{ $.a NOT THERE }", "('EXISTS',)"),
        ('"open', "quote"),
        ("[ip, user", "bracket"),
    ],
)
def test_patterns_that_cannot_be_read(pattern: str, message: str) -> None:
    assert message in problem(pattern)


# Policies


def test_a_resource_policy_is_the_accounts(logs: Client, name: str) -> None:
    policy = document(allow({"Service": "events.amazonaws.com"}, "logs:PutLogEvents", "*"))

    logs.put_resource_policy(policyName=name, policyDocument=policy)

    found = logs.describe_resource_policies()["resourcePolicies"]
    [mine] = [entry for entry in found if entry["policyName"] == name]
    assert (mine["policyDocument"], mine["policyScope"]) == (policy, "ACCOUNT")
    logs.delete_resource_policy(policyName=name)


def test_what_is_no_resource_policy_is_refused(logs: Client, name: str) -> None:
    for text in ("{", document({"Effect": "Allow", "Action": "logs:*", "Resource": "*"})):
        with refused("InvalidParameterException", "malformed"):
            logs.put_resource_policy(policyName=name, policyDocument=text)
    statement = allow({"Service": "a.amazonaws.com"}, "logs:PutLogEvents", "x" * 5120)
    with refused("LimitExceededException", "5120"):
        logs.put_resource_policy(policyName=name, policyDocument=document(statement))


def test_what_is_not_emulated_is_said(logs: Client, group: str, account: str) -> None:
    arn = group_arn(account, group)
    calls: tuple[tuple[Any, dict[str, str]], ...] = (
        (logs.put_resource_policy, {"resourceArn": arn, "policyDocument": "{}"}),
        (
            logs.put_subscription_filter,
            {
                "logGroupName": group,
                "filterName": "f",
                "filterPattern": "",
                "destinationArn": f"arn:aws:lambda:us-east-1:{account}:function:f",
            },
        ),
    )
    for call, request in calls:
        with refused("NotImplemented", "is not emulated here"):
            call(**request)


def test_operations_answer_with_the_error_that_their_own_model_lists(logs: Client) -> None:
    with refused("ValidationException", "failed to satisfy constraint"):
        logs.put_delivery_destination(
            name="not a name",
            deliveryDestinationConfiguration={"destinationResourceArn": "arn:aws:s3:::logs"},
        )
