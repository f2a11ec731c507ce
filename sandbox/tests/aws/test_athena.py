"""Athena as AWS has it: workgroups with sound settings, and named queries that can go."""

from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, refused

INVALID = "InvalidRequestException"
LOCATION = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}


@pytest.fixture
def athena(clients: Clients) -> Client:
    return clients("athena", "security")


@pytest.fixture
def workgroup(athena: Client, name: str) -> str:
    athena.create_work_group(Name=name, Configuration=LOCATION)
    return name


def described(athena: Client, name: str) -> dict[str, Any]:
    return athena.get_work_group(WorkGroup=name)["WorkGroup"]


def make_query(athena: Client, workgroup: str) -> str:
    return athena.create_named_query(
        Name="trails", Database="logs", QueryString="SELECT 1", WorkGroup=workgroup
    )["NamedQueryId"]


def test_a_new_workgroup_has_the_defaults_of_the_api(athena: Client, name: str) -> None:
    athena.create_work_group(Name=name, Description="audit")

    found = described(athena, name)
    assert (found["Description"], found["State"]) == ("audit", "ENABLED")
    configuration = found["Configuration"]
    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["EngineVersion"] == {
        "SelectedEngineVersion": "AUTO",
        "EffectiveEngineVersion": "Athena engine version 3",
    }


def test_an_unknown_workgroup_is_not_found(athena: Client, name: str) -> None:
    for call in (athena.get_work_group, athena.update_work_group, athena.delete_work_group):
        with refused(INVALID, "is not found"):
            call(WorkGroup=name)


def test_a_name_is_unique_and_sound(athena: Client, workgroup: str) -> None:
    with refused(INVALID, "already created"):
        athena.create_work_group(Name=workgroup)
    with refused(INVALID, "regular expression pattern"):
        athena.create_work_group(Name="a group")


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ({"EngineVersion": {"SelectedEngineVersion": "Presto"}}, "SelectedEngineVersion"),
        ({"ResultConfiguration": {"OutputLocation": "results"}}, "not a valid S3 path"),
        (
            {"ResultConfiguration": {"EncryptionConfiguration": {"EncryptionOption": "AES"}}},
            "SSE_KMS",
        ),
        (
            {"ResultConfiguration": {"EncryptionConfiguration": {"EncryptionOption": "SSE_KMS"}}},
            "KmsKey must be given",
        ),
    ],
)
def test_unsound_settings_are_refused(
    configuration: dict[str, Any], message: str, athena: Client, name: str
) -> None:
    with refused(INVALID, message):
        athena.create_work_group(Name=name, Configuration=configuration)


def test_an_update_changes_what_is_given(athena: Client, workgroup: str) -> None:
    encryption = {"EncryptionOption": "SSE_S3"}
    athena.update_work_group(
        WorkGroup=workgroup,
        State="DISABLED",
        ConfigurationUpdates={
            "BytesScannedCutoffPerQuery": 10_000_000,
            "ResultConfigurationUpdates": {"EncryptionConfiguration": encryption},
        },
    )

    found = described(athena, workgroup)
    assert found["State"] == "DISABLED"
    assert found["Configuration"]["BytesScannedCutoffPerQuery"] == 10_000_000
    assert found["Configuration"]["ResultConfiguration"] == {
        "OutputLocation": "s3://results/",
        "EncryptionConfiguration": encryption,
    }


