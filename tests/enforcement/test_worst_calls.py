"""The worst calls, through plain boto3, against the real documents: who is refused, in which words.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.guardrails import ProtectedResources, scp_statements
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy
from cloudtrail_guard.policies.packing import pack_statements, select_statements
from cloudtrail_guard.policies.resource_guardrails import rcp_statements

from sandbox.organization import role_arn
from sandbox.tests.support import allow, assume, document

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from sandbox.clients import Client
    from sandbox.organization import Organization
    from sandbox.session import Sandbox
    from sandbox.tests.support import Clients

REGION = "us-east-1"
SCP, RCP, RESOURCE = (
    "service control policy",
    "resource control policy",
    "resource-based policy",
)
ALL = (SCP, RCP, RESOURCE)


@dataclass(frozen=True)
class Place:
    """A bucket with one locked log, its key, a trail of its own account and one of another."""

    sandbox: Sandbox
    organization: Organization
    bucket: str
    key: str
    trail: str
    management_trail: str
    version: str
    log: str

    def session(self, role: str) -> Callable[[str], Client]:
        """Clients of a role of the security account."""
        return assume(self.sandbox, role_arn(self.organization.security_account_id, role))

    @property
    def versioned(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.log, "VersionId": self.version}


Call = tuple[str, "Callable[[Any, Place], object]"]

TRAIL_CALLS: dict[str, Call] = {
    "stop-logging": ("cloudtrail", lambda aws, p: aws.stop_logging(Name=p.trail)),
    "delete-trail": ("cloudtrail", lambda aws, p: aws.delete_trail(Name=p.trail)),
    "update-trail": (
        "cloudtrail",
        lambda aws, p: aws.update_trail(Name=p.trail, EnableLogFileValidation=False),
    ),
    "put-event-selectors": (
        "cloudtrail",
        lambda aws, p: aws.put_event_selectors(
            TrailName=p.trail,
            EventSelectors=[{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}],
        ),
    ),
}
BUCKET_CALLS: dict[str, Call] = {
    "delete-bucket": ("s3", lambda aws, p: aws.delete_bucket(Bucket=p.bucket)),
    "put-bucket-policy": (
        "s3",
        lambda aws, p: aws.put_bucket_policy(
            Bucket=p.bucket,
            Policy=document(
                allow({"AWS": p.organization.roles["workload"]}, "s3:*", f"arn:aws:s3:::{p.bucket}")
            ),
        ),
    ),
    "delete-bucket-policy": ("s3", lambda aws, p: aws.delete_bucket_policy(Bucket=p.bucket)),
    "put-bucket-lifecycle": (
        "s3",
        lambda aws, p: aws.put_bucket_lifecycle_configuration(
            Bucket=p.bucket,
            LifecycleConfiguration={
                "Rules": [
                    {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
                ]
            },
        ),
    ),
    "put-bucket-versioning": (
        "s3",
        lambda aws, p: aws.put_bucket_versioning(
            Bucket=p.bucket, VersioningConfiguration={"Status": "Suspended"}
        ),
    ),
}
LOG_CALLS: dict[str, Call] = {
    "delete-object": ("s3", lambda aws, p: aws.delete_object(Bucket=p.bucket, Key=p.log)),
    "delete-object-version": ("s3", lambda aws, p: aws.delete_object(**p.versioned)),
    "delete-object-version-bypassing": (
        "s3",
        lambda aws, p: aws.delete_object(**p.versioned, BypassGovernanceRetention=True),
    ),
    "put-object-retention": (
        "s3",
        lambda aws, p: aws.put_object_retention(
            **p.versioned, Retention={}, BypassGovernanceRetention=True
        ),
    ),
}
KEY_CALLS: dict[str, Call] = {
    "schedule-key-deletion": ("kms", lambda aws, p: aws.schedule_key_deletion(KeyId=p.key)),
    "disable-key": ("kms", lambda aws, p: aws.disable_key(KeyId=p.key)),
    "put-key-policy": (
        "kms",
        lambda aws, p: aws.put_key_policy(
            KeyId=p.key, PolicyName="default", Policy=document(allow({"AWS": "*"}, "kms:*"))
        ),
    ),
}
DESTROYING = ("schedule-key-deletion", "disable-key")
"""What not even the deploying role does to the key, and no one while it is in use."""
STORE_CALLS = {**BUCKET_CALLS, **LOG_CALLS, **KEY_CALLS}
CALLS = {**TRAIL_CALLS, **STORE_CALLS}


@contextmanager
def attached(
    organizations: Client, root: str, kind: str, statements: Sequence[Any]
) -> Generator[None]:
    """Policies of one type on the organization's root, for as long as the block lasts."""
    made: list[str] = []
    try:
        for number, sids in enumerate(pack_statements(statements, size=5120, most=4)):
            policy = organizations.create_policy(
                Name=f"worst-calls-{kind}-{number}",
                Description="",
                Type=kind,
                Content=to_json(select_statements(statements, sids)),
            )["Policy"]["PolicySummary"]["Id"]
            organizations.attach_policy(PolicyId=policy, TargetId=root)
            made.append(policy)
        yield
    finally:
        for policy in made:
            organizations.detach_policy(PolicyId=policy, TargetId=root)
            organizations.delete_policy(PolicyId=policy)


