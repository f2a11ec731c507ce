"""Signatures are those of botocore, for any key, prefix and credentials."""

from datetime import UTC, datetime
from typing import Any

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from integrity.s3.signing import encoded_path, encoded_query, signed_headers

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORD = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789/+=", min_size=1, max_size=40)


@given(
    key=TEXT,
    query=st.dictionaries(st.sampled_from(["prefix", "delimiter", "list-type", "x"]), TEXT),
    secret=WORD,
    token=st.none() | WORD,
    region=st.sampled_from(["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1"]),
    host=st.sampled_from(["org-logs.s3.eu-west-1.amazonaws.com", "127.0.0.1:4566"]),
)
def test_a_request_is_signed_as_botocore_signs_it(  # noqa: PLR0913, PLR0917 - what a signature covers
    key: str, query: dict[str, str], secret: str, token: str | None, region: str, host: str
) -> None:
    credentials = Credentials("AKIDEXAMPLE", secret, token)
    path, encoded = f"/{encoded_path(key)}", encoded_query(query)

    ours = signed_headers(
        credentials.get_frozen_credentials(),
        host=host,
        path=path,
        query=encoded,
        region=region,
        now=datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC),
    )

    theirs: Any = AWSRequest("GET", f"https://{host}{path}?{encoded}")
    theirs.context["timestamp"] = "20260301T123005Z"
    auth = S3SigV4Auth(credentials, "s3", region)
    theirs.headers["X-Amz-Date"] = "20260301T123005Z"
    theirs.headers["X-Amz-Content-SHA256"] = ours["x-amz-content-sha256"]
    if token:
        theirs.headers["X-Amz-Security-Token"] = token
    signature = auth.signature(auth.string_to_sign(theirs, auth.canonical_request(theirs)), theirs)
    assert ours["Authorization"].endswith(f"Signature={signature}")
    assert (
        f"SignedHeaders={auth.signed_headers(auth.headers_to_sign(theirs))},"
        in (ours["Authorization"])
    )
    assert f"/20260301/{region}/s3/aws4_request," in ours["Authorization"]
