"""The sandbox's AWS made to fail: what a client sees, and what is done."""

from collections.abc import Iterator
from typing import Any

import botocore.exceptions
import pytest
from botocore.config import Config

from sandbox.aws import AwsServer
from sandbox.clients import client
from sandbox.faults import ALWAYS, Fault, Faults, Kind

ONCE = Config(retries={"total_max_attempts": 1})
TWICE = Config(retries={"total_max_attempts": 2, "mode": "standard"})
IMPATIENT = Config(retries={"total_max_attempts": 1}, read_timeout=0.2)


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="module")
def server(faults: Faults) -> Iterator[AwsServer]:
    with AwsServer(around=faults) as running:
        yield running


def sqs(server: AwsServer, config: Config) -> Any:
    return client("sqs", server.endpoint, "us-east-1", server.root, config=config)


def queues(server: AwsServer, faults: Faults) -> list[str]:
    faults.plan()
    urls = sqs(server, ONCE).list_queues().get("QueueUrls", [])
    return [url.rpartition("/")[2] for url in urls]


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (Kind.THROTTLED, "ThrottlingException"),
        (Kind.UNAVAILABLE, "InternalFailure"),
        (Kind.DENIED, "AccessDenied"),
        (Kind.TIMED_OUT, "Read timeout"),
        (Kind.RESET, "Connection was closed|Connection reset"),
        (Kind.LOST, "Connection was closed|Connection reset"),
    ],
)
def test_a_call_that_fails_is_done_only_if_its_answer_was_lost(
    server: AwsServer, faults: Faults, kind: Kind, seen: str
) -> None:
    name = kind.replace(" ", "-")
    faults.plan(Fault(1, kind, ALWAYS))
    asking = sqs(server, IMPATIENT if kind is Kind.TIMED_OUT else ONCE)
    errors = (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError)

    with pytest.raises(errors, match=seen):
        asking.create_queue(QueueName=name)

    assert (name in queues(server, faults)) is (kind is Kind.LOST)


@pytest.mark.parametrize("kind", [Kind.THROTTLED, Kind.UNAVAILABLE, Kind.RESET, Kind.LOST])
def test_an_sdk_that_asks_again_meets_the_fault_as_often_as_planned(
    server: AwsServer, faults: Faults, kind: Kind
) -> None:
    name = f"again-{kind}"
    faults.plan(Fault(1, kind, attempts=1))

    sqs(server, TWICE).create_queue(QueueName=name)

    assert faults.met == 1
    assert [str(each) for each in faults.calls] == ["sqs:CreateQueue"]
    assert name in queues(server, faults)


def test_only_the_planned_call_of_an_act_fails(server: AwsServer, faults: Faults) -> None:
    faults.plan(Fault(2, Kind.DENIED))
    asking = sqs(server, ONCE)

    asking.list_queues()
    with pytest.raises(botocore.exceptions.ClientError):
        asking.create_queue(QueueName="second")
    asking.create_queue(QueueName="third")

    assert [each.mutates for each in faults.calls] == [False, True, True]
