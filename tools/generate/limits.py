"""The page of how far each list of the settings goes, worked out with the documents themselves."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudtrail_guard.errors import QuotaError

from stacks import management, security
from stacks.context import DeploymentContext, Organization
from stacks.guardrails import guardrail_document
from stacks.names import PREFIX
from stacks.outputs import SecurityOutputs
from stacks.planned_documents import ACCOUNT, BEYOND, PlannedDocument, iam_document
from stacks.settings.load import parse_settings

PAGE = Path(__file__).parents[2] / "docs/limits.md"

_DOCUMENT = re.compile(r"the .*?(?= has| names|:)")
MOST = 1_000
"""Further than that is not looked."""

LOGS, MANAGEMENT = "222222222222", "111111111111"
ORGANIZATION = Organization(id="o-a1b2c3d4e5", management_account=MANAGEMENT, root="r-a1b2")


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A list of a stack's settings.

    Attributes:
        setting: the list, as error messages name it.
        stack: the stack whose documents it is in.
        entry: makes an entry of a number.
        value: the setting with the list in it; by default the list alone.
    """

    setting: str
    stack: str
    entry: Callable[[int], str]
    value: Callable[[list[str]], Mapping[str, Any]]

    def documents(self, count: int) -> list[PlannedDocument[object]]:
        """The stack's documents with so many entries."""
        values = self.value([self.entry(number) for number in range(count)])
        return _STACKS[self.stack](values)

    def error(self, count: int) -> str | None:
        """What is said of so many entries; None if they fit."""
        for each in self.documents(count):
            try:
                each.write()
            except QuotaError as error:
                return str(error)
        return None

    def most(self) -> int:
        """The most entries that fit."""
        least, most = 1, MOST
        while least < most:
            middle = (least + most + 1) // 2
            if self.error(middle) is None:
                least = middle
            else:
                most = middle - 1
        return least


def _security(values: Mapping[str, Any]) -> list[PlannedDocument[object]]:
    return security.planned_documents(_context("security", LOGS, values))


def _management(values: Mapping[str, Any]) -> list[PlannedDocument[object]]:
    """What the security stack exports is among the values, by its settings' names."""
    exported = {"breakGlassRoles": [_role("BreakGlass", 0)], "deployerRoleArns": []} | {
        key: value for key, value in values.items() if key in ("breakGlassRoles", "readers")
    }
    own = {key: value for key, value in values.items() if key not in exported or key == _DEPLOYERS}
    context = _context("management", MANAGEMENT, own)
    key = f"arn:aws:kms:eu-west-1:{LOGS}:key/{'0' * 36}"
    outputs = SecurityOutputs.model_validate(
        {
            "accountId": LOGS,
            "bucketName": f"aws-cloudtrail-logs-{LOGS}",
            "keyArn": key,
            "replicaBucketName": f"aws-cloudtrail-logs-{LOGS}-replica",
            "replicaKeyArn": key.replace("eu-west-1", "eu-central-1"),
            "alertKeyArn": key,
            "queryResultsKeyArn": key,
            "trailName": "SecurityAuditTrail",
            "trailArn": f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/SecurityAuditTrail",
            "breakGlassRoleArns": exported["breakGlassRoles"],
            "deployerRoleArns": [_role("Deployer", 0)],
            "ownRoleArns": exported.get("readers", []),
        }
    )
    return [
        guardrail_document(context, outputs),
        iam_document(PREFIX, management.planned_protection(context, outputs)),
    ]


_DEPLOYERS = "deployerRoleArns"
_STACKS = {"security": _security, "management": _management}


def _context(role: str, account: str, values: Mapping[str, Any]) -> DeploymentContext[Any]:
    config = {f"cloudtrail-guard:{key}": json.dumps(value) for key, value in values.items()}
    return DeploymentContext(
        settings=parse_settings(config, role),
        account=account,
        region="eu-west-1",
        partition="aws",
        deployer=f"arn:aws:iam::{account}:role/Deployer-0000",
        found_organization=ORGANIZATION,
    )


def _role(name: str, number: int, account: str = LOGS) -> str:
    return f"arn:aws:iam::{account}:role/{name}-{number:04}"


def _trail(number: int) -> str:
    return f"arn:aws:cloudtrail:eu-west-1:{300_000_000_000 + number}:trail/AccountTrail"


def _plain(setting: str) -> Callable[[list[str]], Mapping[str, Any]]:
    return lambda entries: {setting: entries}


