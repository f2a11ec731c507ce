"""Security Hub: the hub of an account in a region, and its standards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches import store
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

_REASON = "moto enables a hub twice, never changes it, and knows no standards"
_LIMIT = (
    "nothing is checked, so controls have no status; standards are ready at once; the "
    "organization's central configuration is moto's"
)

# https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html
_CIS_1_2 = "arn:{p}:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0"
_FSBP = "arn:{p}:securityhub:{r}::standards/aws-foundational-security-best-practices/v/1.0.0"
_STANDARDS = (
    _FSBP,
    _CIS_1_2,
    *(
        "arn:{p}:securityhub:{r}::standards/" + name
        for name in (
            "aws-resource-tagging-standard/v/1.0.0",
            "cis-aws-foundations-benchmark/v/1.4.0",
            "cis-aws-foundations-benchmark/v/3.0.0",
            "cis-aws-foundations-benchmark/v/5.0.0",
            "nist-800-171/v/2.0.0",
            "nist-800-53/v/5.0.0",
            "pci-dss/v/3.2.1",
            "pci-dss/v/4.0.1",
        )
    ),
)


@dataclass
class Hub:
    """A hub; the settings as the API names them."""

    arn: str
    tags: dict[str, str]
    settings: dict[str, Any]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    subscriptions: dict[str, str] = field(default_factory=dict[str, str])
    """The standards by their subscriptions' ARNs."""


@dataclass
class SecurityHub:
    """What Security Hub keeps for an account in a region."""

    hub: Hub | None = None


@patch("securityhub", "EnableSecurityHub", _REASON, limit=_LIMIT)
def enable(call: Call) -> Answer:
    """Make the hub, with AWS's default standards unless the call says otherwise."""
    home = _backend(call)
    if home.hub is not None:
        raise AwsError(
            "ResourceConflictException",
            "Account is already subscribed to Security Hub",
        )
    reply = call.forward()
    place = f"{call.region}:{call.signer.account_id}"
    home.hub = Hub(
        f"arn:{call.partition}:securityhub:{place}:hub/default",
        dict(call.params.get("Tags") or {}),
        {
            "AutoEnableControls": True,
            "ControlFindingGenerator": call.text("ControlFindingGenerator") or "SECURITY_CONTROL",
        },
    )
    if call.flag("EnableDefaultStandards", default=True):
        for standard in (_FSBP, _CIS_1_2):
            _subscribe(home.hub, _filled(call, standard))
    return reply


@patch("securityhub", "DescribeHub", _REASON, limit=_LIMIT)
def describe(call: Call) -> Answer:
    """Describe it."""
    found = _hub(call)
    if call.text("HubArn") not in ("", found.arn):
        raise _not_found(f"hub {call.text('HubArn')}")
    return {"HubArn": found.arn, "SubscribedAt": found.at.isoformat(), **found.settings}


@patch("securityhub", "UpdateSecurityHubConfiguration", _REASON, limit=_LIMIT)
def update(call: Call) -> Answer:
    """Change what is given."""
    found = _hub(call)
    found.settings |= {name: call.params[name] for name in found.settings if name in call.params}
    return {}


@patch("securityhub", "DisableSecurityHub", _REASON, limit=_LIMIT)
def disable(call: Call) -> Answer:
    """Delete it, with all that it found."""
    _hub(call)
    _backend(call).hub = None
    return call.forward()


@patch("securityhub", store.TAG_OPERATIONS, _REASON, limit=_LIMIT)
def tag(call: Call) -> Answer:
    """Set, remove or list the tags of the hub."""
    found = _hub(call)
    if call.text("ResourceArn") != found.arn:
        raise NotImplementedError("tags of what is not the hub")
    return store.tag(call, found.tags)


@patch("securityhub", "DescribeStandards", _REASON, limit=_LIMIT)
def standards(call: Call) -> Answer:
    """List what can be subscribed to, all in one page."""
    return {"Standards": [{"StandardsArn": _filled(call, each)} for each in _STANDARDS]}


@patch("securityhub", "BatchEnableStandards", _REASON, limit=_LIMIT)
def subscribe(call: Call) -> Answer:
    """Subscribe to standards; to one that is there already, again."""
    found = _hub(call)
    known = {_filled(call, standard) for standard in _STANDARDS}
    wanted = [each["StandardsArn"] for each in call.params["StandardsSubscriptionRequests"]]
    for standard in wanted:
        if standard not in known:
            message = f"Invalid parameter: standard {standard} does not exist in {call.region}"
            raise AwsError("InvalidInputException", message)
    return _described(found, [_subscribe(found, standard) for standard in wanted])


@patch("securityhub", "GetEnabledStandards", _REASON, limit=_LIMIT)
def subscribed(call: Call) -> Answer:
    """List the subscriptions that are named, or all; those that are not there are left out."""
    found = _hub(call)
    named = call.params.get("StandardsSubscriptionArns") or list(found.subscriptions)
    return _described(found, [arn for arn in named if arn in found.subscriptions])


@patch("securityhub", "BatchDisableStandards", _REASON, limit=_LIMIT)
def unsubscribe(call: Call) -> Answer:
    """End subscriptions."""
    found = _hub(call)
    named: list[str] = call.params["StandardsSubscriptionArns"]
    for arn in named:
        if arn not in found.subscriptions:
            raise _not_found(f"subscription {arn}")
    answer = _described(found, named, "DELETING")
    for arn in named:
        del found.subscriptions[arn]
    return answer


def _subscribe(hub: Hub, standard: str) -> str:
    name = standard.partition("/")[2]
    arn = f"{hub.arn.removesuffix('hub/default')}subscription/{name}"
    hub.subscriptions[arn] = standard
    return arn


def _described(hub: Hub, arns: list[str], status: str = "READY") -> dict[str, Any]:
    return {
        "StandardsSubscriptions": [
            {
                "StandardsSubscriptionArn": arn,
                "StandardsArn": hub.subscriptions[arn],
                "StandardsInput": {},
                "StandardsStatus": status,
            }
            for arn in arns
        ]
    }


def _filled(call: Call, standard: str) -> str:
    return standard.format(p=call.partition, r=call.region)


def _backend(call: Call) -> SecurityHub:
    return store.kept(SecurityHub, call.signer.account_id, call.region)


def _hub(call: Call) -> Hub:
    """The caller's hub.

    Raises:
        AwsError: it has none.
    """
    found = _backend(call).hub
    if found is None:
        raise AwsError(
            "InvalidAccessException",
            f"Account {call.signer.account_id} is not subscribed to AWS Security Hub",
        )
    return found


def _not_found(what: str) -> AwsError:
    message = f"The request was rejected because there is no {what}."
    return AwsError("ResourceNotFoundException", message)
