"""Event data stores (CloudTrail Lake), which moto lacks."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement import may_service
from sandbox.aws.enforcement.services.kms import on_key
from sandbox.aws.patches.cloudtrail import store
from sandbox.aws.patches.cloudtrail.selectors import check_advanced
from sandbox.aws.patches.registry import patch
from sandbox.aws.patches.store import kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
_MAX_STORES = 10
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html
_MAX_RETENTION = {"EXTENDABLE_RETENTION_PRICING": 3653, "FIXED_RETENTION_PRICING": 2557}
_DEFAULT_RETENTION = {"EXTENDABLE_RETENTION_PRICING": 366, "FIXED_RETENTION_PRICING": 2557}
_CATEGORIES = (
    *("Management", "Data", "NetworkActivity", "Insight"),
    *("ConfigurationItem", "Evidence", "ActivityAuditLog"),
)
_ARN = re.compile(
    r"^arn:aws[a-z-]*:cloudtrail:(?P<region>[^:]+):\d{12}:eventdatastore/(?P<id>[0-9a-f-]{36})$"
)
_ID = re.compile(r"^[0-9a-f-]{36}$")
_DEFAULT_SELECTORS: Sequence[Mapping[str, Any]] = (
    {
        "Name": "Default management events",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    },
)

_MISSING = "moto lacks this operation"
_LIMIT = (
    "works as for a customer that had CloudTrail Lake before it closed to new ones on 31 May 2026; "
    "no event is stored, so queries, imports, federation and dashboards are not emulated"
)

ENABLED, STOPPED, PENDING_DELETION = "ENABLED", "STOPPED_INGESTION", "PENDING_DELETION"


@dataclass
class EventDataStore:
    """An event data store; the settings as the API names them."""

    arn: str
    settings: dict[str, Any]
    status: str = ENABLED
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)

    @property
    def organization_wide(self) -> bool:
        """Whether it stores the events of all accounts."""
        return bool(self.settings["OrganizationEnabled"])

    def describe(self) -> dict[str, Any]:
        """As GetEventDataStore answers."""
        return {
            "EventDataStoreArn": self.arn,
            "Status": self.status,
            "CreatedTimestamp": self.created,
            "UpdatedTimestamp": self.updated,
            **self.settings,
        }


class _EventDataStores(dict[str, EventDataStore]):
    """The event data stores of an account in a region, by ARN."""


@patch("cloudtrail", "CreateEventDataStore", _MISSING, limit=_LIMIT)
def create(call: Call) -> Answer:
    """Create an event data store; that of an organization is the management account's."""
    organization = call.flag("OrganizationEnabled")
    account = store.administered_account(call) if organization else call.signer.account_id
    stores = kept(_EventDataStores, account, call.region)
    name = call.text("Name")
    if any(other.settings["Name"] == name for other in stores.values()):
        message = f"An event data store named {name} already exists."
        raise AwsError("EventDataStoreAlreadyExistsException", message)
    if sum(other.status != PENDING_DELETION for other in stores.values()) >= _MAX_STORES:
        message = f"An account has at most {_MAX_STORES} event data stores in a region."
        raise AwsError("EventDataStoreMaxLimitExceededException", message)
    billing = call.text("BillingMode") or "EXTENDABLE_RETENTION_PRICING"
    arn = f"arn:{call.partition}:cloudtrail:{call.region}:{account}:eventdatastore/{uuid.uuid4()}"
    made = EventDataStore(
        arn,
        {
            "Name": name,
            "AdvancedEventSelectors": call.params.get("AdvancedEventSelectors")
            or list(_DEFAULT_SELECTORS),
            "MultiRegionEnabled": call.flag("MultiRegionEnabled", default=True),
            "OrganizationEnabled": organization,
            "RetentionPeriod": call.params.get("RetentionPeriod", _DEFAULT_RETENTION[billing]),
            "TerminationProtectionEnabled": call.flag("TerminationProtectionEnabled", default=True),
            "BillingMode": billing,
            **_key(call, arn),
        },
        ENABLED if call.flag("StartIngestion", default=True) else STOPPED,
    )
    _check(made)
    stores[arn] = made
    tags = call.params.get("TagsList") or []
    store.backend(account, call.region).tagging_service.tag_resource(arn, tags)
    return {**made.describe(), "TagsList": tags}


@patch("cloudtrail", "GetEventDataStore", _MISSING, limit=_LIMIT)
def get(call: Call) -> Answer:
    """Describe one."""
    return {**_named(call).describe(), "FederationStatus": "DISABLED"}


@patch("cloudtrail", "ListEventDataStores", _MISSING, limit=_LIMIT)
def list_stores(call: Call) -> Answer:
    """List those that the caller administers, all in one page."""
    return {"EventDataStores": [found.describe() for found in _visible(call)]}


