"""The provider's configuration, and the account that it leads to."""

import json
from typing import Any

import pulumi_aws
import pytest

from sandbox.plugin import configuration, sdk
from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.sdk_types import Type
from sandbox.plugin.values import UNKNOWN
from sandbox.session import Sandbox
from sandbox.tests.plugin.conftest import Providers

MISTAKE = "`aws:regoin` is not a valid configuration key"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "x"}


@pytest.fixture
def aws_environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sandbox.environment.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)


def test_what_is_no_text_comes_as_json_in_a_text() -> None:
    wire = {
        "region": "us-east-1",
        "version": "7.0.0",
        "skipCredentialsValidation": "true",
        "assumeRoles": json.dumps([{"roleArn": "arn", "externalId": SECRET}]),
        "profile": UNKNOWN,
    }

    assert configuration.decode(wire) == {
        "region": "us-east-1",
        "version": "7.0.0",
        "skipCredentialsValidation": True,
        "assumeRoles": [{"roleArn": "arn", "externalId": "x"}],
        "profile": UNKNOWN,
    }


def test_a_configuration_goes_back_as_it_came() -> None:
    wire = {"region": "us-east-1", "allowedAccountIds": '["123456789012"]', "profile": UNKNOWN}

    assert configuration.encode(configuration.decode(wire)) == wire


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (
            {"regoin": "us-east-1"},
            f"{MISTAKE}. Examine values at 'aws.regoin'. Did you mean 'region'?",
        ),
        (
            {"httpProxy": "http://proxy"},
            "`aws:httpProxy` is not emulated in the sandbox. Examine values at 'aws.httpProxy'.",
        ),
        (
            {"allowedAccountIds": "1234"},
            "expected list type, got string type. Examine values at 'aws.allowedAccountIds'.",
        ),
    ],
)
def test_a_wrong_key_is_named(config: dict[str, Any], reason: str) -> None:
    assert [failure.reason for failure in Provider().check_config(config).failures] == [reason]


@pytest.mark.parametrize("name", Type("object", pulumi_aws.ProviderArgs).fields)
def test_every_key_of_the_real_provider_is_used_or_said_not_to_be_emulated(name: str) -> None:
    reasons = [failure.reason for failure in Provider().check_config({name: UNKNOWN}).failures]

    emulated = name in configuration.USED | configuration.WITHOUT_EFFECT
    place = f"Examine values at 'aws.{name}'."
    refusal = f"`aws:{name}` is not emulated in the sandbox. {place}"
    assert reasons == ([] if emulated else [refusal])


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        ([{"roleARN": "arn"}], "Invalid or unknown key. Examine values at 'aws.assumeRoles[0]."),
        ("arn", "expected list type, got string type"),
        ([{"roleArn": ["arn"]}], "expected string type, got list type"),
    ],
)
def test_a_mistake_in_assumed_roles_is_named(roles: Any, reason: str) -> None:
    (failure,) = Provider().check_config({"assumeRoles": roles}).failures

    assert reason in failure.reason


@pytest.mark.parametrize("version", [sdk.VERSION, "7.0.0", "7.999.1"])
def test_every_sdk_of_the_major_version_is_served(version: str) -> None:
    assert Provider().check_config({"version": version}).failures == []


@pytest.mark.parametrize("version", ["6.60.0", "8.0.0"])
def test_another_major_version_is_an_error_that_names_the_one_to_take(version: str) -> None:
    (failure,) = Provider().check_config({"version": version}).failures

    assert f"the program uses version {version} of the aws SDK" in failure.reason
    assert failure.reason.endswith("Take pulumi-aws >=7,<8 (@pulumi/aws ^7.0.0).")


def test_a_wrong_configuration_does_not_connect() -> None:
    with pytest.raises(ResourceError, match=MISTAKE):
        Provider().configure({"regoin": "us-east-1"})


@pytest.mark.parametrize(
    ("old", "new", "changes", "replaces"),
    [
        ({"region": "a"}, {"region": "a"}, [], []),
        ({"region": "a"}, {"region": "b"}, ["region"], ["region"]),
        ({"profile": "a"}, {"profile": UNKNOWN}, ["profile"], ["profile"]),
        ({}, {"region": "a"}, ["region"], []),
        ({"accessKey": "a", "token": "t"}, {"accessKey": "b"}, ["accessKey", "token"], []),
    ],
)
def test_another_region_or_profile_is_another_provider(
    old: dict[str, Any], new: dict[str, Any], changes: list[str], replaces: list[str]
) -> None:
    diff = Provider().diff_config(old, new)

    assert [change.top for change in diff.changes] == changes
    assert diff.replaces == replaces


@pytest.mark.parametrize("profile", ["management", "security", "workload"])
def test_a_profile_leads_to_its_account(
    profile: str, providers: Providers, sandbox: Sandbox
) -> None:
    accounts = {
        "management": sandbox.organization.management_account_id,
        "security": sandbox.organization.security_account_id,
        "workload": sandbox.organization.workload_account_id,
    }

    assert providers(profile).account.account_id == accounts[profile]


def test_roles_are_assumed_one_after_the_other(providers: Providers, sandbox: Sandbox) -> None:
    security = sandbox.organization.roles["security"]
    provider = providers(
        assumeRoles=[
            {"roleArn": sandbox.organization.roles["management"]},
            {"roleArn": security, "sessionName": "audit", "duration": "1h", "tags": {"a": "1"}},
        ]
    )

    role = security.rpartition("/")[2]
    assert provider.account.identity["Arn"].endswith(f":assumed-role/{role}/audit")


@pytest.mark.usefixtures("aws_environment")
def test_keys_lead_to_their_account(sandbox: Sandbox) -> None:
    operator = sandbox.organization.operator
    provider = Provider()

    provider.configure(
        {
            "region": "eu-west-1",
            "accessKey": operator.access_key_id,
            "secretKey": operator.secret_access_key,
        }
    )

    assert provider.account.identity["Arn"].endswith(":user/operator")
    assert provider.account.region == "eu-west-1"


@pytest.mark.usefixtures("aws_environment")
def test_the_region_may_come_from_the_environment_or_the_profile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = Provider()
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    provider.configure({})
    assert provider.account.region == "eu-central-1"

    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    provider.configure({"profile": "security"})
    assert provider.account.region == "us-east-1"


def test_without_a_region_the_error_says_what_to_do() -> None:
    with pytest.raises(ResourceError, match="aws:region is not set: run `pulumi config set"):
        Provider().configure({"accessKey": "a", "secretKey": "b"})


@pytest.mark.usefixtures("aws_environment")
@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"profile": "absent"}, "AWS profile 'absent' is in no AWS configuration file; there are:"),
        (
            {"accessKey": "AKIAUNKNOWN000000000", "secretKey": "x"},
            "unable to validate AWS credentials: operation error STS: GetCallerIdentity",
        ),
        ({"allowedAccountIds": ["111111111111"]}, "AWS account ID not allowed: 123456789012"),
        ({"forbiddenAccountIds": ["123456789012"]}, "AWS account ID not allowed: 123456789012"),
        (
            {"assumeRoles": [{"roleArn": "arn:aws:iam::123456789012:role/a", "duration": "long"}]},
            "duration 'long' is no duration: write for example 1h, 30m or 1h30m",
        ),
    ],
)
def test_credentials_that_lead_nowhere_are_refused(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ResourceError) as caught:
        Provider().configure({"region": "us-east-1", **config})

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_provider_that_is_not_configured_says_so() -> None:
    with pytest.raises(ResourceError, match="was not configured before it was used"):
        Provider().read("aws:s3/bucket:Bucket", "b")
