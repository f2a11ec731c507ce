"""An organization's management account has an organization trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import boolean
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_EVERYWHERE = boolean(
    "everyStack",
    "Whether to ask for it in every stack, not only where resources of AWS Organizations are.",
    default=False,
)
_ORGANIZATION: Final = frozenset(
    {
        "aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount",
        "aws:organizations/account:Account",
        "aws:organizations/awsServiceAccess:AwsServiceAccess",
        "aws:organizations/delegatedAdministrator:DelegatedAdministrator",
        "aws:organizations/organization:Organization",
        "aws:organizations/organizationalUnit:OrganizationalUnit",
        "aws:organizations/policy:Policy",
        "aws:organizations/policyAttachment:PolicyAttachment",
    }
)


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    if not settings[_EVERYWHERE] and not stack.of_types(_ORGANIZATION):
        return
    trails = stack.of_types(TRAILS)
    if any(is_true(trail.properties.get("isOrganizationTrail")) for trail in trails):
        return
    unknown = [each for each in trails if each.properties.get("isOrganizationTrail") is UNKNOWN]
    for trail in unknown:
        yield Undecidable(resource=trail, path="isOrganizationTrail")
    for trail in trails if not unknown else ():
        yield Violation(
            resource=trail,
            path="isOrganizationTrail",
            problem="is not true: what happens in member accounts is not recorded",
            remediation="set isOrganizationTrail to true",
        )


RULE = StackRule(
    id="cloudtrail-organization-trail",
    title="In an organization's management account a trail is an organization trail.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    joins=_ORGANIZATION,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html",
    rationale=(
        "An organization trail records every account, those made later too, and member accounts"
        " cannot change it. A stack that holds resources of AWS Organizations is deployed to the"
        " management account, or to a delegated administrator: its trail can be one. One"
        " organization trail is enough; others may be of the account alone."
    ),
    remediation="Set isOrganizationTrail to true.",
    check=_check,
    parameters=(_EVERYWHERE,),
)
