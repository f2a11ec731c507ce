"""The stand-in against what the installed SDK says of every resource type that it knows.

The SDK's classes say types, required inputs, secrets and deprecations; its documentation says
defaults and allowed values.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.plugin import sdk
from sandbox.plugin.catalog import find_resource_type
from sandbox.plugin.provider import Provider
from sandbox.plugin.schema import package_schema
from sandbox.plugin.sdk_types import Field, Type
from sandbox.plugin.services import TABLE

DECIDED_BY_AWS = {
    ("aws:cfg/organizationManagedRule:OrganizationManagedRule", "maximumExecutionFrequency"),
    ("aws:kms/key:Key", "deletionWindowInDays"),
}
"""Documented defaults that neither Terraform nor the SDK puts into the inputs."""

NOT_EMULATED = {
    ("aws:cloudformation/stackSet:StackSet", "permissionModel", "SELF_MANAGED"),
    ("aws:lambda/function:Function", "packageType", "Image"),
    ("aws:s3/bucket:Bucket", "bucketNamespace", "account-regional"),
    ("aws:s3/bucketV2:BucketV2", "bucketNamespace", "account-regional"),
}
"""Values that the real provider takes; the stand-in says of them that they are not emulated."""

UNSET = {"false", "0", "", "[]", "{}"}
DEFAULT = re.compile(r"[Dd]efaults? (?:to|is|value is) `([^`]*)`")
VALUES = re.compile(
    r"(?:[Vv]alid values?|[Vv]alid options|[Pp]ossible values?|[Ss]upported values?)"
    r"(?: are| is|:| include)?[^`.]{0,40}((?:`[^`]+`(?:, and | or |, or | and |, |/)?)+)"
)


def documented(
    at: str, type_: Type, above: tuple[Any, ...] = ()
) -> Iterator[tuple[str, Field, str]]:
    """Every input with its pattern and documentation."""
    while type_.kind in {"list", "map"}:
        at, type_ = f"{at}.*", type_.element
    if type_.kind != "object" or type_.source in above:
        return
    texts = {
        vars(member.fget)["_pulumi_name"]: member.fget.__doc__ or ""
        for member in vars(type_.source).values()
        if isinstance(member, property) and member.fget is not None
    }
    for name, field in type_.fields.items():
        pattern = f"{at}.{name}".removeprefix(".")
        yield pattern, field, " ".join(texts.get(name, "").split())
        yield from documented(pattern, field.type, (*above, type_.source))


def emulated(token: str) -> Iterator[tuple[str, Field, str]]:
    """Those that the stand-in emulates."""
    type_ = find_resource_type(token)
    refused = tuple(type_.row.not_emulated)
    for pattern, field, text in documented("", type_.schema.inputs):
        if not any(pattern == each or pattern.startswith(f"{each}.") for each in refused):
            yield pattern, field, text


@pytest.mark.parametrize("token", TABLE)
def test_every_required_input_is_demanded_and_no_other(token: str, provider: Provider) -> None:
    schema = sdk.resource_schema(token)

    failures = provider.check(token, "res", {}).failures

    missing = {failure.property for failure in failures if "Missing required" in failure.reason}
    assert missing == {name for name, field in schema.inputs.fields.items() if field.required}


@pytest.mark.parametrize("token", TABLE)
def test_an_input_of_the_wrong_type_is_rejected_at_its_place(
    token: str, provider: Provider
) -> None:
    fields = sdk.resource_schema(token).inputs.fields.values()
    wrong = {
        field.name: "text" if field.type.kind in {"list", "map", "object", "integer"} else ["list"]
        for field in fields
        if field.type.kind not in {"any", "asset"}
    }

    failures = provider.check(token, "res", wrong).failures

    mistyped = {failure.property for failure in failures if "type, got" in failure.reason}
    assert mistyped == wrong.keys()


@pytest.mark.parametrize("token", TABLE)
def test_an_input_that_the_sdk_lacks_is_rejected(token: str, provider: Provider) -> None:
    failures = provider.check(token, "res", {"notAnInput": 1}).failures

    assert "notAnInput" in {failure.property for failure in failures}


@pytest.mark.parametrize("token", TABLE)
def test_documented_defaults_are_those_of_the_row(token: str) -> None:
    row = find_resource_type(token).row
    for pattern, _, text in emulated(token):
        match = DEFAULT.search(text)
        default = match[1].strip('"') if match else ""
        if (
            default.lower() in UNSET
            or pattern in row.computed
            or (token, pattern) in DECIDED_BY_AWS
        ):
            continue
        assert str(row.defaults.get(pattern)).lower() == default.lower(), pattern


@pytest.mark.parametrize("token", TABLE)
def test_documented_values_are_allowed_and_others_are_not(token: str) -> None:
    row = find_resource_type(token).row
    for pattern, field, text in emulated(token):
        match = VALUES.search(text)
        if match is None or field.type.kind != "string" or pattern == "region":
            continue
        assert row.validate.get(pattern), f"{pattern} is not checked: {text}"
        for value in (each.strip('"') for each in re.findall(r"`([^`]+)`", match[1])):
            problems = [p for check in row.validate[pattern] for p in check(pattern, value)]
            if (token, pattern, value) in NOT_EMULATED:
                assert any("emulated" in problem for problem in problems), (pattern, value)
            else:
                assert problems == [], (pattern, value)


@pytest.mark.parametrize("token", TABLE)
def test_what_is_computed_is_never_demanded(token: str) -> None:
    schema, row = sdk.resource_schema(token), find_resource_type(token).row

    for name in row.computed & schema.inputs.fields.keys():
        assert not schema.inputs.fields[name].required
    assert sdk.computed(schema) <= row.computed


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    return package_schema()["resources"]


@pytest.mark.parametrize("token", TABLE)
def test_secrets_and_deprecations_are_in_the_schema(token: str, resources: dict[str, Any]) -> None:
    schema, described = sdk.resource_schema(token), resources[token]

    for properties in (described["inputProperties"], described["properties"]):
        secret = {name for name, property_ in properties.items() if property_.get("secret")}
        assert secret == sdk.secrets(schema) & properties.keys()
        for name, property_ in properties.items():
            deprecated = (
                schema.outputs.fields[name].deprecated if name in schema.outputs.fields else ""
            )
            assert property_.get("deprecationMessage", "") == deprecated
    assert described.get("deprecationMessage", "") == sdk.deprecation(schema)


def test_tokens_are_secret_and_a_buckets_own_policy_is_deprecated(
    resources: dict[str, Any],
) -> None:
    lock = resources["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"]
    bucket = resources["aws:s3/bucket:Bucket"]

    assert lock["properties"]["token"]["secret"] is True
    assert "BucketPolicy" in bucket["inputProperties"]["policy"]["deprecationMessage"]
    assert "deprecated" in resources["aws:s3/bucketV2:BucketV2"]["deprecationMessage"]
