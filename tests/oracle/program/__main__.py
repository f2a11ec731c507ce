"""Makes the resources that the stack's config lists: see `tests/oracle/shapes.py`."""

import json
from typing import Any

import pulumi
import pulumi_aws

_DECLARED: dict[str, dict[str, Any]] = json.loads(pulumi.Config("oracle").require("resources"))
_MADE: dict[str, Any] = {}


def value(given: Any) -> Any:
    """A value, or what stands for it: an output, or a value that is not known yet."""
    if isinstance(given, list):
        return [value(each) for each in given]
    if not isinstance(given, dict):
        return given
    if "$of" in given:
        name, _, output = given["$of"].partition(".")
        return pulumi.Output.concat(getattr(_MADE[name], output), given.get("then", ""))
    if "$later" in given:
        return _MADE["later"].arn.apply(lambda _: given["$later"])
    if "$json" in given:
        return pulumi.Output.json_dumps(value(given["$json"]))
    return {key: value(each) for key, each in given.items()}


for _name, _resource in _DECLARED.items():
    _module, _, _class = _resource["type"].partition(".")
    _after = [_MADE[each] for each in _resource["after"] if each in _MADE]
    _MADE[_name] = getattr(getattr(pulumi_aws, _module), _class)(
        _name,
        **value(_resource["arguments"]),
        opts=pulumi.ResourceOptions(depends_on=_after),
    )

pulumi.export("key", _MADE["key"].arn)
pulumi.export("bucket", _MADE["logs"].arn)
