from dataclasses import replace
from typing import Any, cast

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.guardrails import (
    ProtectedResources,
    mfa_statement,
    scp_statements,
)
from cloudtrail_guard.policies.resource_guardrails import rcp_statements

BUCKET = ["arn:aws:s3:::org-logs", "arn:aws:s3:::org-logs/*"]
BREAK_GLASS = "arn:aws:iam::111122223333:role/AdminRole"
DEPLOYER = "arn:aws:iam::111122223333:role/pipeline/Deploy"


def statement(protected: ProtectedResources, sid: str) -> dict[str, Any]:
    return cast("dict[str, Any]", next(s for s in scp_statements(protected) if s["Sid"] == sid))


def test_the_guides_trail_actions_are_denied_on_every_trail(protected: ProtectedResources) -> None:
    deny = statement(protected, "ProtectCloudTrail")

    assert deny["Effect"] == "Deny"
    assert deny["Resource"] == "*"
    assert {
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:DeleteEventSelectors",
    } <= set(deny["Action"])


def test_the_guides_bucket_actions_are_denied_on_bucket_and_objects(
    protected: ProtectedResources,
) -> None:
    deny = statement(protected, "ProtectCloudTrailBucket")

    assert deny["Effect"] == "Deny"
    assert deny["Resource"] == BUCKET
    assert {
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketPolicy",
    } <= set(deny["Action"])


@pytest.mark.parametrize(
    ("sid", "actions"),
    [
        ("ProtectCloudTrail", {"cloudtrail:PutInsightSelectors", "cloudtrail:RemoveTags"}),
        (
            "ProtectCloudTrailService",
            {
                "cloudtrail:DeleteEventDataStore",
                "cloudtrail:StopEventDataStoreIngestion",
                "cloudtrail:DeregisterOrganizationDelegatedAdmin",
            },
        ),
        ("ProtectCloudTrailBucket", {"s3:PutLifecycleConfiguration", "s3:PutBucketVersioning"}),
        ("ProtectCloudTrailLogs", {"s3:BypassGovernanceRetention", "s3:PutObjectRetention"}),
        ("ProtectCloudTrailKey", {"kms:PutKeyPolicy", "kms:CreateGrant"}),
        ("ProtectKeyFromDestruction", {"kms:ScheduleKeyDeletion", "kms:DisableKey"}),
        ("ProtectLogsFromReplication", {"s3:ReplicateObject", "s3:ReplicateDelete"}),
        ("ProtectMembership", {"organizations:LeaveOrganization", "account:CloseAccount"}),
        ("ProtectExemptRoles", {"iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy"}),
    ],
)
def test_what_the_guide_misses_is_denied_too(
    protected: ProtectedResources, sid: str, actions: set[str]
) -> None:
    assert actions <= set(statement(protected, sid)["Action"])


@pytest.mark.parametrize(
    ("sid", "exempt"),
    [
        ("ProtectCloudTrail", BREAK_GLASS),
        ("ProtectCloudTrailService", BREAK_GLASS),
        ("ProtectCloudTrailBucket", [BREAK_GLASS, DEPLOYER]),
        ("ProtectCloudTrailLogs", BREAK_GLASS),
        ("ProtectCloudTrailKey", [BREAK_GLASS, DEPLOYER]),
        ("ProtectKeyFromDestruction", BREAK_GLASS),
        ("ProtectExemptRoles", BREAK_GLASS),
        ("ProtectMembership", BREAK_GLASS),
    ],
)
def test_only_the_exempt_roles_pass_and_deployers_never_delete_logs(
    protected: ProtectedResources, sid: str, exempt: object
) -> None:
    assert statement(protected, sid)["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": exempt}}


def test_narrowed_to_some_trails_the_rest_of_cloudtrail_stays_protected(
    protected: ProtectedResources,
) -> None:
    trail = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/SecurityAuditTrail"
    narrowed = replace(protected, trails=(trail,))

    assert statement(narrowed, "ProtectCloudTrail")["Resource"] == trail
    assert statement(narrowed, "ProtectCloudTrailService")["Resource"] == "*"


