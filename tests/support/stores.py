"""Stores that read the tests' server."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.credentials import Credentials
from integrity.s3.objects import ObjectStore

from tests.support.s3_server import S3Server


@contextmanager
def reading(server: S3Server, **options: Any) -> Generator[ObjectStore]:
    """A store that reads a server; to be entered in an event loop."""
    client: Any = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=server.endpoint,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    arguments: dict[str, Any] = {
        "client": lambda _region: client,
        "region": "us-east-1",
        "credentials": Credentials("testing", "testing"),
        **options,
    }
    store = ObjectStore(**arguments)
    try:
        yield store
    finally:
        store.close()
