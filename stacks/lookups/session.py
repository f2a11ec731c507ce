"""AWS clients with the credentials, region and endpoints of the stack's provider.

The settings are those of the provider's configuration, `aws:...` in a stack file:
https://www.pulumi.com/registry/packages/aws/installation-configuration/.
"""

import json
import re
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import boto3
import botocore.session
import pulumi
from botocore.config import Config
from botocore.parsers import ResponseParserError

from stacks.lookups.found import NO_ANSWER, LookupFailedError

_STRUCTURED = (
    "assumeRole",
    "assumeRoles",
    "assumeRoleWithWebIdentity",
    "endpoints",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
)


class AwsClients:
    """Clients of the account that the stack's provider works in; each is made once.

    Args:
        region: the provider's region; None for that of its profile or environment.
        config: the provider's configuration, by key without `aws:`.

    Raises:
        LookupFailedError: there are no credentials, or a role cannot be assumed.
    """

    def __init__(self, region: str | None, config: Mapping[str, Any]) -> None:
        """Resolve the credentials."""
        self._config = config
        self._made: dict[tuple[str, str], Any] = {}
        self._making = threading.Lock()  # clients are safe to share, their session is not
        try:
            core = self._core_session()
            self.region = region or str(core.get_config_variable("region"))
            self._session = self._credentials(core)
        except NO_ANSWER as error:
            raise LookupFailedError(str(error)) from error

    @classmethod
    def of_stack(cls, region: str) -> "AwsClients":
        """Clients as the running stack's default provider is configured."""
        return cls(region, provider_config())

    @property
    def credentials(self) -> Any:  # noqa: ANN401 - boto3 has no types
        """The credentials that the clients sign with."""
        return self._session.get_credentials()

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - boto3 has no types
        """A client of a service, in the provider's region unless another one is given."""
        key = service, region or self.region
        with self._making:
            if key not in self._made:
                self._made[key] = self._client(self._session, *key)
            return self._made[key]

    def _client(self, session: boto3.Session, service: str, region: str) -> Any:  # noqa: ANN401 - as above
        get = self._config.get
        proxies = {
            scheme: url
            for scheme in ("http", "https")
            if (url := get(f"{scheme}Proxy")) is not None
        }
        config = Config(
            region_name=region,
            # Organizations and IAM throttle what is asked at once: a client then asks more slowly.
            retries={"max_attempts": int(get("maxRetries") or 3), "mode": "adaptive"},
            use_fips_endpoint=_is_true(get("useFipsEndpoint")) or None,
            use_dualstack_endpoint=_is_true(get("useDualstackEndpoint")) or None,
            proxies=proxies or None,
            s3={"addressing_style": "path"} if _is_true(get("s3UsePathStyle")) else None,
        )
        client = session.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self._endpoints().get(service),
            verify=False if _is_true(get("insecure")) else get("customCaBundle"),
            config=config,
        )
        client.meta.events.register("before-parse", _reject_page)
        return client

    def _endpoints(self) -> dict[str, str]:
        listed = self._config.get("endpoints") or []
        return {service: url for each in listed for service, url in each.items() if url}

    def _core_session(self) -> botocore.session.Session:
        get = self._config.get
        core = botocore.session.Session(profile=get("profile"))
        for key, variable in (
            ("sharedConfigFiles", "config_file"),
            ("sharedCredentialsFiles", "credentials_file"),
        ):
            files = get(key) or []
            if len(files) > 1:
                raise LookupFailedError(f"aws:{key} has several files, and boto3 reads only one")
            if files:
                core.set_config_variable(variable, files[0])
        if get("profile"):
            core.get_scoped_config()  # raises now, and not at the first call, if it does not exist
        if get("accessKey"):
            core.set_credentials(get("accessKey"), get("secretKey"), get("token"))
        return core

    def _credentials(self, core: botocore.session.Session) -> boto3.Session:
        get = self._config.get
        session = boto3.Session(botocore_session=core, region_name=self.region)
        if web := get("assumeRoleWithWebIdentity"):
            session = self._with_web_identity(session, web)
        for role in get("assumeRoles") or [each for each in (get("assumeRole"),) if each]:
            session = self._assumed(session, role)
        return session

    def _assumed(self, session: boto3.Session, role: Mapping[str, Any]) -> boto3.Session:
        arguments = {
            "RoleArn": role["roleArn"],
            "RoleSessionName": role.get("sessionName") or "cloudtrail-guard",
            "ExternalId": role.get("externalId"),
            "Policy": role.get("policy"),
            "PolicyArns": [{"arn": arn} for arn in role.get("policyArns") or ()],
            "SourceIdentity": role.get("sourceIdentity"),
            "Tags": [{"Key": k, "Value": v} for k, v in (role.get("tags") or {}).items()],
            "TransitiveTagKeys": role.get("transitiveTagKeys"),
            "DurationSeconds": _seconds(role),
        }
        answer = self._sts(session).assume_role(**_without_empty(arguments))
        return self._session_of(answer["Credentials"])

    def _with_web_identity(self, session: boto3.Session, web: Mapping[str, Any]) -> boto3.Session:
        token = web.get("webIdentityToken")
        if not token:
            with open(web["webIdentityTokenFile"], encoding="utf-8") as file:  # noqa: PTH123 - short
                token = file.read()
        arguments = {
            "RoleArn": web["roleArn"],
            "RoleSessionName": web.get("sessionName") or "cloudtrail-guard",
            "WebIdentityToken": token,
            "Policy": web.get("policy"),
            "DurationSeconds": _seconds(web),
        }
        answer = self._sts(session).assume_role_with_web_identity(**_without_empty(arguments))
        return self._session_of(answer["Credentials"])

    def _sts(self, session: boto3.Session) -> Any:  # noqa: ANN401 - boto3 has no types
        return self._client(session, "sts", self._config.get("stsRegion") or self.region)

    def _session_of(self, credentials: Mapping[str, str]) -> boto3.Session:
        return boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=self.region,
        )


def provider_config(get: Callable[[str], str | None] | None = None) -> dict[str, Any]:
    """The configuration of the stack's default provider.

    Args:
        get: reads a key without `aws:`; when not given, the config of the running stack.
    """
    get = get or pulumi.Config("aws").get
    plain = ("profile", "accessKey", "secretKey", "token", "stsRegion", "customCaBundle")
    switches = ("insecure", "useFipsEndpoint", "useDualstackEndpoint", "s3UsePathStyle")
    others = ("maxRetries", "httpProxy", "httpsProxy")
    found: dict[str, Any] = {key: get(key) for key in (*plain, *switches, *others)}
    for key in _STRUCTURED:
        text = get(key)
        found[key] = json.loads(text) if text else None
    return found


def _reject_page(response_dict: Mapping[str, Any], **_: object) -> None:
    """Reject a page of a proxy's, which botocore would take for an empty or odd answer."""
    body = response_dict["body"]
    start = body[:64].lstrip().lower() if isinstance(body, bytes) else b""
    succeeded = response_dict["status_code"] < HTTPStatus.MULTIPLE_CHOICES
    if succeeded and start.startswith((b"<html", b"<!doctype html")):
        raise ResponseParserError("a page came back and no answer of AWS: is a proxy in between?")


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"


def _seconds(role: Mapping[str, Any]) -> int | None:
    """A session's duration, which the provider takes as `1h30m`."""
    text = str(role.get("duration") or "")
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)([hms])", text)) or None


def _without_empty(arguments: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in arguments.items() if value not in (None, [], "")}
