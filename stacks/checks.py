"""Settings held against where they shall be deployed: pure functions, all findings at once."""

import difflib
from collections.abc import Iterator, Sequence

from cloudtrail_guard.arns import parse_arn, partition_of_region, role_arn

from stacks.live import MOST_TRAILS
from stacks.outputs import SecurityOutputs
from stacks.report import Finding
from stacks.settings import NAMESPACE, Settings
from stacks.surroundings import Surroundings

SCP = "SERVICE_CONTROL_POLICY"
RCP = "RESOURCE_CONTROL_POLICY"
CONTROL_TOWER = "aws-controltower-"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"


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
        *_roles(settings, around),
        *_missing_roles(settings, around),
        *_bucket_account(around),
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
        *_management(settings, around, trail, security_account),
        *_trail_count(around, trail),
        *_control_tower(around, trail),
        *_targets(settings, around, units),
        *_self_binding(settings, around),
    ]


def check_workload(
    settings: Settings, around: Surroundings, *, trail: str, security: SecurityOutputs | None
) -> list[Finding]:
    """What speaks against deploying a workload stack here.

    Args:
        settings: the stack's settings.
        around: where it is deployed.
        trail: ARN of the trail that it makes.
        security: outputs of the security stack, if its bucket is to be used.
    """
    return [
        *_everywhere(settings, around),
        *_trail_count(around, trail),
        *_workload_account(around),
        *(_own_bucket(settings, around) if security is None else _admission(trail, security)),
        *_nothing_to_record(settings),
    ]


def check_standalone(settings: Settings, around: Surroundings, *, trail: str) -> list[Finding]:
    """What speaks against deploying a standalone stack here."""
    return [
        *_everywhere(settings, around),
        *_roles(settings, around),
        *_missing_roles(settings, around),
        *_security_places(settings, around),
        *_trail_count(around, trail),
        *_self_binding(settings, around),
    ]


def _own_bucket(settings: Settings, around: Surroundings) -> list[Finding]:
    return [*_roles(settings, around), *_missing_roles(settings, around)]


def _workload_account(around: Surroundings) -> Iterator[Finding]:
    if around.account == around.organization.management_account:
        yield Finding(
            f"account {around.account} is the management account: its data events belong to the "
            f"organization trail ({NAMESPACE}:dataEvents of the management stack); workload stacks "
            "are for member accounts",
            fatal=False,
        )


def _admission(trail: str, security: SecurityOutputs) -> Iterator[Finding]:
    """Whether the shared bucket and key let the trail in."""
    name = trail.rsplit("/", maxsplit=1)[-1]
    if trail not in security.account_trail_arns and name not in security.member_trail_names:
        yield Finding(
            f"the bucket {security.bucket_name} does not admit the trail {trail}: in the security "
            f"stack, add {name} to {NAMESPACE}:memberTrailNames or the ARN to "
            f"{NAMESPACE}:accountTrailArns and bring it up; or set "
            f"{NAMESPACE}:workload.ownBucket to true here"
        )


def _nothing_to_record(settings: Settings) -> Iterator[Finding]:
    if not settings.workload.data_events.any:
        yield Finding(
            f"{NAMESPACE}:workload.dataEvents records nothing: set s3, lambda or resourceTypes"
        )


def _trail_count(around: Surroundings, trail: str) -> Iterator[Finding]:
    """CloudTrail has a limit on trails; Control Tower's trail may be one of them already."""
    if around.trails is None:
        yield Finding(
            f"the trails of {around.region} cannot be listed, so the limit of {MOST_TRAILS} is "
            "not checked: let the deploying role call cloudtrail:DescribeTrails",
            fatal=False,
        )
        return
    own = [each for each in around.trails if each.account == around.account]
    others = [each.name for each in own if each.arn != trail]
    if len(others) >= MOST_TRAILS:
        yield Finding(
            f"region {around.region} has {len(others)} trails already ({', '.join(others)}), and "
            f"CloudTrail allows {MOST_TRAILS}: delete one with aws cloudtrail delete-trail --name "
            "<name>, or use a trail that is there"
        )


