"""The JSON Schema of the report that `cloudtrail-guard posture --json` writes."""

import json
from pathlib import Path

from posture.report import Report

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "posture-report.schema.json"


def files() -> dict[Path, str]:
    """What is written: the schema file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The report of cloudtrail-guard posture",
        **Report.model_json_schema(by_alias=True, mode="serialization"),
    }
    return {SCHEMA_FILE: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"}
