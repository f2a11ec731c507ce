from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from cloudtrail_guard_policies.engine.evaluation import Evaluator
from cloudtrail_guard_policies.engine.levels import EnforcementLevel
from cloudtrail_guard_policies.engine.settings import Exemption, RuleSettings

from tests.policypack.support import SAMPLE, TRAIL, a_resource

LAST_DAY = dt.date(2030, 6, 30)


@pytest.mark.parametrize(
    ("today", "level", "corrected"),
    [
        (dt.date(2030, 6, 29), EnforcementLevel.ADVISORY, False),
        (LAST_DAY, EnforcementLevel.ADVISORY, False),
        (dt.date(2030, 7, 1), EnforcementLevel.MANDATORY, True),
    ],
)
def test_an_exemption_holds_through_its_last_day(
    today: dt.date, level: EnforcementLevel, corrected: bool
) -> None:
    exemption = Exemption(resource="audit", reason="CHG-1", expires=LAST_DAY)
    settings = RuleSettings(level=EnforcementLevel.REMEDIATE, exemptions=(exemption,))
    rule = replace(SAMPLE, corrections={TRAIL: {"enableLogging": True}})
    evaluator = Evaluator([rule], {rule.id: settings}, today)

    [diagnostic] = evaluator.evaluate_resource(a_resource())

    assert diagnostic.level is level
    assert bool(evaluator.correction(rule, a_resource())) is corrected
