"""Checks of single values, with the wording of the real provider.

Sources: terraform-plugin-sdk `helper/validation`, and `internal/verify/validate.go` of
terraform-provider-aws. Each makes or is a `resource.Validator`; none sees an unknown value.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sized

    from sandbox.plugin.resource import Validator

_ARN: Final = re.compile(r"arn:([^:]*):([^:]+):([^:]*):([^:]*):(.+)", re.DOTALL)
_PARTITION: Final = re.compile(r"aws(-[a-z]+)*")
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
_ACCOUNT_ID: Final = re.compile(r"(aws|aws-managed|third-party|aws-marketplace|\d{12})")


def _unless(is_right: Callable[[Any], bool], message: str) -> Validator:
    """A check that a value passes if it is right; `{name}` and `{value}` in the message."""

    def check(name: str, value: object) -> Iterator[str]:
        if not is_right(value):
            yield message.format(name=name, value=value)

    return check


def one_of(*allowed: str) -> Validator:
    """One of these texts."""
    listed = " ".join(json.dumps(value) for value in allowed)
    message = f"expected {{name}} to be one of [{listed}], got {{value}}"
    return _unless(lambda value: value in allowed, message)


def between(low: int, high: int) -> Validator:
    """A number from `low` to `high`."""
    message = f"expected {{name}} to be in the range ({low} - {high}), got {{value}}"
    return _unless(lambda value: low <= value <= high, message)


def at_least(low: int) -> Validator:
    """A number not below `low`."""
    message = f"expected {{name}} to be at least ({low}), got {{value}}"
    return _unless(lambda value: value >= low, message)


def length(low: int, high: int) -> Validator:
    """A text of `low` to `high` characters."""
    message = f"expected length of {{name}} to be in the range ({low} - {high}), got {{value}}"
    return _unless(lambda value: low <= len(value) <= high, message)


def items(low: int, high: int | None = None) -> Validator:
    """A list of `low` to `high` items."""

    def check(name: str, value: Sized) -> Iterator[str]:
        if len(value) < low:
            yield f"Attribute {name} list must contain at least {low} elements, got: {len(value)}"
        if high is not None and len(value) > high:
            yield f'Too many {name} blocks. No more than {high} "{name}" blocks are allowed'

    return check


def matching(pattern: str, message: str) -> Validator:
    """A text in which a regular expression is found; `{name}` and `{value}` in the message."""
    expression = re.compile(pattern)
    return _unless(lambda value: expression.search(value) is not None, message)


def not_matching(pattern: str, message: str) -> Validator:
    """A text in which a regular expression is not found; `{name}` and `{value}` in the message."""
    expression = re.compile(pattern)
    return _unless(lambda value: expression.search(value) is None, message)


def json_text(name: str, value: str) -> Iterator[str]:
    """Any JSON."""
    try:
        json.loads(value)
    except json.JSONDecodeError as error:
        yield f'"{name}" contains an invalid JSON: {error}'


def iam_policy(name: str, value: str) -> Iterator[str]:
    """An IAM policy's JSON: an object, without white space before it."""
    if not value:
        yield f'"{name}" is an empty string, which is not a valid JSON value'
    elif value[0].isspace():
        yield f'"{name}" contains an invalid JSON policy: leading space characters are not allowed'
    elif not value.startswith("{"):
        yield f'"{name}" contains an invalid JSON policy: not a JSON object'
    else:
        try:
            json.loads(value)
        except json.JSONDecodeError as error:
            yield f'"{name}" contains an invalid JSON policy: {error}'


def arn(name: str, value: str) -> Iterator[str]:
    """An ARN, or nothing."""
    if not value:
        return
    match = _ARN.fullmatch(value)
    if match is None:
        yield f'"{name}" ({value}) is an invalid ARN: arn: invalid prefix or not enough sections'
        return
    partition, _, region, account, _ = match.groups()
    parts: tuple[tuple[str, str, re.Pattern[str]], ...] = (
        ("partition", partition, _PARTITION),
        ("region", region or "us-east-1", _REGION),
        ("account ID", account or "aws", _ACCOUNT_ID),
    )
    for what, part, pattern in parts:
        if not pattern.fullmatch(part):
            yield (
                f'"{name}" ({value}) is an invalid ARN: invalid {what} value '
                f"(expecting to match regular expression: ^{pattern.pattern}$)"
            )


def account_id(name: str, value: str) -> Iterator[str]:
    """An AWS account id, or nothing."""
    if value and not re.fullmatch(r"\d{12}", value):
        yield f'"{name}" doesn\'t look like AWS Account ID (exactly 12 digits): "{value}"'


def rfc3339(name: str, value: str) -> Iterator[str]:
    """A time such as `2030-01-31T00:00:00Z`."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
        yield f'"{name}" must be a valid RFC3339 date, such as 2030-01-31T00:00:00Z, got {value}'
