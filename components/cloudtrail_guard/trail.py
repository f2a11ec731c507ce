"""The trail itself."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.inputs.choices import InsightTypeInput, ReadWriteTypeInput
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.resources.caller import caller_partition
from cloudtrail_guard.resources.options import child_options
from cloudtrail_guard.trails.event_selectors import (
    DataEvents,
    EventSelector,
    WatchedObjects,
    advanced_event_selectors,
    as_api_value,
    check_insights,
)


class DataEventsArgs(TypedDict):
    """Which data events a trail records. They cost extra, and none is recorded by default."""

    s3: NotRequired[pulumi.Input[bool]]
    """Object-level events of every bucket but the log buckets. Default: false."""
    s3_bucket_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Only of these buckets. Default: of all."""
    lambda_functions: NotRequired[pulumi.Input[bool]]
    """Invocations of every Lambda function. Default: false."""
    resource_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """All events of further resource types, such as `AWS::DynamoDB::Table`. Default: none."""
    read_write: NotRequired[pulumi.Input[ReadWriteTypeInput]]
    """`All` (default), `ReadOnly` or `WriteOnly` data events."""
    log_bucket_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Further buckets whose events are never recorded, beside the trail's own: buckets that
    other logs are written to. Recording them would make every log file the cause of another."""


class TrailArgs(TypedDict):
    """The arguments of `Trail`."""

    trail_name: pulumi.Input[str]
    """The trail's name, 3 to 128 characters. Policies elsewhere name the trail by it."""
    log_bucket_name: pulumi.Input[str]
    """The bucket that logs go to; its policy must admit this trail already."""
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs; its policy must admit this trail already."""
    organization: NotRequired[pulumi.Input[bool]]
    """Whether this is an organization's trail, which records every account. Default: false."""
    management_events: NotRequired[pulumi.Input[bool]]
    """Whether all management events are recorded, reads and writes. Default: true. An additional
    trail for data events alone sets it to false."""
    data_events: NotRequired[pulumi.Input[DataEventsArgs]]
    """Which data events are recorded. Default: none."""
    network_activity_sources: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Services whose activity through VPC endpoints is recorded, by event source, such as
    `s3.amazonaws.com`. It costs extra. Default: none."""
    insight_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[InsightTypeInput]]]]
    """Unusual activity to report: `ApiCallRateInsight`, `ApiErrorRateInsight`. Default: none."""
    watch_log_files: NotRequired[pulumi.Input[bool]]
    """Whether deleting, unlocking, changing and planting log files in the trail's own bucket is
    recorded, as data events without PutObject, with which CloudTrail writes. It costs extra by such
    an event. Default: false."""
    replica_bucket_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Buckets with copies of the log files, in which the same is recorded but for what is put:
    S3 itself writes there. Default: none."""
    log_group_arn: NotRequired[pulumi.Input[str]]
    """ARN of a log group, ending in `:*`, that events are sent to as well."""
    delivery_role_arn: NotRequired[pulumi.Input[str]]
    """ARN of the role that CloudTrail writes to the log group with."""


