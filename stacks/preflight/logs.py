"""Whether the replica, the query layer and the log feed can be created around the log bucket."""

from collections.abc import Iterator

from cloudtrail_guard.arns import partition_of_region
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
    if settings.replica.region:
        wanted["replica.bucketName"] = replica_bucket_name(context)
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
    """The replica is in another region of the same partition."""
    region = context.settings.replica.region
    if region == context.region:
        yield Finding(
            f"{NAMESPACE}:replica.region = {region} is the log bucket's own region: a replica "
            "there would be lost with it; name another one"
        )
    elif region and partition_of_region(region) != context.partition:
        yield Finding(
            f"{NAMESPACE}:replica.region = {region} is not in the stack's partition "
            f"{context.partition}"
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
    if settings.replica.region and rules:
        yield Finding(
            f"{NAMESPACE}:replica.region = {settings.replica.region}: the bucket {bucket} has "
            f"replication rules already ({', '.join(rules)}), which this would replace; leave it "
            "empty and keep yours, or remove them first with aws s3api delete-bucket-replication "
            f"--bucket {bucket}"
        )
    notifications = [each for each in existing.notifications if each != NOTIFICATION_ID]
    if settings.log_feed.enabled and notifications:
        yield Finding(
            f"{NAMESPACE}:logFeed.enabled = true: the bucket {bucket} has event notifications "
            f"already ({', '.join(notifications)}), which this would replace; leave it false and "
            "keep yours, or move them to the feed's topic"
        )
