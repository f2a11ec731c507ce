#!/usr/bin/env bash
# pulumi 3.272.0 for Python: a component gets the integer that it asked for as a floating point number.
#
# A component that serves other languages declares Input[int], and the schema says "integer". The engine
# sends every number as a double; the provider host is to turn it back and checks that int() takes it,
# but hands on the number as it came. A retention of 400 days arrives as 400.0, which is what an
# f-string writes into a policy or a table's property. In a Python program, which calls the component
# without the host, it is 400.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install pulumi==3.272.0
cat > "$work/component.py" <<'PYTHON'
import json
from importlib.metadata import version
from typing import TypedDict

import pulumi
from google.protobuf.struct_pb2 import Struct
from pulumi.provider.experimental.component import ComponentProvider

received = []


class Args(TypedDict):
    retention_days: pulumi.Input[int]


class LogBucket(pulumi.ComponentResource):
    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions | None = None):
        super().__init__("example:index:LogBucket", name, None, opts)
        received.append(args["retention_days"])
        self.register_outputs({})


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks())
provider = ComponentProvider([LogBucket], "example")
schema = json.loads(provider.schema)["resources"]["example:index:LogBucket"]["inputProperties"]
sent = Struct()
sent["retentionDays"] = 400
LogBucket("direct", {"retention_days": 400})
provider.construct("hosted", "example:index:LogBucket", pulumi.runtime.rpc.deserialize_properties(sent))
print(f"pulumi {version('pulumi')}: the schema says {schema['retentionDays']['type']},")
print(f"from Python {received[0]!r}, through the host {received[1]!r}")
assert schema["retentionDays"]["type"] == "integer"
assert [type(days) for days in received] == [int, float], received
PYTHON
"$work/venv/bin/python" "$work/component.py"
