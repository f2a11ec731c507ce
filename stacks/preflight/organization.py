"""Whether the organization lets the management stack create its trail and guardrails."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import parse_arn
from cloudtrail_guard.guardrails import PlannedPolicy

from stacks.context import DeploymentContext
from stacks.lookups.found import Lookups
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import ManagementSettings

SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"


def check_home(context: DeploymentContext[ManagementSettings], trail: str) -> Iterator[Finding]:
    """The stack is in the management account and the region that the security stack admits."""
    organization = context.organization
    home = parse_arn(trail, service="cloudtrail")
    if context.account != organization.management_account:
        yield Finding(
            f"the management stack would be deployed to account {context.account}, but the "
            f"organization's management account is {organization.management_account}: set "
            "aws:profile (or the credentials) to that account"
        )
    if home.account != organization.management_account:
        yield Finding(
            f"the security stack admits the trail {trail}, which is not of the management account "
            f"{organization.management_account}: bring the security stack up again"
        )
    if home.region != context.region:
        yield Finding(
            f"the security stack admits the trail {trail}, but this stack would create it in "
            f"{context.region}: set aws:region of this stack to {home.region}, or "
            f"{NAMESPACE}:trailRegion of the security stack to {context.region}"
        )


def check_features(context: DeploymentContext[ManagementSettings]) -> Iterator[Finding]:
    """The organization has the features, trusted access and policy types that are needed."""
    settings, organization = context.settings, context.organization
    if not organization.all_features:
        yield Finding(
            f"organization {organization.id} has only consolidated billing, without organization "
            "trails and policies; in the management account, run: aws organizations "
            "enable-all-features (every invited account must agree)"
        )
    if not settings.manage_trusted_access and not organization.trusts(CLOUDTRAIL):
        yield Finding(
            "CloudTrail has no trusted access to the organization, so it cannot create an "
            "organization trail; in the management account, run: aws organizations "
            f"enable-aws-service-access --service-principal {CLOUDTRAIL}"
        )
    if settings.member_trails.organizational_units and not organization.trusts(STACK_SETS):
        yield Finding(
            "CloudFormation has no trusted access to the organization, so it cannot deploy "
            f"{NAMESPACE}:memberTrails to any account; in the management account, run: "
            "aws cloudformation activate-organizations-access"
        )
    wanted = [SERVICE_CONTROL_POLICY]
    if settings.guardrails.resource_policies:
        wanted.append(RESOURCE_CONTROL_POLICY)
    for policy_type in wanted:
        if organization.policy_types is not None and policy_type not in organization.policy_types:
            yield Finding(
                f"policy type {policy_type} is not enabled in the organization; in the management "
                f"account, run: aws organizations enable-policy-type --policy-type {policy_type} "
                f"--root-id {organization.root or '<root id>'}"
            )


def room(policies: Mapping[str, Sequence[PlannedPolicy]]) -> str:
    """How much of their quotas the guardrail policies use, for the preview."""
    listed = ", ".join(
        f"{policy.name} {policy.size:,} of {policy.limit:,} characters"
        for planned in policies.values()
        for policy in planned
    )
    return f"guardrail policies: {listed}"


def check_readers(
    context: DeploymentContext[ManagementSettings], readers: Sequence[str]
) -> Iterator[Finding]:
    """Who reads logs is of the organization: the denies of bucket and key keep all others away."""
    accounts = context.organization.accounts
    for arn in readers:
        if accounts and parse_arn(arn).account not in accounts:
            yield Finding(
                f"{NAMESPACE}:readerArns of the security stack: {arn} is of account "
                f"{parse_arn(arn).account}, which is not in organization "
                f"{context.organization.id}: bucket and key deny access from outside; give it a "
                f"role of the log account instead, with {NAMESPACE}:readers and trustedArns"
            )


def check_bucket_account(
    context: DeploymentContext[ManagementSettings], security_account: str
) -> Iterator[Finding]:
    """The log bucket is in a member account."""
    if security_account == context.organization.management_account:
        yield Finding(
            f"the log bucket is in the management account {security_account}: service control "
            "policies never apply to it, so they do not protect the bucket",
            fatal=False,
        )


def check_attachments(
    context: DeploymentContext[ManagementSettings],
    found: Lookups,
    planned: Mapping[str, Sequence[str]],
) -> Iterator[Finding]:
    """Every target has room for the guardrails beside the policies of others.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html.
    """
    quota = {
        SERVICE_CONTROL_POLICY: context.settings.guardrails.policies_per_target,
        RESOURCE_CONTROL_POLICY: quotas.RCP.per_target or 1,
    }
    for (target, policy_type), others in found.attached.items():
        needed = len(planned.get(policy_type, ()))
        if len(others) + needed > quota[policy_type]:
            yield Finding(
                f"target {target} has {len(others)} policies of type {policy_type} attached "
                f"({', '.join(others)}), and the guardrails need {needed} more, of "
                f"{quota[policy_type]} that it may have: detach "
                f"{len(others) + needed - quota[policy_type]} of them, or attach the guardrails "
                f"elsewhere with {NAMESPACE}:guardrails.targets"
            )


def check_targets(
    context: DeploymentContext[ManagementSettings], units: Sequence[str]
) -> Iterator[Finding]:
    """What policies and member trails are deployed to exists, and can have them."""
    settings, organization = context.settings, context.organization
    roots = [organization.root] if organization.root else []
    known = [*roots, *organization.accounts, *units]
    if not organization.root and not settings.guardrails.targets:
        yield Finding(
            f"{NAMESPACE}:guardrails.targets is empty, and the organization's root cannot be read: "
            "name the root (r-...), OUs or accounts to attach the policies to"
        )
    for unit in settings.member_trails.organizational_units:
        if organization.root and unit not in (*roots, *units):
            yield Finding(
                f"{NAMESPACE}:memberTrails.organizationalUnits: {unit} is no root or OU of "
                f"organization {organization.id}"
            )
    for target in settings.guardrails.targets:
        if target == organization.management_account:
            yield Finding(
                f"{NAMESPACE}:guardrails.targets: {target} is the management account, to which "
                "service control policies never apply; leave it out"
            )
        elif organization.root and target not in known:
            near = difflib.get_close_matches(target, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield Finding(
                f"{NAMESPACE}:guardrails.targets: {target} is no root, OU or account of "
                f"organization {organization.id}{hint}"
            )
