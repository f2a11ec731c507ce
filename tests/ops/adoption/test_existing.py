"""Against the sandbox's AWS: what is there, by the id that an import takes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from adoption.existing import ENCRYPTION, Existing
from adoption.planned import AdoptionError, Planned

from sandbox.engine.found import NoPulumi
from sandbox.session import Sandbox
from tests.support.guide import BUCKET, TRAIL, ByHand, follow_the_guide

LOCKED = Planned("aws:s3/bucket:Bucket", "logs", {"bucket": BUCKET, "objectLockEnabled": True})


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pulumi=NoPulumi("these tests need none")) as running:
        yield running


@pytest.fixture(scope="module")
def by_hand(sandbox: Sandbox) -> ByHand:
    return follow_the_guide(sandbox)


def found(sandbox: Sandbox, profile: str, *planned: Planned, policies: tuple[str, ...] = ()) -> Any:
    return Existing(sandbox.session(profile), planned, policies).ids()


def scp(name: str, *sids: str) -> Planned:
    content = json.dumps({"Statement": [{"Sid": sid} for sid in sids]})
    kind = "SERVICE_CONTROL_POLICY"
    return Planned(
        "aws:organizations/policy:Policy", name, {"type": kind, "content": content, "name": name}
    )


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


def test_the_policy_is_the_one_with_most_of_the_same_statements(
    sandbox: Sandbox, by_hand: ByHand
) -> None:
    root = sandbox.organization.root_id
    attachment = Planned(
        "aws:organizations/policyAttachment:PolicyAttachment", f"guard-{root}", {"targetId": root}
    )
    existing = Existing(
        sandbox.session("management"),
        [scp("guard", "ProtectCloudTrailBucket", "ProtectCloudTrailKey"), attachment],
        (),
    )

    chosen = by_hand.policies["ProtectCloudTrailBucket"]
    assert list(existing.ids().values()) == [chosen, f"{root}:{chosen}"]
    assert existing.leftovers() == []


def test_policies_that_do_some_of_the_same_are_pointed_out(
    sandbox: Sandbox, by_hand: ByHand
) -> None:
    planned = scp("guard", "ProtectCloudTrail", "ProtectCloudTrailBucket")
    wanted = by_hand.policies["ProtectCloudTrailBucket"]

    existing = Existing(sandbox.session("management"), [planned], [wanted])

    assert list(existing.ids().values()) == [wanted]
    assert existing.leftovers() == [by_hand.policies["ProtectCloudTrail"]]


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
    ours = json.dumps({"Statement": [{"Sid": "AWSCloudTrailAclCheck20150319"}]})
    policy = Planned("aws:s3/bucketPolicy:BucketPolicy", "p", {"bucket": BUCKET, "policy": ours})

    with pytest.raises(AdoptionError, match=r"statements of your own .*DenyDeleteCloudTrailLogs"):
        found(sandbox, "security", LOCKED, policy)
