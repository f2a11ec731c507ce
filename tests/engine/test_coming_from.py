"""What Terraform modules of others made comes under the stacks: what docs/coming-from says happens.

The set-ups are what the modules make by default for an organization, in plain calls:
nozaq/terraform-aws-secure-baseline 2.1 (account type `master`), and cloudposse's
terraform-aws-cloudtrail with terraform-aws-cloudtrail-s3-bucket.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from demo.working_copy import working_copy

from sandbox.session import Sandbox
from tests.support.adoption import adopt
from tests.support.engine import Project, engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.slow]

SERVICE = {"Service": "cloudtrail.amazonaws.com"}
FULL_CONTROL = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
LOG = "AWSLogs/old.json.gz"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The program in a sandbox of its own, with both stacks made and nothing deployed."""
    directory = tmp_path / "program"
    directory.mkdir()
    with Sandbox(pulumi=engine()) as sandbox:
        project = Project(working_copy(directory), sandbox)
        project.init("security", "management")
        yield project


def _bucket_policy(bucket: str, principal: Any, prefix: str) -> str:
    statements = [
        {
            "Sid": "AWSCloudTrailAclCheck",
            "Effect": "Allow",
            "Principal": SERVICE,
            "Action": "s3:GetBucketAcl",
            "Resource": f"arn:aws:s3:::{bucket}",
        },
        {
            "Sid": "AWSCloudTrailWrite",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{bucket}/{prefix}*",
            "Condition": FULL_CONTROL,
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _bucket(project: Project, profile: str, bucket: str, principal: Any, prefix: str) -> Any:
    s3: Any = project.sandbox.session(profile).client("s3")
    s3.create_bucket(Bucket=bucket, ObjectOwnership="BucketOwnerPreferred")
    s3.put_bucket_policy(Bucket=bucket, Policy=_bucket_policy(bucket, principal, prefix))
    s3.put_object(Bucket=bucket, Key=prefix + LOG, Body=b"an old log")
    return s3


def _trail(project: Project, name: str, bucket: str, **more: Any) -> str:
    cloudtrail: Any = project.sandbox.session("management").client("cloudtrail")
    made = cloudtrail.create_trail(
        Name=name,
        S3BucketName=bucket,
        IsMultiRegionTrail=True,
        IsOrganizationTrail=True,
        EnableLogFileValidation=True,
        **more,
    )
    cloudtrail.start_logging(Name=name)
    return str(made["TrailARN"])


def _described(project: Project, trail: str) -> dict[str, Any]:
    cloudtrail: Any = project.sandbox.session("management").client("cloudtrail")
    assert cloudtrail.get_trail_status(Name=trail)["IsLogging"]
    return dict(cloudtrail.get_trail(Name=trail)["Trail"])


@pytest.mark.xdist_group("coming-from-cloudposse")
def test_cloudposses_bucket_is_secured_in_place_and_its_trail_goes_on(project: Project) -> None:
    bucket = "acme-audit-cloudtrail"
    services = {"Service": ["cloudtrail.amazonaws.com", "config.amazonaws.com"]}
    s3 = _bucket(project, "security", bucket, services, "")
    s3.put_bucket_acl(Bucket=bucket, ACL="log-delivery-write")
    rule = {"ID": "expire", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 90}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    trail = _trail(project, "acme-root", bucket)
    project.configure_core()
    project.configure("security", bucketName=bucket, existingBucket=True, trailName="acme-root")

    refused = project.preview("security").refused()
    s3.put_bucket_acl(Bucket=bucket, ACL="private")
    previewed = project.preview("security").succeeded().output
    adopt(project, "security")
    found, changes = adopt(project, "management")

    assert f"aws s3api put-bucket-acl --bucket {bucket} --acl private" in refused
    assert "lifecycle rule 'expire' is replaced by the settings" in previewed
    assert "versioning is off and will be enabled" in previewed
    assert trail in found
    assert "kmsKeyId" in changes
    described = _described(project, trail)
    assert described["S3BucketName"] == bucket
    assert described["KmsKeyId"] == project.outputs("security")["keyArn"]
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    sids = [each["Sid"] for each in policy["Statement"]]
    assert {"AWSCloudTrailAclCheck", "AWSCloudTrailWrite", "DenyDeleteCloudTrailLogs"} <= set(sids)
    assert s3.get_object(Bucket=bucket, Key=LOG)["Body"].read() == b"an old log"


@pytest.mark.xdist_group("coming-from-nozaq")
def test_nozaqs_trail_moves_to_the_new_bucket_and_the_old_logs_stay(project: Project) -> None:
    bucket, name = "acme-audit-logs", "cloudtrail-multi-region"
    s3 = _bucket(project, "management", bucket, SERVICE, "cloudtrail/")
    topics: Any = project.sandbox.session("management").client("sns")
    topic = topics.create_topic(Name=f"{name}-sns-topic")["TopicArn"]
    statement = {"Effect": "Allow", "Principal": SERVICE, "Action": "sns:Publish"}
    topics.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps(
            {"Version": "2012-10-17", "Statement": [{**statement, "Resource": topic}]}
        ),
    )
    trail = _trail(project, name, bucket, S3KeyPrefix="cloudtrail", SnsTopicName=topic)
    project.configure_core()
    project.configure("security", trailName=name)

    project.up("security").succeeded()
    found, changes = adopt(project, "management")

    assert trail in found
    assert {"s3BucketName", "s3KeyPrefix", "snsTopicName"} <= {
        word for word in ("s3BucketName", "s3KeyPrefix", "snsTopicName") if word in changes
    }, changes
    described = _described(project, trail)
    assert described["S3BucketName"] == project.outputs("security")["bucketName"]
    assert described["KmsKeyId"] == project.outputs("security")["keyArn"]
    assert not described.get("S3KeyPrefix")
    old = s3.get_object(Bucket=bucket, Key=f"cloudtrail/{LOG}")["Body"].read()
    assert old == b"an old log"
