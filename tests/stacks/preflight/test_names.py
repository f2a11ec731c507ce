"""Names that are taken, and stacks that would leave what they have deployed."""

from typing import Any

import pytest

from stacks.context import DeploymentContext, Organization
from stacks.lookups.found import Deployed, DeployedResource, FoundNames, Lookups
from stacks.planned import Kind, PlannedName
from stacks.planned_names import security_names, standalone_names
from stacks.preflight.names import (
    check_location,
    check_names_are_free,
    check_renames,
    check_replica_stays,
)
from stacks.settings.roles import SecuritySettings, StandaloneSettings

ACCOUNT, OTHER = "111122223333", "444455556666"
HERE: dict[str, Any] = {
    "account": ACCOUNT,
    "region": "eu-west-1",
    "partition": "aws",
    "deployer": f"arn:aws:iam::{ACCOUNT}:role/Deploy",
}


def security(here: dict[str, Any] = HERE, **values: Any) -> DeploymentContext[SecuritySettings]:
    return DeploymentContext(
        settings=SecuritySettings.model_validate({"role": "security", **values}),
        found_organization=Organization(id="o-a1b2c3d4e5", management_account="123456789012"),
        **here,
    )


def resource(type_: str, name: str, region: str | None = "eu-west-1", **properties: str) -> Any:
    return DeployedResource(type=type_, name=name, properties={"region": region, **properties})


EXISTING_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{'0' * 36}"
KEY = resource("aws:kms/key:Key", "logs-key", arn=f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1")
BUCKET = resource(Kind.BUCKET.type, "logs-bucket", bucket="org-logs", arn="arn:aws:s3:::org-logs")
ACCESS = resource(Kind.BUCKET.type, "logs-access-logs-bucket", bucket="org-logs-access-logs")
REPLICA = resource(
    Kind.BUCKET.type,
    "cloudtrail-guard-replica-bucket",
    "eu-central-1",
    bucket="org-logs-replica",
)
DEPLOYED = Deployed(resources=(KEY, BUCKET, ACCESS, REPLICA))


def renames(context: DeploymentContext[SecuritySettings]) -> list[str]:
    found = check_renames(context, DEPLOYED, security_names(context))
    return [finding.text for finding in found]


@pytest.mark.parametrize(
    ("here", "message"),
    [
        ({}, None),
        ({"account": OTHER}, f"go to account {OTHER}, region eu-west-1"),
        ({"region": "us-east-1"}, f"go to account {ACCOUNT}, region us-east-1"),
    ],
)
def test_a_stack_stays_in_its_account_and_region(here: dict[str, Any], message: str | None) -> None:
    found = list(check_location(security({**HERE, **here}), DEPLOYED))

    assert len(found) == (1 if message else 0)
    for finding in found:
        assert f"deployed in account {ACCOUNT}, region eu-west-1" in finding.text
        assert message
        assert message in finding.text
        assert finding.fatal


def test_a_stack_that_was_never_deployed_may_go_anywhere() -> None:
    assert list(check_location(security(), None)) == []
    assert list(check_renames(security(), None, security_names(security()))) == []


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        ({"bucketName": "org-logs"}, []),
        # Names that extend the log bucket's are not repeated.
        ({"bucketName": "new-logs"}, ["bucketName = new-logs: this stack has org-logs"]),
        ({}, [f"bucketName = aws-cloudtrail-logs-{ACCOUNT}: this stack has org-logs"]),
        (
            {"bucketName": "org-logs", "accessLogBucketName": "access"},
            ["accessLogBucketName = access: this stack has org-logs-access-logs"],
        ),
        (
            {
                "bucketName": "org-logs",
                "replica": {"region": "eu-central-1", "bucketName": "copy"},
            },
            ["replica.bucketName = copy: this stack has org-logs-replica"],
        ),
        (
            {"bucketName": "org-logs", "existingBucket": True},
            ["existingBucket = true: this stack created the log bucket itself"],
        ),
        (
            {"bucketName": "org-logs", "existingKeyArn": EXISTING_KEY},
            ["this stack created the log key itself"],
        ),
    ],
)
def test_a_renamed_bucket_is_one_message(values: dict[str, Any], messages: list[str]) -> None:
    texts = renames(security(**values))

    assert len(texts) == len(messages)
    assert all(message in text for message, text in zip(messages, texts, strict=True))


