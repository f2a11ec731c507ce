"""Whether the trail can be created, may write to its bucket, and records something."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from stacks.context import DeploymentContext
from stacks.lookups.found import Lookups
from stacks.outputs import ManagementOutputs, SecurityOutputs
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import CommonSettings, WorkloadSettings

TRAILS_PER_REGION = 5
"""Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html."""
CONTROL_TOWER = "aws-controltower-"
"""How the names of Control Tower's own resources begin."""


def check_trail_count(
    context: DeploymentContext[CommonSettings], found: Lookups, trail: str
) -> Iterator[Finding]:
    """CloudTrail limits the trails of a region; those of the organization count in it too.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html.
    """
    others = [each.name for each in found.trails if each.arn != trail]
    if len(others) >= TRAILS_PER_REGION:
        yield Finding(
            f"region {context.region} has {len(others)} trails already ({', '.join(others)}), and "
            f"CloudTrail allows {TRAILS_PER_REGION}, the organization's included: delete one with "
            "aws cloudtrail delete-trail --name <name>, or use one of them"
        )


def check_other_organization_trails(found: Lookups, trail: str) -> Iterator[Finding]:
    """A second organization trail records, and costs, the same again."""
    for each in found.trails:
        if not each.organization or each.arn == trail:
            continue
        advice = (
            "adopt it instead: set trailName of the security stack to its name and run "
            "`cloudtrail-guard adopt find` (docs/how-to/migrate-from-the-console.md)"
        )
        if each.name.startswith(CONTROL_TOWER):
            advice = (
                "Control Tower created it; to have one only, switch CloudTrail off in the landing "
                "zone's settings, which keeps its logs"
            )
        yield Finding(
            f"the organization has another organization trail, {each.name}: both record management "
            f"events, and the second copy costs extra; {advice}",
            fatal=False,
        )


def check_admission(trail: str, security: SecurityOutputs) -> Iterator[Finding]:
    """The organization's bucket and key admit the trail."""
    name = trail.rsplit("/", maxsplit=1)[-1]
    if trail not in security.account_trail_arns and name not in security.member_trail_names:
        yield Finding(
            f"the bucket {security.bucket_name} does not admit the trail {trail}: in the security "
            f"stack, add {name} to {NAMESPACE}:memberTrailNames or the ARN to "
            f"{NAMESPACE}:accountTrailArns and bring it up; or set "
            f"{NAMESPACE}:workload.ownBucket to true here"
        )


def check_exemption(
    context: DeploymentContext[WorkloadSettings], trail: str, management: ManagementOutputs | None
) -> Iterator[Finding]:
    """The guardrails, which protect all trails unless they are narrowed, exempt the deployer."""
    if management is None or context.deployer in management.guardrail_exempt_role_arns:
        return
    if not any(fnmatchcase(trail, pattern) for pattern in management.guardrail_trails):
        return
    everywhere = context.account in management.guardrail_targets or any(
        target.startswith("r-") for target in management.guardrail_targets
    )
    may = "deny" if everywhere else "may deny"
    yield Finding(
        f"the organization's guardrails {may} {context.deployer} changes of the trail {trail}: in "
        f"the management stack, add the role to {NAMESPACE}:guardrails.exemptRoleArns, or narrow "
        f"{NAMESPACE}:guardrails.trails, and bring it up",
        fatal=everywhere,
    )


def check_data_events(context: DeploymentContext[WorkloadSettings]) -> Iterator[Finding]:
    """A trail without management events records data events, or nothing."""
    if not context.settings.workload.data_events.any:
        yield Finding(
            f"{NAMESPACE}:workload.dataEvents records nothing: set s3, lambda or resourceTypes"
        )


def check_own_bucket_settings(context: DeploymentContext[WorkloadSettings]) -> Iterator[Finding]:
    """Settings of a bucket of one's own have no effect on the organization's."""
    settings = context.settings
    default = WorkloadSettings()
    for name in type(settings).model_fields.keys() & _OWN_BUCKET:
        if getattr(settings, name) != getattr(default, name):
            key = type(settings).model_fields[name].alias
            yield Finding(
                f"{NAMESPACE}:{key} has no effect while {NAMESPACE}:workload.ownBucket is false: "
                "the trail writes to the organization's bucket; leave it out, or set "
                "workload.ownBucket to true"
            )


_OWN_BUCKET = {
    "break_glass_roles",
    "deployer_role_arns",
    "backup_role_arns",
    "reader_arns",
    "bucket_name",
    "key_alias",
    "object_lock",
    "lifecycle",
    "require_source_org_id",
}
