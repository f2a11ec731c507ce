"""The tamper response undoes what its own role may undo, and the state is as it was before.

Both stacks are deployed in a sandbox, the response among them. Each act is tried by an
administrator of the management account; its event comes to a queue by a rule with the pattern of
the response's own. The function's code gets it with its environment, as Lambda has it, and calls
AWS with its role. Lambda itself is not emulated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.exceptions import ClientError
from cloudtrail_guard.operations import NOT_UNDONE, OPERATIONS
from cloudtrail_guard.tamper_response_function.handler import Watch, handle
from demo.working_copy import working_copy

from sandbox.aws.identity import Credentials
from sandbox.clients import client
from sandbox.engine.found import NoPulumi
from sandbox.session import Sandbox
from tests.support.inprocess import deploy_in_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGION = "us-east-1"
FUNCTION = "cloudtrail-guard-response"
ELSEWHERE = "elsewhere-logs"


@dataclass(frozen=True)
class Stage:
    """The stacks, the queues of events and of messages, and the function's role."""

    sandbox: Sandbox
    outputs: dict[str, Any]
    events: str
    messages: str
    credentials: tuple[Credentials, str]

    def aws(self, service: str) -> Any:
        """A client of the management account's administrator."""
        return self.sandbox.session("management").client(service, region_name=REGION)

    def as_role(self, service: str) -> Any:
        """A client of the function's role."""
        credentials, token = self.credentials
        return client(service, self.sandbox.endpoint, REGION, credentials, token)

    @property
    def watch(self) -> Watch:
        """What the deployed function has in its environment."""
        found = self.aws("lambda").get_function_configuration(FunctionName=FUNCTION)
        return Watch.from_environment(found["Environment"]["Variables"])

    @property
    def trail(self) -> str:
        return self.outputs["trailArn"]

    @property
    def guardrail(self) -> str:
        return self.outputs["guardrailPolicyIds"][0]

    @property
    def root(self) -> str:
        return self.sandbox.organization.root_id

    def state(self) -> dict[str, Any]:
        """The trail with its selectors, whether it logs, and where guardrails are attached."""
        cloudtrail, organizations = self.aws("cloudtrail"), self.aws("organizations")
        return {
            "trail": cloudtrail.get_trail(Name=self.trail)["Trail"],
            "selectors": cloudtrail.get_event_selectors(TrailName=self.trail).get(
                "AdvancedEventSelectors"
            ),
            "logs": cloudtrail.get_trail_status(Name=self.trail)["IsLogging"],
            "guardrails": {
                policy: organizations.list_targets_for_policy(PolicyId=policy)["Targets"]
                for policy in self.outputs["guardrailPolicyIds"]
            },
        }

    def received(self, queue: str) -> list[str]:
        """What came to a queue since the last time."""
        sqs, found = self.aws("sqs"), list[str]()
        while got := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for each in got:
                found.append(json.loads(each["Body"])["Message"])
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return found

    def respond(self) -> None:
        """Run the function on each event that came; its own calls come too, and it leaves them."""
        while came := self.received(self.events):
            for event in came:
                handle(json.loads(event), self.watch, self.as_role)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Sandbox(pulumi=NoPulumi("these tests need none")) as sandbox:
        project = working_copy(tmp_path_factory.mktemp("program"))
        file = project / "Pulumi.management.yaml"
        settings = yaml.safe_load(file.read_text(encoding="utf-8"))
        settings["config"]["cloudtrail-guard:tamperResponse"] = {"enabled": True, "dryRun": False}
        file.unlink()
        file.write_text(yaml.safe_dump(settings), encoding="utf-8")
        outputs = {
            name: value
            for stack in ("security", "management")
            for name, value in deploy_in_process(sandbox, project, stack).items()
        }
        session = sandbox.session("management")
        topic = session.client("sns").create_topic(Name="events")["TopicArn"]
        _let(session.client("sns"), topic)
        _copy_rules(session.client("events"), topic)
        yield Stage(
            sandbox,
            outputs,
            _queue(session, "events", topic),
            _queue(session, "messages", outputs["alertTopicArn"]),
            _session_of_role(sandbox),
        )


