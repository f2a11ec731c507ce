"""What databases and tables of Glue reject."""

from sandbox.tests.plugin.refusals.case import Case, Sound

DATABASE = "aws:glue/catalogDatabase:CatalogDatabase"
TABLE = "aws:glue/catalogTable:CatalogTable"

SOUND: Sound = {DATABASE: {}, TABLE: {"databaseName": "logs"}}

_255 = "in the range (1 - 255)"
_INDEX = {"indexName": "by-day", "keys": ["day"]}
_COLUMNS = ("partitionKeys[0]", "storageDescriptor.columns[0]")

CASES = (
    *(
        case
        for token in (DATABASE, TABLE)
        for case in (
            Case(token, "name", "Logs", "(uppercase characters cannot be used)"),
            Case(token, "name", "x" * 256, _255),
            Case(token, "description", "x" * 2049, "in the range (0 - 2048)"),
        )
    ),
    Case(TABLE, "partitionIndices", [_INDEX] * 4, "No more than 3"),
    Case(TABLE, "partitionIndices[0].indexName", "", _255, {"partitionIndices[0]": _INDEX}),
    Case(
        TABLE,
        "partitionIndices[0].keys",
        [],
        "list must contain at least 1 elements",
        {"partitionIndices[0]": _INDEX},
    ),
    *(
        Case(TABLE, f"{column}.{place}", bad, reason, {f"{column}.name": "day"})
        for column in _COLUMNS
        for place, bad, reason in (
            ("name", "", _255),
            ("comment", "x" * 256, "in the range (0 - 255)"),
            ("type", "x" * 131_073, "in the range (0 - 131072)"),
        )
    ),
    Case(TABLE, "retention", -1, "to be at least (0), got -1"),
    Case(TABLE, "storageDescriptor.serDeInfo.name", "", _255),
    Case(TABLE, "viewExpandedText", "x" * 409_601, "in the range (0 - 409600)"),
    Case(TABLE, "viewOriginalText", "x" * 409_601, "in the range (0 - 409600)"),
)
