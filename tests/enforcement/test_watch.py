"""Each act of tampering by an insider ends in a message in the security account's topic.

Both stacks are deployed in a sandbox of their own, without an engine; a queue of the security
account is subscribed to the topic. Each act is tried as it comes and, in the management account,
after its own rules were disabled: those that notify its own topic.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.patches.events.matching import matches
from sandbox.deliver import deliver
from sandbox.engine.found import NoPulumi
from sandbox.organization import role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import assume
from tests.support.checkout import CHECKOUT
from tests.support.inprocess import deploy_in_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGION, REPLICA_REGION = "us-east-1", "us-west-2"
BUCKET = "aws-cloudtrail-logs-youraccount"
TRAIL = "SecurityAuditTrail"
PREFIX = "cloudtrail-guard"


@dataclass(frozen=True)
class Watch:
    """Both stacks, and the queue that gets what the security account's topic gets."""

    sandbox: Sandbox
    queue: str
    outputs: dict[str, dict[str, Any]]

    def client(self, profile: str, service: str, region: str = REGION) -> Any:
        return self.sandbox.session(profile).client(service, region_name=region)

    def messages(self) -> list[str]:
        """What came since the last time."""
        sqs, found = self.client("security", "sqs"), list[str]()
        while got := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for each in got:
                found.append(json.loads(each["Body"])["Message"])
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])
        return found

    @property
    def own_topic(self) -> str:
        """ARN of the management account's topic."""
        return self.outputs["management"]["alertTopicArn"]

    def own_rules(self) -> list[str]:
        """The management account's rules that notify its own topic."""
        events = self.client("management", "events")
        names = [rule["Name"] for rule in events.list_rules(NamePrefix=PREFIX)["Rules"]]
        return [
            name
            for name in names
            if events.list_targets_by_rule(Rule=name)["Targets"][0]["Arn"] == self.own_topic
        ]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pulumi=NoPulumi("these tests need none")) as running:
        yield running


@pytest.fixture(scope="module")
def watch(sandbox: Sandbox) -> Watch:
    outputs = {
        stack: deploy_in_process(sandbox, CHECKOUT, stack) for stack in ("security", "management")
    }
    account = sandbox.organization.security_account_id
    session = sandbox.session("security")
    queue = session.client("sqs").create_queue(QueueName="soc")["QueueUrl"]
    session.client("sns").subscribe(
        TopicArn=f"arn:aws:sns:{REGION}:{account}:{PREFIX}-logs-alerts",
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{REGION}:{account}:soc",
    )
    return Watch(sandbox, queue, outputs)


@pytest.fixture(scope="module", params=[False, True], ids=["", "own rules disabled"])
def silenced(request: pytest.FixtureRequest, watch: Watch) -> Iterator[None]:
    events = watch.client("management", "events")
    rules = watch.own_rules() if request.param else []
    for name in rules:
        events.disable_rule(Name=name)
    yield
    for name in rules:
        events.enable_rule(Name=name)


Act = tuple[str, str, str, "Callable[[Any, Watch], object]"]
"""The event's name, the profile, the service, and the call."""


def _trail(watch: Watch) -> str:
    return watch.outputs["management"]["trailArn"]


def _stop(aws: Any, watch: Watch) -> None:
    aws.stop_logging(Name=_trail(watch))
    aws.start_logging(Name=_trail(watch))


def _select(aws: Any, watch: Watch) -> None:
    """Writes are recorded no more; the call that does it still is."""
    found = aws.get_event_selectors(TrailName=_trail(watch))["AdvancedEventSelectors"]
    aws.put_event_selectors(TrailName=_trail(watch), **_SETTINGS)
    aws.put_event_selectors(TrailName=_trail(watch), AdvancedEventSelectors=found)


