"""The replica in an account of its own outlives any insider of the security account.

Nothing but the archive's two policies is there to refuse: no SCP and no RCP, and the insider's own
policies allow everything.
"""

from collections.abc import Mapping

import pytest
from cloudtrail_guard.operations import OPERATIONS, Operation, Target
from cloudtrail_guard.policies.replica import Replication, replication_policy

from tests.enforcement.asking import ALLOW_ALL
from tests.enforcement.cases import Case, Who, itself, session
from tests.enforcement.documents import (
    ARCHIVE,
    ARCHIVE_EXEMPT,
    ARCHIVE_KEY,
    ARCHIVED,
    ARCHIVING,
    BREAK_GLASS,
    BUCKET,
    DEPLOYERS,
    KEY,
    MANAGEMENT,
    ORGANIZATION,
    REGION,
    SECURITY,
    documents,
)

DOCUMENTS = documents()
COPIES = f"arn:aws:s3:::{ARCHIVED}"
COPY = f"{COPIES}/AWSLogs/{ORGANIZATION}/{SECURITY}/CloudTrail/log.json.gz"
ON: dict[Target, str] = {
    Target.OBJECTS: COPY,
    Target.LOG_PREFIX: COPY,
    Target.REPLICATION: COPY,
    Target.BUCKET: COPIES,
    Target.KEY: ARCHIVE_KEY,
}
HARMFUL = [each for each in OPERATIONS if each.target in ON]
INSIDERS = {
    "an administrator": session(f"arn:aws:iam::{SECURITY}:role/Administrator"),
    "break-glass": session(BREAK_GLASS[0]),
    "the deploying role": session(DEPLOYERS[0]),
    "the root user": itself(f"arn:aws:iam::{SECURITY}:root"),
    "the management account's administrator": session(f"arn:aws:iam::{MANAGEMENT}:role/Admin"),
}
REPLICATES = ("s3:ReplicateObject", "s3:ReplicateTags")
WRITES = {
    "s3:ReplicateObject": COPY,
    "s3:ReplicateTags": COPY,
    "s3:GetBucketVersioning": COPIES,
    "kms:Encrypt": ARCHIVE_KEY,
    "kms:GenerateDataKey": ARCHIVE_KEY,
}
THROUGH_S3 = {
    "kms:ViaService": "s3.us-west-2.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": COPIES,
}
ROLE_POLICY = replication_policy(
    Replication(
        partition="aws",
        source_bucket=BUCKET,
        source_region=REGION,
        source_key=KEY,
        bucket=ARCHIVED,
        region="us-west-2",
        key=ARCHIVE_KEY,
        foreign=True,
    )
)


def passes(
    who: Who,
    action: str,
    resource: str,
    context: Mapping[str, str] = THROUGH_S3,
    identity: Mapping[str, object] = ALLOW_ALL,
) -> bool:
    """Whether the archive lets a request through.

    Args:
        who: who asks.
        action: the IAM action.
        resource: the resource's ARN.
        context: condition keys besides those that each request has.
        identity: the policy of the one who asks.
    """
    document = "archive's key policy" if resource == ARCHIVE_KEY else "archive's bucket policy"
    case = Case(
        who=who,
        action=action,
        resource=resource,
        owner=ARCHIVE,
        context={
            "aws:SecureTransport": "true",
            "s3:TlsVersion": "1.3",
            "aws:PrincipalIsAWSService": "false",
            "aws:PrincipalArn": who.principal_arn,
            "aws:PrincipalAccount": who.account,
            "aws:PrincipalOrgID": ORGANIZATION,
            **context,
        },
        policy=DOCUMENTS[document],
        identity=(identity,),
    )
    return case.ours() == "Allowed"


@pytest.mark.parametrize("insider", INSIDERS)
@pytest.mark.parametrize("operation", HARMFUL, ids=lambda each: each.action)
def test_no_insider_harms_the_archive(operation: Operation, insider: str) -> None:
    assert not passes(INSIDERS[insider], operation.action, ON[operation.target])


@pytest.mark.parametrize("operation", HARMFUL, ids=lambda each: each.action)
def test_the_replication_role_only_writes_whatever_policy_an_insider_gives_it(
    operation: Operation,
) -> None:
    passed = passes(session(ARCHIVING), operation.action, ON[operation.target])

    assert passed is (operation.action in REPLICATES)


@pytest.mark.parametrize("action", WRITES)
def test_the_replication_role_may_do_what_replication_takes(action: str) -> None:
    assert passes(session(ARCHIVING), action, WRITES[action], identity=ROLE_POLICY)


@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize(
    "who",
    [
        f"arn:aws:iam::{SECURITY}:role/cloudtrail-guard-replica",
        f"arn:aws:iam::{SECURITY}:role/path/cloudtrail-guard-archive",
        f"arn:aws:iam::{MANAGEMENT}:role/cloudtrail-guard-archive",
    ],
)
def test_no_other_role_writes_replicas(action: str, who: str) -> None:
    assert not passes(session(who), action, WRITES[action])


@pytest.mark.parametrize(
    "context",
    [
        {"kms:ViaService": "lambda.us-west-2.amazonaws.com"},
        {"kms:ViaService": f"s3.{REGION}.amazonaws.com"},
        {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{BUCKET}"},
    ],
)
def test_the_replication_role_uses_the_key_for_replicas_alone(context: dict[str, str]) -> None:
    asked = THROUGH_S3 | context

    assert not passes(session(ARCHIVING), "kms:GenerateDataKey", ARCHIVE_KEY, asked)


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucketVersions"])
def test_the_replication_role_reads_no_replica(action: str) -> None:
    assert not passes(session(ARCHIVING), action, COPIES if "List" in action else COPY)


@pytest.mark.parametrize("action", ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"])
def test_the_archives_own_deployer_is_not_locked_out(action: str) -> None:
    (deployer,) = ARCHIVE_EXEMPT["deployers"]
    (break_glass,) = ARCHIVE_EXEMPT["break_glass"]

    assert passes(session(deployer), action, COPIES)
    assert passes(session(deployer), "kms:PutKeyPolicy", ARCHIVE_KEY)
    assert not passes(session(deployer), "s3:DeleteObjectVersion", COPY)
    assert passes(session(break_glass), "s3:DeleteObjectVersion", COPY)
