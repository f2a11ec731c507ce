"""botocore's models of AWS's services, with the types that botocore leaves out."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import ListShape, ServiceModel, Shape, StructureShape

_LOCK: Final = threading.Lock()


@cache
def _load(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


def request_members(service: str, operation: str) -> Mapping[str, Shape]:
    """The members of an operation's request, by name."""
    with _LOCK:  # a model loads at its first use
        shape = _load(service).operation_model(operation).input_shape
    return {} if shape is None else members_of(cast("StructureShape", shape))


def members_of(shape: StructureShape) -> Mapping[str, Shape]:
    """A structure's members, by name."""
    return cast("Mapping[str, Shape]", shape.members)


def element_of(shape: ListShape) -> Shape:
    """The shape of a list's items."""
    return cast("Shape", shape.member)


def metadata_of(shape: Shape) -> Mapping[str, Any]:
    """What a model says of a shape's values: `enum`, `min`, `max`."""
    return cast("Mapping[str, Any]", shape.metadata)
