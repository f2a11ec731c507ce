"""The organization: its accounts, its policies, who administers what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from posture.collect.answers import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from posture.collect.access import Clients
    from posture.collect.answers import Answer

_CLOUDTRAIL = "cloudtrail.amazonaws.com"
_NONE = ("AWSOrganizationsNotInUseException",)


def ask_about_organization(
    clients: Clients, region: str, pool: Executor, on_done: Callable[[str], None]
) -> dict[str, Answer]:
    """The answers about the organization; there may be none."""
    client = clients("organizations", region)

    def pages(operation: str, key: str, **arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of boto3
        found = client.get_paginator(operation).paginate(**arguments)
        return [each for page in found for each in page[key]]

    def accounts() -> list[dict[str, Any]]:
        kept = ("Id", "Name", "Status", "State")
        return [
            {key: each[key] for key in kept if key in each}
            for each in pages("list_accounts", "Accounts")
        ]

    def parents() -> dict[str, str | None]:
        """The parent of each account and OU, by id; a root has none."""
        found: dict[str, str | None] = {}
        waiting = [root["Id"] for root in pages("list_roots", "Roots")]
        while waiting:
            listed = list(pool.map(children, waiting))
            parents_of = zip(waiting, listed, strict=True)
            waiting = []
            for parent, (units, members) in parents_of:
                found |= dict.fromkeys([*units, *members], parent)
                waiting += units
        return found

    def children(parent: str) -> tuple[list[str], list[str]]:
        units = pages(
            "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent
        )
        members = pages("list_accounts_for_parent", "Accounts", ParentId=parent)
        return [each["Id"] for each in units], [each["Id"] for each in members]

    def policies(kind: str) -> list[dict[str, Any]]:
        listed = list(pages("list_policies", "Policies", Filter=kind))
        return list(pool.map(policy, [each for each in listed if not each["AwsManaged"]]))

    def policy(summary: dict[str, Any]) -> dict[str, Any]:
        content = client.describe_policy(PolicyId=summary["Id"])["Policy"]["Content"]
        targets = pages("list_targets_for_policy", "Targets", PolicyId=summary["Id"])
        return {
            "Id": summary["Id"],
            "Name": summary["Name"],
            "Content": json.loads(content),
            "Size": len(content),
            "Targets": sorted(each["TargetId"] for each in targets),
        }

    def asked(call: str, question: Callable[[], Any]) -> Answer:
        answer = ask(f"organizations:{call}", "the organization", question, absent=_NONE)
        on_done(call)
        return answer

    return {
        "organization": asked(
            "DescribeOrganization",
            lambda: {
                key: value
                for key, value in client.describe_organization()["Organization"].items()
                if key in {"Id", "MasterAccountId", "FeatureSet"}
            },
        ),
        "accounts": asked("ListAccounts", accounts),
        "parents": asked("ListChildren", parents),
        "scps": asked("ListPolicies", lambda: policies("SERVICE_CONTROL_POLICY")),
        "rcps": asked("ListPolicies", lambda: policies("RESOURCE_CONTROL_POLICY")),
        "trusted-access": asked(
            "ListAWSServiceAccessForOrganization",
            lambda: (
                _CLOUDTRAIL
                in {
                    each["ServicePrincipal"]
                    for each in pages(
                        "list_aws_service_access_for_organization", "EnabledServicePrincipals"
                    )
                }
            ),
        ),
        "administrators": asked(
            "ListDelegatedAdministrators",
            lambda: [
                each["Id"]
                for each in pages(
                    "list_delegated_administrators",
                    "DelegatedAdministrators",
                    ServicePrincipal=_CLOUDTRAIL,
                )
            ],
        ),
    }
