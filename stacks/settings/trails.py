"""Settings that are objects: what trails record, and what protects them."""

from typing import Annotated, Literal, TypedDict

from cloudtrail_guard import quotas
from cloudtrail_guard.event_data_store import MAX_RETENTION_DAYS, MIN_RETENTION_DAYS
from cloudtrail_guard.trail import DataEventsArgs
from pydantic import Field, model_validator

from stacks.settings import identifiers
from stacks.settings.base import Group


class DataEventSettings(Group):
    """Which data events a trail records, at extra cost."""

    s3: bool = False
    """Reads and writes of every S3 object except the logs."""
    s3_buckets: list[identifiers.BucketName] = Field(default=[])
    """Only objects of these buckets. None: of all buckets."""
    lambda_functions: bool = Field(default=False, alias="lambda")
    """Every invocation of a Lambda function."""
    resource_types: list[identifiers.ResourceType] = Field(default=[])
    """Further types, such as `AWS::DynamoDB::Table`."""
    read_write: Literal["All", "ReadOnly", "WriteOnly"] = "All"
    """Which of these events."""

    @model_validator(mode="after")
    def _buckets_need_s3(self) -> "DataEventSettings":
        if self.s3_buckets and not self.s3:
            raise ValueError("records no bucket of s3Buckets while s3 is false; set s3 to true")
        return self

    def args(self) -> DataEventsArgs:
        """As a component's argument."""
        return {
            "s3": self.s3,
            "s3_bucket_names": self.s3_buckets,
            "lambda_functions": self.lambda_functions,
            "resource_types": self.resource_types,
            "read_write": self.read_write,
        }

    @property
    def any(self) -> bool:
        """Whether anything is recorded."""
        return self.s3 or self.lambda_functions or bool(self.resource_types)


S3_AND_LAMBDA = DataEventSettings.model_validate({"s3": True, "lambda": True})
"""The data events that AWS's guides record with additional trails."""


class GuardrailSettings(Group):
    """What the organization's policies cover, and where they are attached."""

    targets: list[identifiers.TargetId] = Field(default=[])
    """Ids of root, OUs or accounts that the policies are attached to. None: the root."""
    trails: Annotated[list[identifiers.TrailPattern], Field(min_length=1)] = Field(default=["*"])
    """ARNs or patterns of the trails to protect."""
    exempt_role_arns: list[identifiers.PrincipalArn] = Field(default=[])
    """Roles that are exempt in addition to the break-glass roles."""
    require_mfa: bool = False
    """Whether the exempt roles need MFA as well."""
    resource_policies: bool = True
    """Whether RCPs protect bucket and key as well."""
    security_services: bool = False
    """Whether Config, GuardDuty, Security Hub and Access Analyzer are protected."""
    control_tower: bool = False
    """Whether AWS Control Tower's role AWSControlTowerExecution may manage trails and security
    services in member accounts. Break-glass alone then makes a role of that name: enrol accounts
    before they come under the guardrails."""
    policy_size: Annotated[int, Field(ge=1_024, le=10_240)] = quotas.SCP.limit
    """The organization's quota on an SCP, in characters."""
    policies_per_target: Annotated[int, Field(ge=2, le=10)] = quotas.SCP.per_target or 10
    """The organization's quota on SCPs of a target, `FullAWSAccess` included."""


class IamProtectionSettings(Group):
    """Names of groups, users and roles of this account that the IAM policies are attached to."""

    groups: list[identifiers.IamName] = Field(default=[])
    """Groups that may not manage CloudTrail."""
    users: list[identifiers.IamName] = Field(default=[])
    """Users that may not manage CloudTrail."""
    roles: list[identifiers.IamName] = Field(default=[])
    """Roles that may not manage CloudTrail."""
    mfa_groups: list[identifiers.IamName] = Field(default=[])
    """Groups that may manage CloudTrail only with MFA."""
    mfa_users: list[identifiers.IamName] = Field(default=[])
    """Users that may manage CloudTrail only with MFA."""
    mfa_roles: list[identifiers.IamName] = Field(default=[])
    """Roles that may manage CloudTrail only with MFA."""

    def args(self) -> "ProtectedIdentities":
        """As a part of a component's arguments."""
        return {
            "groups": self.groups,
            "users": self.users,
            "roles": self.roles,
            "mfa_groups": self.mfa_groups,
            "mfa_users": self.mfa_users,
            "mfa_roles": self.mfa_roles,
        }


class ProtectedIdentities(TypedDict):
    """The part of the arguments of `IamProtection` that names identities."""

    groups: list[str]
    users: list[str]
    roles: list[str]
    mfa_groups: list[str]
    mfa_users: list[str]
    mfa_roles: list[str]


class MemberTrailSettings(Group):
    """The data-event trail of every account of some OUs."""

    name: identifiers.TrailName = "DataAccess"
    """The trail's name, which must be in `memberTrailNames` of the security stack."""
    organizational_units: list[identifiers.UnitId] = Field(default=[])
    """Ids of the OUs. None: no such trail."""
    data_events: DataEventSettings = S3_AND_LAMBDA
    """What it records."""


class WorkloadTrailSettings(Group):
    """The data-event trail of one member account."""

    trail_name: identifiers.TrailName = "DataAccess"
    """The trail's name, which the security stack must admit."""
    own_bucket: bool = False
    """Whether the trail writes to a bucket and key of the account itself."""
    data_events: DataEventSettings = S3_AND_LAMBDA
    """What it records."""


class EventDataStoreSettings(Group):
    """The organization's event data store of CloudTrail Lake."""

    enabled: bool = False
    """Whether the store is created."""
    retention_days: Annotated[int, Field(ge=MIN_RETENTION_DAYS, le=MAX_RETENTION_DAYS)] = 366
    """How long it keeps events."""
