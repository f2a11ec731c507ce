from collections.abc import Generator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.support.digests import BUCKET


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client: Any = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client
