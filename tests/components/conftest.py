"""Names that the document tests share."""

import pytest
from cloudtrail_guard.policies.guardrails import ProtectedResources
from cloudtrail_guard.policies.log_bucket import LogBucketAccess
from cloudtrail_guard.policies.log_key import LogKeyAccess

MANAGEMENT = "123456789012"
SECURITY = "111122223333"
ORGANIZATION_TRAIL = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/SecurityAuditTrail"
BREAK_GLASS = f"arn:aws:iam::{SECURITY}:role/AdminRole"
DEPLOYER = f"arn:aws:iam::{SECURITY}:role/pipeline/Deploy"


@pytest.fixture
def access() -> LogBucketAccess:
    return LogBucketAccess(
        bucket="org-logs",
        organization_trail=ORGANIZATION_TRAIL,
        organization_id="o-a1b2c3d4e5",
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
    )


@pytest.fixture
def key_access() -> LogKeyAccess:
    return LogKeyAccess(
        account=SECURITY,
        trails=(ORGANIZATION_TRAIL,),
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
    )


@pytest.fixture
def protected() -> ProtectedResources:
    return ProtectedResources(
        bucket="org-logs",
        key_arn=f"arn:aws:kms:eu-west-1:{SECURITY}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
    )
