"""A trail from TypeScript, YAML and Go, through the component plugin and the real engine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.session import Sandbox
from tests.support.engine import Project
from tests.support.examples import REGION, STACK, Example, need_language

pytestmark = [
    pytest.mark.engine,
    pytest.mark.xdist_group("component-plugin"),
]

BUCKET = "example-audit-logs"


@dataclass(frozen=True)
class Consumer:
    """An example in one language.

    Attributes:
        runtime: the language host that runs it.
        expiry: after how many days its logs expire.
        names_account: whether its config has the account's id.
    """

    runtime: str
    expiry: int
    names_account: bool = False


CONSUMERS = {
    "yaml": Consumer("yaml", expiry=730),
    "typescript": Consumer("nodejs", expiry=365, names_account=True),
    "go": Consumer("go", expiry=730, names_account=True),
}


@pytest.mark.parametrize("language", CONSUMERS)
def test_a_stranger_has_a_trail_in_their_language(
    sandbox: Sandbox, examples: Path, language: str
) -> None:
    consumer = CONSUMERS[language]
    need_language(sandbox, consumer.runtime)
    example = Example.of(examples / language, sandbox)
    account = {"accountId": example.account} if consumer.names_account else {}
    example.configure(bucketName=BUCKET, **account)

    example.project.preview(STACK).succeeded()
    outputs = example.deploy()

    arn = f"arn:aws:cloudtrail:{REGION}:{example.account}:trail/Audit"
    assert outputs["trailArn"] == arn
    assert outputs["bucketName"] == BUCKET
    trail: dict[str, Any] = example.client("cloudtrail").get_trail(Name=arn)["Trail"]
    assert trail["S3BucketName"] == BUCKET
    assert trail["KmsKeyId"] == outputs["keyArn"]
    assert trail["IsMultiRegionTrail"]
    assert trail["LogFileValidationEnabled"]
    assert expiry_days(example) == consumer.expiry

    example.leave()

    assert example.client("cloudtrail").describe_trails()["trailList"] == []
    assert example.client("s3").head_bucket(Bucket=BUCKET)


def test_a_project_of_ones_own_gets_the_sdk_by_package_add(
    sandbox: Sandbox, examples: Path
) -> None:
    need_language(sandbox, "nodejs")
    project = Project(examples / "own", sandbox)
    project.directory.mkdir()
    (project.directory / "Pulumi.yaml").write_text("name: own\nruntime: nodejs\n")
    (project.directory / "package.json").write_text('{"name": "own", "dependencies": {}}\n')

    added = project.pulumi("package", "add", "../../components").succeeded().output

    assert 'from "@pulumi/cloudtrail-guard"' in added
    project_file = (project.directory / "Pulumi.yaml").read_text()
    assert yaml.safe_load(project_file)["packages"] == {"cloudtrail-guard": "../../components"}
    written = (project.directory / "sdks/cloudtrail-guard/logBucket.ts").read_text()
    assert "readonly bucketPolicy" in written


def expiry_days(example: Example) -> object:
    """After how many days log files expire; an integer, although other languages send a float."""
    rules = example.client("s3").get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    return next(rule["Expiration"]["Days"] for rule in rules if "Days" in rule["Expiration"])
