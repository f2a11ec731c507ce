"""What CloudTrail needs of a log group and of the role that it delivers with."""

from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization, role_arn
from sandbox.tests.support import Clients, allow, document, refused

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
GROUP, ROLE = "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn"
TRUST = {"Effect": "Allow", "Principal": CLOUDTRAIL, "Action": "sts:AssumeRole"}
NO_GROUP = "InvalidCloudWatchLogsLogGroupArnException"
NO_ROLE = "InvalidCloudWatchLogsRoleArnException"


@dataclass(frozen=True)
class Delivery:
    """A bucket for the logs of all accounts, a log group, and a role without permissions."""

    clients: Clients
    account: str
    name: str
    bucket: str

    @property
    def group(self) -> str:
        """The ARN of the log group as a trail takes it."""
        return f"arn:aws:logs:us-east-1:{self.account}:log-group:{self.name}:*"

    @property
    def streams(self) -> str:
        """How the ARNs of the group's streams begin."""
        return self.group.removesuffix("*") + "log-stream:"

    @property
    def role(self) -> str:
        """The ARN of the role."""
        return role_arn(self.account, self.name)

    @property
    def trails(self) -> Client:
        """CloudTrail in the management account."""
        return self.clients("cloudtrail")

    def allow(self, *resources: str, actions: object = "logs:*") -> None:
        """Let the role do something."""
        statement = {"Effect": "Allow", "Action": actions, "Resource": list(resources)}
        self.clients("iam").put_role_policy(
            RoleName=self.name, PolicyName="in", PolicyDocument=document(statement)
        )

    def make(self, **settings: Any) -> dict[str, Any]:
        """Create a trail with group and role, if nothing else is said, read it and delete it."""
        wanted = {GROUP: self.group, ROLE: self.role, **settings}
        given = {key: value for key, value in wanted.items() if value is not None}
        self.trails.create_trail(Name=self.name, S3BucketName=self.bucket, **given)
        found = self.trails.get_trail(Name=self.name)["Trail"]
        self.trails.delete_trail(Name=self.name)
        return found


@pytest.fixture
def delivery(clients: Clients, organization: Organization, name: str, bucket: str) -> Delivery:
    arn = f"arn:aws:s3:::{bucket}"
    statements = (
        allow(CLOUDTRAIL, "s3:GetBucketAcl", arn),
        allow(CLOUDTRAIL, "s3:PutObject", f"{arn}/*"),
    )
    clients("s3", "security").put_bucket_policy(Bucket=bucket, Policy=document(*statements))
    clients("logs").create_log_group(logGroupName=name)
    clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document(TRUST))
    return Delivery(clients, organization.management_account_id, name, bucket)


def test_a_trail_delivers_to_a_group_with_a_role(delivery: Delivery) -> None:
    delivery.allow(delivery.streams + "*")

    found = delivery.make()

    assert (found[GROUP], found[ROLE]) == (delivery.group, delivery.role)


def test_the_group_must_exist_in_the_trails_region_and_end_in_a_star(delivery: Delivery) -> None:
    delivery.allow("*")
    for bad in (
        delivery.group.removesuffix(":*"),
        delivery.group.replace(delivery.name, f"{delivery.name}-none"),
        delivery.group.replace("us-east-1", "eu-west-1"),
        None,
    ):
        with refused(NO_GROUP, ":*"):
            delivery.make(**{GROUP: bad})
    with refused(NO_ROLE):
        delivery.make(**{ROLE: None})


def test_the_role_must_trust_cloudtrail_for_the_trail(delivery: Delivery) -> None:
    delivery.allow("*")

    def only_for(trail: str) -> None:
        source = f"arn:aws:cloudtrail:us-east-1:{delivery.account}:trail/{trail}"
        condition = {"StringEquals": {"aws:SourceArn": source}}
        delivery.clients("iam").update_assume_role_policy(
            RoleName=delivery.name, PolicyDocument=document({**TRUST, "Condition": condition})
        )

    only_for("another")
    with refused(NO_ROLE, "cannot assume"):
        delivery.make()

    only_for(delivery.name)
    assert delivery.make()[ROLE] == delivery.role


@pytest.mark.parametrize(
    ("actions", "stream", "missing"),
    [
        ("logs:PutLogEvents", "*", "logs:CreateLogStream"),
        ("logs:CreateLogStream", "*", "logs:PutLogEvents"),
        ("logs:*", "210987654321_CloudTrail*", "ACCOUNT_CloudTrail_us-east-1"),
        ("logs:*", "ACCOUNT_CloudTrail_eu-west-1*", "ACCOUNT_CloudTrail_us-east-1"),
    ],
)
def test_the_role_must_be_allowed_to_write_streams(
    delivery: Delivery, actions: str, stream: str, missing: str
) -> None:
    streams = delivery.streams + stream.replace("ACCOUNT", delivery.account)
    delivery.allow(streams, actions=actions)

    with refused(NO_ROLE, missing.replace("ACCOUNT", delivery.account)):
        delivery.make()


def test_the_role_of_an_organization_trail_must_write_the_members_streams(
    delivery: Delivery, organization: Organization
) -> None:
    own = f"{delivery.streams}{delivery.account}_CloudTrail_us-east-1*"
    members = f"{delivery.streams}{organization.id}_*"

    delivery.allow(own)
    with refused(NO_ROLE, f"log-stream:{organization.id}_"):
        delivery.make(IsOrganizationTrail=True)

    delivery.allow(own, members)
    assert delivery.make(IsOrganizationTrail=True)[GROUP] == delivery.group


def test_a_managed_policy_counts_within_the_permissions_boundary(delivery: Delivery) -> None:
    iam = delivery.clients("iam")
    arn = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"
    iam.attach_role_policy(RoleName=delivery.name, PolicyArn=arn)
    assert delivery.make()[ROLE] == delivery.role

    iam.put_role_permissions_boundary(
        RoleName=delivery.name, PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3FullAccess"
    )
    with refused(NO_ROLE, "logs:CreateLogStream"):
        delivery.make()


def test_an_update_is_tried_out_too(delivery: Delivery) -> None:
    trails, name = delivery.trails, delivery.name
    trails.create_trail(Name=name, S3BucketName=delivery.bucket)
    settings = {GROUP: delivery.group, ROLE: delivery.role}

    with refused(NO_ROLE, "adequate permissions"):
        trails.update_trail(Name=name, **settings)
    delivery.allow("*")
    trails.update_trail(Name=name, **settings)
    trails.update_trail(Name=name, **dict.fromkeys(settings, ""))

    assert not settings.keys() & trails.get_trail(Name=name)["Trail"].keys()
    trails.delete_trail(Name=name)
