"""What surrounds a resource under test, and the way an engine leads it through its life."""

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.plugin.provider import Provider
from sandbox.tests.support import Clients


@dataclass
class World:
    """AWS beside the provider, in the account that the resource is in."""

    clients: Clients
    name: str
    """Different in every test."""
    organization: Organization
    profile: str = "management"

    def client(self, service: str) -> Client:
        """The boto3 client of a service."""
        return self.clients(service, self.profile)

    def bucket(self, suffix: str = "", **request: object) -> str:
        """Make a bucket; answers its name."""
        name = f"{self.name}{suffix}"
        self.client("s3").create_bucket(Bucket=name, **request)
        return name

    def key(self) -> str:
        """Make a key; answers its id."""
        return self.client("kms").create_key()["KeyMetadata"]["KeyId"]

    def role(self) -> str:
        """Make a role; answers its name."""
        self.client("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument=TRUST)
        return self.name

    def iam_policy(self) -> str:
        """Make a managed policy; answers its ARN."""
        made = self.client("iam").create_policy(PolicyName=self.name, PolicyDocument=READ)
        return made["Policy"]["Arn"]

    def scp(self) -> str:
        """Make a service control policy; answers its id."""
        made = self.client("organizations").create_policy(
            Name=self.name, Content=DENY, Description="", Type="SERVICE_CONTROL_POLICY"
        )
        return made["Policy"]["PolicySummary"]["Id"]

    def trail_bucket(self) -> str:
        """Make a bucket that CloudTrail may write to; answers its name."""
        bucket = self.bucket("-trail")
        policy = document(
            allow("cloudtrail", "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"),
            allow("cloudtrail", "s3:PutObject", f"arn:aws:s3:::{bucket}/*"),
        )
        self.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)
        return bucket


@dataclass
class Deployed:
    """A resource as an engine remembers it."""

    provider: Provider
    token: str
    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]
    logical_name: str = field(default="res")

    def check(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Check new inputs against those of before; they must be right."""
        checked = self.provider.check(self.token, self.logical_name, inputs, self.inputs)
        assert checked.failures == []
        return checked.inputs

    def changes(self, inputs: dict[str, Any]) -> list[str]:
        """The places that new inputs would change."""
        diff = self.provider.diff(self.token, self.state, self.check(inputs))
        return [str(change.place) for change in diff.changes]

    def replaces(self, inputs: dict[str, Any]) -> list[str]:
        """The properties for which new inputs would replace the resource."""
        return self.provider.diff(self.token, self.state, self.check(inputs)).replaces

    def update(self, inputs: dict[str, Any]) -> None:
        """Change the resource in place."""
        self.inputs = self.check(inputs)
        self.state = self.provider.update(self.token, self.id, self.state, self.inputs)

    def refresh(self) -> bool:
        """Read the resource; answers whether it is still there."""
        found = self.provider.read(self.token, self.id, self.state, self.inputs)
        if found is not None:
            self.state, self.inputs = found.state, found.inputs
        return found is not None

    def delete(self) -> None:
        """Delete the resource."""
        self.provider.delete(self.token, self.id, self.state)


def deploy(
    provider: Provider, token: str, inputs: dict[str, Any], logical_name: str = "res"
) -> Deployed:
    """Check and create a resource."""
    checked = provider.check(token, logical_name, inputs)
    assert checked.failures == []
    created = provider.create(token, logical_name, checked.inputs)
    return Deployed(provider, token, created.id, checked.inputs, created.state, logical_name)


def document(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(service: str, action: object, resource: str = "*", **more: object) -> dict[str, Any]:
    """A statement that lets an AWS service do something."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": action,
        "Resource": resource,
        **more,
    }


def trust(service: str) -> str:
    """A policy with which a role trusts an AWS service."""
    statement = allow(service, "sts:AssumeRole")
    del statement["Resource"]
    return document(statement)


TRUST = trust("lambda")
READ = document({"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"})
READ_REORDERED = document(
    {"Resource": ["*"], "Action": ["s3:ListBucket", "s3:GetObject"], "Effect": "Allow"}
)
WRITE = document({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})
DENY = document({"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"})
DENY_MORE = document({"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*"})
