#!/usr/bin/env bash
# sqlglot 30.30.0 and DuckDB 2.0.1: a query translated from Athena's dialect answers otherwise.
#
# Athena (Trino) documents that date_diff counts whole units, that json_extract_scalar gives NULL
# for what is no scalar, and that split_part gives NULL past the last part. sqlglot translates each
# call without a warning to a DuckDB call of the same or a like name, whose answer differs: hours
# are counted by the boundaries that were crossed, an array comes as its text, a missing part is the
# empty text. A query over CloudTrail records that is tested on DuckDB alone can be wrong in Athena.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install sqlglot==30.30.0 duckdb==2.0.1
"$work/venv/bin/python" - <<'PYTHON'
import duckdb
import sqlglot

CASES = [  # Athena's expression; what Trino documents; what DuckDB answers
    ("date_diff('hour', timestamp '2026-01-01 00:30:00', timestamp '2026-01-01 01:10:00')", 0, 1),
    ("json_extract_scalar('{\"names\": [\"a\", \"b\"]}', '$.names')", None, '["a", "b"]'),
    ("split_part('AWSLogs/o-exampleorg', '/', 5)", None, ""),
]
print(f"sqlglot {sqlglot.__version__}, DuckDB {duckdb.__version__}")
for expression, trino, expected in CASES:
    [translated] = sqlglot.transpile(f"SELECT {expression}", read="athena", write="duckdb")
    [[answer]] = duckdb.sql(translated).fetchall()
    print(f"{expression}\n  -> {translated}\n  Trino: {trino!r}, DuckDB: {answer!r}")
    normal = answer.replace(" ", "") if isinstance(answer, str) else answer
    wanted = expected.replace(" ", "") if isinstance(expected, str) else expected
    assert normal == wanted != trino, (answer, expected)
PYTHON
