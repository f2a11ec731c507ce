"""What topics, their policies and subscriptions reject."""

from sandbox.tests.plugin.refusals.case import NOT_ARN, Case, Sound

TOPIC = "aws:sns/topic:Topic"
POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ARN = "arn:aws:sns:us-east-1:123456789012:alerts"

SOUND: Sound = {
    TOPIC: {},
    POLICY: {"arn": ARN, "policy": "{}"},
    SUBSCRIPTION: {"topic": ARN, "protocol": "email", "endpoint": "soc@example.com"},
}

CASES = (
    Case(TOPIC, "name", "a topic", "invalid topic name: a topic"),
    Case(TOPIC, "namePrefix", "a topic", "invalid topic name: a topic"),
    Case(TOPIC, "policy", "none", "contains an invalid JSON policy: not a JSON object"),
    Case(TOPIC, "deliveryPolicy", "{", "contains an invalid JSON"),
    Case(TOPIC, "tracingConfig", "On", "to be one of"),
    Case(POLICY, "arn", "alerts", NOT_ARN),
    Case(POLICY, "policy", "", "is an empty string, which is not a valid JSON value"),
    Case(SUBSCRIPTION, "topic", "alerts", NOT_ARN),
    Case(SUBSCRIPTION, "protocol", "pigeon", "to be one of"),
    Case(SUBSCRIPTION, "confirmationTimeoutInMinutes", 0, "to be at least (1)"),
    Case(SUBSCRIPTION, "deliveryPolicy", "{", "contains an invalid JSON"),
    Case(SUBSCRIPTION, "filterPolicy", "{", "contains an invalid JSON"),
    Case(SUBSCRIPTION, "filterPolicyScope", "Everything", "to be one of"),
    Case(SUBSCRIPTION, "redrivePolicy", "{", "contains an invalid JSON"),
    Case(SUBSCRIPTION, "subscriptionRoleArn", "role", NOT_ARN),
)
