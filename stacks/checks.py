"""Settings held against where they shall be deployed: pure functions, all findings at once."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloudtrail_guard.documents import parse_arn, partition_of_region, role_arn

from stacks.settings import NAMESPACE, Settings
from stacks.surroundings import Surroundings

SCP = "SERVICE_CONTROL_POLICY"
CLOUDTRAIL = "cloudtrail.amazonaws.com"


@dataclass(frozen=True)
class Finding:
    """Something that does not fit.

    Attributes:
        text: key, value, what is wrong, how to mend it.
        fatal: whether nothing may be deployed; otherwise it is a warning.
    """

    text: str
    fatal: bool = True


def break_glass_arns(settings: Settings, around: Surroundings) -> list[str]:
    """The break-glass roles by ARN: a bare name is a role of the security account."""
    return [
        role if role.startswith("arn:") else role_arn(around.partition, around.account, role)
        for role in settings.break_glass_roles
    ]


def deployer_arns(settings: Settings, around: Surroundings) -> list[str]:
    """The roles that may change bucket and key: those of the settings, or the one that deploys."""
    return list(settings.deployer_role_arns) or [around.deployer]


def check_security(settings: Settings, around: Surroundings) -> list[Finding]:
    """What speaks against deploying the security stack here."""
    return [
        *_everywhere(settings, around),
        *_security_roles(settings, around),
        *_security_places(settings, around),
    ]


def check_management(
    settings: Settings,
    around: Surroundings,
    *,
    trail: str,
    security_account: str,
    units: Sequence[str],
) -> list[Finding]:
    """What speaks against deploying the management stack here.

    Args:
        settings: the stack's settings.
        around: where it is deployed.
        trail: ARN of the trail that the security stack admits.
        security_account: the account of the log bucket.
        units: ids of the organization's OUs.
    """
    return [
        *_everywhere(settings, around),
        *_management(around, trail, security_account),
        *_targets(settings, around, units),
    ]


def _everywhere(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    actual = partition_of_region(around.region)
    if around.partition != actual:
        yield Finding(
            f"{NAMESPACE}:partition = {settings.partition!r}: region {around.region} is in "
            f"partition {actual}; set aws:region to a region of {settings.partition}, or leave "
            "partition out"
        )
    if parse_arn(around.deployer).resource == "root":
        yield Finding(
            f"you deploy as {around.deployer}: the root user cannot be exempted by name; use a role"
        )


def _security_roles(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    for arn in break_glass_arns(settings, around):
        if parse_arn(arn).account != around.account:
            yield Finding(
                f"{NAMESPACE}:breakGlassRoles: {arn} is not a role of the security account "
                f"{around.account}: only its own roles can reach bucket and key through IAM"
            )
    for arn in settings.deployer_role_arns:
        if parse_arn(arn).account != around.account:
            yield Finding(
                f"{NAMESPACE}:deployerRoleArns: {arn} is not a role of the security account "
                f"{around.account}, so it cannot deploy this stack"
            )
    allowed = (*deployer_arns(settings, around), *break_glass_arns(settings, around))
    if around.deployer not in allowed:
        yield Finding(
            f"{NAMESPACE}:deployerRoleArns does not have {around.deployer}, which deploys now: "
            "a preview works, but bucket and key will refuse its changes",
            fatal=False,
        )
    if around.account == around.organization.management_account:
        yield Finding(
            f"account {around.account} is the management account: service control policies never "
            "bind it, so its administrators can undo what protects the bucket; deploy the "
            "security stack to an account of its own",
            fatal=False,
        )


def _security_places(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    existing_key = [settings.existing_key_arn] if settings.existing_key_arn else []
    for key, arns in {
        "breakGlassRoles": break_glass_arns(settings, around),
        "deployerRoleArns": settings.deployer_role_arns,
        "readerArns": settings.reader_arns,
        "accountTrailArns": settings.account_trail_arns,
        "existingKeyArn": existing_key,
    }.items():
        for arn in arns:
            if parse_arn(arn).partition != around.partition:
                yield Finding(
                    f"{NAMESPACE}:{key}: {arn} is of another partition than the stack's "
                    f"({around.partition})"
                )
    if settings.trail_region and partition_of_region(settings.trail_region) != around.partition:
        yield Finding(
            f"{NAMESPACE}:trailRegion = {settings.trail_region!r} is not in the stack's partition "
            f"{around.partition}"
        )
    for arn in existing_key:
        if parse_arn(arn).region != around.region:
            yield Finding(
                f"{NAMESPACE}:existingKeyArn: {arn} is in another region than the bucket "
                f"({around.region}): CloudTrail needs both in one region"
            )


def _management(around: Surroundings, trail: str, security_account: str) -> Iterator[Finding]:
    organization = around.organization
    home = parse_arn(trail, service="cloudtrail")
    if around.account != organization.management_account:
        yield Finding(
            f"the management stack would be deployed to account {around.account}, but the "
            f"organization's management account is {organization.management_account}: set "
            "aws:profile (or the credentials) to that account"
        )
    if home.account != organization.management_account:
        yield Finding(
            f"the security stack admits the trail {trail}, which is not of the management account "
            f"{organization.management_account}: bring the security stack up again"
        )
    if home.region != around.region:
        yield Finding(
            f"the security stack admits the trail {trail}, but this stack would make it in "
            f"{around.region}: set aws:region of this stack to {home.region}, or "
            f"{NAMESPACE}:trailRegion of the security stack to {around.region}"
        )
    if organization.trusted_services is not None and CLOUDTRAIL not in (
        organization.trusted_services
    ):
        yield Finding(
            "CloudTrail has no trusted access to the organization, so it can make no organization "
            "trail; in the management account, run: aws organizations enable-aws-service-access "
            f"--service-principal {CLOUDTRAIL}"
        )
    if organization.policy_types is not None and SCP not in organization.policy_types:
        yield Finding(
            "service control policies are not enabled in the organization; in the management "
            f"account, run: aws organizations enable-policy-type --policy-type {SCP} "
            f"--root-id {organization.root or '<root id>'}"
        )
    if security_account == organization.management_account:
        yield Finding(
            f"the log bucket is in the management account {security_account}: service control "
            "policies never bind it, so they do not protect the bucket",
            fatal=False,
        )


def _targets(settings: Settings, around: Surroundings, units: Sequence[str]) -> Iterator[Finding]:
    organization = around.organization
    roots = [organization.root] if organization.root else []
    known = [*roots, *organization.accounts, *units]
    if not organization.root and not settings.guardrails.targets:
        yield Finding(
            f"{NAMESPACE}:guardrails.targets is empty, and AWS does not tell the organization's "
            "root: name the root (r-...), OUs or accounts that the policies shall be attached to"
        )
    for target in settings.guardrails.targets:
        if target == organization.management_account:
            yield Finding(
                f"{NAMESPACE}:guardrails.targets: {target} is the management account, which "
                "service control policies never bind; leave it out"
            )
        elif organization.root and target not in known:
            near = difflib.get_close_matches(target, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield Finding(
                f"{NAMESPACE}:guardrails.targets: {target} is no root, OU or account of "
                f"organization {organization.id}{hint}"
            )
