"""The metric filters of the CIS AWS Foundations Benchmark, section 4 (in 7.0: 5).

Source of the names: the patterns that Prowler looks for
(https://github.com/prowler-cloud/prowler, prowler/providers/aws/services/cloudwatch, checks
cloudwatch_log_metric_filter_* and cloudwatch_changes_to_*), which follow the benchmark's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class CisFilter:
    """What a metric filter of the benchmark must contain.

    Attributes:
        title: What it watches.
        events: Event names, as ``$.eventName`` clauses in any order.
        clauses: Regular expressions of the other clauses, in any order.
        recognized_by: How many of the events, or of the clauses where it has no more than one
            event, must be present for a filter to be taken for this one.
        excluded_by: A regular expression of what only a filter beside this one has: the events
            that this one leaves out. Empty for none.
    """

    title: str
    events: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    recognized_by: int = 0
    excluded_by: str = ""

    def is_meant_by(self, pattern: str) -> bool:
        """Return whether a filter's pattern is meant to be this one."""
        if self.excluded_by and re.search(self.excluded_by, pattern):
            return False
        if len(self.events) > 1:
            return len(self.events) - len(self._events_missing(pattern)) >= self.recognized_by
        found = [each for each in self.clauses if re.search(each, pattern)]
        return not self._events_missing(pattern) and len(found) >= self.recognized_by

    def missing(self, pattern: str) -> tuple[str, ...]:
        """Return what a pattern lacks, as an instruction names it."""
        # && and || join their sides in either order.
        clauses = (_as_text(each) for each in self.clauses if not re.search(each, pattern))
        return (*self._events_missing(pattern), *clauses)

    def _events_missing(self, pattern: str) -> tuple[str, ...]:
        return tuple(
            name
            for name in self.events
            if not re.search(rf"\$\.eventName\s*=\s*.?{name}\b", pattern)
        )


def _equals(field: str, value: str) -> str:
    return rf"\$\.{re.escape(field)}\s*=\s*.?{re.escape(value)}"


def _differs(field: str, value: str) -> str:
    return rf"\$\.{re.escape(field)}\s*!=\s*.?{re.escape(value)}"


def _as_text(clause: str) -> str:
    """Return a clause's regular expression as the pattern that it stands for."""
    return clause.replace(r"\s*", " ").replace(" .?", " ").replace("\\", "")


CIS_FILTERS: Final = (
    CisFilter(
        title="unauthorized API calls",
        clauses=(
            _equals("errorCode", "*UnauthorizedOperation"),
            _equals("errorCode", "AccessDenied*"),
        ),
        recognized_by=1,
    ),
    CisFilter(
        title="console sign-in without MFA",
        events=("ConsoleLogin",),
        clauses=(_differs("additionalEventData.MFAUsed", "Yes"),),
        recognized_by=1,
    ),
    CisFilter(
        title="use of the root user",
        clauses=(
            _equals("userIdentity.type", "Root"),
            r"\$\.userIdentity\.invokedBy NOT EXISTS",
            _differs("eventType", "AwsServiceEvent"),
        ),
        recognized_by=2,
        excluded_by=r"\$\.userIdentity\.invokedBy\s*!?=",
    ),
    CisFilter(
        title="IAM policy changes",
        events=(
            "DeleteGroupPolicy",
            "DeleteRolePolicy",
            "DeleteUserPolicy",
            "PutGroupPolicy",
            "PutRolePolicy",
            "PutUserPolicy",
            "CreatePolicy",
            "DeletePolicy",
            "CreatePolicyVersion",
            "DeletePolicyVersion",
            "AttachRolePolicy",
            "DetachRolePolicy",
            "AttachUserPolicy",
            "DetachUserPolicy",
            "AttachGroupPolicy",
            "DetachGroupPolicy",
        ),
        recognized_by=8,
    ),
    CisFilter(
        title="CloudTrail configuration changes",
        events=("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
        recognized_by=2,
    ),
    CisFilter(
        title="console authentication failures",
        events=("ConsoleLogin",),
        clauses=(_equals("errorMessage", "Failed authentication"),),
        recognized_by=1,
    ),
    CisFilter(
        title="disabling or deletion of customer managed keys",
        events=("DisableKey", "ScheduleKeyDeletion"),
        clauses=(_equals("eventSource", "kms.amazonaws.com"),),
        recognized_by=1,
    ),
    CisFilter(
        title="S3 bucket policy changes",
        events=(
            "PutBucketAcl",
            "PutBucketPolicy",
            "PutBucketCors",
            "PutBucketLifecycle",
            "PutBucketReplication",
            "DeleteBucketPolicy",
            "DeleteBucketCors",
            "DeleteBucketLifecycle",
            "DeleteBucketReplication",
        ),
        clauses=(_equals("eventSource", "s3.amazonaws.com"),),
        recognized_by=4,
    ),
    CisFilter(
        title="AWS Config configuration changes",
        events=(
            "StopConfigurationRecorder",
            "DeleteDeliveryChannel",
            "PutDeliveryChannel",
            "PutConfigurationRecorder",
        ),
        clauses=(_equals("eventSource", "config.amazonaws.com"),),
        recognized_by=2,
    ),
    CisFilter(
        title="security group changes",
        events=(
            "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "RevokeSecurityGroupEgress",
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
        ),
        recognized_by=3,
    ),
    CisFilter(
        title="network ACL changes",
        events=(
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
        ),
        recognized_by=3,
    ),
    CisFilter(
        title="network gateway changes",
        events=(
            "CreateCustomerGateway",
            "DeleteCustomerGateway",
            "AttachInternetGateway",
            "CreateInternetGateway",
            "DeleteInternetGateway",
            "DetachInternetGateway",
        ),
        recognized_by=3,
    ),
    CisFilter(
        title="route table changes",
        events=(
            "CreateRoute",
            "CreateRouteTable",
            "ReplaceRoute",
            "ReplaceRouteTableAssociation",
            "DeleteRouteTable",
            "DeleteRoute",
            "DisassociateRouteTable",
        ),
        clauses=(_equals("eventSource", "ec2.amazonaws.com"),),
        recognized_by=4,
    ),
    CisFilter(
        title="VPC changes",
        events=(
            "CreateVpc",
            "DeleteVpc",
            "ModifyVpcAttribute",
            "AcceptVpcPeeringConnection",
            "CreateVpcPeeringConnection",
            "DeleteVpcPeeringConnection",
            "RejectVpcPeeringConnection",
            "AttachClassicLinkVpc",
            "DetachClassicLinkVpc",
            "DisableVpcClassicLink",
            "EnableVpcClassicLink",
        ),
        recognized_by=5,
    ),
    CisFilter(
        title="AWS Organizations changes",
        events=(
            "AcceptHandshake",
            "AttachPolicy",
            "CancelHandshake",
            "CreateAccount",
            "CreateOrganization",
            "CreateOrganizationalUnit",
            "CreatePolicy",
            "DeclineHandshake",
            "DeleteOrganization",
            "DeleteOrganizationalUnit",
            "DeletePolicy",
            "EnableAllFeatures",
            "EnablePolicyType",
            "InviteAccountToOrganization",
            "LeaveOrganization",
            "DetachPolicy",
            "DisablePolicyType",
            "MoveAccount",
            "RemoveAccountFromOrganization",
            "UpdateOrganizationalUnit",
            "UpdatePolicy",
        ),
        clauses=(_equals("eventSource", "organizations.amazonaws.com"),),
        recognized_by=10,
    ),
)
"""All fifteen."""
