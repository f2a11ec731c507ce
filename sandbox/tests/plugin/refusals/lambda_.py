"""What functions and permissions reject."""

from sandbox.plugin.values import Archive, Asset
from sandbox.tests.plugin.refusals.case import NOT_ACCOUNT, NOT_ARN, Case, Sound

FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"

SOUND: Sound = {
    FUNCTION: {
        "role": "arn:aws:iam::123456789012:role/respond",
        "runtime": "python3.13",
        "handler": "handler.handler",
        "code": Archive(assets=(("handler.py", Asset(text="")),)),
    },
    PERMISSION: {
        "action": "lambda:InvokeFunction",
        "function": "respond",
        "principal": "events.amazonaws.com",
    },
}

CASES = (
    Case(FUNCTION, "name", "a function", "must be 1 to 64 letters, digits"),
    Case(FUNCTION, "deadLetterConfig.targetArn", "queue", NOT_ARN, {"deadLetterConfig": {}}),
    Case(FUNCTION, "description", "x" * 257, "in the range (0 - 256)"),
    Case(FUNCTION, "handler", "x" * 129, "in the range (0 - 128)"),
    Case(FUNCTION, "kmsKeyArn", "key", NOT_ARN),
    Case(FUNCTION, "memorySize", 64, "in the range (128 - 32768)"),
    Case(FUNCTION, "packageType", "Image", "only functions from zip files are emulated here"),
    Case(FUNCTION, "reservedConcurrentExecutions", -2, "to be at least (-1)"),
    Case(FUNCTION, "role", "respond", NOT_ARN),
    Case(FUNCTION, "runtime", "python9", "to be one of Lambda's runtimes, got python9"),
    Case(FUNCTION, "timeout", 901, "in the range (1 - 900)"),
    Case(PERMISSION, "action", "Invoke", "invalid value for action: Invoke"),
    Case(PERMISSION, "sourceAccount", "1234", NOT_ACCOUNT),
    Case(PERMISSION, "sourceArn", "rule", NOT_ARN),
    Case(PERMISSION, "statementId", "a statement", "invalid value for statement_id"),
)
