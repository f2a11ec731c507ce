"""The encrypted topic that alerts go to."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
import re
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.choices import SubscriptionProtocol, SubscriptionProtocolInput
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.alerts import alert_key_policy, alert_topic_policy
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.log_key import DELETION_WINDOW_DAYS
from cloudtrail_guard.resources.caller import caller_location, exempt_from_denies
from cloudtrail_guard.resources.options import child_options


class SubscriptionArgs(TypedDict):
    """A subscriber of alerts."""

    protocol: pulumi.Input[SubscriptionProtocolInput]
    """`email`, `email-json`, `https` or `sqs`. Who gets email has to confirm it once."""
    endpoint: pulumi.Input[str]
    """An email address, an `https://` URL, or a queue's ARN."""


class AlertTopicArgs(TypedDict):
    """The arguments of `AlertTopic`."""

    topic_name: NotRequired[pulumi.Input[str]]
    """The topic's name. Default: the component's name."""
    region: NotRequired[str]
    """The region of topic and key. Default: the provider's."""
    account_id: NotRequired[str]
    """The account, 12 digits. Default: the account that is deployed to."""
    log_group_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of log groups that are encrypted with the topic's key as well. Default: none."""
    break_glass_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may disable and delete the key. Default: the key's policy denies
    neither to anyone."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change the key besides. Default: the principal that
    deploys."""
    subscriptions: NotRequired[Sequence[SubscriptionArgs]]
    """Who receives alerts. Default: no one yet."""


class AlertTopic(pulumi.ComponentResource):
    """An SNS topic for alarms and event rules, with a key that both may use.

    A topic encrypted with AWS's own key gets no alarm, and nothing says so: hence a key of its own.
    It is kept in AWS even when it leaves the stack: log groups may still be encrypted with it.
    """

    alert_topic_arn: pulumi.Output[str]
    """The topic's ARN, known once its policy lets alarms and rules publish."""
    alert_key_arn: pulumi.Output[str]
    """ARN of the key; log groups named in `log_group_names` may use it too."""

    def __init__(
        self, name: str, args: AlertTopicArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the topic.

        Args:
            name: the component's name.
            args: see `AlertTopicArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: a subscription has a protocol or endpoint that SNS has not.
        """
        super().__init__("cloudtrail-guard:index:AlertTopic", name, {}, opts)
        args = checked_inputs(self, args)
        location = caller_location(self, region=args.get("region"), account=args.get("account_id"))
        topic_name = args.get("topic_name", name)
        region = args.get("region")
        # First, so that nothing is registered when a subscription is wrong.
        for subscription in args.get("subscriptions", ()):
            compute(self, _check_subscription, **subscription)
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts CloudTrail alerts",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=compute(
                self,
                lambda values: to_json(alert_key_policy(location, **values)),
                topic=topic_name,
                log_groups=args.get("log_group_names", ()),
                **exempt_from_denies(self, args),
            ),
            region=region,
            opts=child_options(self, retain=True),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{name}",
            target_key_id=key.key_id,
            region=region,
            opts=child_options(self),
        )
        topic = aws.sns.Topic(
            f"{name}-topic",
            name=topic_name,
            kms_master_key_id=key.arn,
            region=region,
            opts=child_options(self),
        )
        policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=compute(
                self,
                lambda values: to_json(alert_topic_policy(location, **values)),
                topic=topic_name,
            ),
            region=region,
            opts=child_options(self),
        )
        for number, subscription in enumerate(args.get("subscriptions", ()), start=1):
            aws.sns.TopicSubscription(
                f"{name}-subscription-{number}",
                topic=topic.arn,
                protocol=subscription["protocol"],
                endpoint=_kept_secret(subscription),
                region=region,
                opts=child_options(self),
            )
        self.alert_topic_arn = policy.arn
        self.alert_key_arn = key.arn
        self.register_outputs(
            {"alert_topic_arn": self.alert_topic_arn, "alert_key_arn": self.alert_key_arn}
        )


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ENDPOINTS = {
    "https": re.compile(r"https://[^\s]+"),
    # Standard topics do not deliver to FIFO queues:
    # https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html
    "sqs": re.compile(r"arn:[a-z-]+:sqs:[a-z0-9-]+:[0-9]{12}:[\w-]{1,80}", re.ASCII),
}


def _kept_secret(subscription: SubscriptionArgs) -> pulumi.Input[str]:
    """The endpoint, as a secret where it is a URL: a webhook's URL is often its only password."""
    known = subscription["protocol"] in {"email", "email-json", "sqs"}
    endpoint = subscription["endpoint"]
    return endpoint if known else pulumi.Output.secret(endpoint)


def _check_subscription(values: dict[str, Any]) -> None:
    protocol, endpoint = values["protocol"], str(values["endpoint"])
    if protocol not in tuple(SubscriptionProtocol):
        raise InvalidValueError(
            f"subscription protocol {protocol!r} is not one of {', '.join(SubscriptionProtocol)}"
        )
    if not _ENDPOINTS.get(protocol, _EMAIL).fullmatch(endpoint):
        raise InvalidValueError(
            f"subscription endpoint {endpoint!r} does not fit protocol {protocol!r}: an email "
            "address, an https:// URL, or a queue's ARN"
        )
