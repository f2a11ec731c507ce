"""The copy of the logs in a second region: its bucket, its key, and whether copies arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integrity.log_layout import AccountRegion

from posture.collect.answers import ask
from posture.collect.storage import ask_about_bucket, ask_about_key, bucket_region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from posture.collect.access import Clients
    from posture.collect.answers import Answer
    from posture.collect.coverage import DigestFolders

_DAY = timedelta(days=1)


def destination(replication: Mapping[str, Any] | None) -> tuple[str | None, str | None]:
    """The bucket that logs are copied to and the ARN of its key, by the rule that is in force."""
    rules = (replication or {}).get("Rules") or ()
    enabled = [rule for rule in rules if rule.get("Status") == "Enabled"]
    for rule in (*enabled, *rules):
        found = rule["Destination"]
        key = (found.get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID")
        return found["Bucket"].rsplit(":", maxsplit=1)[-1], key
    return None, None


def ask_about_replica(
    clients: Clients, bucket: str | None, key: str | None, somewhere: str
) -> Iterator[tuple[str, Answer]]:
    """The answers about the replica, under `replica.…` and `replica.key.…`.

    Args:
        clients: clients of its account.
        bucket: its name, if there is one.
        key: ARN of its key, if there is one.
        somewhere: a region of the partition.
    """
    if bucket is not None:
        located = bucket_region(clients, bucket, somewhere)
        yield "replica.region", located
        if located.value:
            yield from ask_about_bucket(clients, bucket, located.value, "replica").items()
    if key and key.startswith("arn:"):
        yield from ask_about_key(clients, key, "replica.key").items()


def ask_about_copies(
    clients: Clients, folders: DigestFolders, due: datetime, replica: tuple[str, str]
) -> Answer:
    """Whether the newest digest of the trail's own account and region is in the replica as well.

    Args:
        clients: clients of the replica's account.
        folders: where digests are listed.
        due: until when a digest and its copy must be there.
        replica: its name and region.
    """
    layout = folders.layout
    of = AccountRegion(layout.owner, layout.home_region)
    prefix = layout.digests(*of)

    def question() -> dict[str, Any]:
        pages = folders.s3.get_paginator("list_objects_v2").paginate(
            Bucket=layout.bucket, Prefix=prefix, StartAfter=f"{prefix}{due - _DAY:%Y/%m/%d}/"
        )
        named = [
            (digest.end, digest.key)
            for page in pages
            for each in page.get("Contents", ())
            if (digest := layout.digest_key(of, each["Key"])) and digest.end <= due
        ]
        if not named:
            return {"newest": None, "copied": False}
        _, newest = max(named)
        bucket, region = replica
        listed = clients("s3", region).list_objects_v2(Bucket=bucket, Prefix=newest, MaxKeys=1)
        return {"newest": newest, "copied": bool(listed.get("Contents"))}

    return ask("s3:ListObjectsV2", f"{layout.bucket} and {replica[0]}", question)
