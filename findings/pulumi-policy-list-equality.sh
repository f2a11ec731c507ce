#!/usr/bin/env bash
# pulumi-policy 1.21.0 for Python: a property that is a list equals no list; one that is a mapping does.
#
# A policy gets the resource's properties wrapped, so that reading an unknown raises. A wrapped mapping
# of texts equals the same dict. A wrapped list takes part in loops, slices and `in`, but == with the
# very same list is False and != is True, and so for each mapping that has a list in it. A policy that
# wants exactly these event selectors or principals reports each resource that is right; in unit tests
# that hand it plain dicts and lists it is correct.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install pulumi==3.272.0 pulumi-policy==1.21.0
"$work/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from pulumi_policy.proxy import unknown_checking_proxy

WANTED = {"eventSelectors": [{"readWriteType": "All"}], "tags": {"owner": "security"}}
props = unknown_checking_proxy(WANTED)
compared = {
    "tags, a mapping of texts": props["tags"] == WANTED["tags"],
    "eventSelectors, a list": props["eventSelectors"] == WANTED["eventSelectors"],
    "the slice [:] of eventSelectors": props["eventSelectors"][:] == WANTED["eventSelectors"],
    "all properties, a mapping with a list": props == WANTED,
}
print(f"pulumi-policy {version('pulumi_policy')}: equal to what they were made of")
for name, equal in compared.items():
    print(f"  {name}: {equal}")
assert list(compared.values()) == [True, False, True, False], compared
PYTHON