class Trail(pulumi.ComponentResource):
    """A trail as auditors want it, of an organization or of one account.

    Always multi-region, with global service events, log file validation and SSE-KMS: there is no
    argument that turns any of these off. The bucket's and the key's policy must be in place
    before, because CloudTrail checks both; where they are made in the same stack, pass them in
    `depends_on`.
    """

    trail_arn: pulumi.Output[str]
    """The trail's ARN."""
    trail_name: pulumi.Output[str]
    """The trail's name."""
    home_region: pulumi.Output[str]
    """The region that the trail was made in, where it is managed from."""
    event_selectors: pulumi.Output[str]
    """The trail's advanced event selectors as JSON, as the API's PutEventSelectors takes them."""
    settings: pulumi.Output[str]
    """The trail's other settings as JSON, as the API's UpdateTrail takes them."""

    def __init__(
        self, name: str, args: TrailArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the trail.

        Args:
            name: the component's name.
            args: see `TrailArgs`.
            opts: resource options; the trail inherits them.

        Raises:
            ArgumentError: the events asked for are none that CloudTrail records.
        """
        super().__init__("cloudtrail-guard:index:Trail", name, {}, opts)
        args = checked_inputs(self, args)
        recorded = {
            "partition": caller_partition(self),
            "bucket": args["log_bucket_name"],
            "management": args.get("management_events", True),
            "data": args.get("data_events", {}),
            "network_sources": args.get("network_activity_sources", ()),
            "watch": args.get("watch_log_files", False),
            "replicas": args.get("replica_bucket_names", ()),
        }
        trail = aws.cloudtrail.Trail(
            f"{name}-trail",
            name=args["trail_name"],
            s3_bucket_name=args["log_bucket_name"],
            kms_key_id=args["log_key_arn"],
            is_multi_region_trail=True,
            is_organization_trail=args.get("organization", False),
            include_global_service_events=True,
            enable_log_file_validation=True,
            enable_logging=True,
            advanced_event_selectors=cast(
                "list[aws.cloudtrail.TrailAdvancedEventSelectorArgsDict]",
                compute(self, _selectors, **recorded),
            ),
            insight_selectors=compute(
                self,
                _insights,
                types=args.get("insight_types", ()),
                management=args.get("management_events", True),
            ),
            cloud_watch_logs_group_arn=args.get("log_group_arn"),
            cloud_watch_logs_role_arn=args.get("delivery_role_arn"),
            opts=child_options(self),
        )
        self.trail_arn = trail.arn
        self.trail_name = trail.name
        self.home_region = trail.home_region
        self.event_selectors = pulumi.Output.from_input(
            compute(self, lambda values: json.dumps(as_api_value(_selectors(values))), **recorded)
        )
        self.settings = pulumi.Output.from_input(
            compute(
                self,
                # An empty text clears what was set besides; what is not given would stay.
                lambda values: json.dumps({k: "" if v is None else v for k, v in values.items()}),
                S3BucketName=args["log_bucket_name"],
                KmsKeyId=args["log_key_arn"],
                IsMultiRegionTrail=True,
                IncludeGlobalServiceEvents=True,
                EnableLogFileValidation=True,
                IsOrganizationTrail=args.get("organization", False),
                CloudWatchLogsLogGroupArn=args.get("log_group_arn"),
                CloudWatchLogsRoleArn=args.get("delivery_role_arn"),
                S3KeyPrefix=None,
                SnsTopicName=None,
            )
        )
        self.register_outputs(
            {
                "trail_arn": self.trail_arn,
                "trail_name": self.trail_name,
                "home_region": self.home_region,
                "event_selectors": self.event_selectors,
                "settings": self.settings,
            }
        )


def data_events(data: Mapping[str, Any], bucket: str) -> DataEvents:
    """The plain value of `DataEventsArgs` for a trail that writes to a bucket."""
    return DataEvents(
        s3=data.get("s3", False),
        s3_buckets=data.get("s3_bucket_names", ()),
        lambda_=data.get("lambda_functions", False),
        resource_types=data.get("resource_types", ()),
        read_write=data.get("read_write", "All"),
        log_buckets=(bucket, *data.get("log_bucket_names", ())),
    )


def _selectors(values: dict[str, Any]) -> list[EventSelector]:
    return advanced_event_selectors(
        values["partition"],
        management=values["management"],
        data=data_events(values["data"], values["bucket"]),
        network_sources=values["network_sources"],
        watched=WatchedObjects(
            log_bucket=values["bucket"] if values["watch"] else None, replicas=values["replicas"]
        ),
    )


def _insights(values: dict[str, Any]) -> "list[aws.cloudtrail.TrailInsightSelectorArgsDict]":
    return [{"insight_type": insight} for insight in check_insights(**values)]
