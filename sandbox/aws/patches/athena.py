"""Athena: workgroups and named queries. moto keeps them, checks nothing and changes little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.athena.models import athena_backends

from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.athena.models import AthenaBackend, NamedQuery, WorkGroup

    from sandbox.aws.call import Answer, Call

PRIMARY = "primary"
"""The workgroup that every account has, and cannot delete."""

_AUTO, _EFFECTIVE = "AUTO", "Athena engine version 3"
_ENGINES = (_AUTO, _EFFECTIVE)


def backend(call: Call) -> AthenaBackend:
    """Moto's Athena of the caller's account, in the call's region."""
    return athena_backends[call.signer.account_id][call.region]


def existing(call: Call, name: str) -> WorkGroup:
    """A workgroup by its name.

    Raises:
        AwsError: there is none.
    """
    group = backend(call).work_groups.get(name)
    if group is None:
        raise invalid(f"WorkGroup {name} is not found.")
    return group


def invalid(message: str) -> AwsError:
    """Athena's error for nearly everything."""
    return AwsError("InvalidRequestException", message)


@patch(
    "athena",
    "CreateWorkGroup",
    "moto takes any name and setting, and leaves the effective engine version out",
)
def create(call: Call) -> Answer:
    """Create a workgroup with settings that are sound."""
    name = call.text("Name")
    if name in backend(call).work_groups:
        raise invalid(f"WorkGroup {name} is already created")
    if call.params.get("Tags") == []:
        raise invalid("Tags provided upon WorkGroup creation must not be empty")
    configuration = _complete(call.params.get("Configuration") or {})
    _check(configuration)
    tags: list[dict[str, str]] = call.params.get("Tags") or []
    backend(call).create_work_group(name, configuration, call.text("Description"), tags)
    return {}


@patch(
    "athena",
    "GetWorkGroup",
    "moto answers nothing for a workgroup that does not exist",
)
def get(call: Call) -> None:
    """Refuse a workgroup that does not exist."""
    existing(call, call.text("WorkGroup"))


@patch("athena", "UpdateWorkGroup", "moto lacks this operation")
def update(call: Call) -> Answer:
    """Change what is given; a workgroup that fails the checks stays as it was."""
    group = existing(call, call.text("WorkGroup"))
    state = call.text("State") or group.state
    configuration = _updated(group.configuration, call.params.get("ConfigurationUpdates") or {})
    _check(configuration)
    group.configuration, group.state = configuration, state
    group.description = call.params.get("Description", group.description)
    return {}


@patch(
    "athena",
    "DeleteWorkGroup",
    "moto deletes unknown, full and even the primary workgroup, and leaves their queries",
)
def delete(call: Call) -> Answer:
    """Delete an empty workgroup, or with RecursiveDeleteOption a full one."""
    group = existing(call, call.text("WorkGroup"))
    if group.name == PRIMARY:
        raise invalid("The primary workgroup cannot be deleted")
    here = backend(call)
    contents: tuple[dict[str, Any], ...] = (
        here.named_queries,
        here.executions,
        here.prepared_statements,
    )
    found = [
        (items, key) for items in contents for key, item in items.items() if item.workgroup is group
    ]
    if found and not call.flag("RecursiveDeleteOption"):
        raise invalid(f"WorkGroup {group.name} is not empty")
    for items, key in found:
        del items[key]
    del here.work_groups[group.name]
    here.tagger.delete_all_tags_for_resource(group.arn)
    return {}


@patch(
    "athena",
    ("ListTagsForResource", "TagResource", "UntagResource"),
    "moto answers an error for what has no tags, and tags what does not exist",
    limit="only workgroups are checked to exist",
)
def tags(call: Call) -> Answer | None:
    """List no tags where there are none."""
    arn = call.text("ResourceARN")
    _, found, name = arn.partition(":workgroup/")
    if found:
        existing(call, name)
    if call.action == "ListTagsForResource" and not backend(call).tagger.has_tags(arn):
        return {"Tags": []}
    return None


