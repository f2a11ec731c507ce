"""CloudTrail Lake, for those who have it."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.resources.options import child_options

MIN_RETENTION_DAYS = 7
MAX_RETENTION_DAYS = 2_555
"""Seven years: what the AWS provider takes, whatever the billing mode."""


class EventDataStoreArgs(TypedDict):
    """The arguments of `EventDataStore`."""

    store_name: NotRequired[pulumi.Input[str]]
    """The store's name, 3 to 128 characters. Default: the component's name."""
    organization: NotRequired[pulumi.Input[bool]]
    """Whether it records every account of the organization. As management account or delegated
    administrator. Default: false."""
    retention_days: NotRequired[pulumi.Input[int]]
    """How long events are kept, 7 to 2555 days. Default: 366, what the first price includes."""
    store_key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the key that encrypts it, for good. Its policy must let CloudTrail decrypt with it as
    well. Default: a key of AWS's own."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete the store. Default: true."""


class EventDataStore(pulumi.ComponentResource):
    """An event data store of CloudTrail Lake: management events of all regions, to be queried.

    CloudTrail Lake is closed to new customers since 31 May 2026: in an account that had no store
    before, this fails when it is deployed. `LogQueries` needs no Lake. Termination protection is
    on, and the store is kept in AWS even when it leaves the stack.
    """

    store_arn: pulumi.Output[str]
    """The store's ARN."""

    def __init__(
        self, name: str, args: EventDataStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the store.

        Args:
            name: the component's name.
            args: see `EventDataStoreArgs`.
            opts: resource options; children inherit provider and protection.

        Raises:
            ArgumentError: the retention is out of range.
        """
        super().__init__("cloudtrail-guard:index:EventDataStore", name, {}, opts)
        args = checked_inputs(self, args)
        store = aws.cloudtrail.EventDataStore(
            f"{name}-store",
            name=args.get("store_name", name),
            multi_region_enabled=True,
            organization_enabled=args.get("organization", False),
            retention_period=compute(self, _retention, days=args.get("retention_days", 366)),
            kms_key_id=args.get("store_key_arn"),
            termination_protection_enabled=True,
            # What AWS takes by default, in its words: left out, it would be compared with nothing.
            # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html
            advanced_event_selectors=[
                {
                    "name": "Default management events",
                    "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}],
                }
            ],
            opts=child_options(self, protect=args.get("protect", True), retain=True),
        )
        self.store_arn = store.arn
        self.register_outputs({"store_arn": self.store_arn})


def _retention(values: dict[str, Any]) -> int:
    days = int(values["days"])
    if not MIN_RETENTION_DAYS <= days <= MAX_RETENTION_DAYS:
        raise InvalidValueError(
            f"retention_days = {days} must be from {MIN_RETENTION_DAYS} to {MAX_RETENTION_DAYS}"
        )
    return days
