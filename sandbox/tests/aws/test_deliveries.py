"""CloudTrail delivers the logs of the calls that were made, and signed digests of them."""

import gzip
import hashlib
import itertools
import json
import time
import uuid
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import quote_plus

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from sandbox.deliver import DeliveryError, deliver
from sandbox.organization import Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, allow, deny, document, refused

SERVICE = {"Service": "cloudtrail.amazonaws.com"}
Delivered = Callable[..., dict[str, Any]]
MakeTrail = Callable[..., str]


def bucket_policy(bucket: str, *more: dict[str, Any]) -> str:
    arn = f"arn:aws:s3:::{bucket}"
    return document(
        allow(SERVICE, "s3:GetBucketAcl", arn), allow(SERVICE, "s3:PutObject", f"{arn}/*"), *more
    )


@pytest.fixture
def logs(clients: Clients, locked_bucket: str) -> str:
    """A bucket with Object Lock and a default retention that CloudTrail may write to."""
    s3 = clients("s3", "security")
    s3.put_bucket_policy(Bucket=locked_bucket, Policy=bucket_policy(locked_bucket))
    s3.put_object_lock_configuration(
        Bucket=locked_bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
    )
    return locked_bucket


@pytest.fixture
def trail(clients: Clients, logs: str, name: str) -> Generator[MakeTrail]:
    """Makes a trail of the management account that logs; its ARN. Gone after the test."""
    cloudtrail = clients("cloudtrail")
    made: list[str] = []

    def make(**settings: Any) -> str:
        selectors = settings.pop("selectors", None)
        arn = cloudtrail.create_trail(
            Name=name, S3BucketName=logs, **{"EnableLogFileValidation": True, **settings}
        )["TrailARN"]
        made.append(arn)
        if selectors:
            cloudtrail.put_event_selectors(TrailName=arn, **selectors)
        cloudtrail.start_logging(Name=arn)
        return arn

    yield make
    for arn in made:
        cloudtrail.delete_trail(Name=arn)


@pytest.fixture
def delivered(sandbox: Sandbox) -> Delivered:
    """Lets CloudTrail deliver; what it delivered for a trail."""

    def of(arn: str, hours: int = 0) -> dict[str, Any]:
        found = deliver(hours, sandbox.endpoint)["trails"]
        return next(each for each in found if each["arn"] == arn)

    return of


def read(clients: Clients, bucket: str, key: str) -> Any:
    body = clients("s3", "security").get_object(Bucket=bucket, Key=key)["Body"].read()
    return json.loads(gzip.decompress(body))


def events(clients: Clients, found: dict[str, Any]) -> list[dict[str, Any]]:
    records = (read(clients, found["bucket"], key)["Records"] for key in found["logFiles"])
    return list(itertools.chain.from_iterable(records))


