"""The questions as data: they parse as Athena's SQL, and read no more than they must."""

from typing import Any

import botocore.loaders
import botocore.session
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


def of_events(tree: exp.Select) -> exp.Select:
    """The part of a query that reads the table."""
    *_, inner = tree.find_all(exp.Select)
    assert inner.find(exp.Table)
    return inner


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
        for condition in conditions(of_events(parsed(question, accounts=accounts)))
        if isinstance(condition, (exp.Between, exp.In, exp.EQ))
        and isinstance(condition.this, exp.Column)
        and not condition.find(exp.Or)
    }

    assert set(PARTITIONS) <= narrowed


@every_question
def test_a_query_names_columns_that_the_table_has(question: Question) -> None:
    tree = of_events(parsed(question))

    known = {*COLUMNS, *PARTITIONS}
    # `a.b` and `a.b.c` parse as column b of table a: the outermost part is the column.
    roots = {column.parts[0].name for column in tree.find_all(exp.Column)}
    aliases = {alias.alias for alias in tree.find_all(exp.Alias)}
    assert roots - known - aliases <= {"resource"}
    assert roots & known


@every_question
def test_an_answer_has_time_who_what_from_where_and_outcome(question: Question) -> None:
    named = parsed(question).named_selects

    assert {"time", "who", "what", "from_where", "outcome"} <= set(named)
    assert named[0] == "time"


@every_question
def test_a_query_asks_the_tables_database(question: Question) -> None:
    (source,) = parsed(question).find_all(exp.Table)

    assert (source.db, source.name) == ("audit", "cloudtrail_logs")


@every_question
def test_a_question_fits_what_athena_keeps_and_says_what_its_answer_tells(
    question: Question,
) -> None:
    """https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html."""
    assert question.description.endswith(".")
    assert len(question.description) <= 1024
    assert len(question.name) <= 128
    every_region = tuple(f"xx-region-{n}" for n in range(40))
    every_account = tuple(f"{n:012}" for n in range(5_000))
    assert len(sql(question, table(regions=every_region, accounts=every_account))) <= 262_144


def test_without_accounts_a_query_says_where_to_name_one() -> None:
    assert "account = '<account id>'" in sql(QUESTIONS[0], table(accounts=()))


def test_the_question_about_changes_names_bucket_and_key() -> None:
    (question,) = (q for q in QUESTIONS if q.name == "changes-of-bucket-or-key")

    with_key, without = sql(question, table()), sql(question, table(key_arn=None))
    assert "'org-logs'" in with_key
    assert f"'{KEY}'" in with_key
    assert "kms.amazonaws.com" not in without


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


def partitions() -> dict[str, Any]:
    """What ``partitions.json`` of the AWS SDK says of each partition."""
    found: Any = botocore.loaders.Loader().load_data("partitions")
    return {partition["id"]: partition for partition in found["partitions"]}


@pytest.mark.parametrize("partition", sorted(partitions()))
def test_the_regions_are_all_that_either_list_of_the_aws_sdk_knows(partition: str) -> None:
    session = botocore.session.get_session()
    endpoints = session.get_available_regions("cloudtrail", partition_name=partition)
    known = {*endpoints, *partitions()[partition]["regions"]} - {f"{partition}-global"}

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
