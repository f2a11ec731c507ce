"""AWS Config: rules of the organization, which moto lacks.

moto's Config is loaded at its first call: it would cost every start.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch
from sandbox.aws.patches.store import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.aws.call import Answer, Call

SERVICE = "config-multiaccountsetup.amazonaws.com"
"""The service principal that is delegated."""

_MISSING = "moto lacks this operation"
_LIMIT = (
    "managed rules only; each account is asked for a recorder, but gets no rule and is not "
    "evaluated; accounts that join later are not asked"
)
_NO_RECORDER = "NoAvailableConfigurationRecorder"


@dataclass
class OrganizationRule:
    """A managed rule for all accounts of the organization, as the API names its members."""

    name: str
    arn: str
    metadata: dict[str, Any]
    excluded: list[str]
    accounts: dict[str, str]
    """The accounts that it is for, with the code of the error there or nothing."""
    last_action: str = "CREATE"
    at: float = field(default_factory=time.time)

    @property
    def failed(self) -> list[str]:
        """The accounts that it did not reach."""
        return [account for account, error in self.accounts.items() if error]

    def describe(self) -> dict[str, Any]:
        """As DescribeOrganizationConfigRules answers."""
        return {
            "OrganizationConfigRuleName": self.name,
            "OrganizationConfigRuleArn": self.arn,
            "OrganizationManagedRuleMetadata": self.metadata,
            "ExcludedAccounts": self.excluded,
            "LastUpdateTime": self.at,
        }


class _OrganizationRules(dict[str, OrganizationRule]):
    """The rules that an account administers in a region, by name."""


@patch("config", "PutOrganizationConfigRule", _MISSING, limit=_LIMIT)
def put(call: Call) -> Answer:
    """Create or change a rule; it stays even where it fails."""
    rules, accounts = _administered(call)
    metadata = call.params.get("OrganizationManagedRuleMetadata")
    if not metadata:
        raise NotImplementedError("rules of the organization that are not managed by AWS")
    _check_identifier(metadata["RuleIdentifier"])
    name = call.text("OrganizationConfigRuleName")
    excluded = [str(account) for account in call.params.get("ExcludedAccounts") or []]
    before = rules.get(name)
    place = f"{call.region}:{call.signer.account_id}"
    rules[name] = OrganizationRule(
        name,
        before.arn
        if before
        else f"arn:{call.partition}:config:{place}:organization-config-rule/{name}-"
        f"{uuid.uuid4().hex[:8]}",
        dict(metadata),
        excluded,
        {
            account: "" if _has_recorder(account, call.region) else _NO_RECORDER
            for account in accounts
            if account not in excluded
        },
        "UPDATE" if before else "CREATE",
    )
    return {"OrganizationConfigRuleArn": rules[name].arn}


@patch("config", "DescribeOrganizationConfigRules", _MISSING, limit=_LIMIT)
def describe(call: Call) -> Answer:
    """Describe those that are named, or all."""
    return {"OrganizationConfigRules": [rule.describe() for rule in _named(call)]}


@patch("config", "DescribeOrganizationConfigRuleStatuses", _MISSING, limit=_LIMIT)
def statuses(call: Call) -> Answer:
    """Report how far they got; a rule fails if it fails in one account."""
    return {
        "OrganizationConfigRuleStatuses": [
            {
                "OrganizationConfigRuleName": rule.name,
                "OrganizationRuleStatus": _status(rule.last_action, failed=bool(rule.failed)),
                "LastUpdateTime": rule.at,
                **({"ErrorCode": _NO_RECORDER} if rule.failed else {}),
            }
            for rule in _named(call)
        ]
    }


@patch("config", "GetOrganizationConfigRuleDetailedStatus", _MISSING, limit=_LIMIT)
def detailed_status(call: Call) -> Answer:
    """Report how far one got in every account."""
    rule = _one(call)
    return {
        "OrganizationConfigRuleDetailedStatus": [
            {
                "AccountId": account,
                "ConfigRuleName": f"OrgConfigRule-{rule.arn.rpartition('/')[2]}",
                "MemberAccountRuleStatus": _status(rule.last_action, failed=bool(error)),
                "LastUpdateTime": rule.at,
                **({"ErrorCode": error} if error else {}),
            }
            for account, error in rule.accounts.items()
        ]
    }


@patch("config", "DeleteOrganizationConfigRule", _MISSING, limit=_LIMIT)
def delete(call: Call) -> Answer:
    """Delete one."""
    rules, _ = _administered(call)
    del rules[_one(call).name]
    return {}


def _status(action: str, *, failed: bool) -> str:
    return f"{action}_{'FAILED' if failed else 'SUCCESSFUL'}"


def _named(call: Call) -> Iterable[OrganizationRule]:
    rules, _ = _administered(call)
    names: list[str] = call.params.get("OrganizationConfigRuleNames") or list(rules)
    return [_find(rules, name) for name in names]


def _one(call: Call) -> OrganizationRule:
    rules, _ = _administered(call)
    return _find(rules, call.text("OrganizationConfigRuleName"))


def _find(rules: dict[str, OrganizationRule], name: str) -> OrganizationRule:
    if name not in rules:
        message = f"The OrganizationConfigRule '{name}' does not exist."
        raise AwsError("NoSuchOrganizationConfigRuleException", message)
    return rules[name]


def _administered(call: Call) -> tuple[dict[str, OrganizationRule], list[str]]:
    """The caller's rules, and the accounts of its organization.

    Raises:
        AwsError: the caller administers none.
    """
    own = call.signer.account_id
    organization = lookups.organization_of(own)
    if organization is None:
        message = "Your account is not a member of an organization."
        raise AwsError("NoAvailableOrganizationException", message)
    if not lookups.administers(organization, own, SERVICE):
        raise AwsError(
            "OrganizationAccessDeniedException",
            "This action can only be performed by the organization's management account or by a "
            f"delegated administrator for {SERVICE}.",
        )
    accounts = [str(account.id) for account in organization.accounts]
    return kept(_OrganizationRules, own, call.region), accounts


def _has_recorder(account_id: str, region: str) -> bool:
    from moto.config.models import config_backends  # noqa: PLC0415 (see the package)

    return bool(config_backends[account_id][region].recorders)


def _check_identifier(identifier: str) -> None:
    from moto.config.models import MANAGED_RULES_CONSTRAINTS  # noqa: PLC0415 (see the package)

    if identifier not in MANAGED_RULES_CONSTRAINTS:
        message = f"The RuleIdentifier {identifier} is no managed rule of AWS Config."
        raise AwsError("InvalidParameterValueException", message)
