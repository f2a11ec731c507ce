"""Acts on the guardrails, on the organization, and on AWS's security services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.operations import Target

from tests.drift.act import Act, found

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.drift.act import Stage

_CLOUDTRAIL = "cloudtrail.amazonaws.com"


def _guardrail(aws: Any) -> str:
    listed = aws.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    return next(each["Id"] for each in listed if each["Name"] == "protect-cloudtrail-1")


def _guardrails(aws: Any, _stage: Stage) -> Any:
    """By name: one that is made again has another id."""
    return {
        policy["Name"]: (
            json.loads(aws.describe_policy(PolicyId=policy["Id"])["Policy"]["Content"]),
            [
                each["TargetId"]
                for each in aws.list_targets_for_policy(PolicyId=policy["Id"])["Targets"]
            ],
        )
        for policy in aws.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
        if not policy["AwsManaged"]
    }


def _exempt_oneself(aws: Any, _stage: Stage) -> None:
    content = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Nothing",
                "Effect": "Deny",
                "Action": "cloudtrail:StopLogging",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalArn": "none"}},
            }
        ],
    }
    aws.update_policy(PolicyId=_guardrail(aws), Content=json.dumps(content))


def _detach(aws: Any, stage: Stage) -> None:
    aws.detach_policy(PolicyId=_guardrail(aws), TargetId=stage.root)


def _delete(aws: Any, stage: Stage) -> None:
    policy = _guardrail(aws)
    aws.detach_policy(PolicyId=policy, TargetId=stage.root)
    aws.delete_policy(PolicyId=policy)


def _act(
    name: str,
    on: Target,
    calls: str,
    do: Callable[[Any, Stage], Any],
    look: Callable[[Any, Stage], Any],
    **more: Any,
) -> Act:
    return Act(
        name=name,
        on=on,
        calls=" ".join(f"organizations:{each}" for each in calls.split()),
        service="organizations",
        do=do,
        look=look,
        **more,
    )


def _access(aws: Any, _stage: Stage) -> Any:
    listed = aws.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    return sorted(each["ServicePrincipal"] for each in listed)


def _parent(aws: Any, stage: Stage) -> Any:
    return aws.list_parents(ChildId=stage.workload)["Parents"]


def _move(aws: Any, stage: Stage) -> None:
    (parent,) = _parent(aws, stage)
    aws.move_account(
        AccountId=stage.workload, SourceParentId=parent["Id"], DestinationParentId=stage.root
    )


def _move_back(aws: Any, stage: Stage, before: Any) -> None:
    aws.move_account(
        AccountId=stage.workload, SourceParentId=stage.root, DestinationParentId=before[0]["Id"]
    )


ORGANIZATION = (
    _act(
        "detach a guardrail",
        Target.GUARDRAIL_POLICY,
        "DetachPolicy",
        _detach,
        _guardrails,
        shows="PolicyAttachment protect-cloudtrail-1-{root}",
        posture="guardrails.scps.protect-cloudtrail-1 guardrails.deny.trail",
    ),
    _act(
        "let a guardrail deny nothing",
        Target.GUARDRAIL_POLICY,
        "UpdatePolicy",
        _exempt_oneself,
        _guardrails,
        shows="Policy protect-cloudtrail-1",
        posture="guardrails.deny.trail",
    ),
    _act(
        "delete a guardrail",
        Target.GUARDRAIL_POLICY,
        "DetachPolicy DeletePolicy",
        _delete,
        _guardrails,
        shows="Policy protect-cloudtrail-1",
        posture="guardrails.deny.trail",
        alone=True,
    ),
    _act(
        "end CloudTrail's trusted access",
        Target.ORGANIZATION,
        "DisableAWSServiceAccess",
        lambda aws, _: aws.disable_aws_service_access(ServicePrincipal=_CLOUDTRAIL),
        _access,
        shows="AwsServiceAccess cloudtrail-access",
        posture="organization.trusted-access",
        alone=True,
    ),
    _act(
        "move an account to another place in the organization",
        Target.ORGANIZATION,
        "MoveAccount",
        _move,
        _parent,
        undo=_move_back,
        why="accounts and where they are belong to no stack",
    ),
)


def _service(  # noqa: PLR0913, PLR0917 - what acts on services differ in
    name: str,
    calls: str,
    do: Callable[[Any, Stage], Any],
    look: Callable[[Any, Stage], Any],
    shows: str,
    client: str = "",
    **more: Any,
) -> Act:
    service = calls.split(":", maxsplit=1)[0]
    return Act(
        name=name,
        on=Target.SECURITY_SERVICES,
        calls=calls,
        service=client or service,
        do=do,
        look=look,
        shows=shows,
        **more,
    )


def _config_rules(aws: Any, _stage: Stage) -> Any:
    listed = aws.describe_organization_config_rules()["OrganizationConfigRules"]
    return sorted(each["OrganizationConfigRuleName"] for each in listed)


def _delete_config_rule(aws: Any, stage: Stage) -> None:
    aws.delete_organization_config_rule(OrganizationConfigRuleName=_config_rules(aws, stage)[0])


def _detector(aws: Any) -> str:
    (detector,) = aws.list_detectors()["DetectorIds"]
    return detector


def _guard_duty(aws: Any, _stage: Stage) -> Any:
    listed = aws.list_detectors()["DetectorIds"]
    return [
        {key: each[key] for key in ("Status", "FindingPublishingFrequency", "Features")}
        for each in (aws.get_detector(DetectorId=detector) for detector in listed)
    ]


def _hub(aws: Any, _stage: Stage) -> Any:
    hub = found(aws.describe_hub)
    return hub and sorted(
        each["StandardsArn"] for each in aws.get_enabled_standards()["StandardsSubscriptions"]
    )


def _disable_standards(aws: Any, _stage: Stage) -> None:
    enabled = aws.get_enabled_standards()["StandardsSubscriptions"]
    aws.batch_disable_standards(
        StandardsSubscriptionArns=[each["StandardsSubscriptionArn"] for each in enabled]
    )


def _analyzers(aws: Any, _stage: Stage) -> Any:
    return [(each["name"], each["type"]) for each in aws.list_analyzers()["analyzers"]]


SERVICES = (
    _service(
        "delete a Config rule about trails",
        "config:DeleteOrganizationConfigRule",
        _delete_config_rule,
        _config_rules,
        "OrganizationManagedRule",
    ),
    _service(
        "suspend GuardDuty",
        "guardduty:UpdateDetector",
        lambda aws, _: aws.update_detector(DetectorId=_detector(aws), Enable=False),
        _guard_duty,
        "Detector cloudtrail-guard-detector",
        posture="services.guardduty",
    ),
    _service(
        "end GuardDuty's S3 protection",
        "guardduty:UpdateDetector",
        lambda aws, _: aws.update_detector(
            DetectorId=_detector(aws),
            Features=[{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}],
        ),
        _guard_duty,
        "DetectorFeature cloudtrail-guard-s3-protection",
    ),
    _service(
        "delete GuardDuty's detector",
        "guardduty:DeleteDetector",
        lambda aws, _: aws.delete_detector(DetectorId=_detector(aws)),
        _guard_duty,
        "Detector cloudtrail-guard-detector",
        note="the findings in it are lost",
        alone=True,
        posture="services.guardduty",
    ),
    _service(
        "end Security Hub's standards",
        "securityhub:BatchDisableStandards",
        _disable_standards,
        _hub,
        "StandardsSubscription",
        posture="services.securityhub",
    ),
    _service(
        "disable Security Hub",
        "securityhub:DisableSecurityHub",
        lambda aws, _: aws.disable_security_hub(),
        _hub,
        "Account cloudtrail-guard-security-hub",
        note="the findings in it are lost after 90 days",
        alone=True,
        posture="services.securityhub",
    ),
    _service(
        "delete the access analyzer",
        "access-analyzer:DeleteAnalyzer",
        lambda aws, _: aws.delete_analyzer(analyzerName="cloudtrail-guard"),
        _analyzers,
        "Analyzer cloudtrail-guard-analyzer",
        "accessanalyzer",
    ),
)
