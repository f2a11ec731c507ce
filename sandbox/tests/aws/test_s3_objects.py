"""S3 as AWS has it: Object Lock holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.tests.support import Clients, refused

TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
KMS = {"SSEKMS": {"KMSKeyArn": "arn:aws:kms:us-east-1:123456789012:key/a"}}
NEXT_WEEK = TOMORROW + timedelta(days=6)


def lock(clients: Clients, bucket: str, **retention: object) -> None:
    clients("s3", "security").put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": retention},
        },
    )


@pytest.fixture
def version(clients: Clients, locked_bucket: str) -> dict[str, str]:
    """The version of an object that nothing locks yet."""
    written = clients("s3", "security").put_object(Bucket=locked_bucket, Key="log", Body=b"x")
    return {"Bucket": locked_bucket, "Key": "log", "VersionId": written["VersionId"]}


def retain(
    clients: Clients, version: dict[str, str], mode: str, until: datetime, **more: Any
) -> None:
    clients("s3", "security").put_object_retention(
        **version, Retention={"Mode": mode, "RetainUntilDate": until}, **more
    )


@pytest.mark.parametrize("period", [{"Days": 30}, {"Years": 1}])
def test_the_default_retention_comes_back_as_it_was_put(
    clients: Clients, locked_bucket: str, period: dict[str, int]
) -> None:
    lock(clients, locked_bucket, Mode="GOVERNANCE", **period)

    answer = clients("s3", "security").get_object_lock_configuration(Bucket=locked_bucket)

    configuration = answer["ObjectLockConfiguration"]
    assert configuration["ObjectLockEnabled"] == "Enabled"
    assert configuration["Rule"]["DefaultRetention"] == {"Mode": "GOVERNANCE", **period}


def test_the_default_retention_can_be_taken_away(clients: Clients, locked_bucket: str) -> None:
    s3 = clients("s3", "security")
    lock(clients, locked_bucket, Mode="GOVERNANCE", Days=1)

    s3.put_object_lock_configuration(
        Bucket=locked_bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
    )

    answer = s3.get_object_lock_configuration(Bucket=locked_bucket)
    assert answer["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled"}


def test_a_bucket_without_object_lock_has_no_configuration(clients: Clients, bucket: str) -> None:
    with refused("ObjectLockConfigurationNotFoundError"):
        clients("s3", "security").get_object_lock_configuration(Bucket=bucket)


def test_object_lock_can_be_enabled_on_a_versioned_bucket_with_objects(
    clients: Clients, bucket: str
) -> None:
    s3 = clients("s3", "security")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="log", Body=b"x")

    lock(clients, bucket, Mode="COMPLIANCE", Days=1)

    written = s3.put_object(Bucket=bucket, Key="log", Body=b"y")
    held = s3.head_object(Bucket=bucket, Key="log", VersionId=written["VersionId"])
    assert held["ObjectLockMode"] == "COMPLIANCE"


def test_object_lock_needs_versioning(clients: Clients, bucket: str) -> None:
    with refused("InvalidBucketState", "Versioning"):
        lock(clients, bucket, Mode="GOVERNANCE", Days=1)


@pytest.mark.parametrize(
    ("retention", "code"),
    [
        ({"Mode": "SOMETIMES", "Days": 1}, "MalformedXML"),
        ({"Mode": "GOVERNANCE"}, "MalformedXML"),
        ({"Mode": "GOVERNANCE", "Days": 1, "Years": 1}, "MalformedXML"),
        ({"Mode": "GOVERNANCE", "Days": 0}, "InvalidArgument"),
    ],
)
def test_an_unsound_default_retention_is_refused(
    clients: Clients, locked_bucket: str, retention: dict[str, Any], code: str
) -> None:
    with refused(code):
        lock(clients, locked_bucket, **retention)


@pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
def test_a_retained_version_cannot_be_deleted(
    clients: Clients, version: dict[str, str], mode: str
) -> None:
    s3 = clients("s3", "security")
    retain(clients, version, mode, TOMORROW)

    with refused("AccessDenied"):
        s3.delete_object(**version)

    assert s3.get_object_retention(**version)["Retention"] == {
        "Mode": mode,
        "RetainUntilDate": TOMORROW,
    }


def test_governance_gives_way_to_the_bypass(clients: Clients, version: dict[str, str]) -> None:
    s3 = clients("s3", "security")
    retain(clients, version, "GOVERNANCE", NEXT_WEEK)

    with refused("AccessDenied", "object lock"):
        retain(clients, version, "GOVERNANCE", TOMORROW)
    retain(clients, version, "GOVERNANCE", TOMORROW, BypassGovernanceRetention=True)

    assert s3.get_object_retention(**version)["Retention"]["RetainUntilDate"] == TOMORROW
    s3.delete_object(**version, BypassGovernanceRetention=True)
    with refused("NoSuchVersion"):
        s3.get_object_retention(**version)


@pytest.mark.parametrize(("mode", "until"), [("COMPLIANCE", TOMORROW), ("GOVERNANCE", NEXT_WEEK)])
def test_compliance_never_gives_way(
    clients: Clients, version: dict[str, str], mode: str, until: datetime
) -> None:
    retain(clients, version, "COMPLIANCE", NEXT_WEEK)
    with refused("AccessDenied", "object lock"):
        retain(clients, version, mode, until, BypassGovernanceRetention=True)


def test_a_retention_can_grow(clients: Clients, version: dict[str, str]) -> None:
    retain(clients, version, "GOVERNANCE", TOMORROW)
    retain(clients, version, "COMPLIANCE", TOMORROW)
    retain(clients, version, "COMPLIANCE", NEXT_WEEK)

    retention = clients("s3", "security").get_object_retention(**version)["Retention"]

    assert retention == {"Mode": "COMPLIANCE", "RetainUntilDate": NEXT_WEEK}


def test_a_version_without_retention_says_so(clients: Clients, version: dict[str, str]) -> None:
    with refused("NoSuchObjectLockConfiguration"):
        clients("s3", "security").get_object_retention(**version)


def test_a_retention_must_end_in_the_future(clients: Clients, version: dict[str, str]) -> None:
    with refused("InvalidArgument", "future"):
        retain(clients, version, "GOVERNANCE", TOMORROW - timedelta(days=2))


def test_retention_needs_object_lock(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    s3.put_object(Bucket=bucket, Key="log", Body=b"x")
    with refused("InvalidRequest", "Object Lock"):
        s3.get_object_retention(Bucket=bucket, Key="log")


@pytest.mark.parametrize("batch", [False, True])
def test_a_request_that_does_not_want_the_bypass_deletes_no_locked_version(
    clients: Clients, version: dict[str, str], batch: bool
) -> None:
    s3 = clients("s3", "security")
    retain(clients, version, "GOVERNANCE", TOMORROW)

    if batch:
        answer = s3.delete_objects(
            Bucket=version["Bucket"],
            Delete={"Objects": [{"Key": "log", "VersionId": version["VersionId"]}]},
            BypassGovernanceRetention=False,
        )
        assert [error["Code"] for error in answer["Errors"]] == ["AccessDenied"]
    else:
        with refused("AccessDenied"):
            s3.delete_object(**version, BypassGovernanceRetention=False)

    assert s3.get_object(**version)["Body"].read() == b"x"


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("update_object_encryption", {"ObjectEncryption": KMS}),
        ("put_object_annotation", {"AnnotationName": "a", "AnnotationPayload": b"y"}),
        ("delete_object_annotation", {"AnnotationName": "a"}),
        ("put_object", {"Body": b"y", "ObjectLockEventHold": "ON"}),
        ("put_object", {"Body": b"y", "WriteOffsetBytes": 1}),
        ("put_object", {"Body": b"y", "SSECustomerKey": "k" * 32}),
    ],
)
def test_what_moto_would_take_for_another_request_is_refused_and_changes_nothing(
    clients: Clients, bucket: str, operation: str, more: dict[str, Any]
) -> None:
    s3: Any = clients("s3", "security")
    s3.put_object(Bucket=bucket, Key="log", Body=b"x")

    with refused("NotImplemented", "is not emulated here"):
        getattr(s3, operation)(Bucket=bucket, Key="log", **more)

    assert s3.get_object(Bucket=bucket, Key="log")["Body"].read() == b"x"


def test_a_sub_resource_that_no_model_has_is_refused(clients: Clients, bucket: str) -> None:
    s3: Any = clients("s3", "security")

    def ask(params: dict[str, Any], **_: object) -> None:
        params["url"] += "&newest" if "?" in params["url"] else "?newest"

    s3.meta.events.register("before-call.s3.PutObject", ask)
    try:
        with refused("NotImplemented", "newest"):
            s3.put_object(Bucket=bucket, Key="log", Body=b"x")
    finally:
        s3.meta.events.unregister("before-call.s3.PutObject", ask)
