"""CloudTrail: trails, event data stores and the delegated administrator."""

from cloudtrail_guard.operations.model import Allowed, Harm, Target, entries

_TRAILS = entries(
    "cloudtrail",
    Target.TRAIL,
    Allowed.BREAK_GLASS,
    {
        Harm.STOP: "DeleteTrail StopLogging UpdateTrail",
        Harm.BLIND: (
            "PutEventSelectors DeleteEventSelectors PutInsightSelectors PutEventConfiguration"
        ),
        Harm.UNGUARD: "RemoveTags",
    },
    events={"DeleteEventSelectors": ""},
    undone="StopLogging PutEventSelectors UpdateTrail DeleteTrail",
    notes={
        "DeleteEventSelectors": (
            "no such API exists: PutEventSelectors also removes selectors. AWS accepts the name, "
            "and reviewers who compare the policy with the guide look for it"
        ),
        "PutEventConfiguration": "aggregation blurs what a trail of data events records",
    },
)

_SERVICE = entries(
    "cloudtrail",
    Target.CLOUDTRAIL,
    Allowed.BREAK_GLASS,
    {
        Harm.DESTROY: "DeleteEventDataStore",
        Harm.STOP: "StopEventDataStoreIngestion DeregisterOrganizationDelegatedAdmin",
        Harm.SHRINK: "UpdateEventDataStore",
        Harm.EXPOSE: "RegisterOrganizationDelegatedAdmin EnableFederation PutResourcePolicy",
        Harm.BLIND: "DeleteChannel UpdateChannel DeleteResourcePolicy",
    },
    notes={
        "RegisterOrganizationDelegatedAdmin": "the administrator can stop the organization's trail"
    },
)

CLOUDTRAIL = (*_TRAILS, *_SERVICE)
