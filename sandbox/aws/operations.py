"""How each operation of AWS's API is answered here: by a patch, by moto, or refused.

botocore's service models say which operations there are; moto implements an operation if its
response class has a method of that name. What neither a patch nor moto answers is refused, instead
of being taken for another operation: moto carries out ``PUT /bucket/key?encryption``, which it does
not know, as an upload.
"""

from __future__ import annotations

import importlib
import inspect
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import UnknownServiceError
from moto.backends import ALT_SERVICE_NAMES
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sandbox.aws.patches.registry import Registry

_MODELS = {
    "access-analyzer": "accessanalyzer",
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
}
"""Signing names that are not the names of the services' models."""

_UNDER_OTHER_NAMES = {
    "s3": {
        *("BucketCORSPreflightCheck", "CompleteMultipartUpload", "CreateBucket"),
        *("CreateMultipartUpload", "DeleteObjects", "GetBucketTagging", "ListBuckets"),
        *("ObjectCORSPreflightCheck", "PutBucketAccelerateConfiguration", "PutBucketAcl"),
        *("PutBucketCors", "PutBucketInventoryConfiguration", "PutBucketOwnershipControls"),
        *("PutBucketTagging", "PutBucketVersioning", "PutBucketWebsite"),
        *("PutPublicAccessBlock", "RestoreObject", "SelectObjectContent"),
    },
}
"""Operations that moto implements in methods of other names."""


class Support(StrEnum):
    """Who answers an operation."""

    PATCHED = "patched"
    MOTO = "moto"
    REFUSED = "refused"


def model_name(service: str) -> str:
    """The name of the model of a service that is known by its signing name."""
    return _MODELS.get(service, service)


@cache
def operations(service: str) -> Collection[str]:
    """The operations in a service's model.

    Args:
        service: the signing name, e.g. ``monitoring``.
    """
    names: Any = get_service_model(model_name(service)).operation_names
    return frozenset(names)


def support(registry: Registry, service: str, operation: str) -> Support:
    """Who answers an operation.

    Args:
        registry: the patches.
        service: the signing name.
        operation: e.g. ``DescribeTrails``.
    """
    patches = registry.covering(service, operation)
    if any(patch.answers and patch.covers_one_service for patch in patches):
        return Support.PATCHED
    return Support.MOTO if moto_implements(service, operation) else Support.REFUSED


def has_model(service: str) -> bool:
    """Whether botocore has a model of a service."""
    try:
        get_service_model(model_name(service))
    except UnknownServiceError:
        return False
    return True


def is_modeled(service: str, operation: str) -> bool:
    """Whether an operation is in the model of its service."""
    return has_model(service) and operation in operations(service)


def error_status(service: str, code: str) -> int:
    """The HTTP status of an error, by its code, in a service's model; 400 where it says none."""
    return _error_statuses(service).get(code, HTTPStatus.BAD_REQUEST)


@cache
def _error_statuses(service: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    shapes: Any = get_service_model(model_name(service)).error_shapes if has_model(service) else ()
    for shape in shapes:
        error: Mapping[str, Any] = shape.metadata.get("error", {})
        status = int(error.get("httpStatusCode", HTTPStatus.BAD_REQUEST))
        found |= {shape.name: status, error.get("code", shape.name): status}
    return found


def moto_implements(service: str, operation: str) -> bool:
    """Whether moto implements an operation; without a model of its service, moto decides."""
    if not has_model(service) or operation in _UNDER_OTHER_NAMES.get(service, ()):
        return True
    return is_modeled(service, operation) and camelcase_to_underscores(operation) in _methods(
        service
    )


@cache
def _methods(service: str) -> frozenset[str]:
    """The methods of moto's response classes for a service; none where moto lacks the service."""
    name = model_name(service)
    package = f"moto.{ALT_SERVICE_NAMES.get(name, name.replace('-', ''))}"
    try:
        module = importlib.import_module(f"{package}.responses")
    except ModuleNotFoundError:
        return frozenset()
    return frozenset(
        method
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, BaseResponse) and found.__module__.startswith(package)
        for method, _ in inspect.getmembers(found, inspect.isfunction)
    )
