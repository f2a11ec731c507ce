"""Groups of settings about trails, and what protects them."""

from typing import Annotated, Literal

from cloudtrail_guard import quotas
from cloudtrail_guard.event_data_store import MAX_RETENTION_DAYS, MIN_RETENTION_DAYS
from cloudtrail_guard.trail import DataEventsArgs
from pydantic import Field

from stacks import names
from stacks.groups.base import Group


class DataEventSettings(Group):
    """Which data events a trail records; they cost extra."""

    s3: bool = False
    """Reads and writes of every S3 object, but for the logs."""
    s3_buckets: list[names.BucketName] = Field(default=[])
    """Of these buckets only. None: of all."""
    lambda_functions: bool = Field(default=False, alias="lambda")
    """Every invocation of a Lambda function."""
    resource_types: list[names.ResourceType] = Field(default=[])
    """Further types, such as `AWS::DynamoDB::Table`."""
    read_write: Literal["All", "ReadOnly", "WriteOnly"] = "All"
    """Which of them."""

    def args(self) -> DataEventsArgs:
        """The same as a component's argument."""
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
"""What the guide records with additional trails."""


class GuardrailSettings(Group):
    """What the organization's policies cover, and where they hang."""

    targets: list[names.TargetId] = Field(default=[])
    """Ids of root, OUs or accounts that the policies hang on. None: the root."""
    trails: Annotated[list[names.TrailPattern], Field(min_length=1)] = Field(default=["*"])
    """ARNs or patterns of the trails to protect."""
    exempt_role_arns: list[names.PrincipalArn] = Field(default=[])
    """Who is let through, beside the break-glass roles."""
    require_mfa: bool = False
    """Whether even they need MFA."""
    resource_policies: bool = True
    """Whether RCPs protect bucket and key as well."""
    security_services: bool = False
    """Whether Config, GuardDuty, Security Hub and Access Analyzer are protected."""
    policy_size: Annotated[int, Field(ge=1_024, le=10_240)] = quotas.SCP.limit
    """The organization's quota on an SCP, in characters."""
    policies_per_target: Annotated[int, Field(ge=2, le=10)] = quotas.SCP.per_target or 10
    """The organization's quota on SCPs of a target, `FullAWSAccess` included."""


class IamProtectionSettings(Group):
    """Whom the IAM policies bind: names of groups, users and roles of this account."""

    groups: list[names.IamName] = Field(default=[])
    """Groups that must not manage CloudTrail."""
    users: list[names.IamName] = Field(default=[])
    """Users that must not."""
    roles: list[names.IamName] = Field(default=[])
    """Roles that must not."""
    mfa_groups: list[names.IamName] = Field(default=[])
    """Groups that may with MFA only."""
    mfa_users: list[names.IamName] = Field(default=[])
    """Users that may with MFA only."""
    mfa_roles: list[names.IamName] = Field(default=[])
    """Roles that may with MFA only."""


class MemberTrailSettings(Group):
    """The data-event trail of every account of some OUs."""

    name: names.TrailName = "DataAccess"
    """The trail's name, which `memberTrailNames` of the security stack must have."""
    organizational_units: list[names.UnitId] = Field(default=[])
    """Ids of the OUs. None: no such trail."""
    data_events: DataEventSettings = S3_AND_LAMBDA
    """What it records."""


class WorkloadSettings(Group):
    """The data-event trail of one member account."""

    trail_name: names.TrailName = "DataAccess"
    """The trail's name, which the security stack must admit."""
    own_bucket: bool = False
    """Whether bucket and key are the account's own."""
    data_events: DataEventSettings = S3_AND_LAMBDA
    """What it records."""


class EventDataStoreSettings(Group):
    """The organization's event data store of CloudTrail Lake."""

    enabled: bool = False
    """Whether there is a store."""
    retention_days: Annotated[int, Field(ge=MIN_RETENTION_DAYS, le=MAX_RETENTION_DAYS)] = 366
    """How long it keeps events."""