def _complete(configuration: dict[str, Any]) -> dict[str, Any]:
    """A configuration with the engine version that is in effect; moto adds the other defaults."""
    engine = configuration.get("EngineVersion") or {}
    selected = engine.get("SelectedEngineVersion", _AUTO)
    version = {"SelectedEngineVersion": selected, "EffectiveEngineVersion": _EFFECTIVE}
    return {**configuration, "EngineVersion": version}


def _updated(configuration: dict[str, Any], updates: dict[str, Any]) -> dict[str, Any]:
    """A configuration after a ConfigurationUpdates."""
    changed = _merged(configuration, updates)
    results = _merged(
        changed.get("ResultConfiguration") or {}, changed.pop("ResultConfigurationUpdates", {})
    )
    return _complete({**changed, "ResultConfiguration": results})


def _merged(settings: dict[str, Any], updates: dict[str, Any]) -> dict[str, Any]:
    """Settings after an update, in which `RemoveX` takes the setting `X` away."""
    removed = {
        name.removeprefix("Remove")
        for name in updates
        if name.startswith("Remove") and updates[name]
    }
    changed = {name: value for name, value in updates.items() if not name.startswith("Remove")}
    return {name: value for name, value in settings.items() if name not in removed} | changed


def _check(configuration: dict[str, Any]) -> None:
    engine = configuration["EngineVersion"]["SelectedEngineVersion"]
    if engine not in _ENGINES:
        raise invalid(f"SelectedEngineVersion {engine!r} must be one of {_ENGINES}")
    results = configuration.get("ResultConfiguration") or {}
    location = results.get("OutputLocation")
    if location is not None and not location.startswith("s3://"):
        raise invalid(f"outputLocation is not a valid S3 path: {location}")
    encryption = results.get("EncryptionConfiguration") or {}
    option = encryption.get("EncryptionOption")
    if option in ("SSE_KMS", "CSE_KMS") and not encryption.get("KmsKey"):
        raise invalid(f"KmsKey must be given for the encryption option {option}")


@patch(
    "athena",
    ("CreateNamedQuery", "UpdateNamedQuery"),
    "moto takes a workgroup that does not exist, and cannot update",
    limit="SQL is not parsed",
)
def put_query(call: Call) -> Answer | None:
    """Check a named query; moto creates it."""
    if call.action == "CreateNamedQuery":
        existing(call, call.text("WorkGroup") or PRIMARY)
        return None
    query = _named(call)
    query.name, query.query_string = call.text("Name"), call.text("QueryString")
    query.description = call.params.get("Description", query.description)
    return {}


@patch("athena", "GetNamedQuery", "moto breaks over a query that does not exist")
def get_query(call: Call) -> None:
    """Refuse a query that does not exist."""
    _named(call)


@patch("athena", "DeleteNamedQuery", "moto lacks this operation")
def delete_query(call: Call) -> Answer:
    """Delete a named query."""
    del backend(call).named_queries[_named(call).id]
    return {}


@patch(
    "athena",
    "StartQueryExecution",
    "moto runs queries in disabled workgroups, and without a place for the results",
    limit="what is not a SELECT is not run",
)
def check_execution(call: Call) -> None:
    """Check that a query could run."""
    group = existing(call, call.text("WorkGroup") or PRIMARY)
    if group.state != "ENABLED":
        raise invalid(f"WorkGroup {group.name} is disabled")
    configuration = group.configuration
    location = (configuration.get("ResultConfiguration") or {}).get("OutputLocation")
    if not configuration["EnforceWorkGroupConfiguration"]:
        location = (call.params.get("ResultConfiguration") or {}).get("OutputLocation", location)
    if not location:
        raise invalid(
            "No output location provided. An output location is required either through the "
            "Workgroup result configuration setting or as an API input."
        )


def _named(call: Call) -> NamedQuery:
    name = call.text("NamedQueryId")
    query = backend(call).named_queries.get(name)
    if query is None:
        raise invalid(f"NamedQuery {name} was not found.")
    return query
