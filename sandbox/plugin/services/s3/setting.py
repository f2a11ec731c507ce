"""What the rows have in common whose objects are a bucket's configuration.

Their id is the bucket's name, or `bucket,owner` where an expected owner is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import ResourceType
from sandbox.plugin.validators import length

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

BUCKET_NAME: Final = (length(1, 63),)
"""What most rows check of `bucket`; the name is only tried where a bucket is made."""

GONE: Final = "NoSuchBucket"


def target(call: Call) -> Properties:
    """The request parameters that name the bucket, and its owner if the program does."""
    owner = call.value("expectedBucketOwner")
    bucket = {"Bucket": call.value("bucket")}
    return {**bucket, "ExpectedBucketOwner": owner} if owner else bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How S3 is told and asked of one configuration of a bucket."""

    put: Callable[[Call], None]
    """Writes it, the first time and again."""
    get: str
    """The operation that reads it."""
    outputs: Callable[[Properties], Properties | None]
    """What an answer says, in Pulumi's words; None if it says that there is nothing."""
    delete: Callable[[Call], None] | str
    """What takes it away: an operation, or what to do instead of one."""
    absent: str = GONE
    """The error that says that there is none, if it is not only that there is no bucket."""
    owner: bool = True
    """Whether the bucket's expected owner can be given."""

    def row(self, **rest: Any) -> ResourceType:  # noqa: ANN401 - the fields of ResourceType
        """The row of the resource type that is this setting."""
        rest.setdefault("replace", frozenset())
        rest["replace"] |= {"bucket", "expectedBucketOwner"} if self.owner else {"bucket"}
        return ResourceType(
            create=self._create,
            update=self.put,
            read=self._read,
            delete=self._delete,
            label="bucket",
            identify=self._identify,
            **rest,
        )

    def _create(self, call: Call) -> str:
        self.put(call)
        owner = call.inputs.get("expectedBucketOwner")
        return f"{call.inputs['bucket']},{owner}" if owner else str(call.inputs["bucket"])

    def _read(self, call: Call) -> Properties | None:
        ask: Callable[..., Any] = getattr(call.client("s3"), self.get)
        answer = find(lambda: ask(**target(call)), GONE, self.absent)
        outputs = None if answer is None else self.outputs(answer)
        return None if outputs is None else {**self._identity(call), **outputs}

    def _delete(self, call: Call) -> None:
        with ignoring(GONE, self.absent):
            if isinstance(self.delete, str):
                getattr(call.client("s3"), self.delete)(**target(call))
            else:
                self.delete(call)

    def _identity(self, call: Call) -> Properties:
        bucket = {"bucket": call.value("bucket")}
        if not self.owner:
            return bucket
        return {**bucket, "expectedBucketOwner": call.value("expectedBucketOwner")}

    def _identify(self, id_: str) -> Properties:
        bucket, _, owner = id_.partition(",")
        return {"bucket": bucket, "expectedBucketOwner": owner} if owner else {"bucket": bucket}
