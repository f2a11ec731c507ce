"""The sandbox's evaluator agrees with one that others wrote, request by request.

The other one is npm's ``@cloud-copilot/iam-simulate``. Both evaluate the same requests under the
real documents of this project; the requests are drawn at random from a fixed seed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cloudtrail_guard.operations import OPERATIONS, Allowed, Document, Target, actions_on
from cloudtrail_guard.policies.guardrails import (
    ProtectedResources,
    mfa_statement,
    scp_statements,
)
from cloudtrail_guard.policies.iam_guardrails import (
    CREDENTIALS,
    UNBOUND,
    IamPolicies,
    boundary_statements,
    iam_statements,
)
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy
from cloudtrail_guard.policies.resource_guardrails import rcp_statements

from sandbox.tests.limits import PATIENCE
from tests.enforcement.asking import Asked
from tests.enforcement.cases import ENCRYPTED_FOR, Case, Who, itself, session
from tests.enforcement.resources import resource_of
from tests.enforcement.test_keeps_working import KEEPS_WORKING, LOOK_ALIKES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ORACLE = Path(__file__).parent / "oracle"
REQUESTS = 800

ORGANIZATION = "o-a1b2c3d4e5"
MANAGEMENT, SECURITY, WORKLOAD, STRANGER = (
    *("123456789012", "111122223333", "444455556666"),
    "999988887777",
)
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/SecurityAuditTrail"
MEMBER_TRAIL = f"arn:aws:cloudtrail:eu-west-1:{WORKLOAD}:trail/Data"
KEY = f"arn:aws:kms:eu-west-1:{SECURITY}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BUCKET = "arn:aws:s3:::org-logs"
BREAK_GLASS = f"arn:aws:iam::{SECURITY}:role/AdminRole"
DEPLOYER = f"arn:aws:iam::{SECURITY}:role/Deploy"
READER = f"arn:aws:iam::{WORKLOAD}:role/Investigator"

BUCKET_POLICY = log_bucket_policy(
    LogBucketAccess(
        bucket="org-logs",
        organization_trail=TRAIL,
        member_trails=("Data",),
        organization_id=ORGANIZATION,
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
        readers=(READER,),
    )
)
KEY_POLICY = log_key_policy(
    LogKeyAccess(
        account=SECURITY,
        trails=(TRAIL,),
        member_trails=("Data",),
        organization_id=ORGANIZATION,
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
        readers=(READER,),
    )
)
PROTECTED = ProtectedResources(
    bucket="org-logs",
    key_arn=KEY,
    break_glass=(BREAK_GLASS,),
    deployers=(DEPLOYER,),
    own_roles=("arn:aws:iam::*:role/cloudtrail-guard*",),
    monitoring=(f"arn:aws:sns:eu-west-1:{SECURITY}:alerts",),
    security_services=True,
)


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def all_but(*actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "NotAction": list(actions), "Resource": "*"}


EVERYTHING = document(allow())
SCPS = document(*scp_statements(PROTECTED))
RCPS = document(*rcp_statements(PROTECTED, ORGANIZATION))
MFA = document(mfa_statement(PROTECTED))
IAM_POLICIES = IamPolicies("guard", "guard-boundary", ("Developers",))
IAM_FORM = document(*iam_statements(PROTECTED, IAM_POLICIES))
BOUNDARY = document(allow(), *boundary_statements(PROTECTED, IAM_POLICIES))
IDENTITIES: tuple[tuple[dict[str, Any], ...], ...] = (
    *((EVERYTHING,),) * 4,
    (EVERYTHING, SCPS),
    (EVERYTHING, MFA),
    *((EVERYTHING, IAM_FORM),) * 2,
    (document(all_but("s3:Delete*", "kms:*")),),
    (document(allow("s3:*"), allow("kms:Decrypt")),),
    (document({"Effect": "Allow", "Action": "*", "NotResource": [KEY, f"{BUCKET}/*"]}),),
    (),
)
LIMITS = (
    *(None,) * 6,
    BOUNDARY,
    document(allow("s3:*"), allow("cloudtrail:*")),
    document(allow(), {**allow(), "Effect": "Deny", "Action": "s3:PutBucket*"}),
    document(
        allow(Condition={"StringNotLike": {"aws:MultiFactorAuthAge": "1*"}}),
        allow("kms:*", Condition={"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "60"}}),
    ),
)

IN_BUCKET = (
    *("s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucketPolicy", "s3:GetBucketPolicy"),
    *("s3:PutLifecycleConfiguration", "s3:PutBucketVersioning", "s3:ListBucket"),
    *("s3:PutEncryptionConfiguration", "s3:GetBucketAcl", "s3:GetBucketLocation"),
    *actions_on(Target.BUCKET),
)
IN_OBJECT = (
    *("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"),
    *("s3:BypassGovernanceRetention", "s3:PutObjectRetention", "s3:GetObjectVersion"),
    *actions_on(Target.OBJECTS),
    *actions_on(Target.REPLICATION),
)
IN_KEY = (
    *("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:DisableKey"),
    *("kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:EnableKeyRotation"),
    *actions_on(Target.KEY),
)
IN_TRAIL = (
    *("cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail"),
    *("cloudtrail:PutEventSelectors", "cloudtrail:GetTrail", "cloudtrail:StartLogging"),
    *("cloudtrail:PutInsightSelectors", "cloudtrail:PutEventConfiguration"),
)
IN_TOPIC = ("sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Publish")
IN_ROLE = sorted(
    {
        *actions_on(Target.EXEMPT_ROLE),
        *(a for a in UNBOUND if a.endswith("RolePolicy")),
        "iam:GetRole",
    }
)
IN_USER = (
    *CREDENTIALS,
    *("iam:CreateUser", "iam:PutUserPolicy", "iam:GetUser"),
)
IN_GROUP = (*actions_on(Target.GUARDED_GROUP), "iam:AddUserToGroup")
IN_POLICY = (*actions_on(Target.IAM_POLICY), "iam:CreatePolicy")
BOUND_ACTIONS = {*UNBOUND, *actions_on(Target.BOUNDARY)}
NAMES = {
    "role": ("AdminRole", "Deploy", "cloudtrail-guard-replica", "Application"),
    "user": ("person", "staff/person", "someone"),
    "group": ("Developers", "staff/Developers", "Others"),
    "policy": ("guard", "guard-boundary", "other"),
}


CALLERS = (
    *(session(role) for role in (BREAK_GLASS, DEPLOYER, READER)),
    *(
        session(f"arn:aws:iam::{account}:role/Anybody")
        for account in (MANAGEMENT, SECURITY, SECURITY, WORKLOAD, STRANGER)
    ),
    itself(f"arn:aws:iam::{SECURITY}:user/person"),
    itself(f"arn:aws:iam::{SECURITY}:root"),
    itself(f"arn:aws:iam::{WORKLOAD}:root"),
)
SERVICES = (Who("cloudtrail.amazonaws.com"), Who("config.amazonaws.com"))
ANONYMOUS = Who("")


def draw(chance: random.Random) -> Case:
    """A request of anybody for something that the documents speak of."""
    of = chance.choice((in_bucket, in_bucket, in_key, elsewhere, in_iam, in_iam))
    action, resource, policy = of(chance)
    owner = SECURITY
    pool: Sequence[Who] = CALLERS
    if policy is None:
        # Without a policy a resource is for its own account only.
        pool = [who for who in CALLERS if who.account not in ("", STRANGER)]
    elif chance.random() < 0.3:
        pool = (*SERVICES, ANONYMOUS)
    who = chance.choice(pool)
    if policy is None:
        owner = who.account
        resource = resource.replace(SECURITY, owner)
    context = transport(chance) | facts_of(chance, who) | particulars(chance, action)
    person = who.account and not who.arn.endswith(":root")
    return Case(
        who=who,
        action=action,
        resource=resource,
        owner=owner,
        context=context,
        policy=policy,
        identity=chance.choice(IDENTITIES) if person else (EVERYTHING,) if who.account else (),
        boundary=chance.choice(LIMITS) if person else None,
        session=chance.choice(LIMITS) if who.is_role else None,
        scps=[[EVERYTHING], [EVERYTHING, SCPS]] if who.account in (SECURITY, WORKLOAD) else [],
        rcps=[RCPS] if owner != MANAGEMENT and chance.random() < 0.7 else [],
    )


def in_bucket(chance: random.Random) -> tuple[str, str, Mapping[str, Any]]:
    if chance.random() < 0.4:
        return chance.choice(IN_BUCKET), BUCKET, BUCKET_POLICY
    folder = chance.choice((ORGANIZATION, MANAGEMENT, WORKLOAD, SECURITY, "x"))
    prefix = chance.choice(("AWSLogs", "AWSLogs", "AWSLogs", "mine"))
    return chance.choice(IN_OBJECT), f"{BUCKET}/{prefix}/{folder}/log.json.gz", BUCKET_POLICY


def in_key(chance: random.Random) -> tuple[str, str, Mapping[str, Any]]:
    return chance.choice(IN_KEY), KEY, KEY_POLICY


def in_iam(chance: random.Random) -> tuple[str, str, None]:
    kind = chance.choice(("role", "role", "user", "group", "policy"))
    actions = {"role": IN_ROLE, "user": IN_USER, "group": IN_GROUP, "policy": IN_POLICY}[kind]
    return (
        chance.choice(actions),
        f"arn:aws:iam::{SECURITY}:{kind}/{chance.choice(NAMES[kind])}",
        None,
    )


def elsewhere(chance: random.Random) -> tuple[str, str, None]:
    if chance.random() < 0.7:
        trail = f"arn:aws:cloudtrail:eu-west-1:{SECURITY}:trail/Any"
        return chance.choice(IN_TRAIL), trail, None
    return chance.choice(IN_TOPIC), PROTECTED.monitoring[0], None


def transport(chance: random.Random) -> dict[str, str]:
    tls = chance.choice(("1.3", "1.3", "1.3", "1.3", "1.2", "1.1"))
    secure = chance.choice(("true",) * 8 + ("false",))
    return {"s3:TlsVersion": tls, "aws:SecureTransport": secure}


def facts_of(chance: random.Random, who: Who) -> dict[str, str]:
    """The keys that AWS puts into every request of a principal."""
    if who.is_service:
        source = chance.choice((TRAIL, MEMBER_TRAIL, MEMBER_TRAIL.replace("Data", "Other")))
        account = source.split(":")[4]
        facts = {
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": who.arn,
            "aws:SourceArn": source,
            "aws:SourceAccount": account,
        }
        if chance.random() < 0.8:
            facts["aws:SourceOrgID"] = chance.choice((ORGANIZATION, ORGANIZATION, "o-z9z9z9z9z9"))
        return facts
    if not who.arn:
        return {}
    facts = {
        **({"aws:username": who.arn.rpartition("/")[2]} if ":user/" in who.arn else {}),
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalArn": who.principal_arn,
        "aws:PrincipalAccount": who.account,
    }
    if who.account != STRANGER:
        facts["aws:PrincipalOrgID"] = ORGANIZATION
    mfa = chance.choice(("", "true", "false"))
    if mfa:
        facts["aws:MultiFactorAuthPresent"] = mfa
    if mfa == "true":
        facts["aws:MultiFactorAuthAge"] = chance.choice(("5", "100"))
    return facts


def particulars(chance: random.Random, action: str) -> dict[str, str]:
    """The keys of single actions."""
    if action in ("kms:ScheduleKeyDeletion", "kms:DisableKey"):
        usage = {"kms:TrailingDaysWithoutKeyUsage": chance.choice(("0", "29", "30", "400"))}
        if action == "kms:DisableKey":
            return usage
        window = chance.choice(("7", "29", "30"))
        return {**usage, "kms:ScheduleKeyDeletionPendingWindowInDays": window}
    if action.startswith("iam:"):
        return particulars_of_iam(chance, action)
    if action == "s3:PutObject" and chance.random() < 0.8:
        return {"s3:x-amz-acl": chance.choice(("bucket-owner-full-control",) * 3 + ("private",))}
    if action in ("kms:Decrypt", "kms:GenerateDataKey") and chance.random() < 0.8:
        context = chance.choice((TRAIL, MEMBER_TRAIL, "arn:aws:cloudtrail:eu-west-1:1:trail/x"))
        return {ENCRYPTED_FOR: context}
    return {}


def particulars_of_iam(chance: random.Random, action: str) -> dict[str, str]:
    """The keys of actions on roles, users and policies."""
    if action in BOUND_ACTIONS and chance.random() < 0.7:
        boundary = chance.choice(("guard-boundary", "other"))
        return {"iam:PermissionsBoundary": f"arn:aws:iam::{SECURITY}:policy/{boundary}"}
    if action in actions_on(Target.IAM_ATTACHMENT):
        policy = chance.choice(("guard", "guard-access", "other"))
        return {"iam:PolicyARN": f"arn:aws:iam::{SECURITY}:policy/{policy}"}
    return {}


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The other evaluator, installed as its lock file says."""
    missing = [tool for tool in ("node", "npm") if shutil.which(tool) is None]
    if missing:
        reason = f"the other evaluator needs {', '.join(missing)}, not found on PATH"
        if os.environ.get("REQUIRE_PULUMI") == "1":
            pytest.fail(f"{reason} (REQUIRE_PULUMI=1 makes this an error)")
        pytest.skip(reason)
    place = tmp_path_factory.mktemp("oracle") / "oracle"
    shutil.copytree(ORACLE, place, ignore=shutil.ignore_patterns("node_modules"))
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return place


