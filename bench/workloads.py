"""What the benchmark of the policy pack runs: programs, packs and stacks."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Final

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from sandbox.policy_pack.messages import PolicyResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PROJECT: Final = """\
name: {name}
runtime:
  name: python
  options: {{toolchain: pip, virtualenv: {environment}}}
"""

_STACK: Final = """\
config:
  aws:profile: workload
  aws:region: us-east-1
"""

BUCKETS: Final = """\
import pulumi_aws as aws

for number in range({count}):
    aws.s3.Bucket(f"bucket-{{number}}", bucket=f"bench-bucket-{{number}}")
"""
"""Buckets alone: no rule has anything to say, so that the price of asking is what is measured."""

TRAILS: Final = """\
import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id


def document(*statements):
    return json.dumps({{"Version": "2012-10-17", "Statement": list(statements)}})


def allow(principal, action, resource):
    return {{"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}}


cloudtrail = {{"Service": "cloudtrail.amazonaws.com"}}
for number in range({count}):
    name = f"bench-logs-{{number}}"
    key = aws.kms.Key(
        name,
        enable_key_rotation=True,
        policy=document(
            allow({{"AWS": f"arn:aws:iam::{{account}}:root"}}, "kms:*", "*"),
            allow(cloudtrail, "kms:GenerateDataKey*", "*"),
        ),
    )
    aws.kms.Alias(name, name=f"alias/{{name}}", target_key_id=key.key_id)
    bucket = aws.s3.Bucket(name, bucket=name, object_lock_enabled=True)
    versioning = aws.s3.BucketVersioning(
        name, bucket=bucket.bucket, versioning_configuration={{"status": "Enabled"}}
    )
    aws.s3.BucketObjectLockConfiguration(
        name,
        bucket=bucket.bucket,
        rule={{"default_retention": {{"mode": "GOVERNANCE", "days": 365}}}},
    )
    aws.s3.BucketLifecycleConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[
            {{"id": "expire", "status": "Enabled", "filter": {{}}, "expiration": {{"days": 730}}}}
        ],
        opts=pulumi.ResourceOptions(depends_on=[versioning]),
    )
    aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketOwnershipControls(
        name, bucket=bucket.bucket, rule={{"object_ownership": "BucketOwnerEnforced"}}
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[
            {{
                "apply_server_side_encryption_by_default": {{
                    "sse_algorithm": "aws:kms",
                    "kms_master_key_id": key.arn,
                }},
            }}
        ],
    )
    aws.s3.BucketLogging(
        name, bucket=bucket.bucket, target_bucket="bench-access-logs", target_prefix=name
    )
    policy = aws.s3.BucketPolicy(
        name,
        bucket=bucket.bucket,
        policy=document(
            allow(cloudtrail, "s3:GetBucketAcl", f"arn:aws:s3:::{{name}}"),
            allow(cloudtrail, "s3:PutObject", f"arn:aws:s3:::{{name}}/AWSLogs/*"),
        ),
    )
    aws.cloudtrail.Trail(
        name,
        name=name,
        s3_bucket_name=policy.bucket,
        kms_key_id=key.arn,
        is_multi_region_trail=True,
        enable_log_file_validation=True,
    )
"""
"""Twelve resources a trail: most rules have something to evaluate."""

_NO_OP: Final = """\
from pulumi_policy import PolicyPack, ResourceValidationPolicy

nothing = ResourceValidationPolicy("nothing", "Finds nothing.", lambda args, report: None)
PolicyPack("no-op", [nothing])
"""

_BARE: Final = """\
import sys
import threading
from concurrent import futures

import grpc


class Service(grpc.GenericRpcHandler):
    def service(self, call):
        answer = {info!r} if call.method.endswith("/GetAnalyzerInfo") else b""
        return grpc.unary_unary_rpc_method_handler(lambda request, context: answer)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
server.add_generic_rpc_handlers([Service()])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
sys.stdout.write(f"{{port}}\\n")
sys.stdout.flush()
threading.Event().wait()
"""


def write_project(directory: Path, program: str) -> Path:
    """Write a program as a project with a stack file for ``dev``, and return its directory."""
    directory.mkdir()
    project = _PROJECT.format(name=directory.name, environment=sys.prefix)
    (directory / "Pulumi.yaml").write_text(project, encoding="utf-8")
    (directory / "Pulumi.dev.yaml").write_text(_STACK, encoding="utf-8")
    (directory / "__main__.py").write_text(program, encoding="utf-8")
    return directory


def write_bare_pack(directory: Path, pack: Path) -> Path:
    """Write a pack that reads and answers nothing, and return its directory: what gRPC costs.

    Args:
        directory: Where.
        pack: A pack whose stand-in for Pulumi's SDK it has, so that it does not load that either.
    """
    policy = analyzer_pb2.PolicyInfo(name="nothing", enforcementLevel=analyzer_pb2.MANDATORY)
    info = analyzer_pb2.AnalyzerInfo(name="bare", version="0.0.1", policies=[policy])
    program = _BARE.format(info=info.SerializeToString())
    written = _write_pack(directory, program)
    (written / "pulumi").mkdir()
    shutil.copy(pack / "pulumi/__init__.py", written / "pulumi")
    (written / "pulumi/policy.py").write_text(program, encoding="utf-8")
    return written


def write_no_op_pack(directory: Path) -> Path:
    """Write a Python pack of one policy that finds nothing, and return its directory."""
    return _write_pack(directory, _NO_OP)


def _write_pack(directory: Path, program: str) -> Path:
    directory.mkdir()
    options = f"{{toolchain: pip, virtualenv: {sys.prefix}}}"
    project = (
        f"description: bench\nversion: 0.0.1\nruntime:\n  name: python\n  options: {options}\n"
    )
    (directory / "PulumiPolicy.yaml").write_text(project, encoding="utf-8")
    (directory / "__main__.py").write_text(program, encoding="utf-8")
    return directory


def stack_of(count: int) -> list[PolicyResource]:
    """Return a stack of trails, each with what belongs to it, and of other resources.

    Args:
        count: How many resources; a quarter belongs to no trail.
    """
    resources: list[PolicyResource] = []
    number = 0
    while len(resources) < count:
        resources += _set(number)
        number += 1
    return resources[:count]


def _set(number: int) -> Iterator[PolicyResource]:
    name = f"logs-{number}"
    key = _resource("aws:kms/key:Key", name, {"enableKeyRotation": True, "policy": _key_policy()})
    bucket = _resource("aws:s3/bucket:Bucket", name, {"bucket": name})
    yield key
    yield bucket
    parts: dict[str, Mapping[str, object]] = {
        "Versioning": {"versioningConfiguration": {"status": "Enabled"}},
        "PublicAccessBlock": dict.fromkeys(
            (
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            ),
            True,
        ),
        "OwnershipControls": {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        "Logging": {"targetBucket": "access-logs"},
        "Policy": {"policy": _bucket_policy(name)},
    }
    for kind, properties in parts.items():
        token = f"aws:s3/bucket{kind}:Bucket{kind}"
        yield _resource(token, name, {"bucket": name, **properties}, bucket=bucket)
    trail = {"s3BucketName": name, "isMultiRegionTrail": True, "enableLogFileValidation": True}
    yield _resource("aws:cloudtrail/trail:Trail", name, trail, s3BucketName=bucket, kmsKeyId=key)
    for other in range(3):
        yield _resource("aws:ec2/instance:Instance", f"{name}-{other}", {"instanceType": "t3.nano"})


def _resource(
    kind: str, name: str, properties: Mapping[str, object], **references: PolicyResource
) -> PolicyResource:
    # What the provider computes comes with it, as it does from the engine.
    outputs = {"id": name, "arn": f"arn:aws:x:::{kind}/{name}", "tagsAll": {}, **properties}
    return PolicyResource(
        type=kind,
        name=name,
        urn=f"urn:pulumi:dev::bench::{kind}::{name}",
        properties=json_format.ParseDict(outputs, struct_pb2.Struct()),
        property_dependencies={key: (value.urn,) for key, value in references.items()},
    )


def _bucket_policy(name: str) -> str:
    return _document("s3:PutObject", f"arn:aws:s3:::{name}/AWSLogs/*")


def _key_policy() -> str:
    return _document("kms:GenerateDataKey*", "*")


def _document(action: str, resource: str) -> str:
    principal = {"Service": "cloudtrail.amazonaws.com"}
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
