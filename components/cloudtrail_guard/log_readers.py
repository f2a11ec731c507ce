"""Roles that read logs, and cannot change them."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.readers import LogSource, QueryAccess, reader_policy
from cloudtrail_guard.policies.trust import trust_principals
from cloudtrail_guard.resources.role import role_with_policy


class LogReaderArgs(TypedDict):
    """A role that reads logs."""

    role_name: str
    """The role's name."""
    trusted_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """ARNs of the roles, users or accounts that may assume it. No wildcards."""
    external_id: NotRequired[pulumi.Input[str]]
    """What they must send along: for a third party, such as a hosted SIEM."""
    require_mfa: NotRequired[pulumi.Input[bool]]
    """Whether they must have signed in with MFA. Roles, those of IAM Identity Center among them,
    carry no MFA and are rejected then. Default: false."""
    may_query: NotRequired[bool]
    """Whether the role may use the query layer. Default: true, if there is one."""


class QueryAccessArgs(TypedDict):
    """The query layer: the outputs of `LogQueries`."""

    workgroup_name: pulumi.Input[str]
    """The workgroup's name."""
    database_name: pulumi.Input[str]
    """The database's name."""
    results_bucket_name: pulumi.Input[str]
    """The name of the bucket with the results."""
    results_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the results."""


class LogReadersArgs(TypedDict):
    """The arguments of `LogReaders`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name."""
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs."""
    trail_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """ARNs of the trails whose logs are read."""
    member_trail_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of trails of any account whose logs are read as well: what `LogBucket` admits as
    `member_trail_names`. Default: none."""
    readers: Sequence[LogReaderArgs]
    """The roles. At least one."""
    queries: NotRequired[QueryAccessArgs]
    """The query layer over the logs. Default: none."""


class LogReaders(pulumi.ComponentResource):
    """Read-only roles for investigators and a SIEM, in the log bucket's account.

    They list, get and decrypt logs, and query them where there is a query layer; the results of
    queries are all that they write. Whatever else is attached to such a role, it cannot change a
    log or the log bucket.
    """

    role_arns: pulumi.Output[dict[str, str]]
    """The roles' ARNs by their names, known once their policies are in place."""

    def __init__(
        self, name: str, args: LogReadersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the roles.

        Args:
            name: the component's name.
            args: see `LogReadersArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: there is no reader, two have one name, or a principal is a pattern.
        """
        super().__init__("cloudtrail-guard:index:LogReaders", name, {}, opts)
        args = checked_inputs(self, args)
        self._args = args
        self._check(name)
        made = [(reader, self._documents(reader)) for reader in args["readers"]]
        roles = {
            reader["role_name"]: role_with_policy(
                self,
                f"{name}-{reader['role_name']}",
                role_name=reader["role_name"],
                description="Reads CloudTrail logs",
                trust=trust,
                permissions=permissions,
            )
            for reader, (trust, permissions) in made
        }
        self.role_arns = pulumi.Output.all(**roles).apply(
            lambda arns: {role: str(arn) for role, arn in arns.items()}
        )
        self.register_outputs({"role_arns": self.role_arns})

    def _check(self, name: str) -> None:
        names = [reader["role_name"] for reader in self._args["readers"]]
        if not names:
            raise ArgumentError(f"LogReaders {name!r}: readers is empty: name one role or more")
        twice = sorted({role for role in names if names.count(role) > 1})
        if twice:
            raise ArgumentError(
                f"LogReaders {name!r}: readers has {', '.join(twice)} more than once: give each "
                "role a name of its own"
            )

    def _documents(self, reader: LogReaderArgs) -> tuple[pulumi.Input[str], pulumi.Input[str]]:
        """Trust policy and permissions, made before any role is registered."""
        trust = compute(
            self,
            _trust,
            principals=reader["trusted_arns"],
            external_id=reader.get("external_id"),
            require_mfa=reader.get("require_mfa", False),
        )
        may_query = reader.get("may_query", True)
        permissions = compute(
            self,
            _permissions,
            bucket=self._args["log_bucket_name"],
            key_arn=self._args["log_key_arn"],
            trails=self._args["trail_arns"],
            member_trails=self._args.get("member_trail_names", ()),
            queries=self._args.get("queries") if may_query else None,
        )
        return trust, permissions


def _trust(values: dict[str, Any]) -> str:
    return to_json(trust_principals(values.pop("principals"), **values))


def _permissions(values: dict[str, Any]) -> str:
    wanted: Mapping[str, str] | None = values.pop("queries")
    queries = None if wanted is None else _query_access(wanted)
    return to_json(reader_policy(LogSource(**values), queries))


def _query_access(wanted: Mapping[str, str]) -> QueryAccess:
    return QueryAccess(
        workgroup=wanted["workgroup_name"],
        database=wanted["database_name"],
        results_bucket=wanted["results_bucket_name"],
        results_key_arn=wanted["results_key_arn"],
    )