def test_a_call_is_delivered_as_an_event_record(
    clients: Clients, organization: Organization, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail()
    clients("cloudtrail").describe_trails(trailNameList=[arn])

    found = delivered(arn)

    [key] = found["logFiles"]
    account = organization.management_account_id
    assert key.startswith(f"AWSLogs/{account}/CloudTrail/us-east-1/2")
    assert key.rpartition("/")[2].startswith(f"{account}_CloudTrail_us-east-1_2")
    [event] = [each for each in events(clients, found) if each["eventName"] == "DescribeTrails"]
    assert event["eventSource"] == "cloudtrail.amazonaws.com"
    assert event["requestParameters"] == {"trailNameList": [arn]}
    assert (event["readOnly"], event["managementEvent"]) == (True, True)
    assert event["userIdentity"]["type"] == "AssumedRole"
    assert event["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == role_arn(
        account, "OrganizationAdmin"
    )
    # Nothing is delivered twice.
    assert delivered(arn)["logFiles"] == []


def test_a_refused_call_is_delivered_with_its_error(
    clients: Clients, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail()
    with refused("TrailNotFoundException"):
        clients("cloudtrail").stop_logging(Name="there-is-none")

    [event] = [
        each for each in events(clients, delivered(arn)) if each["eventName"] == "StopLogging"
    ]

    assert event["errorCode"] == "TrailNotFoundException"
    assert "there-is-none" in event["errorMessage"]
    assert event["readOnly"] is False


def test_an_organization_trail_has_the_members_events_by_account_and_prefix(
    clients: Clients, organization: Organization, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail(IsMultiRegionTrail=True, IsOrganizationTrail=True, S3KeyPrefix="central")
    clients("kms", "workload", "eu-west-1").list_keys()

    found = delivered(arn)

    prefix = f"central/AWSLogs/{organization.id}/{organization.workload_account_id}/CloudTrail/"
    [key] = [key for key in found["logFiles"] if key.startswith(f"{prefix}eu-west-1/")]
    [event] = read(clients, found["bucket"], key)["Records"]
    assert event["eventName"] == "ListKeys"
    assert event["recipientAccountId"] == organization.workload_account_id


def test_a_trail_of_one_region_has_that_regions_and_the_global_events(
    clients: Clients, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail()
    clients("kms", "management", "eu-west-1").list_keys()
    clients("iam", "management", "eu-west-1").list_roles()

    names = [event["eventName"] for event in events(clients, delivered(arn))]

    assert "ListKeys" not in names
    assert "ListRoles" in names


def test_a_trail_that_is_stopped_records_nothing_and_delivers_what_it_has(
    clients: Clients, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail()
    clients("kms").list_keys()
    clients("cloudtrail").stop_logging(Name=arn)
    clients("kms").list_aliases()

    names = [event["eventName"] for event in events(clients, delivered(arn))]

    assert "ListKeys" in names
    assert "ListAliases" not in names


def advanced(*fields: tuple[str, str, str]) -> dict[str, Any]:
    found = [{"Field": field, operator: [value]} for field, operator, value in fields]
    return {"AdvancedEventSelectors": [{"FieldSelectors": found}]}


OBJECTS = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::BUCKET/a"]}


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ({"EventSelectors": [{"ReadWriteType": "ReadOnly"}]}, {"ListKeys"}),
        ({"EventSelectors": [{"ReadWriteType": "WriteOnly"}]}, {"CreateKey"}),
        (
            {"EventSelectors": [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]},
            set[str](),
        ),
        (
            {"EventSelectors": [{"IncludeManagementEvents": False, "DataResources": [OBJECTS]}]},
            {"PutObject"},
        ),
        (
            advanced(("eventCategory", "Equals", "Management"), ("readOnly", "Equals", "false")),
            {"CreateKey"},
        ),
        (
            advanced(
                ("eventCategory", "Equals", "Data"),
                ("resources.type", "Equals", "AWS::S3::Object"),
                ("resources.ARN", "NotStartsWith", "arn:aws:s3:::BUCKET/"),
            ),
            set[str](),
        ),
        (
            advanced(
                ("eventCategory", "Equals", "Data"),
                ("resources.type", "Equals", "AWS::S3::Object"),
                ("eventName", "StartsWith", "Put"),
            ),
            {"PutObject"},
        ),
    ],
)
def test_the_selectors_decide_what_is_delivered(
    clients: Clients,
    trail: MakeTrail,
    delivered: Delivered,
    selectors: dict[str, Any],
    expected: set[str],
) -> None:
    data = f"data-{uuid.uuid4()}"
    clients("s3").create_bucket(Bucket=data)
    arn = trail(selectors=json.loads(json.dumps(selectors).replace("BUCKET", data)))
    clients("kms").list_keys()
    clients("kms").create_key()
    clients("s3").put_object(Bucket=data, Key="a", Body=b"x")

    names = {event["eventName"] for event in events(clients, delivered(arn))}

    assert names & {"ListKeys", "CreateKey", "PutObject"} == expected


def test_digests_are_signed_and_chained(
    clients: Clients, organization: Organization, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail()
    clients("kms").list_keys()
    first, second = delivered(arn, hours=1), delivered(arn, hours=1)
    s3, account = clients("s3", "security"), organization.management_account_id
    [listed] = clients("cloudtrail").list_public_keys()["PublicKeyList"]
    public_key = pkcs1(listed["Value"])

    previous = None
    for key in (*first["digests"], *second["digests"]):
        found = s3.get_object(Bucket=first["bucket"], Key=key)
        body = gzip.decompress(found["Body"].read())
        content, signature = json.loads(body), found["Metadata"]["signature"]
        assert found["Metadata"]["signature-algorithm"] == "SHA256withRSA"
        assert content["digestPublicKeyFingerprint"] == listed["Fingerprint"]
        assert content["previousDigestSignature"] == previous
        signed = "\n".join(
            (
                content["digestEndTime"],
                f"{content['digestS3Bucket']}/{content['digestS3Object']}",
                hashlib.sha256(body).hexdigest(),
                previous or "null",
            )
        )
        public_key.verify(bytes.fromhex(signature), signed.encode(), padding.PKCS1v15(), SHA256())
        previous = signature

    assert len(second["digests"]) == 1
    [log] = read(clients, first["bucket"], first["digests"][0])["logFiles"]
    assert log["s3Object"] == first["logFiles"][0]
    body = s3.get_object(Bucket=log["s3Bucket"], Key=log["s3Object"])["Body"].read()
    assert log["hashValue"] == hashlib.sha256(gzip.decompress(body)).hexdigest()
    prefix = f"{account}_CloudTrail-Digest_us-east-1_{arn.rpartition('/')[2]}_us-east-1_2"
    assert first["digests"][0].rpartition("/")[2].startswith(prefix)


def pkcs1(der: bytes) -> Any:
    """A public key of the form that CloudTrail hands out: SEQUENCE { modulus, exponent }."""
    length = int.from_bytes(der[6:8], "big")
    modulus, exponent = der[8 : 8 + length], der[8 + length + 2 :]
    numbers = RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    return numbers.public_key()


def test_a_multi_region_trail_has_digests_of_every_region_even_where_nothing_was_called(
    clients: Clients, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail(IsMultiRegionTrail=True)

    keys = delivered(arn, hours=1)["digests"]

    assert {key.split("/")[3] for key in keys} >= {"us-east-1", "eu-west-1", "ap-south-1"}
    assert clients("cloudtrail").get_trail_status(Name=arn)["LatestDigestDeliveryTime"]


def test_a_chain_starts_again_when_logging_does(
    clients: Clients, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail()
    delivered(arn, hours=1)
    clients("cloudtrail").stop_logging(Name=arn)
    assert delivered(arn, hours=1)["digests"] == []
    clients("cloudtrail").start_logging(Name=arn)

    found = delivered(arn, hours=1)

    [key] = found["digests"]
    assert read(clients, found["bucket"], key)["previousDigestSignature"] is None


def test_a_trail_without_validation_has_no_digests(trail: MakeTrail, delivered: Delivered) -> None:
    assert delivered(trail(EnableLogFileValidation=False), hours=1)["digests"] == []


def test_files_are_encrypted_with_the_trails_key_and_locked_as_the_bucket_says(
    clients: Clients, key_arn: str, trail: MakeTrail, delivered: Delivered
) -> None:
    kms = clients("kms", "security")
    policy = document(
        allow({"AWS": f"arn:aws:iam::{key_arn.split(':')[4]}:root"}, "kms:*"),
        allow(SERVICE, "kms:GenerateDataKey*"),
    )
    kms.put_key_policy(KeyId=key_arn, PolicyName="default", Policy=policy)
    arn = trail(KmsKeyId=key_arn)

    found = delivered(arn, hours=1)

    for key in (*found["logFiles"], *found["digests"]):
        head = clients("s3", "security").head_object(Bucket=found["bucket"], Key=key)
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key_arn)
        assert head["ObjectLockMode"] == "GOVERNANCE"

    clients("kms").list_keys()
    kms.disable_key(KeyId=key_arn)
    assert delivered(arn)["error"] == "KmsException"
    assert clients("cloudtrail").get_trail_status(Name=arn)["LatestDeliveryError"]
    kms.enable_key(KeyId=key_arn)
    # What could not be delivered comes later.
    assert "ListKeys" in {event["eventName"] for event in events(clients, delivered(arn))}


def test_a_bucket_policy_that_denies_holds_the_logs_back(
    clients: Clients, logs: str, trail: MakeTrail, delivered: Delivered
) -> None:
    arn = trail()
    policy = bucket_policy(logs, deny("s3:PutObject", f"arn:aws:s3:::{logs}/*"))
    clients("s3", "security").put_bucket_policy(Bucket=logs, Policy=policy)
    clients("kms").list_keys()

    found = delivered(arn, hours=1)

    assert (found["logFiles"], found["digests"]) == ([], [])
    assert found["error"] == "InsufficientS3BucketPolicyException"


def test_the_trails_topic_tells_of_new_files(
    clients: Clients, logs: str, name: str, trail: MakeTrail, delivered: Delivered
) -> None:
    sqs, sns = clients("sqs"), clients("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    policy = document(allow(SERVICE, "sns:Publish", topic))
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    queue = topic.replace(":sns:", ":sqs:")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    arn = trail(SnsTopicName=name)
    clients("kms").list_keys()

    [key] = delivered(arn)["logFiles"]

    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    sent = json.loads(json.loads(message["Body"])["Message"])
    assert sent == {"s3Bucket": logs, "s3ObjectKey": [key]}


def test_the_buckets_notifications_tell_of_new_files(
    clients: Clients, logs: str, name: str, trail: MakeTrail, delivered: Delivered
) -> None:
    sns, sqs = clients("sns", "security"), clients("sqs", "security")
    topic = sns.create_topic(Name=name)["TopicArn"]
    policy = document(allow({"Service": "s3.amazonaws.com"}, "sns:Publish", topic))
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    queue = topic.replace(":sns:", ":sqs:")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    clients("s3", "security").put_bucket_notification_configuration(
        Bucket=logs,
        NotificationConfiguration={
            "TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    sqs.purge_queue(QueueUrl=url)
    arn = trail()
    clients("kms").list_keys()

    [key] = delivered(arn)["logFiles"]

    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    [record] = json.loads(json.loads(message["Body"])["Message"])["Records"]
    assert record["s3"]["object"]["key"] == quote_plus(key)


def test_events_come_to_the_log_group(
    clients: Clients,
    organization: Organization,
    name: str,
    trail: MakeTrail,
    delivered: Delivered,
) -> None:
    account = organization.management_account_id
    trust = document({"Effect": "Allow", "Principal": SERVICE, "Action": "sts:AssumeRole"})
    clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    writing = document({"Effect": "Allow", "Action": "logs:*", "Resource": "*"})
    clients("iam").put_role_policy(RoleName=name, PolicyName="logs", PolicyDocument=writing)
    clients("logs").create_log_group(logGroupName=name)
    arn = trail(
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:us-east-1:{account}:log-group:{name}:*",
        CloudWatchLogsRoleArn=role_arn(account, name),
    )
    clients("kms").list_keys()
    delivered(arn)

    found = clients("logs").get_log_events(
        logGroupName=name, logStreamName=f"{account}_CloudTrail_us-east-1"
    )["events"]

    assert "ListKeys" in {json.loads(event["message"])["eventName"] for event in found}
    status = clients("cloudtrail").get_trail_status(Name=arn)
    assert "LatestCloudWatchLogsDeliveryTime" in status


def test_the_clock_never_passes_the_real_one(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with pytest.raises(DeliveryError, match="hours must be from 0 to"):
        deliver(1000, sandbox.endpoint)
    with pytest.raises(DeliveryError, match="AWS_ENDPOINT_URL is not set"):
        deliver(0)
    clock = deliver(0, sandbox.endpoint)["clock"]
    assert clock < time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
