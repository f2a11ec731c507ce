"""Request metrics of a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.s3.settings import BUCKET_NAME, setting
from sandbox.plugin.validators import length

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


def _configuration(call: Call, request: Properties) -> None:
    """The name is the id of the configuration, and stands in it too."""
    prefix = (call.inputs.get("filter") or {}).get("prefix")
    request["Id"] = call.inputs["name"]
    request["MetricsConfiguration"] = {
        "Id": call.inputs["name"],
        **({"Filter": {"Prefix": prefix}} if prefix else {}),
    }


_METRICS: Final = setting(
    "PutBucketMetricsConfiguration",
    "GetBucketMetricsConfiguration",
    "NoSuchConfiguration",
    delete="DeleteBucketMetricsConfiguration",
    id="{bucket}:{name}",
    names={"name": "Id"},
    answer="MetricsConfiguration",
    refine=_configuration,
)
METRICS = _METRICS.row(
    label="bucket",
    type="aws:s3/bucketMetric:BucketMetric",
    noun="S3 Bucket ({}) Metric",
    replace=frozenset({"bucket", "name"}),
    validate={"bucket": BUCKET_NAME, "name": (length(0, 64),)},
    not_emulated=dict.fromkeys(("filter.accessPoint", "filter.tags"), "filter by a prefix"),
)