def _detach(aws: Any, watch: Watch) -> None:
    policy = watch.outputs["management"]["guardrailPolicyIds"][0]
    root = watch.sandbox.organization.root_id
    aws.detach_policy(PolicyId=policy, TargetId=root)
    aws.attach_policy(PolicyId=policy, TargetId=root)


def _reopen(name: str) -> Callable[[Any, Watch], object]:
    def act(aws: Any, _watch: Watch) -> None:
        aws.disable_rule(Name=name)
        aws.enable_rule(Name=name)

    return act


def _redirect(aws: Any, watch: Watch) -> None:
    rule = f"{PREFIX}-forward-trail"
    target = aws.list_targets_by_rule(Rule=rule)["Targets"][0]
    aws.put_targets(Rule=rule, Targets=[{"Id": target["Id"], "Arn": watch.own_topic}])
    aws.put_targets(Rule=rule, Targets=[target])


def _untarget(aws: Any, _watch: Watch) -> None:
    rule = f"{PREFIX}-forward-trail"
    targets = aws.list_targets_by_rule(Rule=rule)["Targets"]
    aws.remove_targets(Rule=rule, Ids=[target["Id"] for target in targets])
    aws.put_targets(Rule=rule, Targets=targets)


def _move(aws: Any, watch: Watch) -> None:
    here, organization = watch.sandbox.organization, watch.sandbox.organization
    move = {"AccountId": organization.workload_account_id}
    unit, root = here.workloads_ou_id, here.root_id
    aws.move_account(**move, SourceParentId=unit, DestinationParentId=root)
    aws.move_account(**move, SourceParentId=root, DestinationParentId=unit)


def _disable_alert_key(aws: Any, _watch: Watch) -> None:
    key = aws.describe_key(KeyId=f"alias/{PREFIX}-alerts")["KeyMetadata"]["KeyId"]
    aws.disable_key(KeyId=key)
    aws.enable_key(KeyId=key)


_GROUP = f"/aws/cloudtrail/{TRAIL}"
_SETTINGS: dict[str, Any] = {"EventSelectors": [{"ReadWriteType": "ReadOnly"}]}

