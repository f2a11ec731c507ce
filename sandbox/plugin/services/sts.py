"""Who calls, and where: functions of the provider itself.

Sources: `internal/service/sts` and `internal/service/meta` of terraform-provider-aws.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import botocore.session

from sandbox.plugin.resource import Function, ResourceError

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


def _caller_identity(call: Call) -> Properties:
    who = call.account.identity
    account = who["Account"]
    return {"accountId": account, "arn": who["Arn"], "id": account, "userId": who["UserId"]}


def _partition(call: Call) -> Properties:
    partition = call.account.partition
    suffix = _dns_suffix(partition)
    return {
        "dnsSuffix": suffix,
        "id": partition,
        "partition": partition,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _region(call: Call) -> Properties:
    regions = {
        f"ec2.{region}.{partition['dnsSuffix']}": (region, details["description"])
        for partition in _endpoints()["partitions"]
        for region, details in partition["regions"].items()
    }
    wanted = call.inputs.get("name") or call.region
    for endpoint, (region, description) in regions.items():
        if call.inputs.get("endpoint", endpoint) == endpoint and region == wanted:
            return {
                "description": description,
                "endpoint": endpoint,
                "id": region,
                "name": region,
                "region": region,
            }
    endpoint = call.inputs.get("endpoint")
    of = f" and endpoint {endpoint!r}" if endpoint else ""
    raise ResourceError(f"region not found for name {wanted!r}{of}")


def _dns_suffix(partition: str) -> str:
    return next(
        str(entry["dnsSuffix"])
        for entry in _endpoints()["partitions"]
        if entry["partition"] == partition
    )


@cache
def _endpoints() -> Properties:
    """AWS's own list of partitions and regions, as botocore carries it; read once."""
    return botocore.session.get_session().get_data("endpoints")


FUNCTIONS = (
    Function(
        function="aws:index/getCallerIdentity:getCallerIdentity",
        noun="STS Caller Identity",
        run=_caller_identity,
    ),
    Function(function="aws:index/getPartition:getPartition", noun="partition", run=_partition),
    Function(function="aws:index/getRegion:getRegion", noun="region", run=_region),
)
