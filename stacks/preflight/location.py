"""Whether a stack is deployed to an account, a region and a partition where it can work."""

from collections.abc import Iterator

from cloudtrail_guard.arns import parse_arn, partition_of_region

from stacks.context import DeploymentContext, break_glass_arns
from stacks.lookups.found import Lookups
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import (
    ArchiveSettings,
    CommonSettings,
    LockedBucketSettings,
    LogStorageSettings,
    OrganizationSettings,
    SecuritySettings,
)


def check_provider(context: DeploymentContext[CommonSettings]) -> Iterator[Finding]:
    """The partition is the region's, and the deploying identity can be exempted."""
    settings = context.settings
    actual = partition_of_region(context.region)
    if context.partition != actual:
        yield Finding(
            f"{NAMESPACE}:partition = {settings.partition}: region {context.region} is in "
            f"partition {actual}; set aws:region to a region of {settings.partition}, or leave "
            "partition out"
        )
    if parse_arn(context.deployer).resource == "root":
        yield Finding(
            f"you deploy as {context.deployer}: the root user cannot be exempted by name; use a "
            "role"
        )


def check_log_account(
    context: DeploymentContext[OrganizationSettings], found: Lookups
) -> Iterator[Finding]:
    """The log bucket belongs in a member account; one that is elsewhere already stays.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html.
    """
    if context.account == context.organization.management_account:
        yield Finding(
            f"account {context.account} is the management account: service control policies never "
            "apply to it, so its administrators can undo what protects the bucket; deploy the "
            f"{context.settings.role} stack to an account of its own",
            fatal=found.deployed is None,
        )


def check_archive_account(context: DeploymentContext[ArchiveSettings]) -> Iterator[Finding]:
    """The archive is in another account than the log bucket, and its settings say which."""
    if not context.settings.source_account_id:
        yield Finding(
            f"{NAMESPACE}:sourceAccountId is not set: set it to the id of the log bucket's "
            "account, whose replication role is to write to the archive"
        )
    if context.account == context.settings.source_account_id:
        yield Finding(
            f"{NAMESPACE}:sourceAccountId = {context.account} is this very account, whose "
            "administrators could delete logs and replicas alike: deploy the archive stack to "
            "another one"
        )


def check_workload_account(context: DeploymentContext[OrganizationSettings]) -> Iterator[Finding]:
    """Workload stacks belong in member accounts."""
    if context.account == context.organization.management_account:
        yield Finding(
            f"account {context.account} is the management account: its data events belong to the "
            f"organization trail ({NAMESPACE}:dataEvents of the management stack); workload stacks "
            "are for member accounts",
            fatal=False,
        )


def check_arns(context: DeploymentContext[LockedBucketSettings]) -> Iterator[Finding]:
    """Every ARN in the settings is of the stack's partition."""
    settings = context.settings
    arns = {
        "breakGlassRoles": break_glass_arns(context),
        "deployerRoleArns": settings.deployer_role_arns,
    }
    if isinstance(settings, LogStorageSettings):
        arns["readerArns"] = settings.reader_arns
    if isinstance(settings, SecuritySettings):
        arns["accountTrailArns"] = settings.account_trail_arns
        arns["existingKeyArn"] = [settings.existing_key_arn] if settings.existing_key_arn else []
    for key, values in arns.items():
        for arn in values:
            if parse_arn(arn).partition != context.partition:
                yield Finding(
                    f"{NAMESPACE}:{key}: {arn} is of another partition than the stack's "
                    f"({context.partition})"
                )


def check_regions(context: DeploymentContext[SecuritySettings]) -> Iterator[Finding]:
    """Trail, key and bucket are in regions that fit together."""
    settings = context.settings
    if settings.trail_region and partition_of_region(settings.trail_region) != context.partition:
        yield Finding(
            f"{NAMESPACE}:trailRegion = {settings.trail_region} is not in the stack's partition "
            f"{context.partition}"
        )
