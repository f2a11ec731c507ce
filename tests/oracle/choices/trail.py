"""What a program may say of its trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.oracle.choices.arguments import BUCKET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.choices.arguments import Arguments, Choice


def _selector(name: str, *fields: tuple[str, str, Any]) -> Arguments:
    return {
        "name": name,
        "field_selectors": [{"field": one, operator: values} for one, operator, values in fields],
    }


def _basic(kind: str = "All", *, management: bool = True, **more: Any) -> Arguments:
    return {"read_write_type": kind, "include_management_events": management, **more}


def _objects(*values: str) -> Arguments:
    return {"data_resources": [{"type": "AWS::S3::Object", "values": list(values)}]}


def _selectors(*basic: Arguments) -> Choice:
    return {"trail": {"event_selectors": list(basic)}}


def _advanced(*selectors: Arguments) -> Choice:
    return {"trail": {"advanced_event_selectors": list(selectors)}}


_MANAGEMENT: Final = ("eventCategory", "equals", ["Management"])
_DATA: Final = ("eventCategory", "equals", ["Data"])
_OF_OBJECTS: Final = ("resources.type", "equals", ["AWS::S3::Object"])
_NOT_ITSELF: Final = ("resources.ARN", "not_starts_withs", [f"{BUCKET}/"])
_NAME: Final = "Management events selector"
_ALL_MANAGEMENT: Final = _selector(_NAME, _MANAGEMENT)
_ALL_OBJECTS: Final = _selector("Objects", _DATA, _OF_OBJECTS, _NOT_ITSELF)

_ASSUMED: Final = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
"Action":"sts:AssumeRole","Principal":{"Service":"cloudtrail.amazonaws.com"}}]}"""
_MAY_LOG: Final = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"""

TRAIL_CHOICES: Final[Mapping[str, Mapping[str, Choice]]] = {
    "trail": {"here": {}, "in another program": {}},
    "regions": {
        "all": {"trail": {"is_multi_region_trail": True}},
        "one": {"trail": {"is_multi_region_trail": False}},
        "one, by default": {},
    },
    "validation": {
        "on": {"trail": {"enable_log_file_validation": True}},
        "off": {"trail": {"enable_log_file_validation": False}},
        "off, by default": {},
    },
    "logging": {
        "on, by default": {},
        "on": {"trail": {"enable_logging": True}},
        "off": {"trail": {"enable_logging": False}},
    },
    "trail's key": {
        "given": {"trail": {"kms_key_id": {"$of": "key.arn"}}},
        "none": {},
    },
    "insights": {
        "both": {
            "trail": {
                "insight_selectors": [
                    {"insight_type": "ApiCallRateInsight"},
                    {"insight_type": "ApiErrorRateInsight"},
                ]
            }
        },
        "errors": {"trail": {"insight_selectors": [{"insight_type": "ApiErrorRateInsight"}]}},
        "none": {},
    },
    "log group": {
        "none": {},
        "given": {
            "group": {},
            "role": {"assume_role_policy": _ASSUMED},
            "role-policy": {"policy": _MAY_LOG},
            "trail": {
                "cloud_watch_logs_group_arn": {"$of": "group.arn", "then": ":*"},
                "cloud_watch_logs_role_arn": {"$of": "role.arn"},
            },
        },
    },
    "events": {
        "all, advanced": _advanced(_ALL_MANAGEMENT, _ALL_OBJECTS),
        "management, by default": {},
        "management": _selectors(_basic()),
        "management, advanced": _advanced(_ALL_MANAGEMENT),
        "management, under another name": _advanced(_selector("All", _MANAGEMENT)),
        "management, without a name": _advanced(
            {"field_selectors": _ALL_MANAGEMENT["field_selectors"]}
        ),
        "reads": _selectors(_basic("ReadOnly")),
        "writes": _selectors(_basic("WriteOnly")),
        "reads, writes": _selectors(_basic("ReadOnly"), _basic("WriteOnly")),
        "reads, writes, advanced": _advanced(
            _selector(_NAME, _MANAGEMENT, ("readOnly", "equals", ["true"])),
            _selector("Writes", _MANAGEMENT, ("readOnly", "equals", ["false"])),
        ),
        "writes, advanced": _advanced(
            _selector(_NAME, _MANAGEMENT, ("readOnly", "equals", ["false"]))
        ),
        "management but for KMS": _selectors(
            _basic(exclude_management_event_sources=["kms.amazonaws.com"])
        ),
        "management but for KMS, advanced": _advanced(
            _selector(_NAME, _MANAGEMENT, ("eventSource", "not_equals", ["kms.amazonaws.com"]))
        ),
        "all": _selectors(_basic(**_objects("arn:aws:s3"))),
        "all, with colons": _selectors(_basic(**_objects("arn:aws:s3:::"))),
        "of objects alone": _selectors(_basic(management=False, **_objects("arn:aws:s3"))),
        "of objects alone, advanced": _advanced(_ALL_OBJECTS),
        "reads of objects": _selectors(_basic("ReadOnly", **_objects("arn:aws:s3"))),
        "writes of objects": _selectors(_basic("WriteOnly", **_objects("arn:aws:s3"))),
        "reads of objects, advanced": _advanced(
            _ALL_MANAGEMENT,
            _selector("Reads", _DATA, _OF_OBJECTS, ("readOnly", "equals", ["true"])),
        ),
        "of one bucket": _selectors(_basic(**_objects("arn:aws:s3:::another/"))),
        "of one bucket, advanced": _advanced(
            _ALL_MANAGEMENT,
            _selector(
                "One",
                _DATA,
                _OF_OBJECTS,
                ("resources.ARN", "starts_withs", ["arn:aws:s3:::another/"]),
            ),
        ),
        "of functions": _advanced(
            _ALL_MANAGEMENT,
            _selector("Functions", _DATA, ("resources.type", "equals", ["AWS::Lambda::Function"])),
        ),
    },
}
