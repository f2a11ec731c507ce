"""What event data stores refuse; trails are in `test_refusals.py`."""

from sandbox.tests.plugin.refusals.case import Case, Sound

STORE = "aws:cloudtrail/eventDataStore:EventDataStore"

SOUND: Sound = {STORE: {}}

_SELECTOR = "advancedEventSelectors[0]"
_FIELDS = [{"field": "eventCategory", "equals": ["Management"]}]

CASES = (
    Case(STORE, "name", "ab", "in the range (3 - 128)"),
    Case(STORE, "billingMode", "FREE", "to be one of"),
    Case(STORE, "retentionPeriod", 2556, "in the range (7 - 2555)"),
    Case(STORE, "suspend", "yes", 'to be one of ["true" "false"]'),
    Case(
        STORE,
        f"{_SELECTOR}.name",
        "x" * 1001,
        "in the range (0 - 1000)",
        {f"{_SELECTOR}.fieldSelectors": _FIELDS},
    ),
    Case(
        STORE,
        f"{_SELECTOR}.fieldSelectors[0].field",
        "userAgent",
        "expected advanced_event_selector.0.field_selector.0.field to be one of",
        {f"{_SELECTOR}.fieldSelectors": _FIELDS},
    ),
)