MANAGEMENT: list[Act] = [
    ("StopLogging", "management", "cloudtrail", _stop),
    ("DeleteTrail", "management", "cloudtrail", lambda aws, _: aws.delete_trail(Name="Other")),
    (
        "UpdateTrail",
        "management",
        "cloudtrail",
        lambda aws, watch: aws.update_trail(Name=_trail(watch), S3BucketName="elsewhere-logs"),
    ),
    ("PutEventSelectors", "management", "cloudtrail", _select),
    (
        "PutInsightSelectors",
        "management",
        "cloudtrail",
        lambda aws, _: aws.put_insight_selectors(TrailName="Other", InsightSelectors=[]),
    ),
    ("DetachPolicy", "management", "organizations", _detach),
    ("AttachPolicy", "management", "organizations", _detach),
    ("MoveAccount", "management", "organizations", _move),
    (
        "DisablePolicyType",
        "management",
        "organizations",
        lambda aws, _: aws.disable_policy_type(RootId="r-none", PolicyType="TAG_POLICY"),
    ),
    (
        "RegisterDelegatedAdministrator",
        "management",
        "organizations",
        lambda aws, _: aws.register_delegated_administrator(
            AccountId="111122223333", ServicePrincipal="config.amazonaws.com"
        ),
    ),
    ("DisableRule", "management", "events", _reopen(f"{PREFIX}-forward-trail")),
    ("DisableRule", "management", "events", _reopen(f"{PREFIX}-forward-rules")),
    ("DisableRule", "management", "events", _reopen(f"{PREFIX}-forward-watch")),
    (
        "UpdateEventBus",
        "management",
        "events",
        # Its key encrypts what all rules of the bus look for and where they send.
        lambda aws, _: aws.update_event_bus(Name="default", KmsKeyIdentifier="alias/own"),
    ),
    ("PutTargets", "management", "events", _redirect),
    ("RemoveTargets", "management", "events", _untarget),
    ("DeleteRule", "management", "events", lambda aws, _: aws.delete_rule(Name=f"{PREFIX}-none")),
    (
        "SetTopicAttributes",
        "management",
        "sns",
        lambda aws, watch: aws.set_topic_attributes(
            TopicArn=watch.own_topic, AttributeName="DisplayName", AttributeValue="alerts"
        ),
    ),
    (
        "DeleteTopic",
        "management",
        "sns",
        lambda aws, watch: aws.delete_topic(TopicArn=f"{watch.own_topic}-none"),
    ),
    (
        "SetSubscriptionAttributes",
        "management",
        "sns",
        lambda aws, watch: aws.set_subscription_attributes(
            SubscriptionArn=f"{watch.own_topic}:1234abcd-12ab-34cd-56ef-1234567890ab",
            AttributeName="FilterPolicy",
            AttributeValue='{"none": ["none"]}',
        ),
    ),
    (
        "DeleteAlarms",
        "management",
        "cloudwatch",
        lambda aws, _: aws.delete_alarms(AlarmNames=[f"{PREFIX}-none"]),
    ),
    (
        "DisableAlarmActions",
        "management",
        "cloudwatch",
        lambda aws, _: aws.disable_alarm_actions(AlarmNames=[f"{PREFIX}-RootUsage"]),
    ),
    (
        "PutAlarmMuteRule",
        "management",
        "cloudwatch",
        lambda aws, _: aws.put_alarm_mute_rule(
            Name="night",
            Rule={"Schedule": {"Expression": "cron(0 0 * * *)", "Duration": "PT8H"}},
            MuteTargets={"AlarmNames": [f"{PREFIX}-RootUsage"]},
        ),
    ),
    (
        "DeleteMetricFilter",
        "management",
        "logs",
        lambda aws, _: aws.delete_metric_filter(logGroupName=_GROUP, filterName="none"),
    ),
    (
        "PutRetentionPolicy",
        "management",
        "logs",
        lambda aws, _: aws.put_retention_policy(logGroupName=_GROUP, retentionInDays=365),
    ),
    (
        "PutDataProtectionPolicy",
        "management",
        "logs",
        lambda aws, _: aws.put_data_protection_policy(
            logGroupIdentifier=_GROUP, policyDocument="{}"
        ),
    ),
    (
        "PutAccountPolicy",
        "management",
        "logs",
        lambda aws, _: aws.put_account_policy(
            policyName="mask", policyDocument="{}", policyType="DATA_PROTECTION_POLICY"
        ),
    ),
    (
        "DeleteFunction20150331",
        "management",
        "lambda",
        lambda aws, _: aws.delete_function(FunctionName=f"{PREFIX}-response"),
    ),
    (
        "UpdateAssumeRolePolicy",
        "management",
        "iam",
        lambda aws, _: aws.update_assume_role_policy(
            RoleName=f"{PREFIX}-response", PolicyDocument="{}"
        ),
    ),
    (
        "DeleteRolePolicy",
        "management",
        "iam",
        lambda aws, _: aws.delete_role_policy(RoleName=f"{PREFIX}-forward", PolicyName="none"),
    ),
    ("DisableKey", "management", "kms", _disable_alert_key),
    (
        "ScheduleKeyDeletion",
        "management",
        "kms",
        lambda aws, watch: aws.schedule_key_deletion(KeyId=watch.outputs["security"]["keyArn"]),
    ),
]

