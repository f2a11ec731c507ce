"""Run by the Python that has Prowler: lets it check accounts, and prints its findings as JSON.

Standard input is JSON: ``checks``, the ids of checks, and ``accounts``, for each account id the
access key of an administrator. Prowler is used as a library, so that it starts once and not once
for each account; which account is looked at is all that is decided here.
"""

import json
import sys
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any

_SERVICES = "prowler.providers.aws.services"
_COLLECTORS = {
    "cloudtrail_client": ("cloudtrail", "Cloudtrail"),
    "kms_client": ("kms", "KMS"),
    "s3_client": ("s3", "S3"),
}
# The sandbox has no settings of an account for all its buckets, and no program makes any.
_OF_ACCOUNT = SimpleNamespace(account_public_access_block=None)
_REGIONS = ("us-east-1", "us-west-2")


def main() -> None:
    """Check all accounts."""
    asked: dict[str, Any] = json.load(sys.stdin)
    # Each session would read botocore's models again.
    sessions: Any = import_module("botocore.session")
    sessions.create_loader = cache(sessions.create_loader)
    # A check takes what was collected of the account from modules that collect it at import.
    for service, name in (
        *((service, name) for name, (service, _) in _COLLECTORS.items()),
        ("s3", "s3control_client"),
    ):
        sys.modules[f"{_SERVICES}.{service}.{name}"] = SimpleNamespace(**{name: None})  # type: ignore[assignment]
    findings = {
        account: list(_scan(key, asked["checks"])) for account, key in asked["accounts"].items()
    }
    # Prowler and its libraries print, too: what counts is the last line.
    sys.stdout.write("\n" + json.dumps(findings) + "\n")


def _scan(key: dict[str, str], checks: list[str]) -> Any:
    provider = import_module("prowler.providers.aws.aws_provider").AwsProvider(
        regions=set(_REGIONS),
        config_content={},
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key["SessionToken"],
    )
    provider.audit_metadata = import_module("prowler.providers.common.models").Audit_Metadata(
        services_scanned=0, expected_checks=checks, completed_checks=0, audit_progress=0
    )
    collected = {
        name: getattr(import_module(f"{_SERVICES}.{service}.{service}_service"), kind)(provider)
        for name, (service, kind) in _COLLECTORS.items()
    }
    for check in checks:
        service = check.partition("_")[0]
        module = import_module(f"{_SERVICES}.{service}.{check}.{check}")
        for name, client in {**collected, "s3control_client": _OF_ACCOUNT}.items():
            if hasattr(module, name):
                setattr(module, name, client)
        for finding in getattr(module, check)().execute():
            yield check, finding.resource_arn, finding.region, finding.status


if __name__ == "__main__":
    main()
