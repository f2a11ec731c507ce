"""CloudTrail as AWS has it: trails, who sees them, and what they need to deliver."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, allow, deny, document, refused

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
REGIONS = ("us-east-1", "eu-west-1")


@pytest.fixture(autouse=True)
def _no_trails_are_left(clients: Clients) -> Generator[None]:
    yield
    for profile in ("management", "security", "workload"):
        for region in REGIONS:
            trails = clients("cloudtrail", profile, region)
            found = trails.describe_trails(includeShadowTrails=False)["trailList"]
            for trail in found:
                trails.delete_trail(Name=trail["TrailARN"])


@pytest.fixture
def cloudtrail(clients: Clients) -> Client:
    return clients("cloudtrail")


def trail_arn(organization: Organization, name: str, region: str = "us-east-1") -> str:
    return f"arn:aws:cloudtrail:{region}:{organization.management_account_id}:trail/{name}"


def delivery(bucket: str, *owners: str, prefix: str = "", **condition: Any) -> list[dict[str, Any]]:
    """The statements that let CloudTrail write for accounts or an organization."""
    arn = f"arn:aws:s3:::{bucket}"
    acl = {"s3:x-amz-acl": "bucket-owner-full-control", **condition}
    return [
        allow(CLOUDTRAIL, "s3:GetBucketAcl", arn),
        *(
            allow(
                CLOUDTRAIL,
                "s3:PutObject",
                f"{arn}/{prefix}AWSLogs/{owner}/*",
                Condition={"StringEquals": acl},
            )
            for owner in owners
        ),
    ]


def put_policy(clients: Clients, bucket: str, *statements: dict[str, Any]) -> None:
    clients("s3", "security").put_bucket_policy(Bucket=bucket, Policy=document(*statements))


@pytest.fixture
def logs(clients: Clients, organization: Organization, bucket: str) -> str:
    """A bucket of the security account that accepts the logs of all accounts."""
    owners = (
        organization.id,
        organization.management_account_id,
        organization.security_account_id,
        organization.workload_account_id,
    )
    put_policy(clients, bucket, *delivery(bucket, *owners))
    return bucket


def test_trails_are_described_by_name_and_arn(
    cloudtrail: Client, organization: Organization, name: str, logs: str
) -> None:
    for suffix in "ab":
        cloudtrail.create_trail(Name=f"{name}-{suffix}", S3BucketName=logs)
    arn = trail_arn(organization, f"{name}-b")

    def described(*names: str) -> list[str]:
        found = cloudtrail.describe_trails(trailNameList=list(names))["trailList"]
        return [trail["Name"] for trail in found]

    assert described(f"{name}-a") == [f"{name}-a"]
    assert described(arn) == [f"{name}-b"]
    assert described(arn + "-none", f"{name}-none") == []
    assert described() == [f"{name}-a", f"{name}-b"]


def test_a_trail_tells_what_is_set_and_leaves_out_what_is_not(
    cloudtrail: Client, organization: Organization, name: str, logs: str
) -> None:
    cloudtrail.create_trail(Name=name, S3BucketName=logs)

    assert cloudtrail.get_trail(Name=name)["Trail"] == {
        "Name": name,
        "TrailARN": trail_arn(organization, name),
        "HomeRegion": "us-east-1",
        "S3BucketName": logs,
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": False,
        "IsOrganizationTrail": False,
        "LogFileValidationEnabled": False,
        "HasCustomEventSelectors": False,
        "HasInsightSelectors": False,
    }


def test_a_trail_is_deleted_by_its_arn_and_its_tags_go(
    cloudtrail: Client, organization: Organization, name: str, logs: str
) -> None:
    arn = trail_arn(organization, name)
    tags = [{"Key": "owner", "Value": "security"}]
    cloudtrail.create_trail(Name=name, S3BucketName=logs, TagsList=tags)

    cloudtrail.delete_trail(Name=arn)

    with refused("TrailNotFoundException", arn):
        cloudtrail.delete_trail(Name=arn)
    with refused("TrailNotFoundException"):
        cloudtrail.get_trail_status(Name=name)
    cloudtrail.create_trail(Name=name, S3BucketName=logs)
    assert cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"] == []


def test_a_second_trail_of_the_name_is_refused(cloudtrail: Client, name: str, logs: str) -> None:
    cloudtrail.create_trail(Name=name, S3BucketName=logs)
    with refused("TrailAlreadyExistsException", name):
        cloudtrail.create_trail(Name=name, S3BucketName=logs)


@pytest.mark.parametrize("bad", ["ab", "-start", "under score"])
def test_a_bad_name_is_refused(cloudtrail: Client, logs: str, bad: str) -> None:
    with refused("InvalidTrailNameException"):
        cloudtrail.create_trail(Name=bad, S3BucketName=logs)


def test_a_text_that_is_no_trail_arn_is_refused(cloudtrail: Client) -> None:
    with refused("CloudTrailARNInvalidException"):
        cloudtrail.get_trail(Name="arn:aws:s3:::bucket")


def test_a_region_has_room_for_five_trails(
    clients: Clients, cloudtrail: Client, name: str, logs: str
) -> None:
    clients("cloudtrail", "management", "eu-west-1").create_trail(
        Name=name, S3BucketName=logs, IsMultiRegionTrail=True
    )
    for number in range(4):
        cloudtrail.create_trail(Name=f"{name}-{number}", S3BucketName=logs)

    with refused("MaximumNumberOfTrailsExceededException", "5 trails in us-east-1"):
        cloudtrail.create_trail(Name=f"{name}-4", S3BucketName=logs)


def test_a_multi_region_trail_must_include_global_events(
    cloudtrail: Client, name: str, logs: str
) -> None:
    with refused("InvalidParameterCombinationException"):
        cloudtrail.create_trail(
            Name=name, S3BucketName=logs, IsMultiRegionTrail=True, IncludeGlobalServiceEvents=False
        )
    cloudtrail.create_trail(Name=name, S3BucketName=logs, IsMultiRegionTrail=True)
    with refused("InvalidParameterCombinationException"):
        cloudtrail.update_trail(Name=name, IncludeGlobalServiceEvents=False)
    assert cloudtrail.get_trail(Name=name)["Trail"]["IncludeGlobalServiceEvents"] is True


def test_outside_its_home_region_a_trail_is_read_and_not_changed(
    clients: Clients, cloudtrail: Client, organization: Organization, name: str, logs: str
) -> None:
    elsewhere = clients("cloudtrail", "management", "eu-west-1")
    cloudtrail.create_trail(Name=name, S3BucketName=logs, IsMultiRegionTrail=True)
    cloudtrail.start_logging(Name=name)
    arn = trail_arn(organization, name)

    assert elsewhere.get_trail(Name=arn)["Trail"]["HomeRegion"] == "us-east-1"
    assert elsewhere.get_trail_status(Name=arn)["IsLogging"] is True
    assert elsewhere.get_event_selectors(TrailName=arn)["TrailARN"] == arn
    assert [trail["TrailARN"] for trail in elsewhere.describe_trails()["trailList"]] == [arn]
    assert elsewhere.describe_trails(includeShadowTrails=False)["trailList"] == []
    with refused("TrailNotFoundException"):
        elsewhere.get_trail(Name=name)
    for call in (elsewhere.stop_logging, elsewhere.delete_trail, elsewhere.update_trail):
        with refused("InvalidHomeRegionException", "us-east-1"):
            call(Name=arn)


def test_a_single_region_trail_is_not_seen_elsewhere(
    clients: Clients, cloudtrail: Client, organization: Organization, name: str, logs: str
) -> None:
    elsewhere = clients("cloudtrail", "management", "eu-west-1")
    cloudtrail.create_trail(Name=name, S3BucketName=logs)

    assert elsewhere.describe_trails()["trailList"] == []
    assert [trail["Name"] for trail in elsewhere.list_trails()["Trails"]] == [name]
    with refused("TrailNotFoundException"):
        elsewhere.get_trail(Name=trail_arn(organization, name))


def test_logging_starts_and_stops(
    cloudtrail: Client, organization: Organization, name: str, logs: str
) -> None:
    cloudtrail.create_trail(Name=name, S3BucketName=logs)
    assert cloudtrail.get_trail_status(Name=name)["IsLogging"] is False

    cloudtrail.start_logging(Name=trail_arn(organization, name))
    assert cloudtrail.get_trail_status(Name=name)["IsLogging"] is True

    cloudtrail.stop_logging(Name=name)
    assert cloudtrail.get_trail_status(Name=name)["IsLogging"] is False


def test_an_update_changes_what_is_given_and_logging_goes_on(
    cloudtrail: Client, name: str, logs: str
) -> None:
    cloudtrail.create_trail(Name=name, S3BucketName=logs, EnableLogFileValidation=True)
    cloudtrail.start_logging(Name=name)

    cloudtrail.update_trail(Name=name, IsMultiRegionTrail=True)

    trail = cloudtrail.get_trail(Name=name)["Trail"]
    assert (trail["IsMultiRegionTrail"], trail["LogFileValidationEnabled"]) == (True, True)
    assert cloudtrail.get_trail_status(Name=name)["IsLogging"] is True


# What CloudTrail needs of the bucket


def test_a_bucket_that_does_not_exist_is_refused(cloudtrail: Client, name: str) -> None:
    with refused("S3BucketDoesNotExistException"):
        cloudtrail.create_trail(Name=name, S3BucketName=f"{name}-none")


def test_a_bucket_without_a_policy_is_refused(cloudtrail: Client, name: str, bucket: str) -> None:
    with refused("InsufficientS3BucketPolicyException", "s3:GetBucketAcl"):
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)


@pytest.mark.parametrize(
    ("source", "fits"),
    [
        ("arn:aws:cloudtrail:us-east-1:123456789012:trail/NAME", True),
        ("arn:aws:cloudtrail:us-east-1:123456789012:trail/other", False),
        ("arn:aws:cloudtrail:eu-west-1:123456789012:trail/NAME", False),
    ],
)
def test_the_source_arn_must_be_the_trail(
    clients: Clients, name: str, bucket: str, source: str, *, fits: bool
) -> None:
    cloudtrail = clients("cloudtrail")
    condition = {"aws:SourceArn": source.replace("NAME", name)}
    put_policy(clients, bucket, *delivery(bucket, "123456789012", **condition))
    if fits:
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)
    else:
        with refused("InsufficientS3BucketPolicyException", "s3:PutObject"):
            cloudtrail.create_trail(Name=name, S3BucketName=bucket)


def test_the_source_organization_must_be_the_trails(
    clients: Clients, cloudtrail: Client, organization: Organization, name: str, bucket: str
) -> None:
    account = organization.management_account_id
    put_policy(clients, bucket, *delivery(bucket, account, **{"aws:SourceOrgID": "o-0000000000"}))
    with refused("InsufficientS3BucketPolicyException"):
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)

    put_policy(clients, bucket, *delivery(bucket, account, **{"aws:SourceOrgID": organization.id}))
    cloudtrail.create_trail(Name=name, S3BucketName=bucket)


def test_the_prefix_of_the_trail_must_be_allowed(
    clients: Clients, cloudtrail: Client, name: str, bucket: str
) -> None:
    put_policy(clients, bucket, *delivery(bucket, "123456789012", prefix="audit/"))

    with refused("InsufficientS3BucketPolicyException"):
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)
    cloudtrail.create_trail(Name=name, S3BucketName=bucket, S3KeyPrefix="audit")


def test_a_deny_that_hits_cloudtrail_is_found(
    clients: Clients, cloudtrail: Client, name: str, bucket: str
) -> None:
    objects = f"arn:aws:s3:::{bucket}/*"
    allowed = delivery(bucket, "123456789012")
    not_a_service = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}

    put_policy(clients, bucket, *allowed, deny("s3:PutObject", objects))
    with refused("InsufficientS3BucketPolicyException"):
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)

    put_policy(clients, bucket, *allowed, deny("s3:PutObject", objects, Condition=not_a_service))
    cloudtrail.create_trail(Name=name, S3BucketName=bucket)


def test_an_update_is_checked_like_a_creation(
    clients: Clients, cloudtrail: Client, name: str, bucket: str
) -> None:
    put_policy(clients, bucket, *delivery(bucket, "123456789012"))
    cloudtrail.create_trail(Name=name, S3BucketName=bucket)
    clients("s3", "security").delete_bucket_policy(Bucket=bucket)

    with refused("InsufficientS3BucketPolicyException"):
        cloudtrail.update_trail(Name=name, EnableLogFileValidation=True)

    assert cloudtrail.get_trail(Name=name)["Trail"]["LogFileValidationEnabled"] is False


# What CloudTrail needs of the key


def let_encrypt(clients: Clients, organization: Organization, key: str, context: str) -> None:
    root = f"arn:aws:iam::{organization.security_account_id}:root"
    like = {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context}}
    clients("kms", "security").put_key_policy(
        KeyId=key,
        PolicyName="default",
        Policy=document(
            allow({"AWS": root}, "kms:*"),
            allow(CLOUDTRAIL, "kms:GenerateDataKey*", Condition=like),
        ),
    )


def test_the_key_must_let_cloudtrail_encrypt_for_this_trail(
    clients: Clients,
    organization: Organization,
    name: str,
    logs: str,
    key_arn: str,
) -> None:
    cloudtrail = clients("cloudtrail")
    other = "arn:aws:cloudtrail:*:123456789012:trail/other"
    let_encrypt(clients, organization, key_arn, other)
    with refused("InsufficientEncryptionPolicyException", key_arn):
        cloudtrail.create_trail(Name=name, S3BucketName=logs, KmsKeyId=key_arn)

    let_encrypt(clients, organization, key_arn, other.replace("other", name))
    cloudtrail.create_trail(Name=name, S3BucketName=logs, KmsKeyId=key_arn)
    assert cloudtrail.get_trail(Name=name)["Trail"]["KmsKeyId"] == key_arn

    cloudtrail.update_trail(Name=name, KmsKeyId="")
    assert "KmsKeyId" not in cloudtrail.get_trail(Name=name)["Trail"]


def test_a_key_is_found_by_its_alias(
    clients: Clients, organization: Organization, name: str, logs: str, key_arn: str
) -> None:
    cloudtrail = clients("cloudtrail", "security")
    clients("kms", "security").create_alias(AliasName=f"alias/{name}", TargetKeyId=key_arn)
    let_encrypt(clients, organization, key_arn, "*")

    cloudtrail.create_trail(Name=name, S3BucketName=logs, KmsKeyId=f"alias/{name}")

    assert cloudtrail.get_trail(Name=name)["Trail"]["KmsKeyId"] == key_arn


@pytest.mark.parametrize(
    "key",
    [
        "alias/none",
        "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000",
    ],
)
def test_a_key_that_does_not_exist_is_refused(
    cloudtrail: Client, name: str, logs: str, key: str
) -> None:
    with refused("KmsKeyNotFoundException", key):
        cloudtrail.create_trail(Name=name, S3BucketName=logs, KmsKeyId=key)


def test_a_key_of_another_region_than_the_bucket_is_refused(
    clients: Clients, cloudtrail: Client, name: str, logs: str
) -> None:
    elsewhere = clients("kms", "security", "eu-west-1").create_key()["KeyMetadata"]["Arn"]

    with refused("KmsKeyNotFoundException", "not in us-east-1"):
        cloudtrail.create_trail(Name=name, S3BucketName=logs, KmsKeyId=elsewhere)


def test_a_trail_may_be_in_another_region_than_its_bucket_and_key(
    clients: Clients, organization: Organization, name: str, logs: str, key_arn: str
) -> None:
    let_encrypt(clients, organization, key_arn, "*")
    cloudtrail = clients("cloudtrail", "management", "eu-west-1")

    cloudtrail.create_trail(Name=name, S3BucketName=logs, KmsKeyId=key_arn)

    trail = cloudtrail.get_trail(Name=name)["Trail"]
    assert trail["HomeRegion"] == "eu-west-1"
    assert trail["KmsKeyId"] == key_arn


def test_a_disabled_key_is_refused(
    clients: Clients,
    organization: Organization,
    name: str,
    logs: str,
    key_arn: str,
) -> None:
    cloudtrail = clients("cloudtrail")
    let_encrypt(clients, organization, key_arn, "*")
    clients("kms", "security").disable_key(KeyId=key_arn)
    with refused("KmsException", "not enabled"):
        cloudtrail.create_trail(Name=name, S3BucketName=logs, KmsKeyId=key_arn)


# What CloudTrail needs of the topic


def test_a_topic_must_let_cloudtrail_publish(
    clients: Clients, cloudtrail: Client, name: str, logs: str
) -> None:
    sns = clients("sns")
    with refused("InsufficientSnsTopicPolicyException"):
        cloudtrail.create_trail(Name=name, S3BucketName=logs, SnsTopicName=name)
    topic = sns.create_topic(Name=name)["TopicArn"]
    with refused("InsufficientSnsTopicPolicyException"):
        cloudtrail.create_trail(Name=name, S3BucketName=logs, SnsTopicName=name)

    policy = document(allow(CLOUDTRAIL, "SNS:Publish", topic))
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)

    for given in (name, topic):
        trail = f"{name}-{len(given)}"
        cloudtrail.create_trail(Name=trail, S3BucketName=logs, SnsTopicName=given)
        assert cloudtrail.get_trail(Name=trail)["Trail"]["SnsTopicARN"] == topic


# Organization trails


def test_an_organization_trail_is_seen_by_members_and_not_changed(
    clients: Clients, cloudtrail: Client, organization: Organization, name: str, logs: str
) -> None:
    cloudtrail.create_trail(
        Name=name, S3BucketName=logs, IsOrganizationTrail=True, IsMultiRegionTrail=True
    )
    cloudtrail.start_logging(Name=name)
    arn = trail_arn(organization, name)
    member = clients("cloudtrail", "workload")

    [described] = member.describe_trails()["trailList"]
    assert (described["TrailARN"], described["IsOrganizationTrail"]) == (arn, True)
    assert member.get_trail_status(Name=arn)["IsLogging"] is True
    assert member.describe_trails(includeShadowTrails=False)["trailList"] == []
    for call in (member.stop_logging, member.delete_trail):
        with refused("NotOrganizationMasterAccountException", organization.workload_account_id):
            call(Name=arn)
    with refused("NotOrganizationMasterAccountException"):
        member.put_event_selectors(TrailName=arn, EventSelectors=[{"ReadWriteType": "ReadOnly"}])


def test_an_organization_trail_writes_under_both_prefixes(
    clients: Clients, cloudtrail: Client, organization: Organization, name: str, bucket: str
) -> None:
    account = organization.management_account_id
    for owners in ((account,), (organization.id,)):
        put_policy(clients, bucket, *delivery(bucket, *owners))
        with refused("InsufficientS3BucketPolicyException", "AWSLogs/"):
            cloudtrail.create_trail(Name=name, S3BucketName=bucket, IsOrganizationTrail=True)

    put_policy(clients, bucket, *delivery(bucket, account, organization.id))
    cloudtrail.create_trail(Name=name, S3BucketName=bucket, IsOrganizationTrail=True)


def test_a_member_makes_no_organization_trail(clients: Clients, name: str, logs: str) -> None:
    member = clients("cloudtrail", "workload")
    with refused("NotOrganizationMasterAccountException"):
        member.create_trail(Name=name, S3BucketName=logs, IsOrganizationTrail=True)
    member.create_trail(Name=name, S3BucketName=logs)
    with refused("NotOrganizationMasterAccountException"):
        member.update_trail(Name=name, IsOrganizationTrail=True)


def test_an_organization_trail_needs_trusted_access(
    clients: Clients, cloudtrail: Client, name: str, logs: str
) -> None:
    organizations = clients("organizations")
    service = CLOUDTRAIL["Service"]
    organizations.disable_aws_service_access(ServicePrincipal=service)
    try:
        with refused("CloudTrailAccessNotEnabledException", "EnableAWSServiceAccess"):
            cloudtrail.create_trail(Name=name, S3BucketName=logs, IsOrganizationTrail=True)
    finally:
        organizations.enable_aws_service_access(ServicePrincipal=service)


@pytest.fixture
def delegate(cloudtrail: Client, organization: Organization) -> Generator[str]:
    """The security account as delegated administrator for CloudTrail."""
    account = organization.security_account_id
    cloudtrail.register_organization_delegated_admin(MemberAccountId=account)
    yield account
    cloudtrail.deregister_organization_delegated_admin(DelegatedAdminAccountId=account)


def test_a_delegated_administrator_makes_the_management_accounts_trail(
    clients: Clients,
    organization: Organization,
    name: str,
    logs: str,
    delegate: str,
) -> None:
    cloudtrail = clients("cloudtrail")
    member = clients("cloudtrail", "security")
    arn = trail_arn(organization, name)

    made = member.create_trail(Name=name, S3BucketName=logs, IsOrganizationTrail=True)
    member.start_logging(Name=arn)

    assert made["TrailARN"] == arn
    assert cloudtrail.get_trail_status(Name=name)["IsLogging"] is True
    listed = clients("organizations").list_delegated_administrators(
        ServicePrincipal=CLOUDTRAIL["Service"]
    )["DelegatedAdministrators"]
    assert [admin["Id"] for admin in listed] == [delegate]


def test_a_delegated_administrator_is_registered_once(cloudtrail: Client, delegate: str) -> None:
    with refused("AccountRegisteredException", delegate):
        cloudtrail.register_organization_delegated_admin(MemberAccountId=delegate)


@pytest.mark.parametrize(
    ("account", "code"),
    [
        ("123456789012", "CannotDelegateManagementAccountException"),
        ("999999999999", "AccountNotFoundException"),
    ],
)
def test_an_unsound_delegation_is_refused(cloudtrail: Client, account: str, code: str) -> None:
    with refused(code):
        cloudtrail.register_organization_delegated_admin(MemberAccountId=account)
    with refused("AccountNotRegisteredException"):
        cloudtrail.deregister_organization_delegated_admin(DelegatedAdminAccountId=account)


@pytest.mark.usefixtures("delegate")
def test_only_the_management_account_delegates(
    clients: Clients, organization: Organization
) -> None:
    with refused("NotOrganizationManagementAccountException"):
        clients("cloudtrail", "security").register_organization_delegated_admin(
            MemberAccountId=organization.workload_account_id
        )
