"""What the calls of each service need permission for.

To let policies name resources of another service: a function that reads ``Permission``s from its
calls, and its line in ``READERS``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.aws.enforcement.permissions import plain
from sandbox.aws.enforcement.services import (
    cloudtrail,
    identity,
    kms,
    monitoring,
    organizations,
    s3,
)
from sandbox.aws.operations import has_model, is_modeled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.aws.call import Call
    from sandbox.aws.enforcement.permissions import Permission, Reader

READERS: Final[Mapping[str, Reader]] = {
    "cloudtrail": cloudtrail.permissions,
    "events": monitoring.of_events,
    "iam": identity.of_iam,
    "kms": kms.permissions,
    "lambda": monitoring.of_functions,
    "logs": monitoring.of_logs,
    "monitoring": monitoring.of_alarms,
    "organizations": organizations.permissions,
    "s3": s3.permissions,
    "sns": monitoring.of_topics,
    "sqs": monitoring.of_queues,
    "sts": identity.of_sts,
}
"""What reads the permissions of a call, by the service's signing name."""


def permissions(call: Call) -> Iterable[Permission]:
    """Everything that a call needs permission for.

    Raises:
        AwsError: the call does not fit its operation.
        NotImplementedError: no operation of S3 fits the call, so that its effect is unknown:
            moto accepts uploads by HTML forms, for one.
    """
    if has_model(call.service) and not is_modeled(call.service, call.action):
        if call.service == "s3":
            raise NotImplementedError("the request is no operation of S3's API")
        return [plain(call)]
    return READERS.get(call.service, lambda other: [plain(other)])(call)