def asked(oracle: Path, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """What the other evaluator says to each case."""
    done = subprocess.run(
        ["node", "evaluate.mjs"],
        cwd=oracle,
        input=json.dumps([case.theirs() for case in cases]),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_both_evaluators_say_the_same_to_every_request(oracle: Path) -> None:
    chance = random.Random(20261123)  # noqa: S311 (the same requests in every run)
    cases = [draw(chance) for _ in range(REQUESTS)]

    answers = asked(oracle, cases)

    assert [answer["error"] for answer in answers if "error" in answer] == []
    # Keys that it leaves out would make it blind; of TLS only the documents of S3 speak.
    assert {key for answer in answers for key in answer["ignored"]} <= {"s3:TlsVersion"}
    pairs = list(zip(cases, (answer["result"] for answer in answers), strict=True))
    apart = [(theirs, case.ours(), case) for case, theirs in pairs if case.ours() != theirs]
    assert apart == []
    # Each answer is given often enough for the agreement to mean something.
    counts = Counter(theirs for _, theirs in pairs)
    assert len(counts) == 3
    assert min(counts.values()) > REQUESTS // 20


def expected() -> list[tuple[str, Asked]]:
    """What the table and the list of what must keep working say, under all documents at once."""
    window = {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}
    of_the_table = [
        (
            "Allowed" if may else "ExplicitlyDenied",
            Asked(role, each.action, resource, window),
        )
        for each in OPERATIONS
        if Document.SCP in each.denied_in and (resource := resource_of(each))
        for role, may in (
            (f"arn:aws:iam::{SECURITY}:role/Administrator", each.allowed is Allowed.TRUSTED),
            (DEPLOYER, each.allowed in (Allowed.DEPLOYER, Allowed.BACKUP)),
            (BREAK_GLASS, each.allowed is not Allowed.SERVICE),
        )
    ]
    return [
        *(("Allowed", asked) for asked in KEEPS_WORKING.values()),
        *(("ExplicitlyDenied", asked) for asked in LOOK_ALIKES),
        *of_the_table,
    ]


def test_both_evaluators_decide_as_the_table_says(oracle: Path) -> None:
    wanted = expected()

    answers = asked(oracle, [each.case for _, each in wanted])

    apart = [
        (result, answer, ours, each)
        for (result, each), answer in zip(wanted, answers, strict=True)
        if {answer.get("result"), ours := each.case.ours()} != {result}
    ]
    assert apart == []
