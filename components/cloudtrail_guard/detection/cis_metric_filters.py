"""The metric filters of the CIS AWS Foundations Benchmark, as auditors' tools look for them.

Those of 3.0 and 5.0, section 4: every event name, the event source where they want one, and the
conditions of root use in their order
(https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html).
"""

from dataclasses import dataclass

BEYOND_CIS = "Beyond CIS"
"""How the descriptions of alarms of our own begin."""


@dataclass(frozen=True, kw_only=True)
class MetricFilter:
    """A metric filter over CloudTrail events, and what its alarm says.

    Attributes:
        name: the metric's name, part of the names of filter and alarm.
        control: the item of the benchmark; empty for a filter of our own.
        description: what happened when the alarm rings.
        pattern: the filter pattern.
    """

    name: str
    control: str = ""
    description: str
    pattern: str

    @property
    def source(self) -> str:
        """Where the filter comes from."""
        return f"CIS {self.control}" if self.control else BEYOND_CIS

    @property
    def about(self) -> str:
        """The alarm's description."""
        return f"{self.source}: {self.description}"


def events_pattern(names: str, *, source: str | None = None) -> str:
    """A pattern for any of these events, of one service if need be.

    Args:
        names: the events' names, with spaces between them.
        source: the event source.
    """
    any_of = " || ".join(f"($.eventName = {name})" for name in names.split())
    if source is None:
        return f"{{ {any_of} }}"
    return f"{{ ($.eventSource = {source}) && ({any_of}) }}"


CIS_METRIC_FILTERS: tuple[MetricFilter, ...] = (
    MetricFilter(
        name="UnauthorizedApiCalls",
        control="4.1",
        description="API calls were refused for lack of permission",
        pattern=(
            '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && '
            '($.sourceIPAddress != "delivery.logs.amazonaws.com") && '
            '($.eventName != "HeadBucket") }'
        ),
    ),
    MetricFilter(
        name="ConsoleSignInWithoutMfa",
        control="4.2",
        description="An IAM user signed in to the console without MFA",
        pattern=(
            '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
            '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'
        ),
    ),
    MetricFilter(
        name="RootUsage",
        control="4.3",
        description="A root user was used",
        pattern=(
            '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && '
            '$.eventType != "AwsServiceEvent" }'
        ),
    ),
    MetricFilter(
        name="IamPolicyChanges",
        control="4.4",
        description="IAM policies were changed",
        pattern=events_pattern(
            "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy "
            "PutUserPolicy CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion "
            "AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy "
            "AttachGroupPolicy DetachGroupPolicy",
            source="iam.amazonaws.com",
        ),
    ),
    MetricFilter(
        name="CloudTrailChanges",
        control="4.5",
        description="A trail was made, changed, deleted, started or stopped",
        pattern=events_pattern("CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging"),
    ),
    MetricFilter(
        name="ConsoleSignInFailures",
        control="4.6",
        description="Sign-ins to the console failed",
        pattern=('{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }'),
    ),
    MetricFilter(
        name="KeyDisabledOrDeleted",
        control="4.7",
        description="A customer-managed key was disabled or scheduled for deletion",
        pattern=events_pattern("DisableKey ScheduleKeyDeletion", source="kms.amazonaws.com"),
    ),
    MetricFilter(
        name="BucketPolicyChanges",
        control="4.8",
        description="Policy, ACL, CORS, lifecycle or replication of a bucket was changed",
        pattern=events_pattern(
            "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication "
            "DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication",
            source="s3.amazonaws.com",
        ),
    ),
    MetricFilter(
        name="ConfigChanges",
        control="4.9",
        description="AWS Config was changed or stopped",
        pattern=events_pattern(
            "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel "
            "PutConfigurationRecorder",
            source="config.amazonaws.com",
        ),
    ),
    MetricFilter(
        name="SecurityGroupChanges",
        control="4.10",
        description="Security groups were changed",
        pattern=events_pattern(
            "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress "
            "RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateSecurityGroup "
            "DeleteSecurityGroup"
        ),
    ),
    MetricFilter(
        name="NetworkAclChanges",
        control="4.11",
        description="Network ACLs were changed",
        pattern=events_pattern(
            "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry "
            "ReplaceNetworkAclEntry ReplaceNetworkAclAssociation"
        ),
    ),
    MetricFilter(
        name="NetworkGatewayChanges",
        control="4.12",
        description="Network gateways were changed",
        pattern=events_pattern(
            "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway "
            "CreateInternetGateway DeleteInternetGateway DetachInternetGateway"
        ),
    ),
    MetricFilter(
        name="RouteTableChanges",
        control="4.13",
        description="Route tables were changed",
        pattern=events_pattern(
            "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation "
            "DeleteRouteTable DeleteRoute DisassociateRouteTable",
            source="ec2.amazonaws.com",
        ),
    ),
    MetricFilter(
        name="VpcChanges",
        control="4.14",
        description="VPCs were changed",
        pattern=events_pattern(
            "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection "
            "CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection "
            "AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink"
        ),
    ),
    MetricFilter(
        name="OrganizationsChanges",
        control="4.15",
        description="The organization, its accounts, OUs or policies were changed",
        pattern=events_pattern(
            "AcceptHandshake AttachPolicy CancelHandshake CreateAccount CreateOrganization "
            "CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization "
            "DeleteOrganizationalUnit DeletePolicy EnableAllFeatures EnablePolicyType "
            "InviteAccountToOrganization LeaveOrganization DetachPolicy DisablePolicyType "
            "MoveAccount RemoveAccountFromOrganization UpdateOrganizationalUnit UpdatePolicy",
            source="organizations.amazonaws.com",
        ),
    ),
)
