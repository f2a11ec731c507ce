"""What AWS makes once under a name: found by it, with the id that an import takes."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from adoption import existing
from adoption.existing import Existing
from adoption.named import NAMED
from adoption.planned import Planned
from adoption.roles import ROLE

from sandbox.engine.found import NoPulumi
from sandbox.organization import role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import document
from stacks.lookups.session import AwsClients
from stacks.planned import Kind

NAME = "adopted"
BUCKET, ALIAS = "aws:s3/bucket:Bucket", "aws:kms/alias:Alias"
POLICY = "aws:organizations/policy:Policy"
TRAIL = {"Type": "AWS::CloudTrail::Trail", "Properties": {"S3BucketName": NAME, "IsLogging": True}}
TABLE = {"name": NAME, "databaseName": NAME}
PERMISSION = {"function": NAME, "statementId": "events"}

TABLE_OF_IDS: list[tuple[str, dict[str, Any], str]] = [
    ("aws:accessanalyzer/analyzer:Analyzer", {"analyzerName": NAME}, NAME),
    ("aws:athena/workgroup:Workgroup", {"name": NAME}, NAME),
    ("aws:cloudformation/stackSet:StackSet", {"name": NAME}, NAME),
    ("aws:cloudwatch/eventBus:EventBus", {"name": NAME}, NAME),
    ("aws:cloudwatch/eventRule:EventRule", {"name": NAME}, NAME),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": NAME}, NAME),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"name": NAME}, NAME),
    ("aws:glue/catalogDatabase:CatalogDatabase", {"name": NAME}, "{account}:adopted"),
    ("aws:glue/catalogTable:CatalogTable", TABLE, "{account}:adopted:adopted"),
    ("aws:iam/policy:Policy", {"name": NAME}, "arn:aws:iam::{account}:policy/adopted"),
    ("aws:lambda/function:Function", {"name": NAME}, NAME),
    ("aws:lambda/permission:Permission", PERMISSION, "adopted/events"),
    ("aws:sns/topic:Topic", {"name": NAME}, "arn:aws:sns:us-east-1:{account}:adopted"),
    ("aws:sqs/queue:Queue", {"name": NAME}, "{endpoint}/{account}/adopted"),
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pulumi=NoPulumi("these tests need none")) as running:
        make_all(running)
        yield running


def make_all(sandbox: Sandbox) -> None:
    """One of each, all with the same name."""
    session = sandbox.session("management")

    def client(service: str) -> Any:
        return session.client(service)

    client("accessanalyzer").create_analyzer(analyzerName=NAME, type="ACCOUNT")
    client("athena").create_work_group(Name=NAME)
    client("cloudformation").activate_organizations_access()
    client("cloudformation").create_stack_set(
        StackSetName=NAME,
        TemplateBody=json.dumps({"Resources": {"Trail": TRAIL}}),
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": False},
    )
    client("events").create_event_bus(Name=NAME)
    client("events").put_rule(Name=NAME, ScheduleExpression="rate(5 minutes)")
    client("cloudwatch").put_metric_alarm(
        AlarmName=NAME,
        Namespace="AWS/S3",
        MetricName="PutRequests",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
    )
    client("sns").create_topic(Name=NAME)
    client("sqs").create_queue(QueueName=NAME)
    client("logs").create_log_group(logGroupName=NAME)
    client("glue").create_database(DatabaseInput={"Name": NAME})
    client("glue").create_table(DatabaseName=NAME, TableInput={"Name": NAME})
    allowed = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
    client("iam").create_policy(PolicyName=NAME, PolicyDocument=document(allowed))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "")
    client("lambda").create_function(
        FunctionName=NAME,
        Runtime="python3.13",
        Role=role_arn(sandbox.organization.management_account_id, "OrganizationAdmin"),
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
    )
    client("lambda").add_permission(
        FunctionName=NAME,
        StatementId="events",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
    )


def ids(sandbox: Sandbox, kind: str, inputs: dict[str, Any]) -> list[str]:
    files = {
        "sharedConfigFiles": [sandbox.environment["AWS_CONFIG_FILE"]],
        "sharedCredentialsFiles": [sandbox.environment["AWS_SHARED_CREDENTIALS_FILE"]],
    }
    aws = AwsClients(None, {"profile": "management", **files})
    return list(Existing(aws, [Planned(kind, "it", inputs)]).ids().values())


@pytest.mark.parametrize(("kind", "inputs", "expected"), TABLE_OF_IDS)
def test_what_is_there_is_found_by_its_name(
    sandbox: Sandbox, kind: str, inputs: dict[str, Any], expected: str
) -> None:
    account = sandbox.organization.management_account_id

    assert ids(sandbox, kind, inputs) == [
        expected.format(account=account, endpoint=sandbox.endpoint)
    ]


@pytest.mark.parametrize(("kind", "inputs", "_expected"), TABLE_OF_IDS)
def test_what_is_not_there_is_not_found(
    sandbox: Sandbox, kind: str, inputs: dict[str, Any], _expected: str
) -> None:
    assert ids(sandbox, kind, {key: f"{value}-not" for key, value in inputs.items()}) == []


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_that_is_not_known_yet_is_not_looked_up(sandbox: Sandbox, kind: str) -> None:
    assert ids(sandbox, kind, {}) == []


def test_every_type_has_its_row_in_the_table() -> None:
    assert NAMED.keys() <= {kind for kind, _, _ in TABLE_OF_IDS}


def test_every_name_that_preflight_finds_taken_can_be_adopted() -> None:
    others = {BUCKET, ALIAS, ROLE, existing.LOG_GROUP, existing.TRAIL, POLICY}

    assert {kind.type for kind in Kind} <= NAMED.keys() | others
