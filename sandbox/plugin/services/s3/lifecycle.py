"""A bucket's lifecycle rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.resource import exactly_one
from sandbox.plugin.services.s3.setting import BUCKET_NAME, Setting, target
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.tagging import tag_list, tag_map
from sandbox.plugin.validators import at_least, items, length, one_of, rfc3339

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_NAMES: Final = {"id": "ID"}
_STORAGE_CLASSES: Final = (
    "GLACIER",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
)


def _put(call: Call) -> None:
    minimum = call.inputs.get("transitionDefaultMinimumObjectSize")
    call.client("s3").put_bucket_lifecycle_configuration(
        **target(call),
        LifecycleConfiguration={"Rules": [_rule(rule) for rule in call.inputs["rules"]]},
        **({"TransitionDefaultMinimumObjectSize": minimum} if minimum else {}),
    )


def _rule(rule: Properties) -> Properties:
    request = to_aws({key: value for key, value in rule.items() if key != "filter"}, _NAMES)
    if "filter" in rule:
        request["Filter"] = _filter(rule["filter"]) or {"Prefix": ""}
    elif "prefix" not in rule:
        request["Filter"] = {}
    if "expiration" in rule and not request["Expiration"]:
        request["Expiration"] = {"ExpiredObjectDeleteMarker": False}
    return request


def _filter(wanted: Properties) -> Properties:
    both = wanted.get("and")
    request = to_aws({key: value for key, value in wanted.items() if key != "and"})
    if both is not None:
        request["And"] = to_aws({key: value for key, value in both.items() if key != "tags"})
        if both.get("tags"):
            request["And"]["Tags"] = tag_list(both["tags"])
    return request


def _outputs(answer: Properties) -> Properties | None:
    return answer.get("Rules") and {
        "rules": [_live_rule(rule) for rule in answer["Rules"]],
        "transitionDefaultMinimumObjectSize": answer.get("TransitionDefaultMinimumObjectSize"),
    }


def _live_rule(rule: Properties) -> Properties:
    both: Any = rule.get("Filter", {}).get("And")
    found = from_aws(rule, _NAMES)
    if both is not None:
        found["filter"]["and"] = {
            **from_aws({key: value for key, value in both.items() if key != "Tags"}),
            **({"tags": tag_map(both["Tags"])} if both.get("Tags") else {}),
        }
    return found


LIFECYCLE = Setting(
    put=_put,
    get="get_bucket_lifecycle_configuration",
    outputs=_outputs,
    delete="delete_bucket_lifecycle",
    absent="NoSuchLifecycleConfiguration",
).row(
    type="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    noun="S3 Bucket ({}) Lifecycle Configuration",
    defaults={"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
    computed=frozenset(
        {
            "transitionDefaultMinimumObjectSize",
            "rules.*.prefix",
            "rules.*.expiration.days",
            "rules.*.expiration.expiredObjectDeleteMarker",
            "rules.*.transitions.*.days",
        }
    ),
    sets=frozenset({"rules.*.transitions", "rules.*.noncurrentVersionTransitions"}),
    state_only={"timeouts": "only for the provider"},
    validate={
        "bucket": BUCKET_NAME,
        "rules": (items(1),),
        "rules.*.id": (length(1, 255),),
        "rules.*.status": (one_of("Enabled", "Disabled"),),
        "rules.*.expiration.date": (rfc3339,),
        "rules.*.transitions.*.date": (rfc3339,),
        "rules.*.transitions.*.storageClass": (one_of(*_STORAGE_CLASSES),),
        "rules.*.noncurrentVersionExpiration.noncurrentDays": (at_least(1),),
        "rules.*.noncurrentVersionExpiration.newerNoncurrentVersions": (at_least(1),),
        "rules.*.noncurrentVersionTransitions.*.noncurrentDays": (at_least(0),),
        "rules.*.noncurrentVersionTransitions.*.newerNoncurrentVersions": (at_least(1),),
        "rules.*.noncurrentVersionTransitions.*.storageClass": (one_of(*_STORAGE_CLASSES),),
        "rules.*.filter.and.objectSizeGreaterThan": (at_least(0),),
        "rules.*.filter.and.objectSizeLessThan": (at_least(1),),
        "transitionDefaultMinimumObjectSize": (
            one_of("all_storage_classes_128K", "varies_by_storage_class"),
        ),
    },
    relations=(exactly_one("date", "days", at="rules.*.transitions.*"),),
)

RESOURCES = (LIFECYCLE,)
