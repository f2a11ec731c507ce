"""Against the sandbox's AWS: what is there, by the id that an import takes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from adoption.buckets import ENCRYPTION
from adoption.existing import Existing
from adoption.planned import AdoptionError, Planned

from sandbox.engine.found import NoPulumi
from sandbox.organization import role_arn
from sandbox.session import Sandbox
from stacks.lookups.session import AwsClients, provider_config
from tests.support.guide import BUCKET, TRAIL, ByHand, follow_the_guide

KEY_USED = frozenset({"urn:key"})
LOCKED = Planned("aws:s3/bucket:Bucket", "logs", {"bucket": BUCKET, "objectLockEnabled": True})


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pulumi=NoPulumi("these tests need none")) as running:
        yield running


@pytest.fixture(scope="module")
def by_hand(sandbox: Sandbox) -> ByHand:
    return follow_the_guide(sandbox)


def clients(sandbox: Sandbox, profile: str) -> AwsClients:
    files = {"sharedConfigFiles": "AWS_CONFIG_FILE"}
    files["sharedCredentialsFiles"] = "AWS_SHARED_CREDENTIALS_FILE"
    given = {key: [sandbox.environment[name]] for key, name in files.items()}
    return AwsClients(None, {"profile": profile, **given})


def found(sandbox: Sandbox, profile: str, *planned: Planned, policies: tuple[str, ...] = ()) -> Any:
    return Existing(clients(sandbox, profile), planned, policies).ids()


def scp(name: str, *sids: str) -> Planned:
    content = json.dumps({"Statement": [{"Sid": sid} for sid in sids]})
    kind = "SERVICE_CONTROL_POLICY"
    return Planned(
        "aws:organizations/policy:Policy", name, {"type": kind, "content": content, "name": name}
    )


@pytest.mark.parametrize(
    ("profile", "assumed", "account"),
    [
        ("security", [], "security"),
        ("management", [], "management"),
        ("management", ["security"], "security"),
        ("management", ["security", "AdminRole"], "security"),
    ],
)
def test_aws_is_asked_with_the_credentials_of_the_stacks_provider(
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    assumed: list[str],
    account: str,
) -> None:
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    known = {
        **sandbox.organization.roles,
        "AdminRole": role_arn(sandbox.organization.security_account_id, "AdminRole"),
    }
    roles = [{"roleArn": known[each]} for each in assumed]
    config = {"aws:profile": profile}
    config |= {"aws:assumeRoles": json.dumps(roles)} if roles else {}

    aws = AwsClients("us-east-1", provider_config(lambda key: config.get(f"aws:{key}")))

    found = aws.client("sts").get_caller_identity()["Arn"]
    assert found.split(":")[4] == sandbox.organization.roles[account].split(":")[4]


@pytest.mark.parametrize(
    ("profile", "kind", "inputs", "expected"),
    [
        ("security", "aws:s3/bucket:Bucket", {"bucket": BUCKET}, BUCKET),
        ("security", "aws:s3/bucket:Bucket", {"bucket": "not-there"}, None),
        ("security", "aws:s3/bucketPolicy:BucketPolicy", {"bucket": BUCKET}, BUCKET),
        ("security", "aws:s3/bucketLogging:BucketLogging", {"bucket": BUCKET}, None),
        ("security", "aws:s3/bucketPolicy:BucketPolicy", {"bucket": "not-there"}, None),
        ("security", "aws:kms/alias:Alias", {"name": "alias/not-there"}, None),
        ("security", "aws:sns/topic:Topic", {"name": "topic"}, None),
        (
            "management",
            "aws:organizations/awsServiceAccess:AwsServiceAccess",
            {"servicePrincipal": "cloudtrail.amazonaws.com"},
            "cloudtrail.amazonaws.com",
        ),
        (
            "management",
            "aws:organizations/awsServiceAccess:AwsServiceAccess",
            {"servicePrincipal": "config.amazonaws.com"},
            None,
        ),
        ("management", "aws:cloudtrail/trail:Trail", {"name": "NotThere"}, None),
    ],
)
@pytest.mark.usefixtures("by_hand")
def test_what_is_there_has_its_import_id_and_what_is_not_has_none(
    sandbox: Sandbox, profile: str, kind: str, inputs: dict[str, Any], expected: str | None
) -> None:
    ids = found(sandbox, profile, Planned(kind, "it", inputs))

    assert ids == ({} if expected is None else {(kind, "it"): expected})


def test_the_trail_goes_by_its_arn(sandbox: Sandbox, by_hand: ByHand) -> None:
    trail = Planned("aws:cloudtrail/trail:Trail", "trail", {"name": TRAIL})

    assert list(found(sandbox, "management", trail).values()) == [by_hand.trail]


def test_the_key_is_the_one_that_encrypts_the_bucket(sandbox: Sandbox, by_hand: ByHand) -> None:
    key = Planned("aws:kms/key:Key", "logs", urn="urn:logs")
    other = Planned("aws:kms/key:Key", "alerts", urn="urn:alerts")
    encryption = Planned(ENCRYPTION, "e", {"bucket": BUCKET}, uses=frozenset({"urn:logs"}))

    ids = found(sandbox, "security", encryption, key, other)

    assert ids["aws:kms/key:Key", "logs"] == by_hand.key.rsplit("/", maxsplit=1)[-1]
    assert ("aws:kms/key:Key", "alerts") not in ids


KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Administration",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
LEFT = {"Description": "Encrypts what only this test has", "Policy": json.dumps(KEY_POLICY)}


@pytest.mark.parametrize(
    ("inputs", "alias", "deleted", "is_found"),
    [
        ({}, "", False, True),
        ({"description": "Encrypts something else"}, "", False, False),
        ({"policy": json.dumps({**KEY_POLICY, "Id": "another"})}, "", False, False),
        ({"policy": None}, "", False, False),
        ({}, "alias/of-another", False, False),
        ({}, "", True, False),
    ],
)
def test_a_key_that_was_made_without_an_answer_is_found_by_its_description_and_policy(
    sandbox: Sandbox, inputs: dict[str, Any], alias: str, deleted: bool, is_found: bool
) -> None:
    kms: Any = sandbox.session("workload").client("kms")
    key = kms.create_key(**LEFT)["KeyMetadata"]["KeyId"]
    if alias:
        kms.create_alias(AliasName=alias, TargetKeyId=key)
    if deleted:
        kms.schedule_key_deletion(KeyId=key)
    given = {"description": LEFT["Description"], "policy": LEFT["Policy"], **inputs}

    ids = found(sandbox, "workload", Planned("aws:kms/key:Key", "key", given))

    if not deleted:
        kms.schedule_key_deletion(KeyId=key)
    assert ids == ({("aws:kms/key:Key", "key"): key} if is_found else {})


@pytest.mark.parametrize("attached", [True, False])
def test_an_attachment_of_a_policy_that_the_stack_has_is_found_by_its_id(
    sandbox: Sandbox, attached: bool
) -> None:
    organizations: Any = sandbox.session("management").client("organizations")
    root = sandbox.organization.root_id
    policy = organizations.create_policy(
        Name="own",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content='{"Version":"2012-10-17","Statement":[{"Sid":"Own","Effect":"Deny",'
        '"Action":"cloudtrail:StopLogging","Resource":"*"}]}',
    )["Policy"]["PolicySummary"]["Id"]
    if attached:
        organizations.attach_policy(PolicyId=policy, TargetId=root)
    kind = "aws:organizations/policyAttachment:PolicyAttachment"

    ids = found(sandbox, "management", Planned(kind, "a", {"targetId": root, "policyId": policy}))

    if attached:
        organizations.detach_policy(PolicyId=policy, TargetId=root)
    organizations.delete_policy(PolicyId=policy)
    assert ids == ({(kind, "a"): f"{root}:{policy}"} if attached else {})


@pytest.mark.parametrize("registered", [True, False])
def test_cloudtrails_delegated_administrator_goes_by_its_account(
    sandbox: Sandbox, registered: bool
) -> None:
    cloudtrail: Any = sandbox.session("management").client("cloudtrail")
    account = sandbox.organization.security_account_id
    if registered:
        cloudtrail.register_organization_delegated_admin(MemberAccountId=account)
    kind = "aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount"

    ids = found(sandbox, "management", Planned(kind, "it", {"accountId": account}))

    if registered:
        cloudtrail.deregister_organization_delegated_admin(DelegatedAdminAccountId=account)
    assert ids == ({(kind, "it"): account} if registered else {})


@pytest.mark.parametrize(
    ("inputs", "is_found"),
    [
        ({}, True),
        ({"name": "another"}, False),
        ({"query": "SELECT 2"}, False),
        ({"workgroup": "logs"}, False),
        ({"workgroup": "not-there"}, False),
    ],
)
def test_a_named_query_goes_by_workgroup_name_and_text(
    sandbox: Sandbox, inputs: dict[str, str], is_found: bool
) -> None:
    athena: Any = sandbox.session("workload").client("athena")
    if "logs" not in {each["Name"] for each in athena.list_work_groups()["WorkGroups"]}:
        athena.create_work_group(Name="logs")
    made = athena.create_named_query(Name="who", Database="d", QueryString="SELECT 1")
    given = {"name": "who", "query": "SELECT 1", "workgroup": "primary", **inputs}

    ids = found(sandbox, "workload", Planned("aws:athena/namedQuery:NamedQuery", "q", given))

    athena.delete_named_query(NamedQueryId=made["NamedQueryId"])
    assert list(ids.values()) == ([made["NamedQueryId"]] if is_found else [])


def test_the_policy_is_the_one_with_most_of_the_same_statements(
    sandbox: Sandbox, by_hand: ByHand
) -> None:
    root = sandbox.organization.root_id
    attachment = Planned(
        "aws:organizations/policyAttachment:PolicyAttachment", f"guard-{root}", {"targetId": root}
    )
    existing = Existing(
        clients(sandbox, "management"),
        [scp("guard", "ProtectCloudTrailBucket", "ProtectCloudTrailKey"), attachment],
        (),
    )

    chosen = by_hand.policies["ProtectCloudTrailBucket"]
    assert list(existing.ids().values()) == [chosen, f"{root}:{chosen}"]
    assert existing.policies.leftovers() == []


def test_policies_that_do_some_of_the_same_are_pointed_out(
    sandbox: Sandbox, by_hand: ByHand
) -> None:
    planned = scp("guard", "ProtectCloudTrail", "ProtectCloudTrailBucket")
    wanted = by_hand.policies["ProtectCloudTrailBucket"]

    existing = Existing(clients(sandbox, "management"), [planned], [wanted])

    assert list(existing.ids().values()) == [wanted]
    assert existing.policies.leftovers() == [by_hand.policies["ProtectCloudTrail"]]


def test_a_policy_whose_statement_is_one_object_is_read_like_any_other(sandbox: Sandbox) -> None:
    organizations: Any = sandbox.session("management").client("organizations")
    statement = {
        "Sid": "OneObject",
        "Effect": "Deny",
        "Action": "cloudtrail:StopLogging",
        "Resource": "*",
    }
    made = organizations.create_policy(
        Name="one-object",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )["Policy"]["PolicySummary"]["Id"]

    assert list(found(sandbox, "management", scp("guard", "OneObject")).values()) == [made]

    organizations.delete_policy(PolicyId=made)


def test_what_is_in_another_region_has_that_region_behind_its_id(sandbox: Sandbox) -> None:
    session = sandbox.session("security")
    west: Any = session.client("s3", region_name="us-west-2")
    west.create_bucket(Bucket="west", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    kms: Any = session.client("kms", region_name="us-west-2")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/west", TargetKeyId=key)
    region = {"region": "us-west-2"}
    ids = found(
        sandbox,
        "security",
        Planned(LOCKED.type, "west", {"bucket": "west", **region}),
        Planned("aws:kms/key:Key", "key", region, urn="urn:key"),
        Planned("aws:kms/alias:Alias", "alias", {"name": "alias/west", **region}, uses=KEY_USED),
        Planned("aws:kms/alias:Alias", "home", {"name": "alias/west", "region": "us-east-1"}),
    )

    assert ids == {
        (LOCKED.type, "west"): "west@us-west-2",
        ("aws:kms/key:Key", "key"): f"{key}@us-west-2",
        ("aws:kms/alias:Alias", "alias"): "alias/west@us-west-2",
    }


def test_a_bucket_in_another_region_than_planned_is_refused(sandbox: Sandbox) -> None:
    s3: Any = sandbox.session("security").client("s3", region_name="eu-west-1")
    s3.create_bucket(
        Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )

    with pytest.raises(AdoptionError, match="is in eu-west-1, and the stack would make it in us-"):
        found(sandbox, "security", Planned(LOCKED.type, "b", {"bucket": "elsewhere"}))


def test_a_role_goes_by_its_name_and_its_only_policy_by_both(sandbox: Sandbox) -> None:
    iam: Any = sandbox.session("security").client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}}
    iam.create_role(
        RoleName="copies",
        AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": {**trust, "Action": "sts:AssumeRole"}}
        ),
    )
    planned = [
        Planned("aws:iam/role:Role", "role", {"name": "copies"}),
        Planned("aws:iam/rolePolicy:RolePolicy", "policy", {"role": "copies"}),
        Planned("aws:iam/role:Role", "other", {"name": "not-there"}),
        Planned("aws:iam/rolePolicy:RolePolicy", "others", {"role": "not-there"}),
    ]

    without = found(sandbox, "security", *planned)
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    iam.put_role_policy(
        RoleName="copies",
        PolicyName="copies-1a2b3c",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": allow}),
    )

    assert without == {("aws:iam/role:Role", "role"): "copies"}
    assert found(sandbox, "security", *planned) == {
        ("aws:iam/role:Role", "role"): "copies",
        ("aws:iam/rolePolicy:RolePolicy", "policy"): "copies:copies-1a2b3c",
    }


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("aws:guardduty/detector:Detector", {}),
        ("aws:securityhub/account:Account", {}),
        ("aws:cloudtrail/eventDataStore:EventDataStore", {"name": "events"}),
    ],
)
def test_what_stays_of_the_security_services_is_found_again(
    sandbox: Sandbox, kind: str, inputs: dict[str, Any]
) -> None:
    session = sandbox.session("security")
    planned = Planned(kind, "it", inputs)

    before = found(sandbox, "security", planned)
    guardduty: Any = session.client("guardduty")
    hub: Any = session.client("securityhub")
    cloudtrail: Any = session.client("cloudtrail")
    made = {
        "aws:guardduty/detector:Detector": lambda: guardduty.create_detector(Enable=True)[
            "DetectorId"
        ],
        "aws:securityhub/account:Account": lambda: (
            hub.enable_security_hub(EnableDefaultStandards=False)
            and sandbox.organization.security_account_id
        ),
        "aws:cloudtrail/eventDataStore:EventDataStore": lambda: cloudtrail.create_event_data_store(
            Name="events"
        )["EventDataStoreArn"],
    }[kind]()

    assert before == {}
    assert found(sandbox, "security", planned) == {(kind, "it"): made}


def test_more_policies_than_the_stack_has_are_refused(sandbox: Sandbox) -> None:
    with pytest.raises(AdoptionError, match=r"given 2 times.*only 1 policies"):
        found(sandbox, "management", scp("guard", "A"), policies=("p-1", "p-2"))


def test_a_bucket_without_object_lock_is_not_taken_over_but_used_as_it_is(sandbox: Sandbox) -> None:
    s3: Any = sandbox.session("security").client("s3")
    s3.create_bucket(Bucket="without-lock")
    unlocked = Planned(LOCKED.type, "b", {"bucket": "without-lock", "objectLockEnabled": True})

    with pytest.raises(AdoptionError, match="existingBucket true"):
        found(sandbox, "security", unlocked)


@pytest.mark.usefixtures("by_hand")
def test_a_bucket_whose_policy_has_more_in_it_is_not_taken_over(sandbox: Sandbox) -> None:
    ours = json.dumps({"Statement": {"Sid": "AWSCloudTrailAclCheck20150319"}})
    policy = Planned("aws:s3/bucketPolicy:BucketPolicy", "p", {"bucket": BUCKET, "policy": ours})

    with pytest.raises(AdoptionError, match=r"statements of your own .*DenyDeleteCloudTrailLogs"):
        found(sandbox, "security", LOCKED, policy)
