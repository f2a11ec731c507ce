"""What rows refuse, by AWS service: each module has `SOUND` and `CASES`.

`test_refusals.py` tries them all, beside its own.
"""

from sandbox.tests.plugin.refusals import (
    athena,
    cloudformation,
    cloudtrail,
    cloudwatch,
    config,
    events,
    glue,
    lambda_,
    s3_targets,
    security_services,
    sns,
    sqs,
)
from sandbox.tests.plugin.refusals.case import Case, Sound

__all__ = ["CASES", "SOUND", "Case", "Sound"]

SOUND: Sound = {
    **athena.SOUND,
    **cloudformation.SOUND,
    **cloudtrail.SOUND,
    **cloudwatch.SOUND,
    **config.SOUND,
    **events.SOUND,
    **glue.SOUND,
    **s3_targets.SOUND,
    **security_services.SOUND,
    **sns.SOUND,
    **sqs.SOUND,
    **lambda_.SOUND,
}
CASES: tuple[Case, ...] = (
    *athena.CASES,
    *cloudformation.CASES,
    *cloudtrail.CASES,
    *cloudwatch.CASES,
    *config.CASES,
    *events.CASES,
    *glue.CASES,
    *s3_targets.CASES,
    *security_services.CASES,
    *sns.CASES,
    *sqs.CASES,
    *lambda_.CASES,
)
