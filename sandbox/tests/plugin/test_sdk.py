"""What the installed SDK says."""

import importlib.metadata
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.plugin import sdk
from sandbox.plugin.property_path import PropertyPath
from sandbox.plugin.sdk import UnknownNameError
from sandbox.plugin.sdk_types import Type
from sandbox.plugin.services import FUNCTIONS, TABLE

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def test_the_version_is_the_sdks() -> None:
    assert importlib.metadata.version("pulumi-aws") == sdk.VERSION


@pytest.mark.parametrize(
    ("token", "name", "kind"),
    [
        (BUCKET, "forceDestroy", "boolean"),
        (BUCKET, "acl", "string"),  # an enumeration, or its text
        (BUCKET, "policy", "document"),
        (BUCKET, "tags", "map"),
        (BUCKET, "versioning", "object"),
        (BUCKET, "grants", "list"),
        ("aws:kms/key:Key", "deletionWindowInDays", "integer"),
        ("aws:lambda/function:Function", "code", "asset"),
        ("aws:s3/bucketObject:BucketObject", "source", "asset"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "threshold", "number"),
    ],
)
def test_inputs_have_the_type_that_the_sdk_annotates(token: str, name: str, kind: str) -> None:
    assert sdk.resource_schema(token).inputs.fields[name].type.kind == kind


def test_nested_inputs_and_outputs_are_described_too() -> None:
    schema = sdk.resource_schema(LIFECYCLE)

    for side in (schema.inputs, schema.outputs):
        rule = side.fields["rules"].type.element
        assert rule.fields["expiration"].type.fields["days"].type == Type("integer")


def test_required_inputs_are_known() -> None:
    fields = sdk.resource_schema(LIFECYCLE).inputs.fields

    assert [name for name, field in fields.items() if field.required] == ["bucket"]
    rule = fields["rules"].type.element.fields
    assert [name for name, field in rule.items() if field.required] == ["id", "status"]


def test_a_resource_whose_arguments_share_a_name_with_a_nested_type_has_its_own() -> None:
    fields = sdk.resource_schema("aws:s3/bucketVersioning:BucketVersioning").inputs.fields

    assert "versioningConfiguration" in fields


def test_names_of_lists_of_blocks_are_singular_in_terraform() -> None:
    fields = sdk.resource_schema(LIFECYCLE).inputs.fields

    assert fields["rules"].upstream == "rule"
    assert fields["transitionDefaultMinimumObjectSize"].upstream == (
        "transition_default_minimum_object_size"
    )


def test_a_functions_arguments_and_results_are_known() -> None:
    schema = sdk.function_schema(
        "aws:organizations/getOrganizationalUnitDescendantAccounts:"
        "getOrganizationalUnitDescendantAccounts"
    )

    assert list(schema.inputs.fields) == ["parentId"]
    assert "accounts" in schema.outputs.fields
    assert "email" in schema.outputs.fields["accounts"].type.element.fields


def test_arguments_that_are_objects_are_described() -> None:
    schema = sdk.function_schema("aws:iam/getPolicyDocument:getPolicyDocument")

    statement = schema.inputs.fields["statements"].type.element
    assert "notActions" in statement.fields


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (
            "aws:s3/buckt:Bucket",
            "unknown resource type 'aws:s3/buckt:Bucket'. Did you mean 'aws:s3/bucket:Bucket'?",
        ),
        ("xyzzy", "unknown resource type 'xyzzy'."),
    ],
)
def test_an_unknown_type_is_an_error_with_the_nearest_name(token: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        sdk.resource_schema(token)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (
            "aws:iam/getRolle:getRolle",
            "unknown function 'aws:iam/getRolle:getRolle'. Did you mean 'getRole'?",
        ),
        ("aws:nowhere/getIt:getIt", "unknown function 'aws:nowhere/getIt:getIt'."),
        ("getRole", "unknown function 'getRole'."),
    ],
)
def test_an_unknown_function_is_an_error_with_the_nearest_name(token: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        sdk.function_schema(token)

    assert str(caught.value) == message


def test_threads_see_whole_modules() -> None:
    tokens = ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"] * 8

    with ThreadPoolExecutor(16) as pool:
        schemas = list(pool.map(sdk.resource_schema, tokens))

    assert all(schema.inputs.fields for schema in schemas)


def _patterns(type_: Type, place: PropertyPath) -> set[str]:
    if type_.kind == "object":
        inner = [(field.type, place.property(field)) for field in type_.fields.values()]
    elif type_.kind in {"list", "map"}:
        inner = [(type_.element, place.item(0))]
    else:
        inner = []
    return {at.pattern for _, at in inner}.union(*(_patterns(kind, at) for kind, at in inner))


@pytest.mark.parametrize("token", TABLE)
def test_a_row_speaks_only_of_inputs_that_the_sdk_has(token: str) -> None:
    row = TABLE[token]
    used = {
        *row.replace,
        *row.defaults,
        *row.computed,
        *row.sets,
        *row.equal,
        *row.state_only,
        *row.validate,
        *row.not_emulated,
    }
    for relation in row.relations:
        prefix = f"{relation.at}." if relation.at else ""
        used.update(f"{prefix}{name}" for name in relation.names)
    if row.name is not None:
        used.add(row.name.input_name)

    assert used - _patterns(sdk.resource_schema(token).inputs, PropertyPath()) == set()


@pytest.mark.parametrize("token", FUNCTIONS)
def test_a_function_speaks_only_of_arguments_that_the_sdk_has(token: str) -> None:
    assert set(FUNCTIONS[token].required) <= sdk.function_schema(token).inputs.fields.keys()
