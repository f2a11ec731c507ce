"""Each kind of name, looked up in AWS: free, taken, created by the stack itself."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from posture.collect.access import Clients
from posture.collect.roles import ask_about_role

from sandbox.session import Sandbox
from stacks.lookups.found import Deployed, DeployedResource
from stacks.lookups.names import find_names
from stacks.lookups.queries import (
    attached_policies,
    describe_key,
    describe_roles,
    missing_identities,
)
from stacks.lookups.run import attached_by_others
from stacks.lookups.session import AwsClients
from stacks.planned import Kind, PlannedName

REGION = "us-east-1"
TRUST = '{"Version":"2012-10-17","Statement":[]}'


@pytest.fixture(scope="module")
def own_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def aws(own_sandbox: Sandbox) -> Any:
    """Clients of the management account, made directly: the session is tested by itself."""

    class Clients(AwsClients):
        def __init__(self) -> None:
            self.region = REGION

        def client(self, service: str, region: str | None = None) -> Any:
            return own_sandbox.session("management").client(service, region_name=region or REGION)

    return Clients()


def make_bucket(client: Callable[[str], Any], name: str) -> None:
    client("s3").create_bucket(Bucket=name)


def make_alias(client: Callable[[str], Any], name: str) -> None:
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName=name, TargetKeyId=key)


def make_role(client: Callable[[str], Any], name: str) -> None:
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":'
        '"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    )
    client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)


def make_policy(client: Callable[[str], Any], name: str) -> None:
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
    )
    client("iam").create_policy(PolicyName=name, PolicyDocument=document)


def make_log_group(client: Callable[[str], Any], name: str) -> None:
    client("logs").create_log_group(logGroupName=name)


def make_alarm(client: Callable[[str], Any], name: str) -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        MetricName="m",
        Namespace="n",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )


def make_organization_policy(client: Callable[[str], Any], name: str) -> None:
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
    )
    client("organizations").create_policy(
        Name=name, Description="theirs", Type="SERVICE_CONTROL_POLICY", Content=document
    )


MAKERS: dict[Kind, tuple[str, Callable[[Callable[[str], Any], str], object]]] = {
    Kind.BUCKET: ("names-bucket", make_bucket),
    Kind.ALIAS: ("alias/names", make_alias),
    Kind.ROLE: ("NamesRole", make_role),
    Kind.POLICY: ("NamesPolicy", make_policy),
    Kind.TOPIC: ("names-topic", lambda client, name: client("sns").create_topic(Name=name)),
    Kind.QUEUE: ("names-queue", lambda client, name: client("sqs").create_queue(QueueName=name)),
    Kind.RULE: (
        "names-rule",
        lambda client, name: client("events").put_rule(
            Name=name, EventPattern='{"source":["aws.s3"]}'
        ),
    ),
    Kind.ALARM: ("names-alarm", make_alarm),
    Kind.LOG_GROUP: ("/aws/names", make_log_group),
    Kind.DATABASE: (
        "names",
        lambda client, name: client("glue").create_database(DatabaseInput={"Name": name}),
    ),
    Kind.WORKGROUP: (
        "names",
        lambda client, name: client("athena").create_work_group(Name=name, Configuration={}),
    ),
    Kind.ORGANIZATION_POLICY: ("names-policy", make_organization_policy),
    Kind.ANALYZER: (
        "names",
        lambda client, name: client("accessanalyzer").create_analyzer(
            analyzerName=name, type="ACCOUNT"
        ),
    ),
}


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.name.lower())
def test_a_name_is_free_then_taken_then_the_stacks_own(
    own_sandbox: Sandbox, aws: AwsClients, kind: Kind
) -> None:
    name, make = MAKERS[kind]
    planned = [PlannedName(kind=kind, name=name, region=REGION)]
    account = own_sandbox.organization.management_account_id
    own = Deployed(
        resources=(DeployedResource(type=kind.type, name="x", properties={"name": name}),)
    )

    before = find_names(aws, planned, None, partition="aws", account=account)
    make(aws.client, name)
    after = find_names(aws, planned, None, partition="aws", account=account)
    ours = find_names(aws, planned, own, partition="aws", account=account)

    assert (before.taken, before.unread) == ((), ())
    assert (after.taken, after.unread) == (tuple(planned), ())
    assert (ours.taken, ours.unread) == ((), ())


@pytest.mark.parametrize("kind", [Kind.TRAIL, Kind.FUNCTION, Kind.STACK_SET])
def test_a_name_is_free_where_nothing_has_it(aws: AwsClients, kind: Kind) -> None:
    planned = [PlannedName(kind=kind, name="nothing-has-it", region=REGION)]

    found = find_names(aws, planned, None, partition="aws", account="111122223333")

    assert (found.taken, found.unread) == ((), ())


def test_a_bucket_of_another_account_is_hidden(own_sandbox: Sandbox, aws: AwsClients) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html"""
    theirs: Any = own_sandbox.session("workload").client("s3")
    theirs.create_bucket(Bucket="bucket-of-another-account")
    planned = [PlannedName(kind=Kind.BUCKET, name="bucket-of-another-account", region=REGION)]

    found = find_names(aws, planned, None, partition="aws", account="111122223333")

    assert (found.taken, found.hidden, found.unread) == ((), tuple(planned), ())