@contextmanager
def guarded(
    clients: Clients, sandbox: Sandbox, organization: Organization, name: str, kinds: Sequence[str]
) -> Generator[Place]:
    """A log bucket, key and trails under the real documents of some kinds."""
    security = organization.security_account_id
    s3, kms = clients("s3", "security"), clients("kms", "security")
    deployer = f"{name}-deployer"
    make_role(clients("iam", "security"), deployer, security)
    exempt: dict[str, Any] = {
        "break_glass": (role_arn(security, "AdminRole"),),
        "deployers": (role_arn(security, deployer),),
    }
    own = f"arn:aws:cloudtrail:{REGION}:{security}:trail/{name}"
    central = f"arn:aws:cloudtrail:{REGION}:{organization.management_account_id}:trail/{name}"
    bucket = f"{name}-logs"
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    log = f"AWSLogs/{security}/log.json.gz"
    version = s3.put_object(Bucket=bucket, Key=log, Body=b"{}")["VersionId"]
    key = kms.create_key()["KeyMetadata"]["Arn"]
    access = LogBucketAccess(
        bucket=bucket,
        organization_trail=central,
        account_trails=(own,),
        organization_id=organization.id,
        **exempt,
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=to_json(log_bucket_policy(access)))
    admin = assume(sandbox, *exempt["break_glass"])
    protected = ProtectedResources(bucket=bucket, key_arn=key, **exempt)
    hang = partial(attached, clients("organizations"), organization.root_id)
    with ExitStack() as stack:
        for profile, arn in (("security", own), ("management", central)):
            trails = clients("cloudtrail", profile)
            trails.create_trail(Name=name, S3BucketName=bucket)
            stack.callback(_delete_trail, trails, arn)
        if RESOURCE in kinds:
            policy = log_key_policy(LogKeyAccess(account=security, trails=(central,), **exempt))
            admin("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=to_json(policy))
        else:
            admin("s3").delete_bucket_policy(Bucket=bucket)
        if SCP in kinds:
            stack.enter_context(hang("SERVICE_CONTROL_POLICY", scp_statements(protected)))
        if RCP in kinds:
            statements = rcp_statements(protected, organization.id)
            stack.enter_context(hang("RESOURCE_CONTROL_POLICY", statements))
        yield Place(sandbox, organization, bucket, key, own, central, version, log)


def _delete_trail(trails: Client, arn: str) -> None:
    if trails.describe_trails(trailNameList=[arn])["trailList"]:
        trails.delete_trail(Name=arn)


def make_role(iam: Client, name: str, account: str) -> None:
    trust = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "sts:AssumeRole",
        }
    )
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")


@pytest.fixture(scope="module")
def places(
    clients: Clients, sandbox: Sandbox, organization: Organization
) -> Generator[Callable[[str], Place]]:
    """A place under one kind of documents, one at a time; it is kept for the next test."""
    with ExitStack() as stack:
        here: dict[str, Place] = {}

        def place(kind: str) -> Place:
            if kind not in here:
                stack.close()
                here.clear()
                name = "worst-" + "".join(word[0] for word in kind.split())
                made = guarded(clients, sandbox, organization, name, (kind,))
                here[kind] = stack.enter_context(made)
            return here[kind]

        yield place


@pytest.fixture
def everything(
    clients: Clients, sandbox: Sandbox, organization: Organization, name: str
) -> Generator[Place]:
    """A place under all documents."""
    with guarded(clients, sandbox, organization, name, ALL) as place:
        yield place


def refusal(call: Callable[[], object]) -> str:
    """Why a call is denied; empty if it is not, be it that the thing's own state is in the way."""
    try:
        call()
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code in ("BucketNotEmpty", "InvalidBucketState", "KMSInvalidStateException"):
            return ""
        if code in ("AccessDenied", "AccessDeniedException"):
            return message
        raise
    return ""


@pytest.mark.xdist_group("worst-calls")
@pytest.mark.parametrize(
    ("kind", "call"),
    [
        *((SCP, call) for call in CALLS),
        *((RCP, call) for call in STORE_CALLS),
        *((RESOURCE, call) for call in STORE_CALLS),
    ],
)
def test_a_members_administrator_is_refused_by_each_kind_alone(
    places: Callable[[str], Place], clients: Clients, kind: str, call: str
) -> None:
    place = places(kind)
    service, carry_out = CALLS[call]

    why = refusal(lambda: carry_out(clients(service, "security"), place))

    assert why.startswith(
        f"User: arn:aws:sts::{place.organization.security_account_id}:assumed-role/"
        "OrganizationAccountAccessRole/"
    )
    assert f"with an explicit deny in a {kind}" in why


