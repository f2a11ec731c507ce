"""From everything that AWS answered to a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.evaluate.alerts import alert_checks
from posture.evaluate.coverage import coverage_checks, make_coverage
from posture.evaluate.drift import drift_checks, exemption_rows
from posture.evaluate.exempt import exempt_principals
from posture.evaluate.flow import make_flow
from posture.evaluate.gaps import storage_cost, unprotected
from posture.evaluate.guardrails import guardrail_checks
from posture.evaluate.guide import guide_lines
from posture.evaluate.lake import lake_checks
from posture.evaluate.matrix import make_matrix
from posture.evaluate.meant import read_meant
from posture.evaluate.organization import account_rows, read_guardrails
from posture.evaluate.replica import replica_checks
from posture.evaluate.services import service_checks
from posture.evaluate.storage import storage_checks
from posture.evaluate.trail import trail_checks
from posture.report import Report, Subject, worst

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posture.collect.answers import Facts


def evaluate(
    facts: Facts,
    trail_arn: str,
    outputs: Mapping[str, Any] | None = None,
    pack_settings: Mapping[str, Any] | None = None,
) -> Report:
    """Compare what AWS answered with what was meant.

    Args:
        facts: the answers.
        trail_arn: the trail.
        outputs: outputs of the stacks by name, `pulumi stack output --json`.
        pack_settings: the policy pack's configuration.
    """
    meant = read_meant(facts, trail_arn, outputs or {})
    guardrails = read_guardrails(facts, meant)
    coverage = make_coverage(facts)
    exempt, of_exempt = exempt_principals(facts, meant, guardrails)
    exemptions, of_exemptions = exemption_rows(pack_settings or {}, facts.started.date())
    of_alerts = list(alert_checks(facts, meant))
    alerts = [row for _, row in of_alerts if row]
    checks = [
        *trail_checks(facts),
        *storage_checks(facts, meant),
        *replica_checks(facts, meant),
        *guardrail_checks(facts, meant, guardrails),
        *of_exempt,
        *(check for check, _ in of_alerts),
        *lake_checks(facts, meant),
        *service_checks(facts),
        *coverage_checks(facts, coverage),
        *drift_checks(facts, meant),
        *of_exemptions,
    ]
    accounts = account_rows(guardrails)
    return Report(
        made=facts.started,
        subject=Subject(
            trail_arn=trail_arn,
            account=meant.account,
            region=meant.region,
            organization=meant.organization_id,
            bucket=meant.bucket,
            key=meant.key_arn,
            compared_with_outputs=bool(outputs),
        ),
        state=worst([check.state for check in checks]),
        checks=checks,
        guide=guide_lines(checks),
        flow=make_flow(checks, alerts, meant),
        matrix=make_matrix(facts, meant, guardrails),
        coverage=coverage,
        accounts=accounts,
        exempt=exempt,
        alerts=alerts,
        exemptions=exemptions,
        cost=storage_cost(facts),
        unprotected=unprotected(facts, meant, checks, accounts),
    )
