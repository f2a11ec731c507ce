"""Whether a request passes all documents at once: SCPs, RCPs, policies of resources and roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.arns import Location
from cloudtrail_guard.policies.alerts import delivery_policy
from cloudtrail_guard.policies.readers import (
    LogSource,
    QueryAccess,
    integrity_policy,
    reader_policy,
)
from cloudtrail_guard.policies.replica import Replication, replication_policy
from cloudtrail_guard.policies.response import ResponseScope, response_policy

from tests.enforcement.cases import Case, Who, session
from tests.enforcement.documents import (
    ACCESS_LOGS,
    BUCKET,
    KEY,
    MANAGEMENT,
    ORGANIZATION,
    OWN_TRAIL,
    READERS,
    REGION,
    REPLICA,
    REPLICA_KEY,
    REPLICATION,
    RESULTS,
    RESULTS_KEY,
    SECURITY,
    TRAIL,
    WORKLOAD,
    documents,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTS = documents()
ALLOW_ALL: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
LOGS, COPIES = f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{REPLICA}"
POLICY_OF = {
    LOGS: "bucket policy",
    COPIES: "replica's bucket policy",
    f"arn:aws:s3:::{ACCESS_LOGS}": "access-log bucket policy",
    f"arn:aws:s3:::{RESULTS}": "results bucket policy",
    KEY: "key policy",
    REPLICA_KEY: "replica's key policy",
}
"""The policy that a resource has, by its ARN or by that of its bucket."""

RESPONSE = f"arn:aws:iam::{MANAGEMENT}:role/guard-response"
DELIVERY = f"arn:aws:iam::{MANAGEMENT}:role/delivery"
CONFIG = f"arn:aws:iam::{SECURITY}:role/aws-service-role/config.amazonaws.com/Recorder"
STACK_SET = f"arn:aws:iam::{WORKLOAD}:role/stacksets-exec-1234"
READER, FAR_READER = READERS
INTEGRITY = f"arn:aws:iam::{SECURITY}:role/CloudTrailLogIntegrity"

SOURCE = LogSource(bucket=BUCKET, key_arn=KEY, trails=(TRAIL, OWN_TRAIL), member_trails=("Data",))
POLICY_BY_ROLE: Mapping[str, Mapping[str, Any]] = {
    READER: reader_policy(
        SOURCE,
        QueryAccess(
            workgroup="w", database="d", results_bucket=RESULTS, results_key_arn=RESULTS_KEY
        ),
    ),
    INTEGRITY: integrity_policy(SOURCE),
    REPLICATION: replication_policy(
        Replication(
            partition="aws",
            source_bucket=BUCKET,
            source_region=REGION,
            source_key=KEY,
            bucket=REPLICA,
            region="us-west-2",
            key=REPLICA_KEY,
        )
    ),
    RESPONSE: response_policy(
        Location(partition="aws", region=REGION, account=MANAGEMENT),
        ResponseScope(
            function="response",
            topic="t",
            topic_key="k",
            dead_letters="q",
            trail=TRAIL,
            policies=("p-11112222",),
            targets=("r-a1b2",),
        ),
    ),
    DELIVERY: delivery_policy(
        Location(partition="aws", region=REGION, account=MANAGEMENT),
        log_group="trail",
        organization=ORGANIZATION,
    ),
}
"""What the roles of this project may; others may do everything."""


@dataclass(frozen=True)
class Asked:
    """One request that must pass.

    Attributes:
        who: a role's ARN, or a service.
        action: the IAM action.
        resource: the resource's ARN.
        context: its condition keys, besides what each request has.
    """

    who: str
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def case(self) -> Case:
        """The request with all documents that have a say."""
        own = POLICY_OF.get(self.resource, POLICY_OF.get(self.resource.partition("/")[0]))
        asking = Who(self.who) if self.who.endswith(".amazonaws.com") else session(self.who)
        # A resource that no ARN names is of the account that asks.
        account = asking.account if self.resource == "*" else self.resource.split(":")[4]
        owner = SECURITY if own else account or asking.account
        service_linked = "/aws-service-role/" in self.who
        bound = asking.account in (SECURITY, WORKLOAD) and not service_linked
        facts = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
        if asking.is_service:
            facts["aws:PrincipalIsAWSService"] = "true"
        else:
            facts |= {
                "aws:PrincipalIsAWSService": "false",
                "aws:PrincipalArn": self.who,
                "aws:PrincipalAccount": asking.account,
                "aws:PrincipalOrgID": ORGANIZATION,
            }
        return Case(
            who=asking,
            action=self.action,
            resource=self.resource,
            owner=owner,
            context={**facts, **self.context},
            policy=DOCUMENTS[own] if own else None,
            identity=() if asking.is_service else (POLICY_BY_ROLE.get(self.who, ALLOW_ALL),),
            scps=[[ALLOW_ALL, DOCUMENTS["SCP"]]] if bound else [],
            rcps=[DOCUMENTS["RCP"]] if owner == SECURITY and not service_linked else [],
        )


def allows(asked: Asked) -> bool:
    """Whether a request passes all documents."""
    return asked.case.ours() == "Allowed"
