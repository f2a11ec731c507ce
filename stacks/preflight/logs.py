"""Whether the replica, the query layer and the log feed can be created around the log bucket."""

from collections.abc import Iterator

from cloudtrail_guard.arns import parse_arn, partition_of_region
from cloudtrail_guard.log_notifications import NOTIFICATION_ID
from cloudtrail_guard.storage.replication import RULE_ID

from stacks.context import DeploymentContext
from stacks.lookups.found import Lookups
from stacks.names import log_bucket_name, replica_bucket_name, results_bucket_name
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE, identifiers
from stacks.settings.roles import LogStackSettings


def check_bucket_names(context: DeploymentContext[LogStackSettings]) -> Iterator[Finding]:
    """Names that extend the log bucket's may be too long, and all must differ."""
    settings = context.settings
    taken = {log_bucket_name(context): "bucketName"}
    wanted: dict[str, str] = {}
    if settings.replica.there:
        within = "archive." if settings.replica.archive else ""
        wanted[f"replica.{within}bucketName"] = replica_bucket_name(context)
    if settings.queries.enabled:
        wanted["queries.resultsBucketName"] = results_bucket_name(context)
    for key, name in wanted.items():
        try:
            identifiers.bucket_name(name)
        except ValueError as error:
            yield Finding(f"{NAMESPACE}:{key}: the default {name} {error}: set a name")
        if name in taken:
            yield Finding(
                f"{NAMESPACE}:{key} = {name} is the name of {NAMESPACE}:{taken[name]} too: each "
                "bucket needs a name of its own"
            )
        taken[name] = key


def check_replica_region(context: DeploymentContext[LogStackSettings]) -> Iterator[Finding]:
    """The replica is in another region, or another account, of the same partition."""
    replica = context.settings.replica
    region = replica.there
    where = f"{NAMESPACE}:replica." + (
        f"region = {region}"
        if replica.archive is None
        else f"archive.keyArn = {replica.archive.key_arn}: {region}"
    )
    if replica.region == context.region:
        yield Finding(
            f"{where} is the log bucket's own region: a replica there would be lost with it; name "
            f"another one, or set {NAMESPACE}:replica.archive for a replica in another account"
        )
    elif region and partition_of_region(region) != context.partition:
        yield Finding(f"{where} is not in the stack's partition {context.partition}")


def check_archive(
    context: DeploymentContext[LogStackSettings], found: Lookups
) -> Iterator[Finding]:
    """The replica in another account is there, and administered there alone."""
    archive = context.settings.replica.archive
    if archive is None:
        return
    key = f"{NAMESPACE}:replica.archive"
    if archive.account == context.account:
        yield Finding(
            f"{key}.keyArn = {archive.key_arn} is of this very account, whose administrators could "
            f"delete logs and replicas alike: deploy an archive stack to another account, or set "
            f"{NAMESPACE}:replica.region for a replica in this one"
        )
    exempt = {
        "breakGlassRoleArns": archive.break_glass_role_arns,
        "deployerRoleArns": archive.deployer_role_arns,
    }
    for name, arns in exempt.items():
        for arn in arns:
            if parse_arn(arn).account != archive.account:
                yield Finding(
                    f"{key}.{name}: {arn} is not of the replica's account {archive.account}: copy "
                    "the output archive of its stack"
                )
    if "replica.archive" in found.absent:
        yield Finding(
            f"{key}.bucketName = {archive.bucket_name}: S3 has no such bucket; deploy the archive "
            f"stack in account {archive.account} first, and copy its output archive"
        )


def check_overwritten(
    context: DeploymentContext[LogStackSettings], found: Lookups
) -> Iterator[Finding]:
    """A bucket has one replication and one notification configuration: a put replaces it."""
    existing = found.existing_bucket
    if existing is None:
        return
    settings, bucket = context.settings, log_bucket_name(context)
    rules = [rule for rule in existing.replication_rules if rule != RULE_ID]
    if settings.replica.there and rules:
        yield Finding(
            f"{NAMESPACE}:replica asks for a replica in {settings.replica.there}: the bucket "
            f"{bucket} has replication rules already ({', '.join(rules)}), which this would "
            "replace; leave it out and keep yours, or remove them first with aws s3api "
            "delete-bucket-replication "
            f"--bucket {bucket}"
        )
    notifications = [each for each in existing.notifications if each != NOTIFICATION_ID]
    if settings.log_feed.enabled and notifications:
        yield Finding(
            f"{NAMESPACE}:logFeed.enabled = true: the bucket {bucket} has event notifications "
            f"already ({', '.join(notifications)}), which this would replace; leave it false and "
            "keep yours, or move them to the feed's topic"
        )