ELSEWHERE: list[Act] = [
    (
        "PutBucketPolicy",
        "security",
        "s3",
        lambda aws, _: aws.put_bucket_policy(Bucket=BUCKET, Policy="{}"),
    ),
    (
        "DeleteBucketLifecycle",
        "workload",
        "s3",
        lambda aws, _: aws.delete_bucket_lifecycle(Bucket=BUCKET),
    ),
    (
        "DeleteObject",
        "workload",
        "s3",
        lambda aws, _: aws.delete_object(Bucket=BUCKET, Key="AWSLogs/1/log.json.gz"),
    ),
    (
        "PutObjectRetention",
        "security",
        "s3",
        lambda aws, _: aws.put_object_retention(
            Bucket=BUCKET,
            Key="AWSLogs/1/log.json.gz",
            Retention={},
            BypassGovernanceRetention=True,
        ),
    ),
    (
        "PutObjectLegalHold",
        "security",
        "s3",
        lambda aws, _: aws.put_object_legal_hold(
            Bucket=BUCKET, Key="AWSLogs/1/log.json.gz", LegalHold={"Status": "OFF"}
        ),
    ),
    (
        "CreateMultipartUpload",
        "security",
        "s3",
        lambda aws, _: aws.create_multipart_upload(Bucket=BUCKET, Key="AWSLogs/1/log.json.gz"),
    ),
    (
        "DisableKey",
        "security",
        "kms",
        lambda aws, watch: aws.disable_key(KeyId=watch.outputs["security"]["keyArn"]),
    ),
    (
        "PutBucketMetricsConfiguration",
        "security",
        "s3",
        # The dead-man alarms would then count any file.
        lambda aws, _: aws.put_bucket_metrics_configuration(
            Bucket=BUCKET,
            Id=f"{PREFIX}-logs-log-files",
            MetricsConfiguration={"Id": f"{PREFIX}-logs-log-files"},
        ),
    ),
    ("DisableRule", "security", "events", _reopen(f"{PREFIX}-logs-watch")),
    ("DisableRule", "security", "events", _reopen(f"{PREFIX}-logs-rules")),
    (
        "RemovePermission",
        "security",
        "events",
        lambda aws, _: aws.remove_permission(EventBusName=f"{PREFIX}-watch", StatementId="none"),
    ),
    (
        "SetTopicAttributes",
        "security",
        "sns",
        lambda aws, watch: aws.set_topic_attributes(
            TopicArn=f"arn:aws:sns:{REGION}:{watch.sandbox.organization.security_account_id}:"
            f"{PREFIX}-logs-alerts",
            AttributeName="DisplayName",
            AttributeValue="alerts",
        ),
    ),
    (
        "DeleteAlarms",
        "security",
        "cloudwatch",
        lambda aws, _: aws.delete_alarms(AlarmNames=[f"{PREFIX}-logs-none"]),
    ),
    (
        "UpdateAssumeRolePolicy",
        "security",
        "iam",
        lambda aws, _: aws.update_assume_role_policy(RoleName="AdminRole", PolicyDocument="{}"),
    ),
]


def _name(act: Act) -> str:
    return f"{act[0]} of {act[2]} by {act[1]}"


def _try(watch: Watch, act: Act) -> list[str]:
    """Try an act: what AWS refuses was an attempt, and is reported too."""
    name, profile, service, call = act
    watch.messages()
    with suppress(ClientError):
        call(watch.client(profile, service), watch)
    return [text for text in watch.messages() if f": {name} by " in text]


@pytest.mark.parametrize("act", MANAGEMENT, ids=_name)
@pytest.mark.usefixtures("silenced")
def test_an_insider_of_the_management_account_is_seen_by_the_security_account(
    watch: Watch, act: Act
) -> None:
    messages = _try(watch, act)

    assert messages
    assert f"in account {watch.sandbox.organization.management_account_id}" in messages[0]


@pytest.mark.parametrize("act", ELSEWHERE, ids=_name)
def test_an_insider_of_another_account_is_seen_by_the_security_account(
    watch: Watch, act: Act
) -> None:
    assert _try(watch, act)


FORWARD = f"{PREFIX}-forward"


@pytest.fixture
def forwarders(watch: Watch) -> Iterator[list[str]]:
    """The management account's forwarding rules, which are enabled again afterwards."""
    events = watch.client("management", "events")
    names = [rule["Name"] for rule in events.list_rules(NamePrefix=FORWARD)["Rules"]]
    yield names
    for name in names:
        events.enable_rule(Name=name)


