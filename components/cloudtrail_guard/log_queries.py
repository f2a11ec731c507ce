"""The logs as a table, with a workgroup to query it and the questions to start with."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from functools import partial
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.detection.queries import (
    COLUMNS,
    INPUT_FORMAT,
    OUTPUT_FORMAT,
    PARTITIONS,
    QUESTIONS,
    REGIONS,
    SERDE,
    LogTable,
    Question,
    sql,
)
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.evidence import EvidenceBucket, results_bucket_policy
from cloudtrail_guard.policies.log_key import DELETION_WINDOW_DAYS, results_key_policy
from cloudtrail_guard.resources.caller import caller_location, exempt_from_denies
from cloudtrail_guard.resources.options import child_options
from cloudtrail_guard.resources.secured_bucket import secure_bucket

GIB = 1024**3
MOST_GIB = (2**63 - 1) // GIB
"""Athena counts the bytes in 64 bits."""
DEFAULT_MAX_SCANNED_GIB = 100
DEFAULT_RESULT_DAYS = 30
TABLE = "cloudtrail_logs"


class LogQueriesArgs(TypedDict):
    """The arguments of `LogQueries`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name."""
    results_bucket_name: pulumi.Input[str]
    """The name of the bucket, made here, for what queries find."""
    organization_id: NotRequired[pulumi.Input[str]]
    """The organization's id, `o-...`, if an organization trail writes the logs. Default: the logs
    of single accounts."""
    account_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The accounts that are searched. An account that joins the organization later is left out
    until it is named. Default: any, and each query has to name one."""
    regions: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The regions that are searched. Default: all of the partition."""
    first_day: NotRequired[pulumi.Input[str]]
    """The first day with logs, `yyyy/MM/dd`. Default: ten years ago."""
    log_key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the key that encrypts the logs, for the questions who changed or used it."""
    watch_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Parts of the names of log groups, alarms, event rules, topics, queues and functions that
    watch over the logs, for the question who silenced them. Default: any of them."""
    guardrail_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Parts of the names of the guardrails' IAM policies, for the question who changed them.
    Default: any policy."""
    workgroup_name: NotRequired[pulumi.Input[str]]
    """The workgroup's name. Default: the component's name."""
    database_name: NotRequired[pulumi.Input[str]]
    """The database's name: lower-case letters, digits and `_`. Default: the component's name, with
    `_` for everything else."""
    max_scanned_gib: NotRequired[pulumi.Input[int]]
    """How much a query may read, in GiB, before it is cancelled. Default: 100."""
    expire_results_after_days: NotRequired[pulumi.Input[int]]
    """After how many days results are deleted, and a version that was overwritten or deleted as
    long after that. Default: 30."""
    break_glass_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may delete results and their key, and change their bucket; all
    others are denied. The questions who used or changed break-glass are about them. Default: none,
    bucket and key are guarded by no deny, and a query has to name the role that it is about."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change the bucket and key of results, but not delete them.
    The question who changed what is exempt is about them too. Default: the principal that
    deploys."""


class LogQueries(pulumi.ComponentResource):
    """An Athena workgroup, and a Glue table over the logs, with queries to start with.

    Partitions by account, region and day are computed, never loaded. The workgroup's settings are
    enforced: results are encrypted, and in one bucket; their key is kept in AWS even when it leaves
    the stack. Who queries needs the permissions that
    `LogReaders` gives. Athena skips logs in Glacier Deep Archive.
    """

    workgroup_name: pulumi.Output[str]
    """The workgroup's name."""
    database_name: pulumi.Output[str]
    """The database's name."""
    table_name: pulumi.Output[str]
    """The table's name."""
    results_bucket_name: pulumi.Output[str]
    """The name of the bucket with the results, known once its policy is in place."""
    results_key_arn: pulumi.Output[str]
    """ARN of the key that encrypts the results."""

    def __init__(
        self, name: str, args: LogQueriesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make workgroup, table and queries.

        Args:
            name: the component's name.
            args: see `LogQueriesArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: a name, a region, an account, a day or a number is out of bounds.
        """
        super().__init__("cloudtrail-guard:index:LogQueries", name, {}, opts)
        args = checked_inputs(self, args)
        self._prefix = name
        self._args = args
        self._location = caller_location(self)
        self._described = self._describe()
        # First, so that nothing is registered when an argument is wrong.
        table_parameters = compute(self, _parameters, **self._described)
        self._results_policy = compute(
            self,
            _results_policy,
            partition=self._location.partition,
            bucket=args["results_bucket_name"],
            **exempt_from_denies(self, args),
        )
        cutoff = compute(self, _cutoff, gib=args.get("max_scanned_gib", DEFAULT_MAX_SCANNED_GIB))
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts what queries of CloudTrail logs find",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=compute(
                self,
                lambda values: to_json(results_key_policy(self._location, **values)),
                **exempt_from_denies(self, args),
            ),
            opts=child_options(self, retain=True),
        )
        results = self._results(key)
        workgroup = self._workgroup(key, results, cutoff)
        database = aws.glue.CatalogDatabase(
            f"{name}-database",
            name=self._described["database"],
            description="CloudTrail logs",
            opts=child_options(self),
        )
        table = self._table(database, table_parameters)
        self._queries(workgroup, database)
        self.workgroup_name = workgroup.name
        self.database_name = database.name
        self.table_name = table.name
        self.results_bucket_name = results
        self.results_key_arn = key.arn
        self.register_outputs(
            {
                "workgroup_name": self.workgroup_name,
                "database_name": self.database_name,
                "table_name": self.table_name,
                "results_bucket_name": self.results_bucket_name,
                "results_key_arn": self.results_key_arn,
            }
        )

    def _describe(self) -> dict[str, Any]:
        """What `LogTable` is made of."""
        args = self._args
        known = REGIONS.get(self._location.partition, (self._location.region,))
        return {
            "database": args.get("database_name", _database_name(self._prefix)),
            "table": TABLE,
            "bucket": args["log_bucket_name"],
            "regions": args.get("regions", known),
            "accounts": args.get("account_ids", ()),
            "organization_id": args.get("organization_id"),
            "first_day": args.get("first_day"),
        }

    def _results(self, key: "aws.kms.Key") -> pulumi.Output[str]:
        days = self._args.get("expire_results_after_days", DEFAULT_RESULT_DAYS)
        bucket = aws.s3.Bucket(
            f"{self._prefix}-results",
            bucket=self._args["results_bucket_name"],
            opts=child_options(self),
        )
        secured = secure_bucket(
            f"{self._prefix}-results",
            bucket.bucket,
            kms_key_arn=key.arn,
            opts=child_options(self),
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{self._prefix}-results-lifecycle",
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "expire-results",
                    "status": "Enabled",
                    "filter": {},
                    "expiration": {"days": days},
                    "noncurrent_version_expiration": {"noncurrent_days": days},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
                }
            ],
            opts=child_options(self, depends_on=[secured.versioning]),
        )
        policy = aws.s3.BucketPolicy(
            f"{self._prefix}-results-policy",
            bucket=bucket.bucket,
            policy=self._results_policy,
            opts=child_options(self, depends_on=[secured.public_access_block]),
        )
        return policy.bucket

    def _workgroup(
        self, key: "aws.kms.Key", results: pulumi.Output[str], cutoff: pulumi.Input[int]
    ) -> "aws.athena.Workgroup":
        return aws.athena.Workgroup(
            f"{self._prefix}-workgroup",
            name=self._args.get("workgroup_name", self._prefix),
            description="Queries of CloudTrail logs",
            configuration={
                "enforce_workgroup_configuration": True,
                "publish_cloudwatch_metrics_enabled": True,
                "bytes_scanned_cutoff_per_query": cutoff,
                "result_configuration": {
                    "output_location": results.apply(lambda bucket: f"s3://{bucket}/"),
                    "expected_bucket_owner": self._location.account,
                    "encryption_configuration": {
                        "encryption_option": "SSE_KMS",
                        "kms_key_arn": key.arn,
                    },
                },
            },
            # Saved queries and the history alone would keep it from being deleted.
            force_destroy=True,
            opts=child_options(self),
        )

    def _table(
        self, database: "aws.glue.CatalogDatabase", parameters: pulumi.Input[dict[str, str]]
    ) -> "aws.glue.CatalogTable":
        return aws.glue.CatalogTable(
            f"{self._prefix}-table",
            name=TABLE,
            database_name=database.name,
            description="CloudTrail events by account, region and day",
            table_type="EXTERNAL_TABLE",
            parameters=parameters,
            partition_keys=[{"name": key, "type": "string"} for key in PARTITIONS],
            storage_descriptor={
                "location": compute(self, _location, **self._described),
                "input_format": INPUT_FORMAT,
                "output_format": OUTPUT_FORMAT,
                "ser_de_info": {"serialization_library": SERDE},
                "columns": [{"name": name, "type": kind} for name, kind in COLUMNS.items()],
            },
            opts=child_options(self),
        )

    def _queries(
        self, workgroup: "aws.athena.Workgroup", database: "aws.glue.CatalogDatabase"
    ) -> None:
        for question in QUESTIONS:
            aws.athena.NamedQuery(
                f"{self._prefix}-{question.name}",
                name=question.name,
                description=question.description,
                workgroup=workgroup.name,
                database=database.name,
                query=compute(
                    self,
                    partial(_query, question),
                    key_arn=self._args.get("log_key_arn"),
                    break_glass=self._args.get("break_glass_role_arns", ()),
                    deployers=self._args.get("deployer_role_arns", ()),
                    watch_names=self._args.get("watch_names", ()),
                    guardrail_names=self._args.get("guardrail_names", ()),
                    **self._described,
                ),
                # A changed text is another query to Athena's provider: it replaces the resource,
                # which would stop every update that changes an exempt role.
                opts=child_options(self, protect=False),
            )


def _database_name(name: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name.lower())


def _parameters(values: dict[str, Any]) -> dict[str, str]:
    return LogTable(**values).parameters


def _location(values: dict[str, Any]) -> str:
    return LogTable(**values).location


def _query(question: Question, values: dict[str, Any]) -> str:
    return sql(question, LogTable(**values))


def _results_policy(values: dict[str, Any]) -> str:
    return to_json(results_bucket_policy(EvidenceBucket(**values)))


def _cutoff(values: dict[str, Any]) -> int:
    if values["gib"] < 1:
        raise InvalidValueError(f"max_scanned_gib = {values['gib']} must be 1 or more")
    if values["gib"] > MOST_GIB:
        raise InvalidValueError(f"max_scanned_gib = {values['gib']} must be {MOST_GIB:,} or less")
    return int(values["gib"]) * GIB
