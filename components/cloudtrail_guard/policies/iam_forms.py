"""The policies that make the guardrails in IAM: what each is for, and how many there are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cloudtrail_guard import quotas
from cloudtrail_guard.errors import QuotaError
from cloudtrail_guard.policies.document import Statement, to_json
from cloudtrail_guard.policies.guardrails import mfa_statement
from cloudtrail_guard.policies.iam_guardrails import (
    IamPolicies,
    boundary_statements,
    iam_access_statements,
    iam_record_statements,
)
from cloudtrail_guard.policies.packing import pack_statements, select_statements
from cloudtrail_guard.policies.protected import ProtectedResources

ALLOW_THE_REST: Statement = {
    "Sid": "AllowEverythingElse",
    "Effect": "Allow",
    "Action": "*",
    "Resource": "*",
}
"""A permissions boundary without an Allow would allow nothing; it grants nothing by itself."""


@dataclass(frozen=True, kw_only=True)
class IamForm:
    """What a policy is for; where it would be too long, several.

    Attributes:
        suffix: how the names end.
        description: the policies' description.
        statements: the statements, of plain inputs.
        most: how many policies there may be.
    """

    suffix: str
    description: str
    statements: Callable[[IamPolicies, ProtectedResources], list[Statement]]
    most: int = 1

    def pack(self, policies: IamPolicies, values: dict[str, Any]) -> list[tuple[str, ...]]:
        """Which statements go together.

        Raises:
            QuotaError: they do not fit.
        """
        protected = ProtectedResources(**values)
        statements = self.statements(policies, protected)
        if self.most == 1:
            sids = tuple(str(each["Sid"]) for each in statements)
            self.write(policies, sids, values)
            return [sids]
        size = quotas.MANAGED_POLICY.limit
        try:
            return pack_statements(statements, size=size, most=self.most, what="the IAM policies")
        except QuotaError as error:
            raise QuotaError(f"{error}{_leave_out(protected)}") from error

    def write(self, policies: IamPolicies, sids: Sequence[str], values: dict[str, Any]) -> str:
        """The policy of these statements."""
        protected = ProtectedResources(**values)
        text = to_json(select_statements(self.statements(policies, protected), sids))
        return quotas.MANAGED_POLICY.checked(text, _leave_out(protected))


def _leave_out(protected: ProtectedResources) -> str:
    parts = {
        "monitoring_arns": protected.monitoring,
        "own_role_arns": protected.own_roles,
        "other_key_arns": protected.other_keys,
    }
    listed = ", ".join(name for name, arns in parts.items() if arns)
    return f"; leave out an optional part: {listed}" if listed else ""


# Ten managed policies may be attached to an identity: nine of these, and one of its own.
RECORD = IamForm(
    suffix="",
    description="Denies tampering with CloudTrail",
    statements=lambda _, protected: iam_record_statements(protected),
    most=4,
)
ACCESS = IamForm(
    suffix="-access",
    description="Denies what leads to tampering with CloudTrail",
    statements=lambda policies, protected: iam_access_statements(protected, policies),
    most=5,
)
MFA = IamForm(
    suffix="-mfa",
    description="Asks for MFA to manage CloudTrail",
    statements=lambda _, protected: [mfa_statement(protected)],
)
BOUNDARY = IamForm(
    suffix="-boundary",
    description="Permissions boundary: anything but tampering with CloudTrail",
    statements=lambda policies, protected: [
        ALLOW_THE_REST,
        *boundary_statements(protected, policies),
    ],
)
FORMS = (RECORD, ACCESS, MFA, BOUNDARY)


def numbered(
    form: IamForm, packing: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """How the names of a form's policies end, and what each has."""
    for number, sids in enumerate(packing, start=1):
        yield end_of(form.suffix, number), sids


def end_of(suffix: str, number: int) -> str:
    """How the name of a form's policy ends."""
    return suffix if number == 1 else f"{suffix}-{number}"
