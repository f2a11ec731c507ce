"""Whether the documents of a stack fit AWS's quotas on them."""

from collections.abc import Iterator, Sequence

from cloudtrail_guard.errors import InvalidValueError, QuotaError

from stacks.planned_documents import BEYOND, PlannedDocument
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE


def check_documents(documents: Sequence[PlannedDocument[object]]) -> Iterator[Finding]:
    """Before the first resource: a document that fails half-way leaves half a stack."""
    for planned in documents:
        try:
            planned.write()
        except QuotaError as error:
            setting, count = planned.longest
            beyond = f"; {BEYOND[setting]}" if setting in BEYOND else ""
            yield Finding(f"{NAMESPACE}:{setting} has {count} entries: {error}{beyond}")
        except InvalidValueError as error:
            yield Finding(str(error))
