"""Stacks with everything that the settings can switch on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.working_copy import configure

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.session import Sandbox


def configure_management(sandbox: Sandbox, project: Path) -> None:
    """Switch everything on in the management stack, and make what its settings name."""
    organization = sandbox.organization
    accounts = [
        organization.management_account_id,
        organization.security_account_id,
        organization.workload_account_id,
    ]
    values = {
        **_trail_and_alerts(sandbox, "management"),
        "tamperResponse": {"enabled": True},
        "eventDataStore": {"enabled": True},
        "delegatedAdministrator": organization.security_account_id,
        "securityServices": {
            # No account of the sandbox has a configuration recorder.
            "config": {"enabled": True, "excludedAccountIds": accounts},
            "guardDuty": {"enabled": True},
            "securityHub": {"enabled": True},
            "accessAnalyzer": {"enabled": True},
        },
    }
    configure(project, "management", values)


def configure_standalone(sandbox: Sandbox, project: Path) -> None:
    """Switch everything on in the standalone stack, and make what its settings name."""
    configure(project, "standalone", _trail_and_alerts(sandbox, "workload"))


def configure_archive(sandbox: Sandbox, project: Path) -> None:
    """Let the archive stack take the security account's logs, and watch over them."""
    values = {
        "sourceAccountId": sandbox.organization.security_account_id,
        "alerts": _alerts(sandbox, "workload"),
    }
    configure(project, "archive", values)


def configure_workload(_: Sandbox, project: Path) -> None:
    """Give the workload stack a bucket of its own."""
    values = {"workload": {"ownBucket": True}, "bucketName": "aws-cloudtrail-logs-workload"}
    configure(project, "workload", values)


def _trail_and_alerts(sandbox: Sandbox, profile: str) -> dict[str, Any]:
    iam, group = sandbox.session(profile).client("iam"), {"GroupName": "administrators"}
    iam.create_group(**group)
    iam.create_user(UserName="administrator")
    iam.add_user_to_group(**group, UserName="administrator")
    return {
        "insights": ["ApiCallRateInsight"],
        "iamProtection": {"groups": ["administrators"]},
        "alerts": _alerts(sandbox, profile),
    }


def _alerts(sandbox: Sandbox, profile: str) -> dict[str, Any]:
    """Settings that send alerts to a queue, which is made."""
    session = sandbox.session(profile)
    session.client("sqs", region_name="us-east-1").create_queue(QueueName="alerts")
    account = session.client("sts").get_caller_identity()["Account"]
    return {"queueArns": [f"arn:aws:sqs:us-east-1:{account}:alerts"]}
