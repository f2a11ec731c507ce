"""Every member of a request that changes something is read, refused, or listed as harmless."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto.backend_index import backend_url_patterns
from moto.core.utils import camelcase_to_underscores

import sandbox.aws.patches
from sandbox.aws.enforcement.services import READERS
from sandbox.aws.members import HARMLESS, REFUSED
from sandbox.aws.operations import Support, model_name, support
from sandbox.aws.patches import REGISTRY
from sandbox.tests.support import refused

if TYPE_CHECKING:
    from sandbox.clients import Client
    from sandbox.tests.support import Clients

SERVICES = sorted({*READERS, *(patch.service for patch in REGISTRY.patches)} - {"*"})
ONLY_READ = ("Get", "List", "Describe", "Head", "BatchGet", "Filter", "Lookup")
PACKAGES = {"lambda": "awslambda", "monitoring": "cloudwatch", "access-analyzer": ""}
MOTO = {name for name, _ in backend_url_patterns}


def source(package: Path) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(package.rglob("*.py")))


@cache
def names_in_sources(service: str) -> frozenset[str]:
    """Every word that moto's package for a service or a patch has."""
    package = PACKAGES.get(service, service)
    assert not package or package in MOTO
    text = source(Path(str(sandbox.aws.patches.__file__)).parent)
    text += source(Path(str(sandbox.aws.patches.__file__)).parents[1] / "enforcement")
    if package:
        text += source(Path(str(importlib.import_module(f"moto.{package}").__file__)).parent)
    return frozenset(re.findall(r"[\w-]+", text))


def is_read(service: str, name: str, shape: Any) -> bool:
    """Whether the sources name a member, as the model, moto or the request spells it."""
    header = str(shape.serialization.get("name", name))
    spellings = {
        name,
        name[:1].lower() + name[1:],
        camelcase_to_underscores(name),
        header,
        header.lower(),
    }
    if header.startswith("x-amz-"):
        # moto reads headers of a kind, such as grants, by the beginning of their names.
        spellings.add(f"{'-'.join(header.split('-')[:3])}-")
    return not spellings.isdisjoint(names_in_sources(service))


@cache
def unread(service: str) -> dict[str, set[str]]:
    model: Any = botocore.session.get_session().get_service_model(model_name(service))
    found: dict[str, set[str]] = {}
    for operation in model.operation_names:
        if operation.startswith(ONLY_READ):
            continue
        if support(REGISTRY, service, operation) is Support.REFUSED:
            continue
        shape = model.operation_model(operation).input_shape
        members = shape.members.items() if shape is not None else ()
        if missed := {name for name, member in members if not is_read(service, name, member)}:
            found[operation] = missed
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_member_that_nothing_reads_is_refused_or_has_no_effect_here(service: str) -> None:
    listed = {operation: set(names) for operation, names in REFUSED.get(service, {}).items()}

    for operation, missed in unread(service).items():
        assert missed - HARMLESS.keys() - listed.get(operation, set()) == set(), operation
    for operation, names in listed.items():
        assert names <= unread(service).get(operation, set()), operation


def test_every_member_that_is_listed_as_harmless_is_one_that_nothing_reads() -> None:
    missed = {name for each in SERVICES for names in unread(each).values() for name in names}

    assert HARMLESS.keys() <= missed


def test_a_trail_whose_own_deliveries_are_hidden_is_refused(clients: Clients, bucket: str) -> None:
    cloudtrail: Client = clients("cloudtrail", "security")

    with refused("NotImplemented", "RecursiveLogging of CreateTrail"):
        cloudtrail.create_trail(Name="hidden", S3BucketName=bucket, RecursiveLogging=False)


def test_a_metric_filter_that_leaves_accounts_out_is_refused(clients: Clients, name: str) -> None:
    logs: Client = clients("logs", "security")
    logs.create_log_group(logGroupName=name)
    metric = {"metricName": "calls", "metricNamespace": "test", "metricValue": "1"}

    with refused("NotImplemented", "fieldSelectionCriteria of PutMetricFilter"):
        logs.put_metric_filter(
            logGroupName=name,
            filterName="calls",
            filterPattern="",
            metricTransformations=[metric],
            fieldSelectionCriteria='@aws.account = "111122223333"',
        )
