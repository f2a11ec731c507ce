"""What a policy of the organization may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.call import AwsError
from sandbox.aws.lookups import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY
from sandbox.aws.patches.organizations.access import own_organization
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_grammar import RCP, SCP, GrammarError, check_rcp, parse

if TYPE_CHECKING:
    from sandbox.aws.call import Call

MAX_SIZE = {SERVICE_CONTROL_POLICY: 10_240, RESOURCE_CONTROL_POLICY: 5_120}
"""Characters of a policy's content, spaces included.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html; SCPs
had 5,120 until 15 May 2026."""


@patch(
    "organizations",
    ("CreatePolicy", "UpdatePolicy"),
    "moto takes any text of any length as content of a policy",
    limit="only SCPs and RCPs are checked; which services RCPs know is not",
)
def check_content(call: Call) -> None:
    """Check the content of an SCP or RCP."""
    if "Content" not in call.params:
        return
    content, kind = call.text("Content"), call.text("Type")
    if call.action == "UpdatePolicy":
        kind = own_organization(call).get_policy_by_id(call.text("PolicyId")).type
    if kind not in MAX_SIZE:
        return
    try:
        document = parse(content, SCP if kind == SERVICE_CONTROL_POLICY else RCP)
        if kind == RESOURCE_CONTROL_POLICY:
            check_rcp(document)
    except GrammarError as error:
        message = f"The provided policy document does not meet the requirements: {error}"
        raise AwsError("MalformedPolicyDocumentException", message) from None
    if len(content) > MAX_SIZE[kind]:
        raise AwsError(
            "ConstraintViolationException",
            f"You have exceeded the maximum policy size: {len(content)} characters of at most "
            f"{MAX_SIZE[kind]} (POLICY_CONTENT_LIMIT_EXCEEDED)",
        )