def _let(sns: Any, topic: str) -> None:
    """Let EventBridge publish to a topic."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
    )


def _copy_rules(events: Any, topic: str) -> None:
    """Rules with the patterns of those that invoke the function."""
    for rule in events.list_rules(NamePrefix=FUNCTION)["Rules"]:
        events.put_rule(Name=f"copy-{rule['Name']}", EventPattern=rule["EventPattern"])
        events.put_targets(Rule=f"copy-{rule['Name']}", Targets=[{"Id": "copy", "Arn": topic}])


def _queue(session: Any, name: str, topic: str) -> str:
    url = session.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{topic.split(':')[4]}:{name}"
    session.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def _session_of_role(sandbox: Sandbox) -> tuple[Credentials, str]:
    """A session of the function's role, whose trust is Lambda's again afterwards."""
    iam, sts = (sandbox.session("management").client(each) for each in ("iam", "sts"))
    role = iam.get_role(RoleName=FUNCTION)["Role"]
    account = sandbox.organization.management_account_id
    trust = json.dumps(role["AssumeRolePolicyDocument"])
    opened = trust.replace('"Service": "lambda.amazonaws.com"', f'"AWS": "{account}"')
    assert opened != trust
    iam.update_assume_role_policy(RoleName=FUNCTION, PolicyDocument=opened)
    key = sts.assume_role(RoleArn=role["Arn"], RoleSessionName=FUNCTION)["Credentials"]
    iam.update_assume_role_policy(RoleName=FUNCTION, PolicyDocument=trust)
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"]), key["SessionToken"]


def _stop(stage: Stage) -> None:
    stage.aws("cloudtrail").stop_logging(Name=stage.trail)


def _select(stage: Stage) -> None:
    stage.aws("cloudtrail").put_event_selectors(
        TrailName=stage.trail,
        EventSelectors=[{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}],
    )


def _redirect(stage: Stage) -> None:
    """Everything that UpdateTrail can change, by the trail's name."""
    account = stage.sandbox.organization.management_account_id
    s3, sns = stage.aws("s3"), stage.aws("sns")
    s3.create_bucket(Bucket=ELSEWHERE)
    trail = {"Service": "cloudtrail.amazonaws.com"}
    statements = [
        {
            "Effect": "Allow",
            "Principal": trail,
            "Action": action,
            "Resource": f"arn:aws:s3:::{ELSEWHERE}{path}",
        }
        for action, path in (("s3:GetBucketAcl", ""), ("s3:PutObject", "/*"))
    ]
    policy = {"Version": "2012-10-17", "Statement": statements}
    s3.put_bucket_policy(Bucket=ELSEWHERE, Policy=json.dumps(policy))
    topic = sns.create_topic(Name="elsewhere")["TopicArn"]
    statement = {**statements[0], "Action": "sns:Publish", "Resource": topic}
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({**policy, "Statement": [statement]}),
    )
    assert topic.split(":")[4] == account
    stage.aws("cloudtrail").update_trail(
        Name="SecurityAuditTrail",
        S3BucketName=ELSEWHERE,
        S3KeyPrefix="hidden",
        SnsTopicName="elsewhere",
        KmsKeyId="",
        EnableLogFileValidation=False,
        CloudWatchLogsLogGroupArn="",
        CloudWatchLogsRoleArn="",
    )


def _delete(stage: Stage) -> None:
    stage.aws("cloudtrail").delete_trail(Name=stage.trail)


def _detach(stage: Stage) -> None:
    stage.aws("organizations").detach_policy(PolicyId=stage.guardrail, TargetId=stage.root)


