"""The values that some arguments may take.

Each is an enum, from which the component host makes an enum of every language, and a type for
arguments, which in Python takes the plain string as well.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias


class ObjectLockMode(StrEnum):
    """Whom an object lock lets through before its period ends.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """

    GOVERNANCE = "GOVERNANCE"
    """The break-glass roles."""
    COMPLIANCE = "COMPLIANCE"
    """Nobody, not even the root user."""


class ReadWriteType(StrEnum):
    """Which events are recorded: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html."""

    ALL = "All"
    """Reads and writes."""
    READ_ONLY = "ReadOnly"
    """Reads alone."""
    WRITE_ONLY = "WriteOnly"
    """Writes alone."""


class InsightType(StrEnum):
    """Unusual activity: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html."""

    API_CALL_RATE = "ApiCallRateInsight"
    """Write calls at an unusual rate."""
    API_ERROR_RATE = "ApiErrorRateInsight"
    """Errors at an unusual rate."""


class SubscriptionProtocol(StrEnum):
    """How somebody is told: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html."""

    EMAIL = "email"
    """An email with a text; its receiver has to confirm the subscription once."""
    EMAIL_JSON = "email-json"
    """An email with JSON; its receiver has to confirm the subscription once."""
    HTTPS = "https"
    """A POST request to a URL."""
    SQS = "sqs"
    """A message in a queue."""


if TYPE_CHECKING:
    ObjectLockModeInput: TypeAlias = ObjectLockMode | Literal["GOVERNANCE", "COMPLIANCE"]
    ReadWriteTypeInput: TypeAlias = ReadWriteType | Literal["All", "ReadOnly", "WriteOnly"]
    InsightTypeInput: TypeAlias = InsightType | Literal["ApiCallRateInsight", "ApiErrorRateInsight"]
    SubscriptionProtocolInput: TypeAlias = (
        SubscriptionProtocol | Literal["email", "email-json", "https", "sqs"]
    )
else:  # The component host reads the annotations: it knows enums, but neither unions nor literals.
    ObjectLockModeInput = ObjectLockMode
    ReadWriteTypeInput = ReadWriteType
    InsightTypeInput = InsightType
    SubscriptionProtocolInput = SubscriptionProtocol
