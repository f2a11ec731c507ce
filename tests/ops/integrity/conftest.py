from collections.abc import Generator

import pytest

from tests.support.s3_server import S3Server, serving


@pytest.fixture
def s3() -> Generator[S3Server]:
    with serving(S3Server()) as server:
        yield server