def _disable(watch: Watch, names: list[str]) -> list[bool]:
    """Disable rules one by one; whether each was reported."""
    events, reported = watch.client("management", "events"), list[bool]()
    for name in names:
        watch.messages()
        events.disable_rule(Name=name)
        reported.append(any(": DisableRule by " in text for text in watch.messages()))
    return reported


def test_while_the_rule_on_rules_lives_each_disabled_forwarder_is_reported(
    watch: Watch, forwarders: list[str]
) -> None:
    forwarders.remove(last := f"{FORWARD}-rules")

    assert all(_disable(watch, forwarders))
    assert _disable(watch, [last]) == [False]
    forwarders.append(last)


def test_when_the_rule_on_rules_is_disabled_its_signs_of_life_end(
    watch: Watch, forwarders: list[str]
) -> None:
    """The first is reported, the second not: the alarm rings when there is no sign for 15 minutes.

    The rule gives the only signs of life, and the alarm counts them; missing data is breaching.
    """
    first, second = f"{FORWARD}-rules", f"{FORWARD}-watch"
    events = watch.client("management", "events")
    schedules = {
        name: events.describe_rule(Name=name).get("ScheduleExpression") for name in forwarders
    }
    heartbeat = f"{PREFIX}-watch-heartbeat"
    bus = watch.outputs["security"]["alertBusArn"]
    counted = watch.client("security", "events").describe_rule(Name=heartbeat, EventBusName=bus)
    [alarm] = watch.client("security", "cloudwatch").describe_alarms(AlarmNames=[heartbeat])[
        "MetricAlarms"
    ]

    assert _disable(watch, [first, second]) == [True, False]
    assert {name for name, each in schedules.items() if each} == {first}
    sign = {
        "source": "aws.events",
        "detail-type": "Scheduled Event",
        "account": watch.sandbox.organization.management_account_id,
        "detail": {},
    }
    assert matches(json.loads(counted["EventPattern"]), sign)
    assert not matches(json.loads(counted["EventPattern"]), {**sign, "account": "999999999999"})
    assert {each["Value"] for each in alarm["Dimensions"]} == {f"{PREFIX}-watch", heartbeat}
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Events", "TriggeredRules")
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 15 * 60


def _unallow(iam: Any, role: str) -> None:
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    iam.delete_role_policy(RoleName=role, PolicyName=name)


def _distrust(iam: Any, role: str) -> None:
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=_TRUST)


def _bound(iam: Any, role: str) -> None:
    iam.put_role_permissions_boundary(
        RoleName=role, PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess"
    )


@pytest.mark.parametrize("role", [FORWARD, f"{FORWARD}-role"])
@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("DeleteRolePolicy", _unallow),
        ("UpdateAssumeRolePolicy", _distrust),
        ("PutRolePermissionsBoundary", _bound),
    ],
)
def test_breaking_a_role_that_forwards_is_reported_with_the_other_role(
    watch: Watch, role: str, name: str, act: Callable[[Any, str], None]
) -> None:
    """The event comes when the role is already broken."""
    iam = watch.client("management", "iam")
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    policies = {
        each: iam.get_role_policy(RoleName=role, PolicyName=each)["PolicyDocument"]
        for each in iam.list_role_policies(RoleName=role)["PolicyNames"]
    }
    watch.messages()

    act(iam, role)

    assert any(f": {name} by " in text for text in watch.messages())
    with suppress(ClientError):
        iam.delete_role_permissions_boundary(RoleName=role)
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    for each, document in policies.items():
        iam.put_role_policy(RoleName=role, PolicyName=each, PolicyDocument=json.dumps(document))


