"""Named queries, and where a query may run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.patches.athena.workgroups import PRIMARY, backend, existing, invalid
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.athena.models import NamedQuery

    from sandbox.aws.call import Answer, Call


@patch(
    "athena",
    ("CreateNamedQuery", "UpdateNamedQuery"),
    "moto takes a workgroup that does not exist, and cannot update",
    limit="SQL is not parsed",
)
def put(call: Call) -> Answer | None:
    """Check a named query; moto creates it."""
    if call.action == "CreateNamedQuery":
        existing(call, call.text("WorkGroup") or PRIMARY)
        return None
    query = _named(call)
    query.name, query.query_string = call.text("Name"), call.text("QueryString")
    query.description = call.params.get("Description", query.description)
    return {}


@patch("athena", "GetNamedQuery", "moto breaks over a query that does not exist")
def get(call: Call) -> None:
    """Refuse a query that does not exist."""
    _named(call)


@patch("athena", "DeleteNamedQuery", "moto lacks this operation")
def delete(call: Call) -> Answer:
    """Delete a named query."""
    del backend(call).named_queries[_named(call).id]
    return {}


@patch(
    "athena",
    "StartQueryExecution",
    "moto runs queries in disabled workgroups, and without a place for the results",
    limit="nothing is queried: the result is empty",
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
