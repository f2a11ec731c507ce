"""The workload stack: a trail for the data events of one member account."""

from cloudtrail_guard import Trail
from cloudtrail_guard.arns import trail_arn

from stacks.context import resolve
from stacks.destination import own_destination, own_documents, shared_destination
from stacks.outputs import Outputs, read_management, read_security
from stacks.preflight.run import preflight_workload
from stacks.settings.roles import WorkloadSettings


def deploy(settings: WorkloadSettings) -> Outputs:
    """Deploy the trail, into the organization's bucket or one of its own."""
    wanted = settings.workload
    security = None if wanted.own_bucket else read_security(settings)
    context = resolve(settings)
    arn = trail_arn(context.partition, context.region, context.account, wanted.trail_name)
    documents = own_documents(context, arn) if security is None else []
    preflight_workload(context, arn, security, read_management(settings), documents)
    destination = (
        own_destination(context, arn) if security is None else shared_destination(security)
    )
    trail = Trail(
        "data-events",
        {
            "trail_name": wanted.trail_name,
            "log_bucket_name": destination.bucket,
            "log_key_arn": destination.key_arn,
            "management_events": False,
            "data_events": {
                **wanted.data_events.args(),
                "log_bucket_names": destination.access_logs,
            },
        },
        opts=context.resource_options,
    )
    return {
        "trailArn": trail.trail_arn,
        "trailName": trail.trail_name,
        "bucketName": destination.bucket,
        "keyArn": destination.key_arn,
    }