@pytest.mark.parametrize(
    ("name", "about"), [("StopLogging", TRAIL), ("DisableRule", f"{PREFIX}-forward-trail")]
)
def test_a_message_names_what_it_is_about(watch: Watch, name: str, about: str) -> None:
    [act, *_] = [each for each in MANAGEMENT if each[0] == name]

    assert any(about in text.partition(" On: ")[2] for text in _try(watch, act))


def test_a_log_group_without_events_rings_in_the_security_account(watch: Watch) -> None:
    """Its alarm is in the management account; its state is all that the sandbox cannot find out."""
    cloudwatch = watch.client("management", "cloudwatch")
    watch.messages()

    for alarm in ("RootUsage", "NoEvents"):
        for state in ("OK", "ALARM", "ALARM"):
            cloudwatch.set_alarm_state(
                AlarmName=f"{PREFIX}-{alarm}", StateValue=state, StateReason="no datapoints"
            )

    [message] = [text for text in watch.messages() if text.startswith("Alarm ")]
    account = watch.sandbox.organization.management_account_id
    assert message.startswith(
        f"Alarm {PREFIX}-NoEvents rings in account {account}, region {REGION}, at "
    )
    # Anyone who sets the state chooses the reason.
    assert "no datapoints" not in message


def test_the_replica_is_watched_in_its_own_region(watch: Watch) -> None:
    watch.messages()
    replica = watch.outputs["security"]["replicaBucketName"]

    with suppress(ClientError):
        watch.client("workload", "s3", REPLICA_REGION).delete_bucket_policy(Bucket=replica)

    assert any(
        "DeleteBucketPolicy by " in text and f"region {REPLICA_REGION}" in text
        for text in watch.messages()
    )


def test_using_break_glass_is_reported_with_what_it_does(watch: Watch) -> None:
    watch.messages()
    role = role_arn(watch.sandbox.organization.security_account_id, "AdminRole")

    admin = assume(watch.sandbox, role)
    admin("s3").put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": []})
    admin("s3").delete_object(
        Bucket=BUCKET, Key="AWSLogs/1/log.json.gz", BypassGovernanceRetention=True
    )

    messages = watch.messages()
    for name in ("AssumeRole", "PutBucketTagging", "DeleteObject"):
        assert any(
            f"The break-glass role was used, or refused to someone: {name} by " in text
            for text in messages
        )
    assert any("Log files were deleted, unlocked" in text for text in messages)


def test_what_cloudtrail_delivers_is_not_reported(watch: Watch) -> None:
    """Neither in the log bucket nor in the replica: log files are not the cause of others."""
    watch.messages()

    for _ in range(2):
        watch.client("management", "cloudtrail").describe_trails()
        delivered = deliver(1, watch.sandbox.endpoint)["trails"]
        assert any(each["logFiles"] for each in delivered)

    assert watch.messages() == []


def test_what_is_no_tampering_is_not_reported(watch: Watch) -> None:
    watch.messages()

    for profile in ("management", "security", "workload"):
        watch.client(profile, "cloudtrail").describe_trails()
        watch.client(profile, "events").put_rule(
            Name="own-rule", EventPattern=json.dumps({"source": ["aws.ec2"]})
        )
        watch.client(profile, "iam").create_role(
            RoleName="Application", AssumeRolePolicyDocument=_TRUST
        )

    assert watch.messages() == []


_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def test_only_forwarding_rules_send_to_the_security_accounts_bus(watch: Watch) -> None:
    bus = watch.outputs["security"]["alertBusArn"]
    entry = {"Source": "aws.cloudtrail", "DetailType": "x", "Detail": "{}", "EventBusName": bus}

    for profile in ("management", "workload"):
        events = watch.client(profile, "events")
        with pytest.raises(ClientError, match="AccessDenied"):
            events.put_events(Entries=[entry])
        with pytest.raises(ClientError, match="AccessDenied"):
            events.put_rule(Name="x", EventBusName=bus, EventPattern='{"source":["aws.s3"]}')
