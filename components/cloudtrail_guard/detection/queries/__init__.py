"""The logs as a table of Athena, and the questions that an investigator starts with."""

from cloudtrail_guard.detection.queries.access import ACCESS, FIRST_SEEN
from cloudtrail_guard.detection.queries.question import Question, sql
from cloudtrail_guard.detection.queries.regions import REGIONS
from cloudtrail_guard.detection.queries.table import (
    COLUMNS,
    INPUT_FORMAT,
    OUTPUT_FORMAT,
    PARTITIONS,
    SERDE,
    LogTable,
)
from cloudtrail_guard.detection.queries.tampering import TAMPERING

__all__ = [
    "COLUMNS",
    "INPUT_FORMAT",
    "OUTPUT_FORMAT",
    "PARTITIONS",
    "QUESTIONS",
    "REGIONS",
    "SERDE",
    "LogTable",
    "Question",
    "sql",
]

QUESTIONS: tuple[Question, ...] = (*TAMPERING, *ACCESS, *FIRST_SEEN)
"""The questions that an investigator starts with."""
