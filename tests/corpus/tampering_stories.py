"""Stories of tampering: with the trail, the watch, the bucket, the key, the exempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.corpus.parameters import GUARDRAIL, OBJECT, RULE
from tests.corpus.records import (
    ADDRESS,
    BREAK_GLASS,
    BUCKET,
    EMERGENCY,
    GLOBAL_REGION,
    KEY,
    KEY_ID,
    MANAGEMENT,
    MEMBER,
    SECURITY,
    TRAIL,
    TRAIL_NAME,
    record,
    refused,
    service,
)
from tests.corpus.stories import (
    AT_MANAGEMENT,
    AT_SECURITY,
    ROWS,
    Scenario,
    row,
)

if TYPE_CHECKING:
    from tests.corpus.records import (
        Record,
    )
    from tests.corpus.stories import (
        Clock,
    )


def who_stopped_logging(clock: Clock) -> Scenario:
    def call(event: str, hours: float = 1, **more: Any) -> Record:
        return record(
            "cloudtrail",
            event,
            at=clock.ago(hours),
            identity=AT_MANAGEMENT,
            account=MANAGEMENT,
            **more,
        )

    refused(AT_MANAGEMENT, "cloudtrail:PutEventSelectors", TRAIL)
    departed = record(
        "organizations",
        "AccountDepartedOrganization",
        at=clock.ago(4),
        identity=service("organizations.amazonaws.com"),
        account=MANAGEMENT,
        region=GLOBAL_REGION,
        eventType="AwsServiceEvent",
        serviceEventDetails={"departureMethod": "LEFT"},
    )
    return Scenario(
        "who-stopped-logging",
        [
            call("StopLogging", 3, parameters={"name": TRAIL_NAME}),
            call("UpdateTrail", 2, parameters={"name": TRAIL, "s3BucketName": "elsewhere"}),
            call(
                "PutEventSelectors",
                1,
                **refused(AT_MANAGEMENT, "cloudtrail:PutEventSelectors", TRAIL),
            ),
            departed,
            call("StartLogging", 1, parameters={"name": TRAIL_NAME}),
            call("GetTrailStatus", 1, parameters={"name": TRAIL_NAME}),
            call("StopLogging", 24 * 40, parameters={"name": TRAIL_NAME}),
            # Another service has an operation of that name.
            record("example", "StopLogging", at=clock.ago(1), identity=AT_MANAGEMENT),
        ],
        ROWS,
        [
            row(clock, 1, AT_MANAGEMENT, "PutEventSelectors", "AccessDenied"),
            row(clock, 2, AT_MANAGEMENT, "UpdateTrail", "Success"),
            row(clock, 3, AT_MANAGEMENT, "StopLogging", "Success"),
            (
                clock.said(4),
                "organizations.amazonaws.com",
                "AccountDepartedOrganization",
                ADDRESS,
                "Success",
            ),
        ],
    )


def who_silenced_the_watch(clock: Clock) -> Scenario:
    rule = f"arn:aws:events:eu-west-1:{MANAGEMENT}:rule/{RULE}"

    def call(source: str, event: str, hours: float, **more: Any) -> Record:
        return record(
            source,
            event,
            at=clock.ago(hours),
            identity=AT_MANAGEMENT,
            account=MANAGEMENT,
            **more,
        )

    return Scenario(
        "who-silenced-the-watch",
        [
            call("events", "DisableRule", 5, parameters={"name": RULE}),
            call("events", "PutTargets", 4, **refused(AT_MANAGEMENT, "events:PutTargets", rule)),
            call(
                "monitoring", "DeleteAlarms", 3, parameters={"alarmNames": ["cloudtrail-guard-x"]}
            ),
            call("config", "StopConfigurationRecorder", 2, parameters={}),
            # Its key encrypts the rules of the default bus.
            call("events", "UpdateEventBus", 1.5, parameters={"name": "default"}),
            call("events", "UpdateEventBus", 1, parameters={"name": "orders"}),
            call("events", "DeleteRule", 1, parameters={"name": "nightly-report"}),
            call("events", "DescribeRule", 1, parameters={"name": RULE}),
        ],
        ROWS,
        [
            row(clock, 1.5, AT_MANAGEMENT, "UpdateEventBus", "Success"),
            row(clock, 2, AT_MANAGEMENT, "StopConfigurationRecorder", "Success"),
            row(clock, 3, AT_MANAGEMENT, "DeleteAlarms", "Success"),
            row(clock, 4, AT_MANAGEMENT, "PutTargets", "AccessDenied"),
            row(clock, 5, AT_MANAGEMENT, "DisableRule", "Success"),
        ],
    )


def changes_of_bucket_or_key(clock: Clock) -> Scenario:
    def call(source: str, event: str, hours: float, **more: Any) -> Record:
        return record(source, event, at=clock.ago(hours), identity=AT_SECURITY, **more)

    def of_key(key_id: str) -> list[dict[str, str]]:
        return [{"type": "AWS::KMS::Key", "ARN": KEY.replace(KEY_ID, key_id)}]

    objects = [
        {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{BUCKET}/{OBJECT}"},
        {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{BUCKET}"},
    ]
    data: dict[str, Any] = {"category": "Data", "resources": objects}
    return Scenario(
        "changes-of-bucket-or-key",
        [
            call("s3", "PutBucketPolicy", 6, parameters={"bucketName": BUCKET, "policy": ""}),
            call("kms", "PutKeyPolicy", 5, parameters={"keyId": KEY_ID}, resources=of_key(KEY_ID)),
            call("kms", "DisableKey", 4, **refused(AT_SECURITY, "kms:DisableKey", KEY)),
            call("s3", "DeleteObject", 3, parameters={"bucketName": BUCKET, "key": OBJECT}, **data),
            call("kms", "EnableKey", 2, parameters={"keyId": KEY}, resources=of_key(KEY_ID)),
            call("s3", "PutBucketPolicy", 1, parameters={"bucketName": f"{BUCKET}-2"}),
            call("s3", "GetBucketPolicy", 1, parameters={"bucketName": BUCKET}),
            call("kms", "DisableKey", 1, parameters={"keyId": "5678"}, resources=of_key("5678")),
            call("kms", "DisableKey", 1, **refused(AT_SECURITY, "kms:DisableKey", f"{KEY}0")),
            record(
                "s3",
                "PutObject",
                at=clock.ago(1),
                identity=service("cloudtrail.amazonaws.com"),
                parameters={"bucketName": BUCKET, "key": OBJECT},
                **data,
            ),
        ],
        ROWS,
        [
            row(clock, 2, AT_SECURITY, "EnableKey", "Success"),
            row(clock, 3, AT_SECURITY, "DeleteObject", "Success"),
            row(clock, 4, AT_SECURITY, "DisableKey", "AccessDenied"),
            row(clock, 5, AT_SECURITY, "PutKeyPolicy", "Success"),
            row(clock, 6, AT_SECURITY, "PutBucketPolicy", "Success"),
        ],
    )


def changes_of_who_is_exempt(clock: Clock) -> Scenario:
    def call(event: str, hours: float, account: str = SECURITY, **more: Any) -> Record:
        return record(
            "iam",
            event,
            at=clock.ago(hours),
            identity=AT_SECURITY,
            account=account,
            region=GLOBAL_REGION,
            **more,
        )

    role = {"roleName": "AdminRole"}
    assigned = {"roleName": EMERGENCY.rpartition("/")[2], "policyArn": "arn:aws:iam::aws:policy/X"}
    by_name = refused(AT_SECURITY, "iam:AttachRolePolicy", "role AdminRole")
    return Scenario(
        "changes-of-who-is-exempt",
        [
            call("UpdateAssumeRolePolicy", 6, parameters=role),
            call("PutRolePolicy", 5, **refused(AT_SECURITY, "iam:PutRolePolicy", BREAK_GLASS)),
            call("AttachRolePolicy", 4, **by_name),
            call("DetachRolePolicy", 3, MANAGEMENT, parameters={"policyArn": GUARDRAIL}),
            call("DeleteUserPermissionsBoundary", 2, MANAGEMENT, parameters={"userName": "u"}),
            call("DetachRolePolicy", 2.5, parameters=assigned),
            call("DeleteRole", 2.25, **refused(AT_SECURITY, "iam:DeleteRole", EMERGENCY)),
            call("DeleteRole", 1, parameters={"roleName": "AWSReservedSSO_Emergencyx_0"}),
            # A role of that name in another account is not exempt.
            call("UpdateAssumeRolePolicy", 1, MEMBER, parameters=role),
            call("UpdateAssumeRolePolicy", 1, parameters={"roleName": "Reports"}),
            call("DetachRolePolicy", 1, parameters={"policyArn": "arn:aws:iam::aws:policy/X"}),
            call("GetRole", 1, parameters=role),
        ],
        ROWS,
        [
            row(clock, 2, AT_SECURITY, "DeleteUserPermissionsBoundary", "Success"),
            row(clock, 2.25, AT_SECURITY, "DeleteRole", "AccessDenied"),
            row(clock, 2.5, AT_SECURITY, "DetachRolePolicy", "Success"),
            row(clock, 3, AT_SECURITY, "DetachRolePolicy", "Success"),
            row(clock, 4, AT_SECURITY, "AttachRolePolicy", "AccessDenied"),
            row(clock, 5, AT_SECURITY, "PutRolePolicy", "AccessDenied"),
            row(clock, 6, AT_SECURITY, "UpdateAssumeRolePolicy", "Success"),
        ],
    )
