"""What Config's rules of the organization reject."""

from sandbox.tests.plugin.refusals.case import NOT_ACCOUNT, Case, Sound

RULE = "aws:cfg/organizationManagedRule:OrganizationManagedRule"

SOUND: Sound = {RULE: {"ruleIdentifier": "CLOUD_TRAIL_ENABLED"}}

CASES = (
    Case(RULE, "name", "x" * 65, "in the range (1 - 64)"),
    Case(RULE, "description", "x" * 257, "in the range (0 - 256)"),
    Case(RULE, "excludedAccounts", ["111122223333"] * 1001, "No more than 1000"),
    Case(RULE, "excludedAccounts[0]", "1234", NOT_ACCOUNT),
    Case(RULE, "inputParameters", f'"{"x" * 2049}"', "in the range (0 - 2048)"),
    Case(RULE, "inputParameters", "{", "contains an invalid JSON"),
    Case(RULE, "maximumExecutionFrequency", "Two_Hours", "to be one of"),
    Case(RULE, "resourceIdScope", "x" * 769, "in the range (0 - 768)"),
    Case(RULE, "resourceTypesScopes", ["AWS::S3::Bucket"] * 101, "No more than 100"),
    Case(RULE, "resourceTypesScopes[0]", "x" * 257, "in the range (0 - 256)"),
    Case(RULE, "ruleIdentifier", "", "in the range (1 - 256)"),
    Case(RULE, "tagKeyScope", "x" * 129, "in the range (0 - 128)"),
    Case(RULE, "tagValueScope", "x" * 257, "in the range (0 - 256)"),
)