@patch("cloudtrail", "UpdateEventDataStore", _MISSING, limit=_LIMIT)
def update(call: Call) -> Answer:
    """Change what is given; one that fails the checks stays as it was."""
    found = _active(call)
    if call.flag("OrganizationEnabled") or found.organization_wide:
        store.administered_account(call)
    given = {name: call.params[name] for name in found.settings if name in call.params}
    changed = EventDataStore(found.arn, {**found.settings, **given, **_key(call, found.arn)})
    _check(changed)
    found.settings, found.updated = changed.settings, changed.updated
    return {**found.describe(), "FederationStatus": "DISABLED"}


@patch(
    "cloudtrail", "DeleteEventDataStore", _MISSING, limit=f"{_LIMIT}; a deleted one stays pending"
)
def delete(call: Call) -> Answer:
    """Mark one for deletion; until then it can be restored."""
    found = _active(call)
    if found.settings["TerminationProtectionEnabled"]:
        message = (
            f"The event data store {found.arn} cannot be deleted: it has termination protection."
        )
        raise AwsError("EventDataStoreTerminationProtectedException", message)
    found.status = PENDING_DELETION
    return {}


@patch("cloudtrail", "RestoreEventDataStore", _MISSING, limit=_LIMIT)
def restore(call: Call) -> Answer:
    """Take back a deletion."""
    found = _named(call)
    _check_status(found, PENDING_DELETION)
    found.status = ENABLED
    return found.describe()


@patch(
    "cloudtrail",
    ("StartEventDataStoreIngestion", "StopEventDataStoreIngestion"),
    _MISSING,
    limit=_LIMIT,
)
def switch_ingestion(call: Call) -> Answer:
    """Start or stop to store events."""
    found = _active(call)
    start = call.action == "StartEventDataStoreIngestion"
    _check_status(found, STOPPED if start else ENABLED)
    found.status = ENABLED if start else STOPPED
    return {}


def _visible(call: Call) -> list[EventDataStore]:
    """The account's own, and for a delegated administrator the organization's."""
    own = call.signer.account_id
    found = list(kept(_EventDataStores, own, call.region).values())
    organization = lookups.organization_of(own)
    if organization and lookups.is_delegated(organization, own, store.SERVICE):
        others = kept(_EventDataStores, organization.account_id, call.region).values()
        found += [other for other in others if other.organization_wide]
    return found


def _named(call: Call) -> EventDataStore:
    """The event data store that a call names by ARN or id."""
    name = call.text("EventDataStore")
    match = _ARN.match(name)
    id_ = match["id"] if match else name
    if _ID.match(id_) is None:
        message = f"{name} is not the ARN of an event data store"
        raise AwsError("EventDataStoreARNInvalidException", message)
    for found in _visible(call):
        if found.arn == name or (match is None and found.arn.endswith(f"/{id_}")):
            return found
    message = f"The event data store {name} was not found."
    raise AwsError("EventDataStoreNotFoundException", message)


def _active(call: Call) -> EventDataStore:
    """As `_named`, of those that are not being deleted."""
    found = _named(call)
    if found.status == PENDING_DELETION:
        message = f"The event data store {found.arn} is inactive: {found.status}."
        raise AwsError("InactiveEventDataStoreException", message)
    return found


def _check_status(found: EventDataStore, wanted: str) -> None:
    if found.status != wanted:
        message = f"The status of {found.arn} must be {wanted}, and is {found.status}."
        raise AwsError("InvalidEventDataStoreStatusException", message)


def _check(made: EventDataStore) -> None:
    settings = made.settings
    billing, days = settings["BillingMode"], settings["RetentionPeriod"]
    if days > _MAX_RETENTION[billing]:
        raise AwsError(
            "InvalidParameterException",
            f"RetentionPeriod {days} is more than {billing} allows: at most "
            f"{_MAX_RETENTION[billing]} days",
        )
    check_advanced(settings["AdvancedEventSelectors"], _CATEGORIES)


def _key(call: Call, arn: str) -> dict[str, str]:
    """The setting of the key that a call names, as its ARN.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """
    name = call.text("KmsKeyId")
    if not name:
        return {}
    account = arn.split(":")[4]
    key = lookups.key(name, account_id=account, region=call.region)
    if key is None:
        message = f"There is no KMS key {name} in {call.region}."
        raise AwsError("KmsKeyNotFoundException", message)
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        permission = on_key(key, action, {})
        if not may_service(store.SERVICE, permission, source_arn=arn, account_id=account):
            message = f"The policy of {key.arn} does not allow {action} to {store.SERVICE}."
            raise AwsError("InsufficientEncryptionPolicyException", message)
    return {"KmsKeyId": key.arn}
