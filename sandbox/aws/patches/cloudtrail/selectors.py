"""What a trail logs: event selectors, basic and advanced, and insight selectors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudtrail import store
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.aws.call import Answer, Call

DEFAULT_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
"""What a trail logs by default: all management events."""

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
_MAX_SELECTORS, _MAX_RESOURCES, _MAX_CONDITIONS = 5, 250, 500
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
_BASIC_RESOURCES = {
    "AWS::S3::Object": re.compile(r"arn:aws[a-z-]*:s3(:::([A-Za-z0-9._-]+/.*)?)?"),
    "AWS::Lambda::Function": re.compile(
        r"arn:aws[a-z-]*:lambda(:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_:-]+)?"
    ),
    "AWS::DynamoDB::Table": re.compile(
        r"arn:aws[a-z-]*:dynamodb(:[a-z0-9-]+:\d{12}:table/[A-Za-z0-9_.-]+)?"
    ),
}
"""The types of data resources, and what their values may be: everything of the type by the bare
prefix, e.g. ``arn:aws:s3``, else a bucket's objects, a function or a table."""

# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
_FIELDS = (
    *("eventCategory", "eventName", "eventSource", "eventType", "readOnly", "resources.type"),
    *("resources.ARN", "errorCode", "vpcEndpointId", "userIdentity.arn"),
    "sessionCredentialFromConsole",
)
_CATEGORIES = ("Management", "Data", "NetworkActivity")
_OPERATORS = {
    *("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"),
}


@patch(
    "cloudtrail",
    "PutEventSelectors",
    "moto keeps basic and advanced selectors side by side, ignores an empty list, and checks "
    "nothing; in AWS the last Put replaces all",
    limit="which operator fits which field is not checked",
)
def put_event_selectors(call: Call) -> Answer:
    """Replace a trail's event selectors."""
    trail = store.writable(call, "TrailName")
    basic = call.params.get("EventSelectors") or []
    advanced = call.params.get("AdvancedEventSelectors") or []
    if basic and advanced:
        raise _invalid("EventSelectors and AdvancedEventSelectors exclude each other")
    if basic:
        _check_basic(basic)
        trail.event_selectors, trail.advanced_event_selectors = list(map(_complete, basic)), []
    elif advanced:
        check_advanced(advanced)
        trail.event_selectors, trail.advanced_event_selectors = [], advanced
    return _selectors(call)


@patch(
    "cloudtrail",
    "GetEventSelectors",
    "moto has no default selector, and knows no trails of other regions and accounts",
)
def get_event_selectors(call: Call) -> Answer:
    """Report what a trail logs."""
    return _selectors(call)


@patch(
    "cloudtrail",
    "PutInsightSelectors",
    "moto appends on every Put, and cannot clear; AWS replaces, and an empty list clears",
)
def put_insight_selectors(call: Call) -> Answer:
    """Replace a trail's insight selectors."""
    trail = store.writable(call, "TrailName")
    selectors = call.params.get("InsightSelectors") or []
    trail.insight_selectors = selectors
    return {"TrailARN": trail.arn, "InsightSelectors": selectors}


@patch(
    "cloudtrail",
    "GetInsightSelectors",
    "moto answers without selectors when there are none; AWS InsightNotEnabledException",
)
def get_insight_selectors(call: Call) -> Answer:
    """Report which insights a trail collects."""
    trail = store.readable(call, "TrailName")
    if not trail.insight_selectors:
        message = f"Trail {trail.arn} does not have Insights enabled."
        raise AwsError("InsightNotEnabledException", message)
    return {"TrailARN": trail.arn, "InsightSelectors": trail.insight_selectors}


def _selectors(call: Call) -> dict[str, Any]:
    trail = store.readable(call, "TrailName")
    if trail.advanced_event_selectors:
        advanced = trail.advanced_event_selectors
        return {"TrailARN": trail.arn, "AdvancedEventSelectors": advanced}
    return {"TrailARN": trail.arn, "EventSelectors": trail.event_selectors or [DEFAULT_SELECTOR]}


def _complete(selector: Mapping[str, Any]) -> dict[str, Any]:
    """A basic selector with the defaults that AWS writes out."""
    return {**DEFAULT_SELECTOR, **selector}


def _check_basic(selectors: Sequence[Mapping[str, Any]]) -> None:
    if len(selectors) > _MAX_SELECTORS:
        raise _invalid(f"a trail has at most {_MAX_SELECTORS} event selectors")
    resources = [item for selector in selectors for item in selector.get("DataResources", [])]
    if sum(len(item.get("Values", [])) for item in resources) > _MAX_RESOURCES:
        raise _invalid(f"a trail has at most {_MAX_RESOURCES} data resources")
    for item in resources:
        pattern = _BASIC_RESOURCES.get(str(item.get("Type")))
        if pattern is None:
            raise _invalid(f"the type of a data resource must be one of {(*_BASIC_RESOURCES,)}")
        for value in item.get("Values", []):
            if pattern.fullmatch(value) is None:
                message = f"Value {value} for DataResources.Values is invalid."
                raise AwsError("InvalidEventSelectorsException", message)


def check_advanced(
    selectors: Sequence[Mapping[str, Any]], categories: Sequence[str] = _CATEGORIES
) -> None:
    """Check advanced event selectors.

    Args:
        selectors: as the API names them.
        categories: what may be selected; by default what a trail logs.

    Raises:
        AwsError: a selector is not sound, or there are too many values.
    """
    conditions = 0
    for selector in selectors:
        fields: dict[str, Mapping[str, Any]] = {}
        for field in selector.get("FieldSelectors", []):
            name = field.get("Field")
            if name not in _FIELDS:
                raise _invalid(f"Field {name!r} must be one of {_FIELDS}")
            if name in fields:
                raise _invalid(f"Field {name} appears twice in one selector")
            used = {operator: field[operator] for operator in _OPERATORS if field.get(operator)}
            if not used:
                raise _invalid(f"Field {name} has no operator with values")
            fields[name] = used
            conditions += sum(map(len, used.values()))
        _check_category(fields, categories)
    if conditions > _MAX_CONDITIONS:
        raise _invalid(f"all selectors together have at most {_MAX_CONDITIONS} values")


def _check_category(fields: Mapping[str, Mapping[str, Any]], categories: Sequence[str]) -> None:
    """Check that a selector says what it selects."""
    category = fields.get("eventCategory", {}).get("Equals", [])
    if len(category) != 1 or category[0] not in categories:
        raise _invalid(f"each selector needs eventCategory Equals one of {tuple(categories)}")
    if category == ["Data"] and not fields.get("resources.type", {}).get("Equals"):
        raise _invalid("a selector of data events needs resources.type Equals")
    if category == ["NetworkActivity"] and not fields.get("eventSource", {}).get("Equals"):
        raise _invalid("a selector of network activity events needs eventSource Equals")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidEventSelectorsException", f"Invalid event selectors: {message}.")
