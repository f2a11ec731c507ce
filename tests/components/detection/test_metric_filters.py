"""The filters are what auditors' tools look for: names as whole words, in any order."""

import re

import pytest
from cloudtrail_guard.detection.cis_metric_filters import CIS_METRIC_FILTERS
from cloudtrail_guard.detection.metric_filters import (
    ALARMS,
    FURTHER_METRIC_FILTERS,
    MAX_PATTERN,
    METRIC_FILTERS,
    break_glass_pattern,
    topic_changes_pattern,
)
from cloudtrail_guard.errors import InvalidValueError

from sandbox.aws.patches.logs.patterns import matches

BY_NAME = {metric_filter.name: metric_filter.pattern for metric_filter in CIS_METRIC_FILTERS}


def events(pattern: str) -> set[str]:
    return set(re.findall(r"\$\.eventName = \"?(\w+)", pattern))


# Facts: checks cloudwatch_log_metric_filter_* and cloudwatch_changes_to_* of Prowler 5.
@pytest.mark.parametrize(
    ("name", "source", "wanted"),
    [
        ("CloudTrailChanges", None, "CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging"),
        ("KeyDisabledOrDeleted", "kms", "DisableKey ScheduleKeyDeletion"),
        (
            "IamPolicyChanges",
            None,
            (
                "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy "
                "PutUserPolicy CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion "
                "AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy "
                "AttachGroupPolicy DetachGroupPolicy"
            ),
        ),
        (
            "BucketPolicyChanges",
            "s3",
            (
                "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle "
                "PutBucketReplication DeleteBucketPolicy DeleteBucketCors "
                "DeleteBucketLifecycle DeleteBucketReplication"
            ),
        ),
        (
            "ConfigChanges",
            "config",
            (
                "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel "
                "PutConfigurationRecorder"
            ),
        ),
        (
            "SecurityGroupChanges",
            None,
            (
                "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress "
                "RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateSecurityGroup "
                "DeleteSecurityGroup"
            ),
        ),
        (
            "NetworkAclChanges",
            None,
            (
                "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry "
                "ReplaceNetworkAclEntry ReplaceNetworkAclAssociation"
            ),
        ),
        (
            "NetworkGatewayChanges",
            None,
            (
                "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway "
                "CreateInternetGateway DeleteInternetGateway DetachInternetGateway"
            ),
        ),
        (
            "RouteTableChanges",
            "ec2",
            (
                "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation "
                "DeleteRouteTable DeleteRoute DisassociateRouteTable"
            ),
        ),
        (
            "VpcChanges",
            None,
            (
                "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection "
                "CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection "
                "AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink "
                "EnableVpcClassicLink"
            ),
        ),
        (
            "OrganizationsChanges",
            "organizations",
            (
                "AcceptHandshake AttachPolicy CancelHandshake CreateAccount CreateOrganization "
                "CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization "
                "DeleteOrganizationalUnit DeletePolicy EnableAllFeatures EnablePolicyType "
                "InviteAccountToOrganization LeaveOrganization DetachPolicy DisablePolicyType "
                "MoveAccount RemoveAccountFromOrganization UpdateOrganizationalUnit UpdatePolicy"
            ),
        ),
    ],
)
def test_a_filter_names_every_event_and_the_source_that_auditors_want(
    name: str, source: str | None, wanted: str
) -> None:
    assert events(BY_NAME[name]) == set(wanted.split())
    if source is not None:
        assert f"$.eventSource = {source}.amazonaws.com" in BY_NAME[name]


@pytest.mark.parametrize(
    ("name", "regex"),
    [
        (
            "RootUsage",
            (
                r"\$\.userIdentity\.type\s*=\s*.?Root.+\$\.userIdentity\.invokedBy NOT EXISTS"
                r".+\$\.eventType\s*!=\s*.?AwsServiceEvent"
            ),
        ),
        (
            "UnauthorizedApiCalls",
            r"\$\.errorCode\s*=\s*.?\*UnauthorizedOperation.+\$\.errorCode\s*=\s*.?AccessDenied\*",
        ),
        (
            "ConsoleSignInWithoutMfa",
            r"\$\.eventName\s*=\s*.?ConsoleLogin.+\$\.additionalEventData\.MFAUsed\s*!=\s*.?Yes",
        ),
        (
            "ConsoleSignInFailures",
            r"\$\.eventName\s*=\s*.?ConsoleLogin.+\$\.errorMessage\s*=\s*.?Failed authentication",
        ),
    ],
)
def test_conditions_stand_in_the_auditors_order(name: str, regex: str) -> None:
    assert re.search(regex, BY_NAME[name])


