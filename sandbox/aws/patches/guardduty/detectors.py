"""GuardDuty's detectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.patches import tags
from sandbox.aws.patches.guardduty.store import LIMIT, REASON, Detector, backend, detector, rejected
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

_DEFAULT_FREQUENCY = "SIX_HOURS"


@patch("guardduty", "CreateDetector", REASON, limit=LIMIT)
def create(call: Call) -> Answer:
    """Make the one detector of account and region."""
    home = backend(call)
    if home.detector is not None:
        raise rejected("a detector already exists for the current account.")
    made = Detector(
        call.signer.account_id,
        call.flag("Enable"),
        call.text("FindingPublishingFrequency") or _DEFAULT_FREQUENCY,
        dict(call.params.get("Tags") or {}),
    )
    made.switch(call.params.get("Features") or ())
    home.detector = made
    return {"DetectorId": made.id}


@patch("guardduty", "GetDetector", REASON, limit=LIMIT)
def get(call: Call) -> Answer:
    """Describe it."""
    found = detector(call)
    account = found.account_id
    role = "role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"
    return {
        "CreatedAt": found.created.isoformat(),
        "UpdatedAt": found.created.isoformat(),
        "FindingPublishingFrequency": found.frequency,
        "ServiceRole": f"arn:{call.partition}:iam::{account}:{role}",
        "Status": "ENABLED" if found.enable else "DISABLED",
        "Features": list(found.features.values()),
        "Tags": found.tags,
    }


@patch("guardduty", "ListDetectors", REASON, limit=LIMIT)
def list_detectors(call: Call) -> Answer:
    """Name the one, if it is there."""
    found = backend(call).detector
    return {"DetectorIds": [found.id] if found else []}


@patch("guardduty", "UpdateDetector", REASON, limit=LIMIT)
def update(call: Call) -> Answer:
    """Change what is given."""
    found = detector(call)
    found.enable = call.flag("Enable", default=found.enable)
    found.frequency = call.text("FindingPublishingFrequency") or found.frequency
    found.switch(call.params.get("Features") or ())
    return {}


@patch("guardduty", "DeleteDetector", REASON, limit=LIMIT)
def delete(call: Call) -> Answer:
    """Delete it, with all that it found."""
    detector(call)
    backend(call).detector = None
    return {}


@patch("guardduty", tags.OPERATIONS, REASON, limit=LIMIT)
def tag(call: Call) -> Answer:
    """Set, remove or list the tags of a detector."""
    found = backend(call).detector
    if found is None or not call.text("ResourceArn").endswith(f":detector/{found.id}"):
        raise NotImplementedError("tags of what is no detector of the caller")
    return tags.tag(call, found.tags)
