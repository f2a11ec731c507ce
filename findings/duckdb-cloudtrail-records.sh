#!/usr/bin/env bash
# DuckDB 2.0.1: the type of a CloudTrail field depends on the other records of the file.
#
# read_json_auto gives requestParameters a struct type, and each member the type that its values have
# in the file that is read. EC2 records instanceType as a text in RunInstances, and as an object with a
# value in ModifyInstanceAttribute. Where a file has both, the member is JSON, and comparing it with a
# text is an error; where a file has only texts the same query answers. A question that works on one
# hour of logs fails on the next.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install duckdb==2.0.1
"$work/venv/bin/python" - "$work" <<'PYTHON'
import json
import sys
from pathlib import Path

import duckdb

folder = Path(sys.argv[1])
run = {"eventName": "RunInstances", "requestParameters": {"instanceType": "t3.micro"}}
modify = {
    "eventName": "ModifyInstanceAttribute",
    "requestParameters": {"instanceType": {"value": "t3.micro"}},
}
print(f"DuckDB {duckdb.__version__}")
outcomes = {}
for name, records in {"one": [run], "mixed": [run, modify]}.items():
    file = folder / f"{name}.json"
    file.write_text("\n".join(map(json.dumps, records)))
    table = f"read_json_auto('{file}')"
    kind = duckdb.sql(f"SELECT typeof(requestParameters.instanceType) FROM {table}").fetchall()[0][0]
    try:
        rows = duckdb.sql(
            f"SELECT eventName FROM {table} WHERE requestParameters.instanceType = 't3.micro'"
        ).fetchall()
    except duckdb.Error as error:
        rows = type(error).__name__
    outcomes[name] = (kind, rows)
    print(f"{name}: instanceType is {kind}; instanceType = 't3.micro' gives {rows}")
assert outcomes["one"] == ("VARCHAR", [("RunInstances",)]), outcomes
assert outcomes["mixed"][0] == "JSON", outcomes
assert outcomes["mixed"][1] == "ConversionException", outcomes
PYTHON
