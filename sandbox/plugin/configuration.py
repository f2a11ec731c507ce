"""The provider's own configuration: which account and region it works in."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, Final

import botocore.exceptions
import pulumi_aws

from sandbox.plugin.aws import Account, AwsError, describe, new_session
from sandbox.plugin.diff import Change
from sandbox.plugin.normalize import Failures, normalize
from sandbox.plugin.property_path import PropertyPath
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.sdk import VERSION, did_you_mean
from sandbox.plugin.sdk_types import Type
from sandbox.plugin.values import UNKNOWN, from_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.session import Session

    from sandbox.plugin.values import Properties

_SCHEMA: Final = Type("object", pulumi_aws.ProviderArgs)

USED: Final = frozenset(
    {
        *("region", "profile", "accessKey", "secretKey", "token", "assumeRoles"),
        *("defaultTags", "ignoreTags", "allowedAccountIds", "forbiddenAccountIds"),
    }
)
WITHOUT_EFFECT: Final = frozenset(
    {
        *("s3UsePathStyle", "skipCredentialsValidation", "skipMetadataApiCheck"),
        *("skipRegionValidation", "skipRequestingAccountId"),
    }
)
_VERSION: Final = "version"
"""The key under which the engine hands over the version of the program's SDK."""

_MAJOR: Final = VERSION.partition(".")[0]

_REPLACING: Final = frozenset({"region", "profile"})

_ASSUME_ROLE: Final[Mapping[str, str]] = {
    "roleArn": "RoleArn",
    "sessionName": "RoleSessionName",
    "externalId": "ExternalId",
    "policy": "Policy",
    "sourceIdentity": "SourceIdentity",
    "transitiveTagKeys": "TransitiveTagKeys",
}


def decode(wire: Mapping[str, Any]) -> Properties:
    """Configuration as the engine sends it: everything but texts is JSON in a text."""
    fields = _SCHEMA.fields
    return {
        key: from_json(json.loads(value))
        if isinstance(value, str) and key in fields and fields[key].type.kind != "string"
        else value
        for key, value in wire.items()
        if key != "pluginDownloadURL"  # what the engine adds
    }


def encode(config: Mapping[str, Any]) -> Properties:
    """The opposite of `decode`."""
    return {
        key: value if isinstance(value, str) or value is UNKNOWN else json.dumps(value)
        for key, value in config.items()
    }


def check(config: Mapping[str, Any], name: str) -> tuple[Properties, Failures]:
    """Check a configuration.

    Args:
        config: by Pulumi's names; a value may be unknown.
        name: the provider resource's logical name.

    Returns:
        The configuration in the schema's types, and what is wrong with it.
    """
    failures = Failures(name)
    version = str(config.get(_VERSION, VERSION))
    if version.partition(".")[0] != _MAJOR:
        failures.add(
            _VERSION,
            f"the program uses version {version} of the aws SDK, but the sandbox emulates version "
            f"{_MAJOR}",
            f"Take pulumi-aws >={_MAJOR},<{int(_MAJOR) + 1} (@pulumi/aws ^{_MAJOR}.0.0).",
        )
    for key in (each for each in config if each != _VERSION):
        if key not in _SCHEMA.fields:
            hint = did_you_mean(key, _SCHEMA.fields)
            failures.add(key, f"`aws:{key}` is not a valid configuration key", hint)
        elif key not in USED | WITHOUT_EFFECT:
            failures.add(key, f"`aws:{key}` is not emulated in the sandbox")
    known = {key: value for key, value in config.items() if key in _SCHEMA.fields}
    return normalize(_SCHEMA, known, failures), failures


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between two configurations. Another region or profile is another provider."""
    return [
        Change(
            PropertyPath().property(_SCHEMA.fields[key]),
            "add" if key not in old else "delete" if key not in new else "update",
            replace=key in _REPLACING and key in old,
        )
        for key in sorted(old.keys() | new.keys())
        if key in _SCHEMA.fields and old.get(key) != new.get(key)
    ]


def connect(config: Mapping[str, Any]) -> Account:
    """The account that a checked configuration leads to.

    Raises:
        ResourceError: there is no region or there are no working credentials, or the account is
            not one of the allowed.
    """
    profile = config.get("profile")
    try:
        session = new_session(profile)
        if config.get("accessKey"):
            keys = (config.get(key) for key in ("accessKey", "secretKey", "token"))
            session.set_credentials(*keys)
        region = (
            config.get("region")
            or os.environ.get("AWS_REGION")
            or os.environ.get("AWS_DEFAULT_REGION")
            or session.get_config_variable("region")
        )
        if not region:
            raise ResourceError(
                "aws:region is not set: run `pulumi config set aws:region <region>`, or set "
                "AWS_REGION"
            )
        for role in config.get("assumeRoles") or ():
            session = _assume(session, region, role)
        account = Account(session, region)
        _check_account(account, config)
    except botocore.exceptions.ProfileNotFound as error:
        known = ", ".join(new_session().available_profiles) or "none"
        raise ResourceError(
            f"AWS profile {profile!r} is in no AWS configuration file; there are: {known}. "
            "Set aws:profile, or AWS_PROFILE, to one of them"
        ) from error
    except AwsError as error:
        raise ResourceError(f"unable to validate AWS credentials: {describe(error)}") from error
    return account


def _assume(session: Session, region: str, role: Mapping[str, Any]) -> Session:
    request: Properties = {
        parameter: role[key] for key, parameter in _ASSUME_ROLE.items() if role.get(key)
    }
    request.setdefault("RoleSessionName", "pulumi")
    if role.get("policyArns"):
        request["PolicyArns"] = [{"arn": arn} for arn in role["policyArns"]]
    if role.get("tags"):
        request["Tags"] = [{"Key": key, "Value": value} for key, value in role["tags"].items()]
    if role.get("duration"):
        request["DurationSeconds"] = _seconds(role["duration"])
    answer = Account(session, region).client("sts", region).assume_role(**request)
    credentials = answer["Credentials"]
    assumed = new_session()
    assumed.set_credentials(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    )
    return assumed


def _seconds(duration: str) -> int:
    """A Go duration such as `1h30m`, in seconds."""
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", duration)
    if not duration or match is None:
        raise ResourceError(
            f"assumeRoles: duration {duration!r} is no duration: write for example 1h, 30m or 1h30m"
        )
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _check_account(account: Account, config: Mapping[str, Any]) -> None:
    id_ = account.account_id
    allowed = config.get("allowedAccountIds") or [id_]
    if id_ not in allowed or id_ in (config.get("forbiddenAccountIds") or ()):
        raise ResourceError(
            f"AWS account ID not allowed: {id_}: see allowedAccountIds and forbiddenAccountIds of "
            "the provider"
        )
