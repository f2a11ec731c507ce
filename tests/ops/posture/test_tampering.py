"""Each act of tampering shows in the report after it as that act, and as nothing else.

Both stacks stand in a sandbox, where every answer comes from the API that the act went to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from cloudtrail_guard.policies.document import to_json
from demo.working_copy import configure, working_copy
from posture.collect.access import Access, Clients
from posture.collect.run import Collector
from posture.command import read_outputs
from posture.compare import changes
from posture.evaluate.run import evaluate
from posture.render.page import render
from posture.report import State

from sandbox.deliver import deliver
from sandbox.engine.found import NoPulumi
from sandbox.organization import role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import assume
from tests.support.checkout import CHECKOUT
from tests.support.inprocess import deploy_in_process

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from posture.report import Report

pytestmark = pytest.mark.slow

REGION = "us-east-1"
MANAGEMENT_EVENTS = "Management events selector"
HOURS, DELIVERED = 2, 6
"""The hours that are looked at lie within those that are delivered, whatever the minute."""


@dataclass
class Stage:
    """Both stacks in a sandbox, and clients of those who tamper with them."""

    sandbox: Sandbox
    outputs: dict[str, Any]
    until: datetime

    def management(self, service: str) -> Any:
        return self.sandbox.session("management").client(service, region_name=REGION)

    def break_glass(self, service: str) -> Any:
        arn = role_arn(self.sandbox.organization.security_account_id, "AdminRole")
        return assume(self.sandbox, arn)(service)

    def deployer(self, service: str) -> Any:
        return self.sandbox.session("security").client(service, region_name=REGION)

    def replicas_kms(self) -> Any:
        arn = role_arn(self.sandbox.organization.security_account_id, "AdminRole")
        region = self.outputs["replicaKeyArn"].split(":")[3]
        return assume(self.sandbox, arn, region)("kms")

    @property
    def bucket(self) -> dict[str, str]:
        return {"Bucket": self.outputs["bucketName"]}

    def report(self) -> Report:
        """The report, as the command makes it."""
        sessions = [self.sandbox.session(name) for name in ("management", "security")]
        trail, logs = (Clients(session) for session in sessions)
        collector = Collector(
            access=Access(trail=trail, logs=logs),
            trail_arn=self.outputs["trailArn"],
            until=self.until,
            hours=HOURS,
            named_roles=tuple(self.outputs["breakGlassRoleArns"]),
            named_replica=(self.outputs["replicaBucketName"], self.outputs["replicaKeyArn"]),
        )
        return evaluate(collector.collect(), self.outputs["trailArn"], self.outputs)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    with Sandbox(pulumi=NoPulumi("it is not needed")) as sandbox:
        project = working_copy(tmp_path_factory.mktemp("program"))
        hub = {"securityHub": {"enabled": True}}
        configure(project, "security", {"securityServices": hub})
        configure(
            project, "management", {"securityServices": hub, "eventDataStore": {"enabled": True}}
        )
        files: list[Path] = []
        for stack in ("security", "management"):
            files.append(project / f"{stack}.json")
            files[-1].write_text(json.dumps(deploy_in_process(sandbox, project, stack)))
        outputs = read_outputs(files, "--outputs")
        sandbox.session("management").client("organizations").enable_aws_service_access(
            ServicePrincipal="account.amazonaws.com"
        )
        deliver(0, sandbox.endpoint)
        clock = datetime.fromisoformat(deliver(DELIVERED, sandbox.endpoint)["clock"])
        # Once it was stopped, no hour without a digest is excused as one before the trail.
        cloudtrail = sandbox.session("management").client("cloudtrail", region_name=REGION)
        cloudtrail.stop_logging(Name=outputs["trailArn"])
        cloudtrail.start_logging(Name=outputs["trailArn"])
        yield Stage(sandbox, outputs, (clock - timedelta(hours=2)).astimezone(UTC))


@pytest.fixture(scope="module")
def before(stage: Stage) -> Report:
    return stage.report()


def stop_logging(stage: Stage) -> Iterator[dict[str, State]]:
    cloudtrail, trail = stage.management("cloudtrail"), stage.outputs["trailArn"]
    cloudtrail.stop_logging(Name=trail)
    yield {"trail.logging": State.BAD}
    cloudtrail.start_logging(Name=trail)


def record_writes_alone(stage: Stage) -> Iterator[dict[str, State]]:
    cloudtrail, trail = stage.management("cloudtrail"), stage.outputs["trailArn"]
    before = cloudtrail.get_event_selectors(TrailName=trail)["AdvancedEventSelectors"]
    fields = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "readOnly", "Equals": ["false"]},
    ]
    cloudtrail.put_event_selectors(
        TrailName=trail,
        AdvancedEventSelectors=[
            {"Name": MANAGEMENT_EVENTS, "FieldSelectors": fields},
            # The selector of data events stays: leaving it out would be another act.
            *(each for each in before if each["Name"] != MANAGEMENT_EVENTS),
        ],
    )
    yield {"trail.management-events": State.BAD}
    cloudtrail.put_event_selectors(TrailName=trail, AdvancedEventSelectors=before)


def record_one_region(stage: Stage) -> Iterator[dict[str, State]]:
    cloudtrail, trail = stage.management("cloudtrail"), stage.outputs["trailArn"]
    cloudtrail.update_trail(Name=trail, IsMultiRegionTrail=False)
    yield {"trail.regions": State.BAD}
    cloudtrail.update_trail(Name=trail, IsMultiRegionTrail=True)


def drop_a_statement(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    text = s3.get_bucket_policy(**stage.bucket)["Policy"]
    policy = json.loads(text)
    kept = [each for each in policy["Statement"] if each["Sid"] != "DenyDeleteCloudTrailLogs"]
    s3.put_bucket_policy(**stage.bucket, Policy=json.dumps({**policy, "Statement": kept}))
    yield {"bucket.policy.DenyDeleteCloudTrailLogs": State.BAD}
    s3.put_bucket_policy(**stage.bucket, Policy=text)


def let_a_stranger_read(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    text = s3.get_bucket_policy(**stage.bucket)["Policy"]
    policy = json.loads(text)
    account = stage.sandbox.organization.workload_account_id
    stranger = {
        "Sid": "Mine<script>alert(1)</script>",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{stage.outputs['bucketName']}/*",
    }
    s3.put_bucket_policy(
        **stage.bucket,
        Policy=json.dumps({**policy, "Statement": [*policy["Statement"], stranger]}),
    )
    yield {"bucket.policy.others": State.ATTENTION}
    s3.put_bucket_policy(**stage.bucket, Policy=text)


def shorten_the_lock(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    before = s3.get_object_lock_configuration(**stage.bucket)["ObjectLockConfiguration"]
    retention = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    s3.put_object_lock_configuration(
        **stage.bucket, ObjectLockConfiguration={**before, "Rule": retention}
    )
    yield {"bucket.lock": State.ATTENTION}
    s3.put_object_lock_configuration(**stage.bucket, ObjectLockConfiguration=before)


def let_logs_expire(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    before = s3.get_bucket_lifecycle_configuration(**stage.bucket)["Rules"]
    rule = {"ID": "soon", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(
        **stage.bucket, LifecycleConfiguration={"Rules": [*before, rule]}
    )
    yield {"bucket.lifecycle": State.BAD}
    s3.put_bucket_lifecycle_configuration(**stage.bucket, LifecycleConfiguration={"Rules": before})


def open_to_the_public(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    before = s3.get_public_access_block(**stage.bucket)["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(**stage.bucket)
    yield {"bucket.public-access": State.BAD}
    s3.put_public_access_block(**stage.bucket, PublicAccessBlockConfiguration=before)


def stop_the_copies(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    before = s3.get_bucket_replication(**stage.bucket)["ReplicationConfiguration"]
    rules = [{**rule, "Status": "Disabled"} for rule in before["Rules"]]
    s3.put_bucket_replication(**stage.bucket, ReplicationConfiguration={**before, "Rules": rules})
    yield {"replica.replication": State.BAD}
    s3.put_bucket_replication(**stage.bucket, ReplicationConfiguration=before)


def copy_elsewhere(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    before = s3.get_bucket_replication(**stage.bucket)["ReplicationConfiguration"]
    elsewhere = f"{stage.outputs['bucketName']}-elsewhere"
    s3.create_bucket(Bucket=elsewhere, ObjectLockEnabledForBucket=True)
    [rule] = before["Rules"]
    destination = {**rule["Destination"], "Bucket": f"arn:aws:s3:::{elsewhere}"}
    second = {**rule, "ID": "elsewhere", "Priority": 1, "Destination": destination}
    s3.put_bucket_replication(
        **stage.bucket, ReplicationConfiguration={**before, "Rules": [rule, second]}
    )
    yield {"replica.replication": State.ATTENTION}
    s3.put_bucket_replication(**stage.bucket, ReplicationConfiguration=before)
    s3.delete_bucket(Bucket=elsewhere)


def delete_the_replication(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    before = s3.get_bucket_replication(**stage.bucket)["ReplicationConfiguration"]
    s3.delete_bucket_replication(**stage.bucket)
    yield {
        "replica.replication": State.BAD,
        "drift.replicaBucketName": State.BAD,
        "drift.replicaKeyArn": State.BAD,
    }
    s3.put_bucket_replication(**stage.bucket, ReplicationConfiguration=before)


def unlock_the_replica(stage: Stage) -> Iterator[dict[str, State]]:
    s3, replica = stage.break_glass("s3"), {"Bucket": stage.outputs["replicaBucketName"]}
    before = s3.get_object_lock_configuration(**replica)["ObjectLockConfiguration"]
    s3.put_object_lock_configuration(
        **replica, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
    )
    yield {"replica.lock": State.BAD}
    s3.put_object_lock_configuration(**replica, ObjectLockConfiguration=before)


def let_others_replicate(stage: Stage) -> Iterator[dict[str, State]]:
    s3, replica = stage.break_glass("s3"), {"Bucket": stage.outputs["replicaBucketName"]}
    text = s3.get_bucket_policy(**replica)["Policy"]
    policy = json.loads(text)
    kept = [each for each in policy["Statement"] if each["Sid"] != "DenyReplicationByOthers"]
    s3.put_bucket_policy(**replica, Policy=json.dumps({**policy, "Statement": kept}))
    yield {"replica.policy.DenyReplicationByOthers": State.BAD}
    s3.put_bucket_policy(**replica, Policy=text)


def disable_the_replicas_rotation(stage: Stage) -> Iterator[dict[str, State]]:
    kms, key = stage.replicas_kms(), stage.outputs["replicaKeyArn"]
    kms.disable_key_rotation(KeyId=key)
    yield {"replica.key.rotation": State.ATTENTION}
    kms.enable_key_rotation(KeyId=key)


def delete_the_copy_of_a_digest(stage: Stage) -> Iterator[dict[str, State]]:
    s3, replica = stage.break_glass("s3"), {"Bucket": stage.outputs["replicaBucketName"]}
    markers = [
        (key, s3.delete_object(**replica, Key=key)["VersionId"])
        for key in digests(stage, stage.outputs["replicaBucketName"])
    ]
    yield {"replica.copies": State.BAD}
    for key, marker in markers:
        s3.delete_object(**replica, Key=key, VersionId=marker)


def stop_the_event_data_store(stage: Stage) -> Iterator[dict[str, State]]:
    cloudtrail, store = stage.management("cloudtrail"), stage.outputs["eventDataStoreArn"]
    cloudtrail.stop_event_data_store_ingestion(EventDataStore=store)
    yield {f"lake.ingestion.{store.rpartition('/')[2]}": State.BAD}
    cloudtrail.start_event_data_store_ingestion(EventDataStore=store)


def unprotect_the_event_data_store(stage: Stage) -> Iterator[dict[str, State]]:
    cloudtrail, store = stage.management("cloudtrail"), stage.outputs["eventDataStoreArn"]
    cloudtrail.update_event_data_store(EventDataStore=store, TerminationProtectionEnabled=False)
    yield {f"lake.protection.{store.rpartition('/')[2]}": State.BAD}
    cloudtrail.update_event_data_store(EventDataStore=store, TerminationProtectionEnabled=True)


def drop_a_standard(stage: Stage) -> Iterator[dict[str, State]]:
    hub, account = stage.deployer("securityhub"), stage.outputs["accountId"]
    subscribed = hub.get_enabled_standards()["StandardsSubscriptions"]
    hub.batch_disable_standards(
        StandardsSubscriptionArns=[subscribed[0]["StandardsSubscriptionArn"]]
    )
    yield {
        # It is on, with one less.
        f"services.securityhub.{account}": State.GOOD,
        f"drift.securityHubStandardArns.{account}": State.BAD,
    }
    standard = {"StandardsArn": subscribed[0]["StandardsArn"]}
    hub.batch_enable_standards(StandardsSubscriptionRequests=[standard])


def unguard_the_key(stage: Stage) -> Iterator[dict[str, State]]:
    kms, key = stage.break_glass("kms"), stage.outputs["keyArn"]
    text = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    policy = json.loads(text)
    kept = [each for each in policy["Statement"] if each["Sid"] != "DenyKeyDestruction"]
    changed = json.dumps({**policy, "Statement": kept})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=changed)
    yield {"key.policy.DenyKeyDestruction": State.BAD}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=text)


def guardrails(stage: Stage) -> list[dict[str, Any]]:
    """The SCPs of the stack."""
    organizations = stage.management("organizations")
    listed = organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    return [each for each in listed if not each["AwsManaged"]]


def detach_the_scps(stage: Stage) -> Iterator[dict[str, State]]:
    organizations = stage.management("organizations")
    [target] = stage.outputs["guardrailTargets"]
    scps = guardrails(stage)
    for scp in scps:
        organizations.detach_policy(PolicyId=scp["Id"], TargetId=target)
    denials = (
        "trail event-data-stores log-files forged-logs replication bucket key alarms-and-rules "
        "exempt-roles membership organization"
    )
    yield {
        **{f"guardrails.deny.{name}": State.BAD for name in denials.split()},
        **{f"guardrails.scps.{scp['Name']}": State.BAD for scp in scps},
        "guardrails.accounts": State.BAD,
        **{f"drift.guardrail.{scp['Id']}": State.BAD for scp in scps},
    }
    for scp in scps:
        organizations.attach_policy(PolicyId=scp["Id"], TargetId=target)


def exempt_oneself(stage: Stage) -> Iterator[dict[str, State]]:
    organizations = stage.management("organizations")
    policies = [
        organizations.describe_policy(PolicyId=each["Id"])["Policy"] for each in guardrails(stage)
    ]
    # The others are as long as AWS lets them be.
    scp = min(policies, key=lambda each: len(each["Content"]))
    text, policy = scp["Content"], scp["PolicySummary"]["Id"]
    content = json.loads(text)
    me = role_arn(stage.sandbox.organization.workload_account_id, "Me")
    spared = next(
        found
        for statement in content["Statement"]
        if (found := statement.get("Condition", {}).get("ArnNotLike"))
    )
    given = spared["aws:PrincipalArn"]
    spared["aws:PrincipalArn"] = [*([given] if isinstance(given, str) else given), me]
    organizations.update_policy(PolicyId=policy, Content=to_json(content))
    yield {f"exempt.{me}": State.BAD}
    organizations.update_policy(PolicyId=policy, Content=text)


def open_the_break_glass_role(stage: Stage) -> Iterator[dict[str, State]]:
    iam = stage.break_glass("iam")
    before = iam.get_role(RoleName="AdminRole")["Role"]["AssumeRolePolicyDocument"]
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    iam.update_assume_role_policy(
        RoleName="AdminRole",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    yield {f"exempt.{stage.outputs['breakGlassRoleArns'][0]}": State.BAD}
    iam.update_assume_role_policy(RoleName="AdminRole", PolicyDocument=json.dumps(before))


def appoint_an_administrator(stage: Stage) -> Iterator[dict[str, State]]:
    cloudtrail = stage.management("cloudtrail")
    account = stage.sandbox.organization.workload_account_id
    cloudtrail.register_organization_delegated_admin(MemberAccountId=account)
    yield {"organization.administrators": State.ATTENTION}
    cloudtrail.deregister_organization_delegated_admin(DelegatedAdminAccountId=account)


def silence_an_alarm(stage: Stage) -> Iterator[dict[str, State]]:
    cloudwatch = stage.management("cloudwatch")
    names = ["cloudtrail-guard-CloudTrailChanges"]
    cloudwatch.disable_alarm_actions(AlarmNames=names)
    yield {"alerts.alarm.CloudTrailChanges": State.BAD}
    cloudwatch.enable_alarm_actions(AlarmNames=names)


def disable_a_rule(stage: Stage) -> Iterator[dict[str, State]]:
    events, account = stage.management("events"), stage.sandbox.organization.management_account_id
    events.disable_rule(Name="cloudtrail-guard-trail")
    yield {f"alerts.rule.trail.{account}": State.BAD}
    events.enable_rule(Name="cloudtrail-guard-trail")


def digests(stage: Stage, bucket: str) -> list[str]:
    """The keys of the digests of the trail's own account and region, in order of time."""
    trail = stage.outputs["trailArn"].split(":")
    prefix = f"AWSLogs/{stage.outputs['organizationId']}/{trail[4]}/CloudTrail-Digest/{REGION}/"
    listed = stage.break_glass("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
    return sorted(each["Key"] for each in listed)


def ended(digest: str) -> datetime:
    """The end of a digest's hour, by its name."""
    stamp = digest.rpartition("_")[2].removesuffix(".json.gz")
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def delete_a_digest(stage: Stage) -> Iterator[dict[str, State]]:
    s3 = stage.break_glass("s3")
    # That of the first hour that is looked at.
    hour = stage.until.replace(minute=0, second=0, microsecond=0)
    key = min(digests(stage, stage.outputs["bucketName"]), key=lambda key: abs(ended(key) - hour))
    marker = s3.delete_object(**stage.bucket, Key=key)["VersionId"]
    yield {"coverage.digests": State.BAD}
    s3.delete_object(**stage.bucket, Key=key, VersionId=marker)


ACTS: list[Callable[[Stage], Iterator[dict[str, State]]]] = [
    stop_logging,
    record_writes_alone,
    record_one_region,
    drop_a_statement,
    let_a_stranger_read,
    shorten_the_lock,
    let_logs_expire,
    open_to_the_public,
    stop_the_copies,
    copy_elsewhere,
    delete_the_replication,
    unlock_the_replica,
    let_others_replicate,
    disable_the_replicas_rotation,
    delete_the_copy_of_a_digest,
    stop_the_event_data_store,
    unprotect_the_event_data_store,
    drop_a_standard,
    unguard_the_key,
    detach_the_scps,
    exempt_oneself,
    open_the_break_glass_role,
    appoint_an_administrator,
    silence_an_alarm,
    disable_a_rule,
    delete_a_digest,
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_an_act_shows_as_itself_and_as_nothing_else(
    stage: Stage, before: Report, act: Callable[[Stage], Iterator[dict[str, State]]]
) -> None:
    tampering = act(stage)
    expected = next(tampering)
    try:
        after = stage.report()
    finally:
        next(tampering, None)

    found = changes(before, after)
    assert {change.check.id: change.check.state for change in found} == expected
    page = render(after, found)
    assert all(name.rpartition(".")[0] in page for name in expected)
    assert "<script>alert" not in page


EXTRA = [
    "account:ListRegions",
    "cloudtrail:GetEventDataStore",
    "cloudwatch:GetMetricStatistics",
]
"""What `docs/how-to/posture.md` names beside `SecurityAudit`."""


def auditor(sandbox: Sandbox, profile: str) -> Clients:
    """Clients of a role that may read what the documentation says, and nothing else."""
    session = sandbox.session(profile)
    iam: Any = session.client("iam")
    account = session.client("sts").get_caller_identity()["Account"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": account}}
    iam.create_role(
        RoleName="Auditor",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    managed = "arn:aws:iam::aws:policy/SecurityAudit"
    iam.attach_role_policy(RoleName="Auditor", PolicyArn=managed)
    extra = {"Effect": "Allow", "Action": EXTRA, "Resource": "*"}
    iam.put_role_policy(
        RoleName="Auditor",
        PolicyName="posture",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [extra]}),
    )
    key = session.client("sts").assume_role(
        RoleArn=role_arn(account, "Auditor"), RoleSessionName="posture"
    )["Credentials"]
    return Clients(
        boto3.Session(
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
            aws_session_token=key["SessionToken"],
            region_name=REGION,
        )
    )


def test_two_roles_that_only_read_see_all_of_it(
    stage: Stage, before: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", stage.sandbox.endpoint)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    collector = Collector(
        access=Access(
            trail=auditor(stage.sandbox, "management"), logs=auditor(stage.sandbox, "security")
        ),
        trail_arn=stage.outputs["trailArn"],
        until=stage.until,
        hours=HOURS,
        named_roles=tuple(stage.outputs["breakGlassRoleArns"]),
        named_replica=(stage.outputs["replicaBucketName"], stage.outputs["replicaKeyArn"]),
    )

    facts = collector.collect()

    assert {key: answer.error for key, answer in facts.answers.items() if answer.error} == {}
    assert changes(before, evaluate(facts, stage.outputs["trailArn"], stage.outputs)) == []


def test_the_documentation_names_the_permissions() -> None:
    text = (CHECKOUT / "docs/how-to/posture.md").read_text()

    assert all(f"`{name}`" in text for name in ["SecurityAudit", *EXTRA])


def test_what_was_undone_leaves_no_trace(stage: Stage, before: Report) -> None:
    assert changes(before, stage.report()) == []


def test_untouched_nothing_is_bad_and_nothing_unknown(before: Report) -> None:
    assert [
        (check.id, check.says)
        for check in before.checks
        if check.state in (State.BAD, State.UNKNOWN)
    ] == []