def test_policies_of_a_target_are_listed_with_aws_own(
    own_sandbox: Sandbox, aws: AwsClients
) -> None:
    root = own_sandbox.organization.root_id

    assert "FullAWSAccess" in attached_policies(aws, root, "SERVICE_CONTROL_POLICY")


def test_policies_that_cannot_be_listed_are_said_to_be_unread(
    own_sandbox: Sandbox, aws: AwsClients
) -> None:
    class Refused(AwsClients):
        def __init__(self) -> None:
            self.region = REGION

        def client(self, service: str, region: str | None = None) -> Any:
            # A member account's administrator reads nothing of the organization's root.
            return own_sandbox.session("workload").client(service, region_name=region or REGION)

    root, scp = own_sandbox.organization.root_id, "SERVICE_CONTROL_POLICY"
    own = Deployed(
        resources=(
            DeployedResource(
                type="aws:organizations/policy:Policy",
                name="x",
                properties={"name": "FullAWSAccess"},
            ),
        )
    )

    refused, unread = attached_by_others(Refused(), [root], [scp], None)

    assert refused == {}
    (text,) = unread
    assert text.startswith(f"the policies of type {scp} of target {root} cannot be listed")
    assert "AccessDenied" in text
    assert attached_by_others(aws, [root], [scp], own) == ({(root, scp): ()}, [])
    # That it is not there is a finding of its own.
    assert attached_by_others(aws, ["r-zzzz"], [scp], None)[1] == []


def test_identities_and_keys_that_do_not_exist_are_named(aws: AwsClients) -> None:
    aws.client("iam").create_group(GroupName="Developers")
    wanted = {"groups": ["Developers", "NoGroup"], "mfaUsers": ["ghost"], "roles": ["NoRole"]}

    assert missing_identities(aws, wanted) == (
        *(("groups", "NoGroup"), ("mfaUsers", "ghost"), ("roles", "NoRole")),
    )
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    found = describe_key(aws, key)
    assert found
    assert (found.state, found.usage) == ("Enabled", "ENCRYPT_DECRYPT")
    assert describe_key(aws, key[:-4] + "0000") is None


def test_the_role_of_a_permission_set_is_found_by_its_pattern(
    own_sandbox: Sandbox, aws: Any
) -> None:
    account = own_sandbox.organization.management_account_id
    reserved = f"arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com"
    trust = TRUST.replace("[]", '[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]')
    for path, name in (
        ("/aws-reserved/sso.amazonaws.com/eu-west-1/", "AWSReservedSSO_Deploy_0123456789abcdef"),
        ("/", "AWSReservedSSO_Alike_0123456789abcdef"),
    ):
        aws.client("iam").create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    here, elsewhere, alike = (
        f"{reserved}/*/AWSReservedSSO_Deploy_*",
        f"{reserved}/AWSReservedSSO_Deploy_*",
        f"{reserved}/*/AWSReservedSSO_Alike_*",
    )

    found = describe_roles(aws, [here, elsewhere, alike])
    clients = {account: Clients(own_sandbox.session("management"))}
    answers = [ask_about_role(clients, each, REGION) for each in (here, elsewhere, alike)]

    assert [role is not None for role in found.values()] == [True, False, False]
    assert [answer.error for answer in answers] == ["", "", ""]
    assert [answer.value is not None for answer in answers] == [True, False, False]
