"""The life of an object of every resource type.

A row of the provider's table without a scenario here fails `test_every_row_has_a_scenario`.
"""

from sandbox.tests.plugin.scenarios import (
    access_analyzer,
    athena,
    cloudformation,
    cloudtrail,
    cloudwatch,
    config,
    events,
    glue,
    guardduty,
    iam,
    kms,
    lambda_,
    organizations,
    s3,
    s3_targets,
    securityhub,
    sns,
    sqs,
)
from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario

__all__ = ["SCENARIOS", "Inputs", "Scenario"]

SCENARIOS = (
    *s3.SCENARIOS,
    *s3_targets.SCENARIOS,
    *kms.SCENARIOS,
    *cloudtrail.SCENARIOS,
    *organizations.SCENARIOS,
    *iam.SCENARIOS,
    *athena.SCENARIOS,
    *cloudformation.SCENARIOS,
    *glue.SCENARIOS,
    *cloudwatch.SCENARIOS,
    *config.SCENARIOS,
    *events.SCENARIOS,
    *sns.SCENARIOS,
    *sqs.SCENARIOS,
    *lambda_.SCENARIOS,
    *access_analyzer.SCENARIOS,
    *guardduty.SCENARIOS,
    *securityhub.SCENARIOS,
)
