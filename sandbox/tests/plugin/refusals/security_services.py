"""What rows of GuardDuty, Security Hub and Access Analyzer reject."""

from sandbox.tests.plugin.refusals.case import NOT_ARN, Case, Sound

DETECTOR = "aws:guardduty/detector:Detector"
FEATURE = "aws:guardduty/detectorFeature:DetectorFeature"
MEMBERS = "aws:guardduty/organizationConfiguration:OrganizationConfiguration"
MEMBERS_FEATURE = "aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature"
HUB = "aws:securityhub/account:Account"
STANDARD = "aws:securityhub/standardsSubscription:StandardsSubscription"
ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"

_ID = "0" * 32
_FSBP = "arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"

SOUND: Sound = {
    DETECTOR: {},
    FEATURE: {"detectorId": _ID, "name": "S3_DATA_EVENTS", "status": "ENABLED"},
    MEMBERS: {"detectorId": _ID, "autoEnableOrganizationMembers": "ALL"},
    MEMBERS_FEATURE: {"detectorId": _ID, "name": "S3_DATA_EVENTS", "autoEnable": "ALL"},
    HUB: {},
    STANDARD: {"standardsArn": _FSBP},
    ANALYZER: {"analyzerName": "organization"},
}

CASES = (
    Case(DETECTOR, "findingPublishingFrequency", "DAILY", "to be one of"),
    Case(FEATURE, "name", "S3", "to be one of"),
    Case(FEATURE, "status", "ON", "to be one of"),
    Case(MEMBERS, "autoEnableOrganizationMembers", "SOME", "to be one of"),
    Case(MEMBERS_FEATURE, "autoEnable", "SOME", "to be one of"),
    Case(MEMBERS_FEATURE, "name", "S3", "to be one of"),
    Case(HUB, "controlFindingGenerator", "NEW", "to be one of"),
    Case(STANDARD, "standardsArn", "fsbp", NOT_ARN),
    Case(ANALYZER, "analyzerName", "a" * 256, "in the range (1 - 255)"),
    Case(ANALYZER, "analyzerName", "1st", "must begin with a letter"),
    Case(ANALYZER, "type", "EVERYTHING", "to be one of"),
)
