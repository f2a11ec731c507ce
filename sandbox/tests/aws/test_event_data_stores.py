"""Event data stores as CloudTrail has them, for a customer that had them before they closed."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, allow, document, refused

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


@pytest.fixture
def cloudtrail(clients: Clients) -> Generator[Client]:
    client = clients("cloudtrail", "security")
    yield client
    for found in client.list_event_data_stores()["EventDataStores"]:
        delete(client, found["EventDataStoreArn"])


def create(client: Client, name: str, **request: Any) -> str:
    return client.create_event_data_store(Name=name, **request)["EventDataStoreArn"]


def delete(client: Client, arn: str) -> None:
    if status(client, arn) != "PENDING_DELETION":
        client.update_event_data_store(EventDataStore=arn, TerminationProtectionEnabled=False)
        client.delete_event_data_store(EventDataStore=arn)


def status(client: Client, arn: str) -> str:
    return client.get_event_data_store(EventDataStore=arn)["Status"]


def test_a_new_one_has_the_defaults_of_the_api(cloudtrail: Client, name: str) -> None:
    arn = create(cloudtrail, name)

    found = cloudtrail.get_event_data_store(EventDataStore=arn)
    [selector] = found["AdvancedEventSelectors"]
    assert selector["FieldSelectors"] == [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert (found["Status"], found["BillingMode"], found["RetentionPeriod"]) == (
        "ENABLED",
        "EXTENDABLE_RETENTION_PRICING",
        366,
    )
    assert found["MultiRegionEnabled"]
    assert found["TerminationProtectionEnabled"]
    assert not found["OrganizationEnabled"]


def test_one_is_found_by_id_and_listed(cloudtrail: Client, name: str) -> None:
    arn = create(cloudtrail, name)

    found = cloudtrail.get_event_data_store(EventDataStore=arn.rpartition("/")[2])
    listed = cloudtrail.list_event_data_stores()["EventDataStores"]

    assert found["EventDataStoreArn"] == arn
    assert arn in [item["EventDataStoreArn"] for item in listed]


def test_tags_are_those_of_its_arn(cloudtrail: Client, name: str) -> None:
    tags = [{"Key": "owner", "Value": "audit"}]
    arn = create(cloudtrail, name, TagsList=tags)

    [listed] = cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    assert listed["TagsList"] == tags


def test_termination_protection_must_be_switched_off_first(cloudtrail: Client, name: str) -> None:
    arn = create(cloudtrail, name)

    with refused("EventDataStoreTerminationProtectedException"):
        cloudtrail.delete_event_data_store(EventDataStore=arn)
    delete(cloudtrail, arn)
    assert status(cloudtrail, arn) == "PENDING_DELETION"


def test_a_deleted_one_can_only_be_restored(cloudtrail: Client, name: str) -> None:
    arn = create(cloudtrail, name, TerminationProtectionEnabled=False)
    cloudtrail.delete_event_data_store(EventDataStore=arn)

    with refused("InactiveEventDataStoreException"):
        cloudtrail.update_event_data_store(EventDataStore=arn, RetentionPeriod=30)
    cloudtrail.restore_event_data_store(EventDataStore=arn)
    assert status(cloudtrail, arn) == "ENABLED"
    with refused("InvalidEventDataStoreStatusException"):
        cloudtrail.restore_event_data_store(EventDataStore=arn)


def test_ingestion_stops_and_starts(cloudtrail: Client, name: str) -> None:
    arn = create(cloudtrail, name)

    cloudtrail.stop_event_data_store_ingestion(EventDataStore=arn)
    assert status(cloudtrail, arn) == "STOPPED_INGESTION"
    with refused("InvalidEventDataStoreStatusException"):
        cloudtrail.stop_event_data_store_ingestion(EventDataStore=arn)
    cloudtrail.start_event_data_store_ingestion(EventDataStore=arn)
    assert status(cloudtrail, arn) == "ENABLED"


def test_an_update_changes_what_is_given_or_nothing(cloudtrail: Client, name: str) -> None:
    arn = create(cloudtrail, name)

    with refused("InvalidParameterException", "'retentionPeriod'"):
        cloudtrail.update_event_data_store(
            EventDataStore=arn, MultiRegionEnabled=False, RetentionPeriod=4000
        )
    cloudtrail.update_event_data_store(EventDataStore=arn, RetentionPeriod=30)

    found = cloudtrail.get_event_data_store(EventDataStore=arn)
    assert (found["RetentionPeriod"], found["MultiRegionEnabled"]) == (30, True)


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        ({"Name": "a b"}, "InvalidParameterException", "'name'"),
        ({"BillingMode": "FREE"}, "InvalidParameterException", "'billingMode'"),
        (
            {"BillingMode": "FIXED_RETENTION_PRICING", "RetentionPeriod": 3000},
            "InvalidParameterException",
            "at most 2557 days",
        ),
        (
            {
                "AdvancedEventSelectors": [
                    {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}
                ]
            },
            "InvalidEventSelectorsException",
            "resources.type",
        ),
        ({"KmsKeyId": "alias/none"}, "KmsKeyNotFoundException", "alias/none"),
    ],
)
def test_unsound_settings_are_refused(
    request_: dict[str, Any], code: str, message: str, cloudtrail: Client, name: str
) -> None:
    with refused(code, message):
        cloudtrail.create_event_data_store(**{"Name": name, **request_})


def test_the_key_must_let_cloudtrail_in(
    cloudtrail: Client, clients: Clients, organization: Organization, name: str, key_arn: str
) -> None:
    with refused("InsufficientEncryptionPolicyException", "kms:GenerateDataKey"):
        create(cloudtrail, name, KmsKeyId=key_arn)
    root = {"AWS": f"arn:aws:iam::{organization.security_account_id}:root"}
    policy = document(
        allow(root, "kms:*"), allow(CLOUDTRAIL, ["kms:GenerateDataKey", "kms:Decrypt"])
    )
    clients("kms", "security").put_key_policy(KeyId=key_arn, PolicyName="default", Policy=policy)

    arn = create(cloudtrail, name, KmsKeyId=key_arn)

    assert cloudtrail.get_event_data_store(EventDataStore=arn)["KmsKeyId"] == key_arn


def test_a_name_is_taken_until_its_store_is_gone(cloudtrail: Client, name: str) -> None:
    delete(cloudtrail, create(cloudtrail, name))

    with refused("EventDataStoreAlreadyExistsException", name):
        create(cloudtrail, name)


def test_a_region_has_ten_that_are_not_being_deleted(clients: Clients, name: str) -> None:
    client = clients("cloudtrail", "workload", "eu-west-1")
    made = [create(client, f"{name}-{number}") for number in range(10)]

    with refused("EventDataStoreMaxLimitExceededException"):
        create(client, f"{name}-10")
    delete(client, made.pop())
    made.append(create(client, f"{name}-10"))

    for arn in made:
        delete(client, arn)


def test_what_does_not_exist_is_not_found(cloudtrail: Client, organization: Organization) -> None:
    arn = (
        f"arn:aws:cloudtrail:us-east-1:{organization.security_account_id}:eventdatastore/"
        "00000000-0000-0000-0000-000000000000"
    )
    with refused("EventDataStoreNotFoundException"):
        cloudtrail.get_event_data_store(EventDataStore=arn)
    with refused("EventDataStoreARNInvalidException"):
        cloudtrail.get_event_data_store(EventDataStore="store")


def test_that_of_an_organization_is_seen_by_those_who_administer_it(
    clients: Clients, cloudtrail: Client, organization: Organization, name: str
) -> None:
    management = clients("cloudtrail")
    with refused("NotOrganizationMasterAccountException"):
        create(cloudtrail, name, OrganizationEnabled=True)
    arn = create(management, name, OrganizationEnabled=True)
    with refused("EventDataStoreNotFoundException"):
        status(cloudtrail, arn)

    admin = organization.security_account_id
    management.register_organization_delegated_admin(MemberAccountId=admin)
    assert status(cloudtrail, arn) == "ENABLED"
    delete(cloudtrail, arn)
    management.deregister_organization_delegated_admin(DelegatedAdminAccountId=admin)
    assert status(management, arn) == "PENDING_DELETION"
