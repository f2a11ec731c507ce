"""The questions as data: they parse as Athena's SQL, and read no more than they must."""

from typing import Any

import boto3
import pytest
import sqlglot
from cloudtrail_guard.detection.queries import (
    COLUMNS,
    PARTITIONS,
    QUESTIONS,
    REGIONS,
    LogTable,
    Question,
    sql,
)
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import OPERATIONS, Operation, Target
from sqlglot import exp

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


def table(**change: Any) -> LogTable:
    made: dict[str, Any] = {
        "database": "audit",
        "table": "cloudtrail_logs",
        "bucket": "org-logs",
        "regions": ("eu-west-1", "us-east-1"),
        "accounts": ("111122223333", "444455556666"),
        "key_arn": KEY,
    }
    return LogTable(**(made | change))


def parsed(question: Question, **change: Any) -> exp.Select:
    tree = sqlglot.parse_one(sql(question, table(**change)), dialect="athena")
    assert isinstance(tree, exp.Select)
    return tree


def conditions(tree: exp.Select) -> list[Any]:
    """What the query's WHERE joins by AND."""
    return list(tree.args["where"].this.flatten())


every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)


@every_question
@pytest.mark.parametrize("accounts", [(), ("111122223333",)])
def test_a_query_reads_only_some_days_accounts_and_regions(
    question: Question, accounts: tuple[str, ...]
) -> None:
    narrowed = {
        condition.this.name
        for condition in conditions(parsed(question, accounts=accounts))
        if isinstance(condition, (exp.Between, exp.In, exp.EQ))
        and isinstance(condition.this, exp.Column)
        and not condition.find(exp.Or)
    }

    assert set(PARTITIONS) <= narrowed


@every_question
def test_a_query_names_columns_that_the_table_has(question: Question) -> None:
    tree = parsed(question)

    known = {*COLUMNS, *PARTITIONS}
    # `a.b` and `a.b.c` parse as column b of table a: the outermost part is the column.
    roots = {column.parts[0].name for column in tree.find_all(exp.Column)}
    aliases = {alias.alias for alias in tree.find_all(exp.Alias)}
    assert roots - known - aliases <= {"resource"}
    assert roots & known


@every_question
def test_a_query_asks_the_tables_database(question: Question) -> None:
    (source,) = parsed(question).find_all(exp.Table)

    assert (source.db, source.name) == ("audit", "cloudtrail_logs")


@every_question
def test_a_question_says_what_its_answer_tells(question: Question) -> None:
    assert question.description.endswith(".")
    assert len(question.description) <= 1024


def test_without_accounts_a_query_says_where_to_name_one() -> None:
    assert "account = '<account id>'" in sql(QUESTIONS[0], table(accounts=()))


def test_the_question_about_changes_names_bucket_and_key() -> None:
    (question,) = (q for q in QUESTIONS if q.name == "changes-of-bucket-or-key")

    with_key, without = sql(question, table()), sql(question, table(key_arn=None))
    assert "'org-logs'" in with_key
    assert f"'{KEY}'" in with_key
    assert "kms.amazonaws.com" not in without


ASKED_BY: dict[Target, str] = {
    Target.TRAIL: "who-stopped-logging",
    Target.CLOUDTRAIL: "who-stopped-logging",
    Target.ORGANIZATION: "who-stopped-logging",
    Target.BUCKET: "changes-of-bucket-or-key",
    Target.KEY: "changes-of-bucket-or-key",
}
RECORDED = [
    each
    for each in OPERATIONS
    if each.target in ASKED_BY and each.service in ("cloudtrail", "organizations", "s3", "kms")
]


@pytest.mark.parametrize("operation", RECORDED, ids=lambda each: each.action)
def test_a_question_finds_every_operation_of_the_table_that_it_is_about(
    operation: Operation,
) -> None:
    (question,) = (q for q in QUESTIONS if q.name == ASKED_BY[operation.target])
    found = {
        (source.expression.name, name.name)
        for branch in parsed(question).find_all(exp.And)
        for source in branch.find_all(exp.EQ)
        if isinstance(source.this, exp.Column) and source.this.name == "eventsource"
        for names in branch.find_all(exp.In)
        if names.this.name == "eventname"
        for name in names.expressions
    }

    assert {(operation.event_source, event) for event in operation.events} <= found


def test_text_cannot_leave_its_quotes() -> None:
    (question,) = (q for q in QUESTIONS if q.name == "changes-of-bucket-or-key")

    assert "= 'o''brien'" in sql(question, table(bucket="o'brien"))


@pytest.mark.parametrize(
    ("organization", "location"),
    [
        ("o-a1b2c3d4e5", "s3://org-logs/AWSLogs/o-a1b2c3d4e5/"),
        (None, "s3://org-logs/AWSLogs/"),
    ],
)
def test_the_table_follows_the_layout_of_the_trail(organization: str | None, location: str) -> None:
    logs = table(organization_id=organization)

    assert logs.location == location
    assert logs.parameters["storage.location.template"] == (
        location + "${account}/CloudTrail/${region}/${day}"
    )


@pytest.mark.parametrize("accounts", [(), ("111122223333", "444455556666")])
def test_every_partition_is_computed(accounts: tuple[str, ...]) -> None:
    parameters = table(accounts=accounts).parameters

    assert parameters["projection.enabled"] == "true"
    for key in PARTITIONS:
        assert f"projection.{key}.type" in parameters
    assert parameters["projection.account.type"] == ("enum" if accounts else "injected")
    assert parameters.get("projection.account.values", "") == ",".join(accounts)


def test_the_days_begin_where_the_logs_do() -> None:
    assert table(first_day="2025/01/31").parameters["projection.day.range"] == "2025/01/31,NOW"
    assert table().parameters["projection.day.range"] == "NOW-10YEARS,NOW"


@pytest.mark.parametrize("partition", sorted(REGIONS))
def test_the_regions_are_those_in_which_the_aws_sdk_knows_cloudtrail(partition: str) -> None:
    known = boto3.Session().get_available_regions("cloudtrail", partition_name=partition)

    assert sorted(REGIONS[partition]) == sorted(known)
    assert table(regions=REGIONS[partition])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"database": "Audit-Logs"}, "database name 'Audit-Logs' is malformed"),
        ({"table": ""}, "table name '' is malformed"),
        ({"regions": ()}, "regions is empty"),
        ({"regions": ("Ireland",)}, "region 'Ireland' is malformed; e.g. eu-west-1"),
        ({"accounts": ("12",)}, "account '12' is malformed; e.g. 111122223333"),
        ({"first_day": "2025-01-31"}, "first_day '2025-01-31' is malformed; e.g. 2025/01/31"),
    ],
)
def test_a_table_that_would_find_nothing_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        table(**change)
