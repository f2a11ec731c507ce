"""Who calls, and where: functions of the provider itself.

Sources: `internal/service/sts` and `internal/service/meta` of terraform-provider-aws.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import botocore.session

from sandbox.plugin.resource import ResourceError, function

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


@function("index/getCallerIdentity", "STS Caller Identity")
def find_caller_identity(call: Call) -> Properties:
    """The principal that calls."""
    who = call.account.identity
    account = who["Account"]
    return {"accountId": account, "arn": who["Arn"], "id": account, "userId": who["UserId"]}


@function("index/getPartition", "partition")
def find_partition(call: Call) -> Properties:
    """The partition of the provider's region."""
    partition = call.account.partition
    suffix = _dns_suffix(partition)
    return {
        "dnsSuffix": suffix,
        "id": partition,
        "partition": partition,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


@function("index/getRegion", "region")
def find_region(call: Call) -> Properties:
    """A region by name or endpoint; by default that of the call."""
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
