"""Stories of access: by root, at sign-in, by one principal, key or role, and to the logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.corpus.parameters import OBJECT
from tests.corpus.records import (
    BREAK_GLASS,
    BUCKET,
    EMERGENCY,
    KEY,
    MANAGEMENT,
    MEMBER,
    SECURITY,
    record,
    refused,
    root,
    session,
    user,
)
from tests.corpus.stories import (
    ANALYST,
    AT_MANAGEMENT,
    AT_SECURITY,
    ROWS,
    Scenario,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.corpus.records import (
        Record,
    )
    from tests.corpus.stories import (
        Clock,
    )


def root_use(clock: Clock) -> Scenario:
    owner = root(MEMBER)

    def call(event: str, hours: float, identity: Mapping[str, Any], **more: Any) -> Record:
        return record("iam", event, at=clock.ago(hours), identity=identity, account=MEMBER, **more)

    return Scenario(
        "root-use",
        [
            call("CreateAccessKey", 4, owner),
            call("CreateUser", 3, root(MEMBER, invokedBy="signin.amazonaws.com")),
            record(
                "sts",
                "AssumeRoot",
                at=clock.ago(2),
                identity=AT_MANAGEMENT,
                account=MANAGEMENT,
                parameters={"targetPrincipal": MEMBER},
            ),
            call("PutObject", 1, root(MEMBER, invokedBy="cloudformation.amazonaws.com")),
            call("RotateKey", 1, owner, eventType="AwsServiceEvent"),
            call("CreateUser", 1, user(MEMBER, "deployer")),
        ],
        ROWS,
        [
            row(clock, 2, AT_MANAGEMENT, "AssumeRoot", "Success"),
            row(clock, 3, owner, "CreateUser", "Success"),
            row(clock, 4, owner, "CreateAccessKey", "Success"),
        ],
    )


def console_logins_without_mfa(clock: Clock) -> Scenario:
    owner, somebody = root(MEMBER), user(MEMBER, "operator")

    def sign_in(
        hours: float,
        identity: Mapping[str, Any],
        data: Mapping[str, str],
        result: str = "Success",
        **more: Any,
    ) -> Record:
        return record(
            "signin",
            "ConsoleLogin",
            at=clock.ago(hours),
            identity=identity,
            account=MEMBER,
            responseElements={"ConsoleLogin": result},
            additionalEventData={"LoginTo": "https://console.aws.amazon.com", **data},
            eventType="AwsConsoleSignIn",
            **more,
        )

    failed = {"result": "Failure", "errorMessage": "Failed authentication"}
    return Scenario(
        "console-logins-without-mfa",
        [
            sign_in(5, somebody, {"MFAUsed": "No"}),
            sign_in(4, owner, {}),
            sign_in(3, owner, {"MFAUsed": "NO"}),
            sign_in(2, owner, {"MFAUsed": "YES"}),
            sign_in(2, somebody, {"MFAUsed": "Yes"}),
            sign_in(1, somebody, {"MFAUsed": "No"}, **failed),
            # A federated sign-in has its MFA where it came from.
            sign_in(1, AT_SECURITY, {"MFAUsed": "No"}),
        ],
        ROWS,
        [
            row(clock, 3, owner, "ConsoleLogin", "Success"),
            row(clock, 4, owner, "ConsoleLogin", "Success"),
            row(clock, 5, somebody, "ConsoleLogin", "Success"),
        ],
    )


def last_day_of_a_principal(clock: Clock) -> Scenario:
    other = session(f"arn:aws:iam::{SECURITY}:role/AnalystX", "s1")
    second = session(ANALYST, "s2")
    return Scenario(
        "last-day-of-a-principal",
        [
            record("s3", "ListBuckets", at=clock.ago(2), identity=AT_SECURITY),
            record("s3", "DeleteBucket", at=clock.ago(1), identity=second),
            record("s3", "ListBuckets", at=clock.ago(1), identity=other),
            record("s3", "ListBuckets", at=clock.ago(days=3), identity=AT_SECURITY),
        ],
        ROWS,
        [
            row(clock, 1, second, "DeleteBucket", "Success"),
            row(clock, 2, AT_SECURITY, "ListBuckets", "Success"),
        ],
        {"<principal>": ANALYST},
    )


def use_of_an_access_key(clock: Clock) -> Scenario:
    key, issued = "AKIAI44QH8DHBEXAMPLE", "ASIAI44QH8DHBEXAMPLE"
    owner = user(MEMBER, "pipeline", key=key)
    admin = user(MEMBER, "operator")

    def call(source: str, event: str, hours: float, identity: Record, **more: Any) -> Record:
        return record(source, event, at=clock.ago(hours), identity=identity, account=MEMBER, **more)

    return Scenario(
        "use-of-an-access-key",
        [
            call(
                "iam",
                "CreateAccessKey",
                5,
                admin,
                parameters={"userName": "pipeline"},
                responseElements={"accessKey": {"accessKeyId": key, "status": "Active"}},
            ),
            call("ec2", "DescribeInstances", 4, owner),
            call(
                "sts",
                "AssumeRole",
                3,
                owner,
                parameters={"roleArn": ANALYST},
                responseElements={"credentials": {"accessKeyId": issued}},
            ),
            call(
                "iam",
                "UpdateAccessKey",
                2,
                admin,
                parameters={"accessKeyId": key, "status": "Inactive", "userName": "pipeline"},
            ),
            call("ec2", "DescribeInstances", 1, admin),
        ],
        (*ROWS, "issued"),
        [
            (*row(clock, 2, admin, "UpdateAccessKey", "Success"), None),
            (*row(clock, 3, owner, "AssumeRole", "Success"), issued),
            (*row(clock, 4, owner, "DescribeInstances", "Success"), None),
            (*row(clock, 5, admin, "CreateAccessKey", "Success"), None),
        ],
        {"<access key id>": key},
    )


def use_of_break_glass(clock: Clock) -> Scenario:
    key = "ASIAEXAMPLEBREAKGLAS"
    used = session(BREAK_GLASS, "incident-7", key=key)
    person = user(SECURITY, "operator")
    assigned = session(EMERGENCY, "operator")
    # Whose path is not Identity Center's.
    alike = f"arn:aws:iam::{SECURITY}:role/{EMERGENCY.rpartition('/')[2]}"

    def take(hours: float, role: str, **more: Any) -> Record:
        return record(
            "sts",
            "AssumeRole",
            at=clock.ago(hours),
            identity=person,
            parameters={"roleArn": role, "roleSessionName": "incident-7"},
            **more,
        )

    made = {"responseElements": {"credentials": {"accessKeyId": key}}}
    no = refused(person, "sts:AssumeRole", BREAK_GLASS)
    return Scenario(
        "use-of-break-glass",
        [
            record("sts", "AssumeRole", at=clock.ago(5), identity=person, **no),
            take(4, BREAK_GLASS, **made),
            record("s3", "PutBucketPolicy", at=clock.ago(3), identity=used),
            take(2, ANALYST, **made),
            record("s3", "ListBuckets", at=clock.ago(1), identity=AT_SECURITY),
            record("kms", "DisableKey", at=clock.ago(1), identity=assigned),
            record("kms", "DisableKey", at=clock.ago(1), identity=session(alike, "operator")),
        ],
        (*ROWS, "session_key"),
        [
            (*row(clock, 1, assigned, "DisableKey", "Success"), assigned["accessKeyId"]),
            (*row(clock, 3, used, "PutBucketPolicy", "Success"), key),
            (*row(clock, 4, person, "AssumeRole", "Success"), key),
            (*row(clock, 5, person, "AssumeRole", "AccessDenied"), person["accessKeyId"]),
        ],
    )


def reads_of_the_logs(clock: Clock) -> Scenario:
    def read(event: str, hours: float, bucket: str, **more: Any) -> Record:
        fields: dict[str, Any] = {"resources": _object(bucket), **more}
        return record(
            "s3",
            event,
            at=clock.ago(hours),
            identity=AT_SECURITY,
            parameters={"bucketName": bucket, "key": OBJECT},
            category="Data",
            **fields,
        )

    def _object(bucket: str) -> list[dict[str, str]]:
        return [
            {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{OBJECT}"},
            {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"},
        ]

    decrypted = record(
        "kms",
        "Decrypt",
        at=clock.ago(2),
        identity=AT_SECURITY,
        parameters={"encryptionContext": {"aws:s3:arn": f"arn:aws:s3:::{BUCKET}/{OBJECT}"}},
        resources=[{"type": "AWS::KMS::Key", "ARN": KEY}],
    )
    return Scenario(
        "reads-of-the-logs",
        [
            read("GetObject", 4, BUCKET),
            read("CopyObject", 3, "elsewhere", resources=_object("elsewhere") + _object(BUCKET)),
            decrypted,
            read("GetObject", 1, "elsewhere"),
            read("PutObject", 1, BUCKET),
            read("GetObject", 24 * 20, BUCKET),
        ],
        ROWS,
        [
            row(clock, 2, AT_SECURITY, "Decrypt", "Success"),
            row(clock, 3, AT_SECURITY, "CopyObject", "Success"),
            row(clock, 4, AT_SECURITY, "GetObject", "Success"),
        ],
    )
