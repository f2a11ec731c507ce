"""IAM Access Analyzer's analyzers, which moto lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches import store
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

SERVICE = "access-analyzer.amazonaws.com"
_MISSING = "moto lacks this service"
_LIMIT = "nothing is analysed, so there are no findings; archive rules and quotas are not emulated"


@dataclass
class Analyzer:
    """An analyzer; the settings as the API names them."""

    arn: str
    name: str
    type: str
    tags: dict[str, str]
    configuration: dict[str, Any]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def describe(self) -> dict[str, Any]:
        """As GetAnalyzer answers."""
        return {
            "arn": self.arn,
            "name": self.name,
            "type": self.type,
            "createdAt": self.at,
            "tags": self.tags,
            "status": "ACTIVE",
            **({"configuration": self.configuration} if self.configuration else {}),
        }


class _Analyzers(dict[str, Analyzer]):
    """The analyzers of an account in a region, by name."""


@patch("access-analyzer", "CreateAnalyzer", _MISSING, limit=_LIMIT)
def create(call: Call) -> Answer:
    """Make an analyzer; one of an organization is the management account's or a delegate's."""
    name, kind = call.text("analyzerName"), call.text("type")
    analyzers = _analyzers(call)
    if name in analyzers:
        raise AwsError("ConflictException", f"Analyzer {name} already exists.")
    if kind.startswith("ORGANIZATION"):
        _check_organization(call)
    if call.params.get("archiveRules"):
        raise NotImplementedError("archive rules of an analyzer")
    arn = (
        f"arn:{call.partition}:access-analyzer:{call.region}:{call.signer.account_id}:"
        f"analyzer/{name}"
    )
    given = dict(call.params.get("tags") or {})
    analyzers[name] = Analyzer(arn, name, kind, given, call.params.get("configuration") or {})
    return {"arn": arn}


@patch("access-analyzer", "GetAnalyzer", _MISSING, limit=_LIMIT)
def get(call: Call) -> Answer:
    """Describe one."""
    return {"analyzer": _named(call).describe()}


@patch("access-analyzer", "ListAnalyzers", _MISSING, limit=_LIMIT)
def list_analyzers(call: Call) -> Answer:
    """List those of a type, or all, in one page."""
    kind = call.text("type")
    return {
        "analyzers": [
            each.describe() for each in _analyzers(call).values() if kind in ("", each.type)
        ]
    }


@patch("access-analyzer", "DeleteAnalyzer", _MISSING, limit=_LIMIT)
def delete(call: Call) -> Answer:
    """Delete one."""
    del _analyzers(call)[_named(call).name]
    return {}


@patch("access-analyzer", store.TAG_OPERATIONS, _MISSING, limit=_LIMIT)
def tag(call: Call) -> Answer:
    """Set, remove or list the tags of one."""
    arn = call.text("resourceArn")
    found = next((each for each in _analyzers(call).values() if each.arn == arn), None)
    if found is None:
        raise _gone(arn)
    return store.tag(call, found.tags, given="tags", keys="tagKeys")


def _check_organization(call: Call) -> None:
    own = call.signer.account_id
    organization = lookups.organization_of(own)
    if organization is None:
        raise _invalid("You must create an organization to create an organization analyzer.")
    if not lookups.administers(organization, own, SERVICE):
        raise AwsError(
            "AccessDeniedException",
            f"Account {own} is neither the management account of the organization nor a delegated "
            f"administrator of {SERVICE}",
        )


def _analyzers(call: Call) -> dict[str, Analyzer]:
    return store.kept(_Analyzers, call.signer.account_id, call.region)


def _named(call: Call) -> Analyzer:
    name = call.text("analyzerName")
    found = _analyzers(call).get(name)
    if found is None:
        raise _gone(name)
    return found


def _gone(what: str) -> AwsError:
    message = f"Analyzer {what} does not exist."
    return AwsError("ResourceNotFoundException", message)


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