@pytest.mark.parametrize("call", [*CALLS])
def test_break_glass_is_refused_nothing_but_destroying_a_key_in_use(
    everything: Place, call: str
) -> None:
    admin = everything.session("AdminRole")
    service, carry_out = CALLS[call]

    why = refusal(lambda: carry_out(admin(service), everything))

    assert ("explicit deny in a" in why) is (call in DESTROYING)


def test_the_deploying_role_changes_bucket_and_key_but_deletes_no_log(everything: Place) -> None:
    name = everything.bucket.removesuffix("-logs")
    deployer = everything.session(f"{name}-deployer")

    def why(call: str) -> str:
        service, carry_out = CALLS[call]
        return refusal(lambda: carry_out(deployer(service), everything))

    for call in (*LOG_CALLS, *TRAIL_CALLS, *DESTROYING):
        assert "explicit deny in a" in why(call), call
    # Last what takes the rest away.
    for call in (*BUCKET_CALLS, *(call for call in KEY_CALLS if call not in DESTROYING)):
        assert not why(call), call


def test_no_one_deletes_the_key_with_a_shorter_window(everything: Place) -> None:
    kms = everything.session("AdminRole")("kms")

    why = refusal(lambda: kms.schedule_key_deletion(KeyId=everything.key, PendingWindowInDays=7))

    assert "explicit deny in a" in why


@pytest.mark.usefixtures("everything")
def test_no_administrator_becomes_break_glass(clients: Clients) -> None:
    iam = clients("iam", "security")
    trust = document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
    policy = document(allow({"AWS": "*"}, "s3:*"))

    opened = refusal(
        lambda: iam.update_assume_role_policy(RoleName="AdminRole", PolicyDocument=trust)
    )
    given = refusal(
        lambda: iam.put_role_policy(RoleName="AdminRole", PolicyName="p", PolicyDocument=policy)
    )

    assert f"explicit deny in a {SCP}" in opened
    assert f"explicit deny in a {SCP}" in given


@pytest.mark.parametrize("kind", [SCP, RCP])
def test_no_deployer_becomes_break_glass(
    clients: Clients, sandbox: Sandbox, organization: Organization, name: str, kind: str
) -> None:
    """Though break-glass trusts the whole account, with the deployer in it."""
    admin = role_arn(organization.security_account_id, "AdminRole")

    def become(sts: Client) -> str:
        return refusal(lambda: sts.assume_role(RoleArn=admin, RoleSessionName="try"))

    with guarded(clients, sandbox, organization, name, (kind,)) as place:
        by_deployer = become(place.session(f"{name}-deployer")("sts"))
        by_others = [become(place.session("AdminRole")("sts")), become(clients("sts", "security"))]

    assert f"explicit deny in a {kind}" in by_deployer
    assert by_others == ["", ""]


def test_the_management_administrator_passes_scps_but_not_the_bucket_policy(
    everything: Place, clients: Clients
) -> None:
    trails, s3 = clients("cloudtrail"), clients("s3")

    trails.start_logging(Name=everything.management_trail)
    trails.stop_logging(Name=everything.management_trail)

    assert not trails.get_trail_status(Name=everything.management_trail)["IsLogging"]
    for call in (*BUCKET_CALLS, *LOG_CALLS):
        assert "explicit deny in a" in refusal(lambda call=call: CALLS[call][1](s3, everything))


def test_the_management_administrator_meets_the_bucket_policy_where_nothing_else_is_attached(
    places: Callable[[str], Place], clients: Clients
) -> None:
    place = places(RESOURCE)

    why = refusal(lambda: clients("s3").delete_bucket(Bucket=place.bucket))

    assert "assumed-role/OrganizationAdmin/" in why
    assert "with an explicit deny in a resource-based policy" in why


def test_a_refused_call_changes_nothing(everything: Place, clients: Clients) -> None:
    trails, s3 = clients("cloudtrail", "security"), clients("s3", "security")
    trails.start_logging(Name=everything.trail)

    for service, carry_out in CALLS.values():
        assert refusal(lambda s=service, c=carry_out: c(clients(s, "security"), everything))

    assert trails.get_trail_status(Name=everything.trail)["IsLogging"]
    assert s3.get_object(**everything.versioned)["Body"].read() == b"{}"
    assert s3.get_bucket_versioning(Bucket=everything.bucket)["Status"] == "Enabled"
    metadata = clients("kms", "security").describe_key(KeyId=everything.key)["KeyMetadata"]
    assert metadata["KeyState"] == "Enabled"
