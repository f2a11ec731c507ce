"""Whether a request passes all documents at once: SCPs, RCPs, policies of resources and roles."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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

from sandbox.aws.enforcement.authorization import Policies, Policy, authorize
from sandbox.aws.policy_evaluation import Principal, Request
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
    SECURITY,
    TRAIL,
    WORKLOAD,
    documents,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTS = documents()
ALLOW_ALL = {
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
RESULTS_KEY = KEY.replace("1234abcd", "7777abcd")
POLICY_BY_ROLE: Mapping[str, Mapping[str, object]] = {
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


def allows(asked: Asked) -> bool:
    """Whether a request passes all documents."""
    is_service = asked.who.endswith(".amazonaws.com")
    account = "" if is_service else asked.who.split(":")[4]
    own = POLICY_OF.get(asked.resource, POLICY_OF.get(asked.resource.partition("/")[0]))
    owner = SECURITY if own else asked.resource.split(":")[4]
    service_linked = "/aws-service-role/" in asked.who
    bound = account in (SECURITY, WORKLOAD) and not service_linked
    return (
        authorize(
            Request(_principal(asked.who), asked.action, asked.resource, _context(asked)),
            Policies(
                service_control=[[text(ALLOW_ALL), text(DOCUMENTS["SCP"])]] if bound else [],
                resource_control=[text(DOCUMENTS["RCP"])]
                if owner == SECURITY and not service_linked
                else [],
                identity=None if is_service else [text(POLICY_BY_ROLE.get(asked.who, ALLOW_ALL))],
                resource=text(DOCUMENTS[own]) if own else None,
                elsewhere=account != owner,
                leaves_to_identity=not asked.action.startswith("kms:"),
            ),
        )
        is None
    )


def text(policy: Mapping[str, object]) -> Policy:
    return Policy(json.dumps(policy))


def _principal(who: str) -> Principal:
    if who.endswith(".amazonaws.com"):
        return Principal(service=who)
    account, name = who.split(":")[4], who.rpartition("/")[2]
    return Principal(account, (who, f"arn:aws:sts::{account}:assumed-role/{name}/s"))


def _context(asked: Asked) -> dict[str, str]:
    facts = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
    if asked.who.endswith(".amazonaws.com"):
        facts["aws:PrincipalIsAWSService"] = "true"
    else:
        facts |= {
            "aws:PrincipalIsAWSService": "false",
            "aws:PrincipalArn": asked.who,
            "aws:PrincipalAccount": asked.who.split(":")[4],
            "aws:PrincipalOrgID": ORGANIZATION,
        }
    return {**facts, **asked.context}
