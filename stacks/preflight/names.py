"""Whether the names that the stack creates are free, and those that it has created unchanged."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from stacks.context import DeploymentContext
from stacks.lookups.found import Deployed, FoundNames, Lookups
from stacks.planned import Kind, PlannedName
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import CommonSettings, LogStackSettings, SecuritySettings

_RESOURCES = {
    "bucketName": (Kind.BUCKET, "logs-bucket"),
    "accessLogBucketName": (Kind.BUCKET, "logs-access-logs-bucket"),
    "replica.bucketName": (Kind.BUCKET, "cloudtrail-guard-replica-bucket"),
    "queries.resultsBucketName": (Kind.BUCKET, "cloudtrail-guard-results"),
    "trailName": (Kind.TRAIL, "account-trail"),
    "workload.trailName": (Kind.TRAIL, "data-events-trail"),
}
"""By setting: the resource that is called so, by its name in the program."""
_HOLD_LOGS = {"bucketName", "accessLogBucketName", "replica.bucketName"}
_KEY = "aws:kms/key:Key"


def check_names_are_free(
    context: DeploymentContext[CommonSettings], stack: str, found: FoundNames
) -> Iterator[Finding]:
    """What exists under a name was not created by this stack, or it would not be looked up."""
    grouped = groupby(found.taken, key=lambda each: (each.kind, each.region, each.setting))
    for (kind, region, setting), group in grouped:
        names = [each.name for each in group]
        verb, them = ("exists", "it") if len(names) == 1 else ("exist", "them")
        place = "in AWS" if kind is Kind.BUCKET else f"in {region}"
        text = (
            f"{kind.word} {', '.join(names)} {verb} {place} already, and this stack did not create "
            f"{them}: adopt {them} with `cloudtrail-guard adopt find --stack {stack}` "
            "(docs/how-to/migrate-from-the-console.md), or delete what is no longer needed"
        )
        if setting:
            text += f", or set {NAMESPACE}:{setting} to another name"
        if setting == "bucketName" and isinstance(context.settings, SecuritySettings):
            text += f"; to secure the bucket as it is, set {NAMESPACE}:existingBucket to true"
        yield Finding(text)
    for each in found.hidden:
        text = (
            f"S3 refuses to show bucket {each.name} (status 403): it is another account's, or the "
            "deploying role may not call s3:ListBucket on it: let the role call it"
        )
        if each.setting:
            text += f", or set {NAMESPACE}:{each.setting} to another name"
        yield Finding(text)
    if found.unread:
        kinds = dict.fromkeys(each.kind.word for each, _ in found.unread)
        yield Finding(
            f"whether the names of each {', '.join(kinds)} are free could not be looked up "
            f"({found.unread[0][1]}): let the deploying role read them",
            fatal=False,
        )


def check_location(
    context: DeploymentContext[CommonSettings], deployed: Deployed | None
) -> Iterator[Finding]:
    """A stack stays in the account and the region where it was deployed first."""
    if deployed is None:
        return
    accounts, region = sorted(deployed.accounts), deployed.region
    elsewhere = bool(accounts) and context.account not in accounts
    if elsewhere or (region and region != context.region):
        home = f"account {accounts[0] if accounts else context.account}, region {region}"
        yield Finding(
            f"this stack is deployed in {home}, and would now go to account {context.account}, "
            f"region {context.region}; logs never move: set aws:profile (or the credentials) and "
            "aws:region back, or deploy another stack there"
        )


def check_renames(
    context: DeploymentContext[CommonSettings],
    deployed: Deployed | None,
    planned: list[PlannedName],
) -> Iterator[Finding]:
    """A bucket or a trail under another name would be another one."""
    if deployed is None:
        return
    names = {
        each.setting: each.name for each in planned if each.setting and each.setting in _RESOURCES
    }
    log_bucket = _renamed(deployed, "bucketName", names)
    for key, name in names.items():
        old = _renamed(deployed, key, names)
        if old is None or (
            log_bucket and key != "bucketName" and name.startswith(names["bucketName"])
        ):
            # Names that extend the log bucket's change with it: one message is enough.
            continue
        if key in _HOLD_LOGS or context.settings.protect:
            yield Finding(
                f"{NAMESPACE}:{key} = {name}: this stack has {old}, and a bucket or trail "
                f"cannot be renamed; set {NAMESPACE}:{key} to {old}, or deploy another stack"
            )
    yield from _adopted_later(context, deployed)


def _adopted_later(
    context: DeploymentContext[CommonSettings], deployed: Deployed
) -> Iterator[Finding]:
    """What the stack created cannot become something that exists without it."""
    settings = context.settings
    if not isinstance(settings, SecuritySettings):
        return
    if settings.existing_bucket and deployed.find(Kind.BUCKET.type, "logs-bucket"):
        yield Finding(
            f"{NAMESPACE}:existingBucket = true: this stack created the log bucket itself; set it "
            "to false"
        )
    if settings.existing_key_arn and deployed.find(_KEY, "logs-key"):
        yield Finding(
            f"{NAMESPACE}:existingKeyArn = {settings.existing_key_arn}: this stack created the log "
            "key itself, and old logs need it; leave existingKeyArn out"
        )


def check_replica_stays(
    context: DeploymentContext[LogStackSettings], found: Lookups
) -> Iterator[Finding]:
    """The replica stays in its region, and in its account."""
    old = found.deployed and found.deployed.find(*_replica())
    region = context.settings.replica.region
    if old and context.settings.replica.archive and context.settings.protect:
        yield Finding(
            f"{NAMESPACE}:replica.archive: this stack has a replica in this account, which no "
            f"longer gets logs then, and stays in AWS. Deploy it once as it is with "
            f"{NAMESPACE}:protect = false, then with replica.archive, then with protect = true"
        )
    if old and region and old.properties.get("region") not in (None, region):
        yield Finding(
            f"{NAMESPACE}:replica.region = {region}: this stack has its replica in "
            f"{old.properties['region']}, and logs never move; set it back"
        )


def _replica() -> tuple[str, str]:
    kind, name = _RESOURCES["replica.bucketName"]
    return kind.type, name


def _renamed(deployed: Deployed, key: str, names: Mapping[str, str]) -> str | None:
    """What the stack's resource is called, if it is to be called otherwise."""
    kind, name = _RESOURCES[key]
    found = deployed.find(kind.type, name)
    if found is None or key not in names:
        return None
    old = str(found.properties.get("bucket") or found.properties.get("name"))
    return old if old != names[key] else None
