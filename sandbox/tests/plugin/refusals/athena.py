"""What workgroups and named queries reject."""

from sandbox.tests.plugin.refusals.case import NOT_ARN, Case, Sound

WORKGROUP = "aws:athena/workgroup:Workgroup"
QUERY = "aws:athena/namedQuery:NamedQuery"

SOUND: Sound = {WORKGROUP: {}, QUERY: {"database": "logs", "query": "SELECT 1"}}

_RESULTS = "configuration.resultConfiguration"

CASES = (
    Case(WORKGROUP, "name", "x" * 129, "in the range (1 - 128)"),
    Case(WORKGROUP, "name", "a group", "must contain only alphanumeric characters, periods"),
    Case(WORKGROUP, "description", "x" * 1025, "in the range (0 - 1024)"),
    Case(WORKGROUP, "state", "PAUSED", "to be one of"),
    Case(
        WORKGROUP,
        "configuration.bytesScannedCutoffPerQuery",
        10_485_759,
        "bytes_scanned_cutoff_per_query to be at least (10485760)",
    ),
    Case(
        WORKGROUP,
        f"{_RESULTS}.aclConfiguration.s3AclOption",
        "PRIVATE",
        'to be one of ["BUCKET_OWNER_FULL_CONTROL"]',
    ),
    Case(
        WORKGROUP, f"{_RESULTS}.encryptionConfiguration.encryptionOption", "AES256", "to be one of"
    ),
    Case(WORKGROUP, f"{_RESULTS}.encryptionConfiguration.kmsKeyArn", "alias/logs", NOT_ARN),
    Case(QUERY, "name", "x" * 129, "in the range (1 - 128)"),
    Case(QUERY, "query", "", "in the range (1 - 262144)"),
)