def test_without_a_key_nothing_is_said_of_keys(protected: ProtectedResources) -> None:
    sids = [s["Sid"] for s in scp_statements(replace(protected, key_arn=None))]

    assert "ProtectCloudTrailKey" not in sids


def test_every_statement_is_valid_in_an_scp(protected: ProtectedResources) -> None:
    """SCPs have no Principal, and their Sids only letters and digits."""
    for deny in scp_statements(protected):
        assert set(deny) == {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert str(deny["Sid"]).isalnum()


def test_guardrails_without_break_glass_are_refused(protected: ProtectedResources) -> None:
    with pytest.raises(InvalidValueError, match="no break-glass role"):
        scp_statements(replace(protected, break_glass=()))


def test_monitoring_and_security_services_are_protected_on_request(
    protected: ProtectedResources,
) -> None:
    rule = "arn:aws:events:*:111122223333:rule/cloudtrail-guard*"
    watched = replace(protected, monitoring=(rule,), security_services=True)

    monitoring = statement(watched, "ProtectCloudTrailMonitoring")
    assert monitoring["Resource"] == rule
    assert {"logs:DeleteLogGroup", "cloudwatch:DeleteAlarms", "events:DisableRule"} <= set(
        monitoring["Action"]
    )
    services = statement(watched, "ProtectSecurityServices")
    assert {"guardduty:DeleteDetector", "securityhub:DisableSecurityHub"} <= set(services["Action"])
    sids = [s["Sid"] for s in scp_statements(protected)]
    assert "ProtectCloudTrailMonitoring" not in sids
    assert "ProtectSecurityServices" not in sids


def resource_statement(protected: ProtectedResources, sid: str) -> dict[str, Any]:
    listed = rcp_statements(protected, "o-a1b2c3d4e5")
    return cast("dict[str, Any]", next(s for s in listed if s["Sid"] == sid))


@pytest.mark.parametrize(
    ("sid", "action"),
    [("ProtectLogBucketFromOutside", "s3:*"), ("ProtectLogKeyFromOutside", "kms:*")],
)
def test_bucket_and_key_refuse_whoever_is_outside_the_organization_but_services(
    protected: ProtectedResources, sid: str, action: str
) -> None:
    deny = resource_statement(protected, sid)

    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", action)
    assert deny["Condition"] == {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }


@pytest.mark.parametrize(
    ("sid", "actions", "exempt"),
    [
        ("ProtectLogBucket", {"s3:PutBucketPolicy", "s3:DeleteBucket"}, [BREAK_GLASS, DEPLOYER]),
        ("ProtectLogs", {"s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"}, BREAK_GLASS),
        ("ProtectLogKey", {"kms:PutKeyPolicy", "kms:CreateGrant"}, [BREAK_GLASS, DEPLOYER]),
        ("ProtectLogKeyFromDestruction", {"kms:ScheduleKeyDeletion"}, BREAK_GLASS),
    ],
)
def test_bucket_and_key_refuse_tampering_from_any_account_but_services(
    protected: ProtectedResources, sid: str, actions: set[str], exempt: object
) -> None:
    deny = resource_statement(protected, sid)

    assert actions <= set(deny["Action"])
    assert deny["Condition"] == {
        "ArnNotLike": {"aws:PrincipalArn": exempt},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }


def test_resource_policies_are_valid_in_organizations(protected: ProtectedResources) -> None:
    """RCPs deny, for everybody, on services that have them.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
    """
    for deny in rcp_statements(protected, "o-a1b2c3d4e5"):
        assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
        listed = deny["Action"]
        actions = [listed] if isinstance(listed, str) else cast("list[str]", listed)
        assert {action.split(":")[0] for action in actions} <= {"s3", "kms", "sts"}


def test_without_mfa_even_break_glass_is_refused_and_only_pipelines_are_exempt(
    protected: ProtectedResources,
) -> None:
    deny = cast("dict[str, Any]", mfa_statement(protected))

    assert deny["Condition"] == {
        "BoolIfExists": {"aws:MultiFactorAuthPresent": "false"},
        "ArnNotLike": {"aws:PrincipalArn": DEPLOYER},
    }
    assert deny["Resource"] == [
        "arn:aws:cloudtrail:*:*:trail/*",
        *BUCKET,
        protected.key_arn,
    ]
    assert {"cloudtrail:StopLogging", "s3:PutBucketPolicy", "kms:DisableKey"} <= set(deny["Action"])


def test_without_deploying_roles_nobody_is_exempt_from_mfa(protected: ProtectedResources) -> None:
    deny = cast("dict[str, Any]", mfa_statement(replace(protected, deployers=())))

    assert deny["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def test_further_buckets_and_their_keys_are_protected_in_every_statement(
    protected: ProtectedResources,
) -> None:
    both = replace(protected, further_buckets=("copy",), further_keys=("arn:aws:kms:x:1:key/2",))
    copy = {"arn:aws:s3:::copy", "arn:aws:s3:::copy/*"}

    policies = [*scp_statements(both), *rcp_statements(both, "o-1"), mfa_statement(both)]
    found = [set(cast("dict[str, Any]", policy)["Resource"]) for policy in policies]

    assert sum(copy <= resources for resources in found) == 3
    assert sum("arn:aws:kms:x:1:key/2" in resources for resources in found) == 10


def test_stack_sets_manage_trails_only_where_asked_and_nobody_takes_their_roles_place(
    protected: ProtectedResources,
) -> None:
    roles = "arn:aws:iam::*:role/stacksets-exec-*"
    asked = replace(protected, stack_sets=True)

    exempt = statement(asked, "ProtectCloudTrail")["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert exempt == [BREAK_GLASS, roles]
    deny = statement(asked, "ProtectServiceRoles")
    assert deny["Resource"] == roles
    assert {"iam:CreateRole", "iam:UpdateAssumeRolePolicy"} <= set(deny["Action"])
    assert "ProtectServiceRoles" not in {s["Sid"] for s in scp_statements(protected)}


def test_exempt_roles_are_changed_by_break_glass_alone_so_that_no_deployer_becomes_it(
    protected: ProtectedResources,
) -> None:
    deny = statement(protected, "ProtectExemptRoles")

    assert deny["Resource"] == [BREAK_GLASS, DEPLOYER]
    assert deny["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": BREAK_GLASS}}


def test_the_window_of_a_key_deletion_binds_break_glass_too(protected: ProtectedResources) -> None:
    window = {"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}}

    assert statement(protected, "RequireKeyDeletionWindow")["Condition"] == window
    assert resource_statement(protected, "RequireKeyDeletionWindow")["Condition"] == window


def test_the_replicas_objects_are_not_protected_from_the_replication_into_them(
    protected: ProtectedResources,
) -> None:
    both = replace(protected, further_buckets=("copy",))

    assert statement(both, "ProtectLogsFromReplication")["Resource"] == "arn:aws:s3:::org-logs/*"
    assert statement(both, "ProtectLogsFromForgery")["Resource"] == [
        "arn:aws:s3:::org-logs/AWSLogs/*",
        "arn:aws:s3:::copy/AWSLogs/*",
    ]


def test_those_who_deploy_the_security_services_may_change_them(
    protected: ProtectedResources,
) -> None:
    watched = replace(protected, security_services=True)

    exempt = statement(watched, "ProtectSecurityServices")["Condition"]
    assert exempt == {"ArnNotLike": {"aws:PrincipalArn": [BREAK_GLASS, DEPLOYER]}}


def test_a_key_in_use_is_kept_by_everyone(protected: ProtectedResources) -> None:
    used = {"NumericLessThan": {"kms:TrailingDaysWithoutKeyUsage": "30"}}

    for found in (
        statement(protected, "ProtectKeysInUse"),
        resource_statement(protected, "ProtectKeysInUse"),
    ):
        assert set(found["Action"]) == {"kms:DisableKey", "kms:ScheduleKeyDeletion"}
        assert found["Condition"] == used


def test_keys_of_alerts_feed_and_results_have_the_denies_but_strangers_may_use_them(
    protected: ProtectedResources,
) -> None:
    other = "arn:aws:kms:eu-west-1:111122223333:key/alerts"
    wider = replace(protected, other_keys=(other,))
    organization = "o-a1b2c3d4e5"

    def naming(statements: list[Any]) -> set[str]:
        return {s["Sid"] for s in statements if other in s["Resource"]}

    assert naming(scp_statements(wider)) == {
        "ProtectCloudTrailKey",
        "ProtectKeyFromDestruction",
        "RequireKeyDeletionWindow",
        "ProtectKeysInUse",
    }
    assert naming(rcp_statements(wider, organization)) == {
        "ProtectLogKey",
        "ProtectLogKeyFromDestruction",
        "RequireKeyDeletionWindow",
        "ProtectKeysInUse",
    }
    assert other in cast("Any", mfa_statement(wider))["Resource"]


def test_exempt_users_are_protected_by_their_credentials_too(
    protected: ProtectedResources,
) -> None:
    user = "arn:aws:iam::111122223333:user/break-glass"
    deny = statement(replace(protected, break_glass=(BREAK_GLASS, user)), "ProtectExemptUsers")

    assert deny["Resource"] == user
    assert {"iam:CreateAccessKey", "iam:UpdateLoginProfile", "iam:UpdateUser"} <= set(
        deny["Action"]
    )
    assert "ProtectExemptUsers" not in {s["Sid"] for s in scp_statements(protected)}


def test_the_stacks_own_roles_are_made_by_deployers_and_changed_by_no_one_else(
    protected: ProtectedResources,
) -> None:
    roles = ("arn:aws:iam::*:role/cloudtrail-guard*", "arn:aws:iam::111122223333:role/Readers")
    deny = statement(replace(protected, own_roles=roles), "ProtectOwnRoles")

    assert deny["Resource"] == list(roles)
    assert {"iam:PassRole", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole"} <= set(deny["Action"])
    assert deny["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": [BREAK_GLASS, DEPLOYER]}}


def test_what_names_no_alarm_or_topic_is_denied_in_the_exempt_roles_accounts_alone(
    protected: ProtectedResources,
) -> None:
    deny = statement(protected, "ProtectAccountMonitoring")

    assert {"sns:Unsubscribe", "cloudwatch:PutAlarmMuteRule"} <= set(deny["Action"])
    assert deny["Resource"] == "*"
    assert deny["Condition"]["StringEquals"] == {"aws:PrincipalAccount": "111122223333"}


def test_a_delegated_administrator_of_policies_keeps_its_own_kinds_of_policy(
    protected: ProtectedResources,
) -> None:
    deny = statement(protected, "ProtectOrganizationPolicies")

    assert deny["Resource"] == [
        "arn:aws:organizations::*:policy/*/service_control_policy/*",
        "arn:aws:organizations::*:policy/*/resource_control_policy/*",
    ]


@pytest.mark.parametrize("sid", ["ProtectCloudTrail", "ProtectSecurityServices"])
def test_control_towers_role_passes_only_where_asked(
    protected: ProtectedResources, sid: str
) -> None:
    role = "arn:aws:iam::*:role/AWSControlTowerExecution"

    def exempt(control_tower: bool) -> list[str]:
        wanted = replace(protected, security_services=True, control_tower=control_tower)
        found = statement(wanted, sid)["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
        return [found] if isinstance(found, str) else found

    assert role in exempt(control_tower=True)
    assert role not in exempt(control_tower=False)
    made = statement(replace(protected, control_tower=True), "ProtectServiceRoles")
    assert made["Resource"] == role


def test_aws_backup_changes_notifications_and_nothing_else_of_the_bucket(
    protected: ProtectedResources,
) -> None:
    backup = "arn:aws:iam::111122223333:role/Backup"
    copied = replace(protected, backup_roles=(backup,))

    for statements, sid in (
        (scp_statements(copied), "ProtectCloudTrailBucket"),
        (rcp_statements(copied, "o-a1b2c3d4e5"), "ProtectLogBucket"),
    ):
        found = {str(s["Sid"]): cast("Any", s) for s in statements}
        notification = found[f"{sid}Notification"]
        assert notification["Action"] == ["s3:PutBucketNotification"]
        assert backup in notification["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
        assert "s3:PutBucketNotification" not in found[sid]["Action"]
        assert backup not in found[sid]["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