def test_there_are_fifteen_filters_with_names_and_controls_of_their_own() -> None:
    assert len(CIS_METRIC_FILTERS) == 15
    assert len(BY_NAME) == 15
    assert [each.control for each in CIS_METRIC_FILTERS] == [f"4.{i}" for i in range(1, 16)]


def test_filters_of_our_own_are_named_as_such_and_beside_the_fifteen() -> None:
    assert len(ALARMS) == len(set(ALARMS))
    assert {each.source for each in FURTHER_METRIC_FILTERS} == {"Beyond CIS"}
    assert METRIC_FILTERS[:15] == CIS_METRIC_FILTERS


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("EndpointDenials", "VpceAccessDenied"),
        ("RequesterPaysChanges", "PutBucketRequestPayment"),
        ("RootSignIns", "signin.amazonaws.com"),
        ("SignInsWithoutMfaRecord", "MFAUsed NOT EXISTS"),
        ("RootSessions", "AssumeRoot"),
        ("TrailTampering", "PutEventSelectors"),
        ("KeyChanges", "PutKeyPolicy"),
        ("KeyChanges", "DeleteImportedKeyMaterial"),
        ("Departures", "AccountDepartedOrganization"),
    ],
)
def test_a_further_filter_matches_what_the_fifteen_miss(name: str, wanted: str) -> None:
    (pattern,) = (each.pattern for each in FURTHER_METRIC_FILTERS if each.name == name)

    assert wanted in pattern
    assert not any(wanted in each for each in BY_NAME.values())


def test_every_pattern_fits_cloudwatch_logs() -> None:
    for name, pattern in ((each.name, each.pattern) for each in METRIC_FILTERS):
        assert len(pattern) <= MAX_PATTERN, name
        assert pattern.count("(") == pattern.count(")"), name
        assert pattern.startswith("{ "), name
        assert pattern.endswith(" }"), name


ROLE = "arn:aws:iam::111122223333:role/AdminRole"
OTHER = "arn:aws:iam::111122223333:role/Other"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:cloudtrail-guard-alerts"


def issued(role: str) -> dict[str, object]:
    return {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": role}}}}


def test_a_use_of_any_role_of_a_permission_set_is_matched() -> None:
    roles = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_*"
    role = roles.replace("*AWS", "eu-west-1/AWS").replace("_*", "_0123456789abcdef")

    assert matches(break_glass_pattern(roles), issued(role))
    assert not matches(break_glass_pattern(roles), issued(ROLE))


@pytest.mark.parametrize(
    ("record", "is_use"),
    [
        ({"eventName": "AssumeRole", "requestParameters": {"roleArn": ROLE}}, True),
        ({"eventName": "ListBuckets", **issued(ROLE)}, True),
        ({"eventName": "AssumeRole", "requestParameters": {"roleArn": OTHER}}, False),
        ({"eventName": "ListBuckets", **issued(OTHER)}, False),
        ({"eventName": "ListBuckets", "requestParameters": None}, False),
    ],
)
def test_each_use_of_break_glass_is_matched(record: dict[str, object], *, is_use: bool) -> None:
    assert matches(break_glass_pattern(ROLE), record) is is_use


@pytest.mark.parametrize(
    ("event", "parameters", "is_matched"),
    [
        ("SetTopicAttributes", {"topicArn": TOPIC}, True),
        ("DeleteTopic", {"topicArn": TOPIC}, True),
        ("PutDataProtectionPolicy", {"resourceArn": TOPIC}, True),
        ("Unsubscribe", {"subscriptionArn": f"{TOPIC}:1234"}, True),
        ("Subscribe", {"topicArn": TOPIC}, False),
        ("DeleteTopic", {"topicArn": TOPIC.replace("cloudtrail-guard-", "own-")}, False),
        ("DeleteTopic", None, False),
    ],
)
def test_what_silences_a_topic_of_alerts_is_matched(
    event: str, parameters: dict[str, str] | None, *, is_matched: bool
) -> None:
    record = {
        "eventSource": "sns.amazonaws.com",
        "eventName": event,
        "requestParameters": parameters,
    }

    assert matches(topic_changes_pattern(["cloudtrail-guard"]), record) is is_matched


def test_a_name_that_makes_a_pattern_too_long_is_refused() -> None:
    with pytest.raises(
        InvalidValueError, match=r"AlertTopicChanges has .*name fewer watched_names"
    ):
        topic_changes_pattern([f"guard-{number}" for number in range(20)])
    with pytest.raises(InvalidValueError, match=r"BreakGlassUse has .*a role with a shorter path"):
        break_glass_pattern(ROLE.replace("AdminRole", "x" * 500))
