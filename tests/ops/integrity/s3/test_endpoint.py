"""Requests go where boto3 would send them."""

from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from integrity.s3.endpoint import Proxy, UnsupportedEndpointError, find_endpoint


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def client(region: str, **options: Any) -> Any:
    config = Config(**options.pop("config", {}))
    return boto3.Session().client("s3", region_name=region, config=config, **options)


@pytest.mark.parametrize(
    ("region", "options", "bucket", "url"),
    [
        ("eu-west-1", {}, "logs", "logs.s3.eu-west-1.amazonaws.com:443"),
        ("us-east-1", {}, "logs", "logs.s3.amazonaws.com:443"),
        ("us-gov-west-1", {}, "logs", "logs.s3.us-gov-west-1.amazonaws.com:443"),
        ("cn-north-1", {}, "logs", "logs.s3.cn-north-1.amazonaws.com.cn:443"),
        (
            "us-gov-east-1",
            {"config": {"use_fips_endpoint": True}},
            "logs",
            "logs.s3-fips.us-gov-east-1.amazonaws.com:443",
        ),
        (
            "eu-west-1",
            {"config": {"use_dualstack_endpoint": True}},
            "logs",
            "logs.s3.dualstack.eu-west-1.amazonaws.com:443",
        ),
        ("eu-west-1", {}, "logs.example.com", "s3.eu-west-1.amazonaws.com:443/logs.example.com"),
        ("eu-west-1", {"endpoint_url": "http://127.0.0.1:99/s"}, "logs", "127.0.0.1:99/s/logs"),
    ],
    ids=["a region", "us-east-1", "GovCloud", "China", "FIPS", "dual-stack", "dots", "custom"],
)
def test_the_endpoint_is_botocores(
    region: str, options: dict[str, Any], bucket: str, url: str
) -> None:
    endpoint = find_endpoint(client(region, **options), bucket, None)

    assert f"{endpoint.host}:{endpoint.port}{endpoint.base}" == url
    assert endpoint.region == region
    assert endpoint.authority == (endpoint.host if endpoint.port == 443 else "127.0.0.1:99")
    assert (endpoint.tls is not None) == (endpoint.port == 443)
    assert endpoint.proxy is None


def test_settings_of_the_environment_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")

    assert find_endpoint(client("us-west-2"), "logs", None).host.startswith("logs.s3-fips.")


def test_nothing_is_left_in_the_client_and_nothing_is_sent() -> None:
    s3 = client("eu-west-1", endpoint_url="http://127.0.0.1:9")

    find_endpoint(s3, "logs", None)

    with pytest.raises(Exception, match="Could not connect"):
        s3.list_objects_v2(Bucket="logs")


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, Proxy("proxy.example", 3128)),
        ({"HTTPS_PROXY": "proxy.example:3128"}, Proxy("proxy.example", 3128)),
        (
            {"HTTPS_PROXY": "http://me:p%40ss@proxy.example"},
            Proxy("proxy.example", 80, {"Proxy-Authorization": "Basic bWU6cEBzcw=="}),
        ),
        ({"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": ".amazonaws.com"}, None),
        ({"HTTP_PROXY": "http://proxy.example:3128"}, None),
    ],
    ids=["a proxy", "without a scheme", "with a password", "not for AWS", "of plain HTTP"],
)
def test_proxies_are_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], proxy: Proxy | None
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert find_endpoint(client("eu-west-1"), "logs", None).proxy == proxy


def test_a_proxy_that_speaks_tls_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "https://proxy.example:3128")

    with pytest.raises(UnsupportedEndpointError, match="HTTPS_PROXY must be like http://"):
        find_endpoint(client("eu-west-1"), "logs", None)


def test_another_signature_is_one_clear_error() -> None:
    unsigned = client("eu-west-1", config={"signature_version": UNSIGNED})

    with pytest.raises(UnsupportedEndpointError, match="Signature Version 4"):
        find_endpoint(unsigned, "logs", None)


def test_without_credentials_the_error_is_botocores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    session: Any = botocore.session.Session()

    with pytest.raises(NoCredentialsError):
        find_endpoint(session.create_client("s3", region_name="eu-west-1"), "logs", None)
