#!/usr/bin/env bash
# Prowler 5.46.0: one CIS filter must have its clauses in one order, though its library says any.
#
# build_metric_filter_pattern documents that clauses match "regardless of the order". The check for
# unauthorized API calls does not use it: its expression wants UnauthorizedOperation before
# AccessDenied. `A || B` and `B || A` are the same filter to CloudWatch Logs; one passes, one fails.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install --no-deps --python-version 3.12 --target "$work/prowler" prowler==5.46.0
"$work/venv/bin/python" - "$work/prowler" <<'PYTHON'
import ast
import re
import sys
from pathlib import Path

services = Path(sys.argv[1]) / "prowler/providers/aws/services/cloudwatch"
check = "cloudwatch_log_metric_filter_unauthorized_api_calls"
tree = ast.parse((services / check / f"{check}.py").read_text())
[pattern] = [
    node.value.value
    for node in ast.walk(tree)
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pattern"
]
promise = "regardless of the" in (services / "lib/metric_filters.py").read_text()
clauses = ['($.errorCode = "*UnauthorizedOperation")', '($.errorCode = "AccessDenied*")']
filters = ["{ " + " || ".join(order) + " }" for order in (clauses, clauses[::-1])]
matched = [bool(re.search(pattern, text, flags=re.DOTALL)) for text in filters]
print("Prowler 5.46.0, unauthorized API calls")
for text, matches in zip(filters, matched):
    print(f"  {text}: {'found' if matches else 'not found'}")
assert promise
assert matched == [True, False], matched
PYTHON
