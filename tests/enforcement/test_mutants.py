"""Nothing in a document is there for nothing: without any one part it decides a request otherwise.

The parts are statements, actions, resources, principals, conditions and their values. Those without
which a document decides all the same are listed, with the reason.
"""

from typing import Any

import pytest

from tests.enforcement.documents import documents
from tests.enforcement.mutants import deciding_request, mutants

AS_IN_THE_GUIDE = "the guide has it in this statement; ProtectCloudTrailLogs denies it to more"
EVERY_VERB = "the other statement denies every action of the verb, on every resource"
OF_ANY_USER = "ProtectCredentials denies it for every user but oneself"
EQUIVALENT: dict[str, dict[str, str]] = {
    "SCP": {
        "ProtectCloudTrailBucket Action s3:DeleteObject": AS_IN_THE_GUIDE,
        "ProtectCloudTrailBucket Action s3:DeleteObjectAnnotation": AS_IN_THE_GUIDE,
        "ProtectCloudTrailBucket Action s3:DeleteObjectVersion": AS_IN_THE_GUIDE,
        "ProtectCloudTrailBucket Resource arn:aws:s3:::org-logs/*": AS_IN_THE_GUIDE,
        "ProtectCloudTrailBucket Resource arn:aws:s3:::org-logs-replica/*": AS_IN_THE_GUIDE,
    },
    "IAM policy": {
        "ProtectCloudTrail Action cloudtrail:Delete*": EVERY_VERB,
        "ProtectCloudTrail Action cloudtrail:UpdateTrail": EVERY_VERB,
        "ProtectCloudTrailService Action cloudtrail:Delete*": EVERY_VERB,
        "ProtectCloudTrailService Action cloudtrail:PutResourcePolicy": EVERY_VERB,
        "ProtectCloudTrailBucket Action organizations:DeletePolicy": EVERY_VERB,
    },
    "boundary": {
        "ProtectCloudTrailBucket Action iam:ResetServiceSpecificCredential": OF_ANY_USER,
        "ProtectCloudTrailBucket Action iam:Upload*": OF_ANY_USER,
        "ProtectCloudTrailBucket Action organizations:DeletePolicy": EVERY_VERB,
    },
}
"""By document and part: why the document decides the same without it."""

DOCUMENTS = documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_without_any_one_part_a_document_decides_otherwise(name: str) -> None:
    policy: dict[str, Any] = DOCUMENTS[name]
    found = list(mutants(policy))

    alike = {each.part for each in found if deciding_request(policy, each) is None}

    assert alike == set(EQUIVALENT.get(name, {}))
    assert len(found) > len(policy["Statement"])
