"""Records as the log files that CloudTrail delivers, and as the rows that Athena reads of them."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from typing import TYPE_CHECKING

from cloudtrail_guard.detection.queries import COLUMNS, PARTITIONS, REGIONS, LogTable

from sandbox.aws.queries.hive_types import HiveType
from sandbox.aws.queries.log_rows import log_rows
from tests.corpus.records import (
    ACCOUNTS,
    BREAK_GLASS,
    BREAK_GLASS_USER,
    BUCKET,
    DEPLOYER,
    EMERGENCY_ROLES,
    KEY,
    ORGANIZATION,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.aws.queries.log_rows import Row
    from tests.corpus.records import (
        Record,
    )

TYPES = {
    **{name: HiveType.parse(kind) for name, kind in COLUMNS.items()},
    **{name: HiveType("string") for name in PARTITIONS},
}
"""The table's columns, partitions too."""

TABLE = LogTable(
    database="audit",
    table="cloudtrail_logs",
    bucket=BUCKET,
    regions=REGIONS["aws"],
    accounts=ACCOUNTS,
    organization_id=ORGANIZATION,
    key_arn=KEY,
    break_glass=(BREAK_GLASS, BREAK_GLASS_USER, EMERGENCY_ROLES),
    deployers=(DEPLOYER,),
    watch_names=("cloudtrail-guard", "/aws/cloudtrail/"),
    guardrail_names=("cloudtrail-guard",),
)
"""The table that the organization's trail fills."""


def log_files(records: Iterable[Record]) -> dict[str, bytes]:
    """The log files of an organization's trail by their keys, and a digest, which is none.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
    """
    folders: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        day = record["eventTime"][:10].replace("-", "/")
        folders[record["recipientAccountId"], record["awsRegion"], day].append(record)
    files: dict[str, bytes] = {}
    for (account, region, day), found in folders.items():
        top = f"AWSLogs/{ORGANIZATION}/{account}"
        name = f"{account}_CloudTrail_{region}_{day.replace('/', '')}T0000Z_EXAMPLE"
        key = f"{top}/CloudTrail/{region}/{day}/{name}.json.gz"
        files[key] = gzip.compress(json.dumps({"Records": found}).encode())
        digest = {"digestS3Object": key, "logFiles": []}
        files[key.replace("CloudTrail", "CloudTrail-Digest")] = gzip.compress(
            json.dumps(digest).encode()
        )
    return files


def rows(records: Iterable[Record]) -> list[Row]:
    """What Athena reads of the log files of these records."""
    columns = {name: TYPES[name] for name in COLUMNS}
    template = TABLE.parameters["storage.location.template"]
    return list(log_rows(log_files(records).items(), template, columns))
