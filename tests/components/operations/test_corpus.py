"""The corpus: records of each operation of the table, in the forms that CloudTrail writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from botocore.validate import ParamValidator
from cloudtrail_guard.detection.queries import QUESTIONS, sql
from cloudtrail_guard.operations import OPERATIONS

from sandbox.aws.queries.engine import answers
from tests.corpus.logs import TABLE, TYPES, rows
from tests.corpus.operations import KEEPS_PARAMETERS, cases
from tests.corpus.parameters import input_shape, small

if TYPE_CHECKING:
    from tests.corpus.operations import Case

EVENTS = [(operation, event) for operation in OPERATIONS for event in operation.events]


@cache
def corpus() -> list[Case]:
    return cases(datetime.now(UTC) - timedelta(hours=1))


def test_every_event_of_every_operation_is_there_allowed_and_refused() -> None:
    found = {(each.operation, each.event, each.is_refused) for each in corpus()}

    assert found == {(*each, refused) for each in EVENTS for refused in (False, True)}


def test_records_differ_by_id_and_time() -> None:
    records = [each.record for each in corpus()]

    assert len({record["eventID"] for record in records}) == len(records)
    assert len({record["eventTime"] for record in records}) == len(records)


@pytest.mark.parametrize(
    ("action", "forms"),
    [
        ("cloudtrail:StopLogging", {"name", "ARN"}),
        ("cloudtrail:UpdateEventDataStore", {"name", "ARN"}),
        ("kms:DisableKey", {"name", "ARN"}),
        ("lambda:UpdateFunctionCode", {"name", "ARN"}),
        ("logs:PutDataProtectionPolicy", {"name", "ARN"}),
        # These take one form.
        ("iam:UpdateAssumeRolePolicy", {"name"}),
        ("s3:PutBucketPolicy", {"name"}),
        ("sns:DeleteTopic", {"ARN"}),
        ("organizations:DeleteOrganization", {"nothing"}),
    ],
)
def test_a_call_names_its_resource_in_each_form_that_the_api_takes(
    action: str, forms: set[str]
) -> None:
    allowed = [each for each in corpus() if each.operation.action == action and not each.is_refused]

    assert {each.by for each in allowed} == forms


def _as_api(shape: Any, value: Any) -> Any:
    """Parameters as the API names them."""
    match shape.type_name:
        case "structure":
            names = {small(name): name for name in shape.members}
            return {names[k]: _as_api(shape.members[names[k]], v) for k, v in value.items()}
        case "list":
            return [_as_api(shape.member, each) for each in value]
        case _:
            return value


def test_the_parameters_are_those_that_the_api_takes() -> None:
    wrong: dict[str, str] = {}
    for each in corpus():
        operation, parameters = each.operation, each.record["requestParameters"]
        if operation.service == "s3" or parameters is None:
            continue
        shape = input_shape(operation.service, each.event)
        report = ParamValidator().validate(_as_api(shape, parameters), shape)
        if report.has_errors():
            wrong[each.id] = report.generate_report()

    assert wrong == {}


def test_a_refusal_names_action_and_resource() -> None:
    refusals = [each for each in corpus() if each.is_refused]

    for each in refusals:
        message = each.record["errorMessage"]
        assert f"perform: {each.operation.action} on resource: " in message
        kept = each.record["requestParameters"] is not None
        assert kept is (each.operation.service in KEEPS_PARAMETERS)


def test_a_question_finds_every_operation_in_every_form() -> None:
    """Refused calls too, whose records often have no parameters."""
    records = [each.record for each in corpus()]
    queries = {question.name: sql(question, TABLE) for question in QUESTIONS}
    found = {
        row["event_id"]
        for answer in answers(queries, rows(records), TYPES).values()
        for row in answer
        if "event_id" in row
    }

    assert [each.id for each in corpus() if each.record["eventID"] not in found] == []
