"""The rows that Athena sees in CloudTrail's log files."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sandbox.aws.queries.hive_types import HiveType

Row = dict[str, Any]

_VARIABLE = re.compile(r"\\\$\\\{(\w+)\\\}")


def partition_pattern(template: str) -> re.Pattern[str]:
    """What the keys of a table's files match, with a group for each partition key.

    Args:
        template: the table's ``storage.location.template``, e.g.
            ``s3://bucket/AWSLogs/${account}/CloudTrail/${region}/${day}``.
    """
    _, _, folder = template.removeprefix("s3://").partition("/")
    return re.compile(_VARIABLE.sub(_group, re.escape(folder)) + "/[^/]+")


def _group(variable: re.Match[str]) -> str:
    # A day is three folders; the others are one.
    form = r"\d{4}/\d{2}/\d{2}" if variable[1] == "day" else "[^/]+"
    return f"(?P<{variable[1]}>{form})"


def log_rows(
    files: Iterable[tuple[str, bytes]], template: str, columns: Mapping[str, HiveType]
) -> Iterator[Row]:
    """The rows of a table over log files: an event is a row.

    Args:
        files: keys and contents, gzipped JSON, of the bucket's files.
        template: the table's ``storage.location.template``; files elsewhere are left out.
        columns: the table's columns.
    """
    pattern = partition_pattern(template)
    for key, content in files:
        found = pattern.fullmatch(key)
        if found is None:
            continue
        for event in json.loads(gzip.decompress(content))["Records"]:
            given = {str(name).lower(): value for name, value in event.items()}
            yield {
                **{name: kind.filled(given.get(name)) for name, kind in columns.items()},
                **found.groupdict(),
            }
