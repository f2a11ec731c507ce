"""KMS: the keys without which logs cannot be written or read."""

from cloudtrail_guard.operations.model import Allowed, Harm, Target, entries

_DESTRUCTION = entries(
    "kms",
    Target.KEY,
    Allowed.BREAK_GLASS,
    {Harm.DESTROY: "DisableKey ScheduleKeyDeletion DeleteImportedKeyMaterial"},
    notes={
        "DisableKey": "and no one while the key is in use",
        "ScheduleKeyDeletion": "and no one with a window below 30 days, or while it is in use",
        "DeleteImportedKeyMaterial": "takes effect at once",
    },
)

_TAMPERING = entries(
    "kms",
    Target.KEY,
    Allowed.DEPLOYER,
    {
        Harm.DESTROY: "DisableKeyRotation ImportKeyMaterial",
        Harm.UNGUARD: "PutKeyPolicy TagResource UntagResource",
        Harm.DELAY: "DeleteAlias UpdateAlias RevokeGrant UpdatePrimaryRegion",
        Harm.EXPOSE: "CreateGrant ReplicateKey",
    },
    notes={
        "CreateGrant": "a grant allows what the key policy does not; CloudTrail needs none",
        "TagResource": "ABAC acts on tags",
    },
)

KMS = (*_DESTRUCTION, *_TAMPERING)