LIMITS = (
    Limit(
        setting="accountTrailArns",
        stack="security",
        entry=_trail,
        value=_plain("accountTrailArns"),
    ),
    Limit(
        setting="memberTrailNames",
        stack="security",
        entry=lambda number: f"DataAccess{number:04}",
        value=_plain("memberTrailNames"),
    ),
    *(
        Limit(
            setting=setting,
            stack="security",
            entry=lambda number, name=name: _role(name, number),
            value=_plain(setting),
        )
        for setting, name in (
            ("breakGlassRoles", "BreakGlass"),
            ("deployerRoleArns", "Deployer"),
            ("backupRoleArns", "Backup"),
            ("readerArns", "Reader"),
        )
    ),
    Limit(
        setting="readers[0].trustedArns",
        stack="security",
        entry=lambda number: _role("Person", number),
        value=lambda entries: {"readers": [{"roleName": "Investigator", "trustedArns": entries}]},
    ),
    Limit(
        setting="logFeed.consumerArns",
        stack="security",
        entry=lambda number: _role("Consumer", number),
        value=lambda entries: {"logFeed": {"enabled": True, "consumerArns": entries}},
    ),
    Limit(
        setting="breakGlassRoles",
        stack="management",
        entry=lambda number: _role("BreakGlass", number),
        value=_plain("breakGlassRoles"),
    ),
    Limit(
        setting="deployerRoleArns",
        stack="management",
        entry=lambda number: _role("Deployer", number, MANAGEMENT),
        value=_plain("deployerRoleArns"),
    ),
    Limit(
        setting="readers",
        stack="management",
        entry=lambda number: _role("Reader", number),
        value=_plain("readers"),
    ),
    Limit(
        setting="guardrails.trails",
        stack="management",
        entry=_trail,
        value=lambda entries: {"guardrails": {"trails": entries}},
    ),
    Limit(
        setting="guardrails.exemptRoleArns",
        stack="management",
        entry=lambda number: _role("Exempt", number, MANAGEMENT),
        value=lambda entries: {"guardrails": {"exemptRoleArns": entries}},
    ),
    Limit(
        setting="iamProtection.groups",
        stack="management",
        entry=lambda number: f"Developers{number:04}",
        value=lambda entries: {"iamProtection": {"groups": entries}},
    ),
)


def files() -> dict[Path, str]:
    """The page, by its path."""
    return {PAGE: page()}


def page() -> str:
    """The page in Markdown."""
    return _PAGE.format(rows=_table(_rows(LIMITS)), organization=_table(_ORGANIZATION))


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _rows(limits: Sequence[Limit]) -> Iterator[tuple[str, ...]]:
    for limit in limits:
        most = limit.most()
        what = _DOCUMENT.match(limit.error(most + 1) or "")
        ends = "not reached" if what is None else what[0]
        beyond = BEYOND.get(limit.setting, ACCOUNT)
        yield f"`{limit.setting}`", limit.stack, f"{most:,}", ends, beyond


_ORGANIZATION = (
    (
        "accounts",
        "nothing, where the guardrails are attached to the root or to OUs",
        "AWS's quota on accounts",
    ),
    (
        "trails of accounts in the bucket",
        "by ARN, bucket policy and key policy; by name (`memberTrailNames`), nothing",
        "see above",
    ),
    (
        "OUs in `guardrails.targets`",
        "two look-ups each, and an attachment of every policy: name a parent OU where you can",
        "2,000 OUs in an organization",
    ),
    (
        "OUs in `memberTrails.organizationalUnits`",
        "one StackSet, whatever their number",
        "2,000 OUs in an organization",
    ),
    (
        "policies that the organization has already",
        "those attached to the same target count: the preview says how many are too many",
        "10 SCPs and 5 RCPs a target, AWS's own included; 10,000 and 1,000 in all",
    ),
)

_PAGE = """<!-- Written by `make generate`. -->

# Limits

How far the lists of the settings go until a document reaches AWS's quota on it, with names of some
twenty characters; longer names reach it sooner. What does not fit is a finding of the preflight
checks, in preview as in up, before anything is created. It names the setting, the document, the
excess, and what to do.

| setting | in the documents of | entries that fit | what ends it | beyond |
|---|---|---|---|---|
{rows}

Event rules of many roles are spread over as many rules as they need. The guardrails as IAM policies
become up to four that protect the record and five that protect access to it; the permissions
boundary is one policy, so it ends first.

## The size of the organization

| what | what grows with it | limit |
|---|---|---|
{organization}

Source of the quotas:
[Quotas and service limits of AWS Organizations](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html).
"""