UNDONE: dict[str, Callable[[Stage], None]] = {
    "StopLogging": _stop,
    "PutEventSelectors": _select,
    "UpdateTrail": _redirect,
    "DeleteTrail": _delete,
    "DetachPolicy": _detach,
}


def test_every_operation_that_the_table_calls_undone_is_tried_here() -> None:
    assert {event for each in OPERATIONS if each.undone for event in each.events} == {*UNDONE}


@pytest.mark.parametrize("name", UNDONE)
def test_what_is_undone_is_as_it_was(stage: Stage, name: str) -> None:
    before = stage.state()
    stage.respond()
    stage.received(stage.messages)

    UNDONE[name](stage)
    if name != "DeleteTrail":
        assert stage.state() != before
    stage.respond()

    assert stage.state() == before
    assert any(
        text.startswith("Done: ") and f"\n{name} by " in text
        for text in stage.received(stage.messages)
    )


def _update_policy(stage: Stage) -> Callable[[], object]:
    organizations = stage.aws("organizations")
    content = organizations.describe_policy(PolicyId=stage.guardrail)["Policy"]["Content"]
    statement = {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"}
    weak = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    organizations.update_policy(PolicyId=stage.guardrail, Content=weak)
    return lambda: organizations.update_policy(PolicyId=stage.guardrail, Content=content)


def _disable_type(stage: Stage) -> Callable[[], object]:
    organizations = stage.aws("organizations")
    root = {"RootId": stage.root, "PolicyType": "RESOURCE_CONTROL_POLICY"}
    attached = [
        policy
        for policy in stage.outputs["guardrailPolicyIds"]
        if organizations.describe_policy(PolicyId=policy)["Policy"]["PolicySummary"]["Type"]
        == root["PolicyType"]
    ]
    targets = {
        policy: organizations.list_targets_for_policy(PolicyId=policy)["Targets"]
        for policy in attached
    }
    organizations.disable_policy_type(**root)

    def restore() -> None:
        organizations.enable_policy_type(**root)
        for policy, found in targets.items():
            for target in found:
                with_target = {"PolicyId": policy, "TargetId": target["TargetId"]}
                try:
                    organizations.attach_policy(**with_target)
                except organizations.exceptions.DuplicatePolicyAttachmentException:
                    continue

    return restore


@pytest.mark.parametrize(
    ("name", "act"), [("UpdatePolicy", _update_policy), ("DisablePolicyType", _disable_type)]
)
def test_what_is_not_undone_is_named_with_the_reason(
    stage: Stage, name: str, act: Callable[[Stage], Callable[[], object]]
) -> None:
    stage.respond()
    stage.received(stage.messages)

    restore = act(stage)
    stage.respond()

    named = [text for text in stage.received(stage.messages) if text.startswith("Not undone: ")]
    assert [text for text in named if NOT_UNDONE[name] in text and f"\n{name} by " in text]
    restore()


def test_a_guardrail_is_not_deleted_before_the_response_attaches_it_again(stage: Stage) -> None:
    """Deleting is not undone either; it takes detaching everywhere, which is."""
    organizations, before = stage.aws("organizations"), stage.state()

    _detach(stage)
    stage.respond()

    with pytest.raises(ClientError, match="PolicyInUseException"):
        organizations.delete_policy(PolicyId=stage.guardrail)
    assert stage.state() == before


def test_the_role_may_undo_and_nothing_else(stage: Stage) -> None:
    cloudtrail, organizations = stage.as_role("cloudtrail"), stage.as_role("organizations")
    refused = [
        lambda: cloudtrail.stop_logging(Name=stage.trail),
        lambda: cloudtrail.delete_trail(Name=stage.trail),
        lambda: cloudtrail.create_trail(Name="Other", S3BucketName=ELSEWHERE),
        lambda: organizations.detach_policy(PolicyId=stage.guardrail, TargetId=stage.root),
        lambda: organizations.attach_policy(PolicyId="p-FullAWSAccess", TargetId=stage.root),
    ]

    for call in refused:
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
