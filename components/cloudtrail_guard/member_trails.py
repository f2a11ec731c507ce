"""The same data-event trail in every account of an OU, by a service-managed StackSet."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.options import child_options
from cloudtrail_guard.trail import DataEventsArgs, data_events
from cloudtrail_guard.trails.event_selectors import advanced_event_selectors
from cloudtrail_guard.trails.stack_set import trail_template


class MemberTrailsArgs(TypedDict):
    """The arguments of `MemberTrails`."""

    trail_name: pulumi.Input[str]
    """The trail's name in every account. The bucket's and the key's policies must admit it."""
    log_bucket_name: pulumi.Input[str]
    """The shared bucket that all of them write to."""
    log_key_arn: pulumi.Input[str]
    """ARN of the shared key that all of them encrypt with."""
    organizational_unit_ids: Sequence[str]
    """Ids of the OUs (`ou-...`), or of the root (`r-...`), whose accounts get the trail; accounts
    that join later get it too. The management account gets none."""
    data_events: pulumi.Input[DataEventsArgs]
    """Which data events are recorded."""
    max_concurrent_percentage: NotRequired[int]
    """In how many percent of the accounts CloudFormation works at once. Default: 25."""
    failure_tolerance_percentage: NotRequired[int]
    """In how many percent of the accounts it may fail before it stops. Default: 0."""


class MemberTrails(pulumi.ComponentResource):
    """Data-event trails at the scale of an organization.

    CloudFormation deploys them to every account of the OUs, also to those that join later. Needs
    trusted access for `member.org.stacksets.cloudformation.amazonaws.com` in the organization.
    """

    stack_set_name: pulumi.Output[str]
    """The name of the StackSet."""
    template: pulumi.Output[str]
    """The template that every account gets, as JSON."""

    def __init__(
        self, name: str, args: MemberTrailsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the StackSet and its instances.

        Args:
            name: the component's name; also the StackSet's.
            args: see `MemberTrailsArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: no OU is given, or CloudTrail records no such events.
        """
        super().__init__("cloudtrail-guard:index:MemberTrails", name, {}, opts)
        args = checked_inputs(self, args)
        if not args["organizational_unit_ids"]:
            raise ArgumentError(
                f"MemberTrails {name!r}: organizational_unit_ids is empty; name OUs (ou-...) or "
                "the root (r-...)"
            )
        location = caller_location(self)
        template = compute(
            self,
            lambda values: _template(values, location.partition),
            trail_name=args["trail_name"],
            bucket=args["log_bucket_name"],
            key_arn=args["log_key_arn"],
            data=args["data_events"],
        )
        operations: aws.cloudformation.StackSetOperationPreferencesArgsDict = {
            "max_concurrent_percentage": args.get("max_concurrent_percentage", 25),
            "failure_tolerance_percentage": args.get("failure_tolerance_percentage", 0),
            "region_concurrency_type": "SEQUENTIAL",
        }
        stack_set = aws.cloudformation.StackSet(
            f"{name}-stack-set",
            name=name,
            description="CloudTrail data-event trails of member accounts",
            permission_model="SERVICE_MANAGED",
            # Accounts that leave keep their trail: it goes on recording for them.
            auto_deployment={"enabled": True, "retain_stacks_on_account_removal": True},
            template_body=template,
            operation_preferences=operations,
            opts=child_options(self),
        )
        aws.cloudformation.StackSetInstance(
            f"{name}-instances",
            stack_set_name=stack_set.name,
            stack_set_instance_region=location.region,
            deployment_targets={"organizational_unit_ids": list(args["organizational_unit_ids"])},
            opts=child_options(self),
        )
        self.stack_set_name = stack_set.name
        self.template = pulumi.Output.from_input(template)
        self.register_outputs({"stack_set_name": self.stack_set_name, "template": self.template})


def _template(values: dict[str, Any], partition: str) -> str:
    events = data_events(values["data"], values["bucket"])
    selectors = advanced_event_selectors(partition, management=False, data=events)
    return to_json(
        trail_template(
            trail_name=values["trail_name"],
            bucket=values["bucket"],
            key_arn=values["key_arn"],
            selectors=selectors,
        )
    )