@pytest.mark.parametrize(("protect", "count"), [(True, 1), (False, 0)])
def test_a_trail_is_renamed_only_where_it_may_be_replaced(protect: bool, count: int) -> None:
    context = DeploymentContext(
        settings=StandaloneSettings(role="standalone", trailName="New", protect=protect),  # type: ignore[call-arg]
        **HERE,
    )
    old = DeployedResource(type=Kind.TRAIL.type, name="account-trail", properties={"name": "Old"})

    found = list(check_renames(context, Deployed(resources=(old,)), standalone_names(context, [])))

    assert len(found) == count


def test_a_replica_stays_in_its_region() -> None:
    found = Lookups(deployed=DEPLOYED)

    assert list(check_replica_stays(security(replica={"region": "eu-central-1"}), found)) == []
    (finding,) = check_replica_stays(security(replica={"region": "eu-north-1"}), found)
    assert "this stack has its replica in eu-central-1" in finding.text


def test_a_replica_here_is_given_up_for_an_archive_on_purpose_alone() -> None:
    found = Lookups(deployed=DEPLOYED)
    archive = {
        "bucketName": "copies",
        "keyArn": f"arn:aws:kms:eu-central-1:{OTHER}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "breakGlassRoleArns": [f"arn:aws:iam::{OTHER}:role/ArchiveAdmin"],
        "deployerRoleArns": [f"arn:aws:iam::{OTHER}:role/Deploy"],
    }

    (finding,) = check_replica_stays(security(replica={"archive": archive}), found)

    assert "which no longer gets logs then, and stays in AWS" in finding.text
    assert not [*check_replica_stays(security(replica={"archive": archive}, protect=False), found)]
    assert not [*check_replica_stays(security(replica={"archive": archive}), Lookups())]


def test_a_name_that_is_taken_is_refused_with_what_to_do() -> None:
    taken = (
        PlannedName(kind=Kind.BUCKET, name="org-logs", region="eu-west-1", setting="bucketName"),
        PlannedName(kind=Kind.ALARM, name="A", region="eu-west-1"),
        PlannedName(kind=Kind.ALARM, name="B", region="eu-west-1"),
    )

    bucket, alarms = check_names_are_free(security(), "prod-security", FoundNames(taken=taken))

    assert bucket.fatal
    assert "bucket org-logs exists in AWS already, and this stack did not create it" in bucket.text
    assert "`cloudtrail-guard adopt find --stack prod-security`" in bucket.text
    assert "set cloudtrail-guard:bucketName to another name" in bucket.text
    assert "set cloudtrail-guard:existingBucket to true" in bucket.text
    assert "alarm A, B exist in eu-west-1 already" in alarms.text


def test_a_stack_that_secures_no_existing_bucket_is_not_advised_to() -> None:
    name = PlannedName(kind=Kind.BUCKET, name="logs", region="eu-west-1", setting="bucketName")
    settings = StandaloneSettings.model_validate({"role": "standalone"})
    context = DeploymentContext(settings=settings, **HERE)

    (finding,) = check_names_are_free(context, "standalone", FoundNames(taken=(name,)))

    assert "existingBucket" not in finding.text


@pytest.mark.parametrize(
    ("setting", "way_out"),
    [
        ("bucketName", "let the role call it, or set cloudtrail-guard:bucketName to another name"),
        (None, "let the role call it"),
    ],
)
def test_a_bucket_that_s3_refuses_to_show_is_not_taken_for_one_that_can_be_adopted(
    setting: str | None, way_out: str
) -> None:
    hidden = PlannedName(kind=Kind.BUCKET, name="logs", region="eu-west-1", setting=setting)

    (finding,) = check_names_are_free(security(), "security", FoundNames(hidden=(hidden,)))

    assert finding.fatal
    assert "bucket logs (status 403): it is another account's, or the deploying role may not" in (
        finding.text
    )
    assert finding.text.endswith(way_out)
    assert "adopt" not in finding.text


def test_names_that_could_not_be_looked_up_are_warned_of_once() -> None:
    role = PlannedName(kind=Kind.ROLE, name="R", region="eu-west-1")
    queue = PlannedName(kind=Kind.QUEUE, name="Q", region="eu-west-1")

    (finding,) = check_names_are_free(
        security(), "security", FoundNames(unread=((role, "no"), (queue, "no")))
    )

    assert not finding.fatal
    assert "the names of each role, queue are free could not be looked up (no)" in finding.text


@pytest.mark.parametrize(
    ("name", "region", "own"),
    [
        ("org-logs", "eu-west-1", True),
        ("org-logs", "us-east-1", False),
        ("other", "eu-west-1", False),
    ],
)
def test_what_the_stack_created_itself_is_known_from_its_state(
    name: str, region: str, own: bool
) -> None:
    planned = PlannedName(kind=Kind.BUCKET, name=name, region=region)

    assert DEPLOYED.has(planned) is own
