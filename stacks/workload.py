"""The workload stack: a trail for the data events of one member account."""

import pulumi
from cloudtrail_guard import Trail
from cloudtrail_guard.arns import trail_arn

from stacks.checks import check_workload
from stacks.destination import own_destination, shared_destination
from stacks.outputs import Outputs, read_security
from stacks.report import report
from stacks.settings import Settings
from stacks.surroundings import discover


def deploy(settings: Settings) -> Outputs:
    """Deploy the trail, into the organization's bucket or one of its own."""
    security = None if settings.workload.own_bucket else read_security(settings)
    around = discover(settings)
    arn = trail_arn(around.partition, around.region, around.account, settings.workload.trail_name)
    report(check_workload(settings, around, trail=arn, security=security))
    destination = (
        own_destination(settings, around, arn, around.organization.id)
        if security is None
        else shared_destination(security)
    )
    trail = Trail(
        "data-events",
        {
            "trail_name": settings.workload.trail_name,
            "log_bucket_name": destination.bucket,
            "log_key_arn": destination.key_arn,
            "management_events": False,
            "data_events": {
                **settings.workload.data_events.args(),
                "log_bucket_names": destination.access_logs,
            },
        },
        opts=pulumi.ResourceOptions(protect=settings.protect),
    )
    return {
        "trailArn": trail.trail_arn,
        "trailName": trail.trail_name,
        "bucketName": destination.bucket,
        "keyArn": destination.key_arn,
    }