def _control_tower(around: Surroundings, trail: str) -> Iterator[Finding]:
    for each in around.trails or ():
        if not each.organization or each.arn == trail:
            continue
        mend = (
            "take it over instead: set trailName of the security stack to its name and run python "
            "-m adoption find (docs/how-to/migrate-from-the-console.md)"
        )
        if each.name.startswith(CONTROL_TOWER):
            mend = (
                "Control Tower made it; to have one alone, switch CloudTrail off in the landing "
                "zone's settings, which leaves its logs"
            )
        yield Finding(
            f"the organization has another organization trail, {each.name}: both record management "
            f"events, and the second copy costs extra; {mend}",
            fatal=False,
        )


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


def _roles(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """Whether the exempt roles are of the account that has the bucket."""
    for arn in break_glass_arns(settings, around):
        if parse_arn(arn).account != around.account:
            yield Finding(
                f"{NAMESPACE}:breakGlassRoles: {arn} is not a role of this account "
                f"{around.account}: only its own roles can reach bucket and key through IAM"
            )
    for arn in settings.deployer_role_arns:
        if parse_arn(arn).account != around.account:
            yield Finding(
                f"{NAMESPACE}:deployerRoleArns: {arn} is not a role of this account "
                f"{around.account}, so it cannot deploy this stack"
            )
    allowed = (*deployer_arns(settings, around), *break_glass_arns(settings, around))
    if around.deployer not in allowed:
        yield Finding(
            f"{NAMESPACE}:deployerRoleArns does not have {around.deployer}, which deploys now: "
            "a preview works, but bucket and key will refuse its changes",
            fatal=False,
        )


def _missing_roles(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """An exemption for a role that nobody has made is an exemption for whoever makes it."""
    if around.missing_roles is None:
        yield Finding(
            f"account {around.account} does not tell whether the roles of "
            f"{NAMESPACE}:breakGlassRoles exist: let the deploying role call iam:GetRole",
            fatal=False,
        )
        return
    exempt = {"breakGlassRoles": settings.break_glass_roles}
    exempt["deployerRoleArns"] = settings.deployer_role_arns
    for key, roles in exempt.items():
        for role in roles:
            name = role.rsplit("/", maxsplit=1)[-1]
            if name in around.missing_roles:
                yield Finding(
                    f"{NAMESPACE}:{key}: account {around.account} has no role {name}, so whoever "
                    "makes one of that name is exempt; make it, for trusted people alone, with "
                    f"aws iam create-role --role-name {name} --assume-role-policy-document "
                    "file://trust.json",
                    fatal=False,
                )


def _bucket_account(around: Surroundings) -> Iterator[Finding]:
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


def _management(
    settings: Settings, around: Surroundings, trail: str, security_account: str
) -> Iterator[Finding]:
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
    if not organization.all_features:
        yield Finding(
            f"organization {organization.id} has only consolidated billing, without organization "
            "trails and policies; in the management account, run: aws organizations "
            "enable-all-features (every invited account must agree)"
        )
    if not settings.manage_trusted_access and not organization.trusts(CLOUDTRAIL):
        yield Finding(
            "CloudTrail has no trusted access to the organization, so it can make no organization "
            "trail; in the management account, run: aws organizations enable-aws-service-access "
            f"--service-principal {CLOUDTRAIL}"
        )
    wanted = [SCP, *([RCP] if settings.guardrails.resource_policies else [])]
    for policy_type in wanted:
        if organization.policy_types is not None and policy_type not in organization.policy_types:
            yield Finding(
                f"policy type {policy_type} is not enabled in the organization; in the management "
                f"account, run: aws organizations enable-policy-type --policy-type {policy_type} "
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
    units_named = settings.member_trails.organizational_units
    for unit in units_named:
        if organization.root and unit not in (*roots, *units):
            yield Finding(
                f"{NAMESPACE}:memberTrails.organizationalUnits: {unit} is no root or OU of "
                f"organization {organization.id}"
            )
    if units_named and not organization.trusts(STACK_SETS):
        yield Finding(
            "CloudFormation has no trusted access to the organization, so it can deploy "
            f"{NAMESPACE}:memberTrails to no account; in the management account, run: "
            "aws cloudformation activate-organizations-access"
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


def _self_binding(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """IAM policies that would bind the very role that has to manage the trail."""
    wanted = settings.iam_protection
    role = parse_arn(around.deployer).resource.rsplit("/", maxsplit=1)[-1]
    for key, bound in {"roles": wanted.roles, "users": wanted.users}.items():
        if role in bound:
            yield Finding(
                f"{NAMESPACE}:iamProtection.{key} has {role!r}, which deploys this stack: it could "
                "not change the trail any more; leave it out"
            )