def test_an_update_takes_settings_away(athena: Client, workgroup: str) -> None:
    updates: list[dict[str, Any]] = [
        {"BytesScannedCutoffPerQuery": 10_000_000},
        {
            "RemoveBytesScannedCutoffPerQuery": True,
            "ResultConfigurationUpdates": {"RemoveOutputLocation": True},
        },
    ]
    for update in updates:
        athena.update_work_group(WorkGroup=workgroup, ConfigurationUpdates=update)

    configuration = described(athena, workgroup)["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in configuration
    assert configuration["ResultConfiguration"] == {}


def test_an_update_that_is_refused_changes_nothing(athena: Client, workgroup: str) -> None:
    before = described(athena, workgroup)["Configuration"]
    with refused(INVALID, "[ENABLED, DISABLED]"):
        athena.update_work_group(WorkGroup=workgroup, State="PAUSED")
    with refused(INVALID, "not a valid S3 path"):
        athena.update_work_group(
            WorkGroup=workgroup,
            ConfigurationUpdates={
                "RequesterPaysEnabled": True,
                "ResultConfigurationUpdates": {"OutputLocation": "results"},
            },
        )
    assert described(athena, workgroup)["Configuration"] == before


def test_a_full_workgroup_goes_only_with_what_is_in_it(athena: Client, workgroup: str) -> None:
    query = make_query(athena, workgroup)

    with refused(INVALID, "is not empty"):
        athena.delete_work_group(WorkGroup=workgroup)
    athena.delete_work_group(WorkGroup=workgroup, RecursiveDeleteOption=True)

    with refused(INVALID, "was not found"):
        athena.get_named_query(NamedQueryId=query)


def test_a_workgroup_that_ran_a_query_is_not_empty(athena: Client, workgroup: str) -> None:
    athena.start_query_execution(QueryString="SELECT 1", WorkGroup=workgroup)

    with refused(INVALID, "is not empty"):
        athena.delete_work_group(WorkGroup=workgroup)


def test_the_primary_workgroup_stays(athena: Client) -> None:
    with refused(INVALID, "primary"):
        athena.delete_work_group(WorkGroup="primary", RecursiveDeleteOption=True)


def test_tags_may_be_none_and_go_with_the_workgroup(
    athena: Client, organization: Organization, workgroup: str
) -> None:
    arn = f"arn:aws:athena:us-east-1:{organization.security_account_id}:workgroup/{workgroup}"

    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    tags = [{"Key": "a", "Value": "1"}]
    athena.tag_resource(ResourceARN=arn, Tags=tags)
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags

    athena.delete_work_group(WorkGroup=workgroup)
    with refused(INVALID, "is not found"):
        athena.list_tags_for_resource(ResourceARN=arn)


def test_a_named_query_is_changed_and_deleted(athena: Client, workgroup: str) -> None:
    query = make_query(athena, workgroup)

    athena.update_named_query(NamedQueryId=query, Name="other", QueryString="SELECT 2")
    found = athena.get_named_query(NamedQueryId=query)["NamedQuery"]
    assert (found["Name"], found["QueryString"], found["Database"]) == ("other", "SELECT 2", "logs")

    athena.delete_named_query(NamedQueryId=query)
    with refused(INVALID, "was not found"):
        athena.delete_named_query(NamedQueryId=query)
    assert athena.list_named_queries(WorkGroup=workgroup)["NamedQueryIds"] == []


def test_a_named_query_needs_a_workgroup_and_texts(athena: Client, name: str) -> None:
    with refused(INVALID, "is not found"):
        make_query(athena, name)
    with refused(INVALID, "'queryString' failed"):
        athena.create_named_query(Name=name, Database="logs", QueryString=" " * 262_145)


def test_a_query_needs_an_enabled_workgroup_and_a_place_for_its_results(
    athena: Client, workgroup: str
) -> None:
    def run(**request: Any) -> None:
        athena.start_query_execution(QueryString="SELECT 1", WorkGroup=workgroup, **request)

    run()
    athena.update_work_group(
        WorkGroup=workgroup,
        ConfigurationUpdates={"ResultConfigurationUpdates": {"RemoveOutputLocation": True}},
    )
    elsewhere = {"OutputLocation": "s3://elsewhere/"}
    with refused(INVALID, "No output location provided"):
        run(ResultConfiguration=elsewhere)
    athena.update_work_group(
        WorkGroup=workgroup, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False}
    )
    run(ResultConfiguration=elsewhere)
    athena.update_work_group(WorkGroup=workgroup, State="DISABLED")
    with refused(INVALID, "is disabled"):
        run(ResultConfiguration=elsewhere)
