"""What StackSets and their instances reject."""

from sandbox.tests.plugin.refusals.case import Case, Sound

STACK_SET = "aws:cloudformation/stackSet:StackSet"
INSTANCE = "aws:cloudformation/stackSetInstance:StackSetInstance"

SOUND: Sound = {
    STACK_SET: {"permissionModel": "SERVICE_MANAGED", "templateBody": "{}"},
    INSTANCE: {
        "stackSetName": "trails",
        "deploymentTargets": {"organizationalUnitIds": ["ou-a1b2-c3d4e5f6"]},
    },
}

_PREFERENCES = "operationPreferences"
_UNITS = "deploymentTargets.organizationalUnitIds"

CASES = (
    Case(STACK_SET, "name", "x" * 129, "in the range (1 - 128)"),
    Case(STACK_SET, "name", "a_b", "must contain only alphanumeric and hyphen characters"),
    Case(STACK_SET, "name", "1st", "must begin with alphabetic character"),
    Case(STACK_SET, "capabilities[0]", "CAPABILITY_ALL", "to be one of"),
    Case(STACK_SET, "description", "x" * 1025, "in the range (1 - 1024)"),
    Case(STACK_SET, "permissionModel", "MANAGED", "to be one of"),
    Case(STACK_SET, "permissionModel", "SELF_MANAGED", "use SERVICE_MANAGED"),
    Case(INSTANCE, f"{_UNITS}[0]", "111122223333", "must be the id of an OU or of the root"),
    Case(INSTANCE, _UNITS, [], "must contain at least 1 elements"),
    *(
        case
        for token in (STACK_SET, INSTANCE)
        for case in (
            Case(token, "callAs", "ADMIN", "to be one of"),
            Case(token, f"{_PREFERENCES}.failureTolerancePercentage", 101, "range (0 - 100)"),
            Case(token, f"{_PREFERENCES}.maxConcurrentPercentage", 0, "range (1 - 100)"),
            Case(token, f"{_PREFERENCES}.regionConcurrencyType", "RANDOM", "to be one of"),
        )
    ),
)
