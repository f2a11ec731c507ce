"""The management stack: the organization trail and its guardrails, in the management account."""

import pulumi
from cloudtrail_guard import Guardrails, Trail

from stacks.checks import check_management
from stacks.outputs import Outputs, read_security
from stacks.report import report
from stacks.settings import Settings
from stacks.surroundings import discover, organizational_units


def deploy(settings: Settings) -> Outputs:
    """Deploy the stack over the security stack."""
    security = read_security(settings)
    around = discover(settings)
    root = around.organization.root
    report(
        check_management(
            settings,
            around,
            trail=security.trail_arn,
            security_account=security.account_id,
            units=organizational_units(root) if root and settings.guardrails.targets else (),
        )
    )
    opts = pulumi.ResourceOptions(protect=settings.protect)
    trail = Trail(
        "organization",
        {
            "trail_name": security.trail_name,
            "bucket_name": security.bucket_name,
            "kms_key_arn": security.key_arn,
            "organization": True,
            "data_events": {
                "s3": settings.data_events.s3,
                "lambda_functions": settings.data_events.lambda_functions,
                "log_bucket_names": [security.access_log_bucket_name]
                if security.access_log_bucket_name
                else [],
            },
            "insight_types": settings.insights,
        },
        opts=opts,
    )
    guardrails = Guardrails(
        "protect-cloudtrail",
        {
            "bucket_name": security.bucket_name,
            "key_arn": security.key_arn,
            "trail_arns": settings.guardrails.trails,
            "break_glass_role_arns": [
                *security.break_glass_role_arns,
                *settings.guardrails.exempt_role_arns,
            ],
            "deployer_role_arns": security.deployer_role_arns,
            "target_ids": settings.guardrails.targets or ([root] if root else []),
            "policy_size": settings.guardrails.policy_size,
            # One place in the quota belongs to FullAWSAccess, which every target has.
            "policies_per_target": settings.guardrails.policies_per_target - 1,
        },
        opts=opts,
    )
    return {
        "trailArn": trail.trail_arn,
        "trailName": trail.trail_name,
        "homeRegion": trail.home_region,
        "guardrailPolicyIds": guardrails.policy_ids,
        "organizationId": around.organization.id,
    }
