"""Account Management: which regions an account has, which moto lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

SERVICE = "account.amazonaws.com"
_STATUS = "ENABLED_BY_DEFAULT"


@patch(
    "account",
    "ListRegions",
    "moto lacks this operation",
    limit="accounts have the regions that are enabled by default, and enable no others; all are in "
    "one page",
)
def list_regions(call: Call) -> Answer:
    """List the regions of the caller's account, or for administrators of a member account.

    Source: https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
    """
    own, account = call.signer.account_id, call.text("AccountId")
    if account:
        _check_administrator(own, account)
    wanted = call.params.get("RegionOptStatusContains") or [_STATUS]
    names = lookups.default_regions(call.partition) if _STATUS in wanted else ()
    return {"Regions": [{"RegionName": name, "RegionOptStatus": _STATUS} for name in names]}


def _check_administrator(own: str, account: str) -> None:
    """Check that an account may ask about another one.

    Raises:
        AwsError: it may not, or names itself.
    """
    organization = lookups.organization_of(own)
    if (
        organization is None
        or account == own
        or lookups.organization_of(account) is not organization
        or not lookups.is_trusted(organization, SERVICE)
        or not lookups.administers(organization, own, SERVICE)
    ):
        raise AwsError(
            "AccessDeniedException",
            f"User: {own} is not authorized to perform: account:ListRegions (Your account {own} "
            f"must be the management account or a delegated administrator of {SERVICE} with "
            "trusted access, and must not name itself)",
        )
