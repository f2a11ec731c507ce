"""The logs as a table of Athena, and the questions that an investigator starts with.

Sources: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
(columns and formats), https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Target, events_on
from cloudtrail_guard.policies.bucket_guard import LOG_PREFIX

INPUT_FORMAT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
SERDE = "org.apache.hive.hcatalog.data.JsonSerDe"

_SESSION = (
    "struct<attributes:struct<mfaauthenticated:string,creationdate:string>,"
    "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,"
    "username:string>,ec2roledelivery:string,"
    "webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>"
)

COLUMNS: dict[str, str] = {
    "eventversion": "string",
    "useridentity": (
        "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,"
        "accesskeyid:string,username:string,"
        f"onbehalfof:struct<userid:string,identitystorearn:string>,sessioncontext:{_SESSION}>"
    ),
    "eventtime": "string",
    "eventsource": "string",
    "eventname": "string",
    "awsregion": "string",
    "sourceipaddress": "string",
    "useragent": "string",
    "errorcode": "string",
    "errormessage": "string",
    "requestparameters": "string",
    "responseelements": "string",
    "additionaleventdata": "string",
    "requestid": "string",
    "eventid": "string",
    "readonly": "string",
    "resources": "array<struct<arn:string,accountid:string,type:string>>",
    "eventtype": "string",
    "apiversion": "string",
    "recipientaccountid": "string",
    "serviceeventdetails": "string",
    "sharedeventid": "string",
    "vpcendpointid": "string",
    "vpcendpointaccountid": "string",
    "eventcategory": "string",
    "addendum": (
        "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>"
    ),
    "sessioncredentialfromconsole": "string",
    "edgedevicedetails": "string",
    "tlsdetails": "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>",
}
"""Every column, in order, with its type."""

PARTITIONS = ("account", "region", "day")
"""The partition keys, all strings; a day is ``yyyy/MM/dd``."""

REGIONS: dict[str, tuple[str, ...]] = {
    "aws": (
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2"),
        *("ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2"),
        *("ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"),
        *("ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2"),
        *("eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    ),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-east-1", "us-gov-west-1"),
}
"""Every region by partition, opted in or not: what is left out is not searched, without a word.
Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""

_NAME = re.compile(r"^[a-z0-9_]{1,255}$")
_DAY = re.compile(r"^\d{4}/\d{2}/\d{2}$")
_ACCOUNT = re.compile(r"^\d{12}$")
_REGION = re.compile(r"^[a-z]{2,4}(-[a-z]+)+-\d+$")

FOR_EVER_BACK = "NOW-10YEARS"
"""The first day when none is named: before the first log there are just no files."""

PLACEHOLDER = "<account id>"
"""What stands for the account to look at where none is named."""


@dataclass(frozen=True, kw_only=True)
class LogTable:
    """Where the logs are, and what of them is searched.

    Attributes:
        database: the database's name.
        table: the table's name.
        bucket: the log bucket's name.
        regions: the regions that are searched.
        accounts: the accounts that are searched. None named: every query must name one.
        organization_id: ``o-...`` for the logs of an organization trail.
        first_day: the first day with logs, ``yyyy/MM/dd``.
        key_arn: ARN of the key that encrypts the logs, for the question who changed it.
    """

    database: str
    table: str
    bucket: str
    regions: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    organization_id: str | None = None
    first_day: str | None = None
    key_arn: str | None = None

    def __post_init__(self) -> None:
        """Reject what Glue or Athena would refuse, or would find nothing with.

        Raises:
            InvalidValueError: a name, a region, an account or the first day is malformed, or there
                is no region.
        """
        for kind, value in (("database", self.database), ("table", self.table)):
            if not _NAME.match(value):
                raise InvalidValueError(
                    f"{kind} name {value!r} is malformed: 1 to 255 lower-case letters, digits and _"
                )
        if not self.regions:
            raise InvalidValueError("regions is empty: name the regions that are searched")
        for what, values, form in (
            ("region", self.regions, _REGION),
            ("account", self.accounts, _ACCOUNT),
        ):
            for value in values:
                if not form.match(value):
                    raise InvalidValueError(
                        f"{what} {value!r} is malformed; e.g. {_EXAMPLES[what]}"
                    )
        if self.first_day is not None and not _DAY.match(self.first_day):
            raise InvalidValueError(f"first_day {self.first_day!r} is malformed; e.g. 2025/01/31")

    @property
    def location(self) -> str:
        """The folder above the accounts."""
        organization = "" if self.organization_id is None else f"{self.organization_id}/"
        return f"s3://{self.bucket}/{LOG_PREFIX}/{organization}"

    @property
    def parameters(self) -> dict[str, str]:
        """The table's parameters: partitions are computed, and none is ever added manually.

        Without accounts, ``account`` is ``injected``: a list would silently leave out each account
        that joins the organization later.
        """
        account = (
            {
                "projection.account.type": "enum",
                "projection.account.values": ",".join(self.accounts),
            }
            if self.accounts
            else {"projection.account.type": "injected"}
        )
        return {
            "EXTERNAL": "TRUE",
            "classification": "cloudtrail",
            "projection.enabled": "true",
            **account,
            "projection.region.type": "enum",
            "projection.region.values": ",".join(self.regions),
            "projection.day.type": "date",
            "projection.day.format": "yyyy/MM/dd",
            "projection.day.range": f"{self.first_day or FOR_EVER_BACK},NOW",
            "projection.day.interval": "1",
            "projection.day.interval.unit": "DAYS",
            "storage.location.template": (
                f"{self.location}${{account}}/CloudTrail/${{region}}/${{day}}"
            ),
        }


_EXAMPLES = {"region": "eu-west-1", "account": "111122223333"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A named query, without what it is asked of.

    Attributes:
        name: the query's name.
        description: what its answer tells, and what to change in it before it is run.
        columns: what it returns.
        conditions: which events it is about.
        days: how many days it goes back.
        ending: what follows the conditions.
        about: a further condition, made from where the logs are.
    """

    name: str
    description: str
    columns: tuple[str, ...]
    conditions: tuple[str, ...]
    days: int = 7
    ending: str = "ORDER BY eventtime DESC"
    about: Callable[[LogTable], str] | None = None


_WHO = (
    *("eventtime", "eventname", "eventsource", "useridentity.arn AS principal"),
    *("sourceipaddress", "useragent", "recipientaccountid", "awsregion", "errorcode"),
)
_WHAT = (*_WHO, "requestparameters")

_STOPPING = events_on(Target.TRAIL, Target.CLOUDTRAIL)
_UNGUARDING = events_on(Target.ORGANIZATION, Target.MEMBERSHIP, service="organizations")
_DENIALS = (
    *("AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation"),
    "UnauthorizedOperation",
)
_BUCKET_CHANGES = events_on(Target.BUCKET)
_KEY_CHANGES = sorted((*events_on(Target.KEY), "CancelKeyDeletion", "EnableKey"))
"""With what restores the key: who disables it and enables it again was there as well."""


def sql(question: Question, table: LogTable) -> str:
    """The question in Athena's SQL.

    It reads only the days, accounts and regions that it is about. These stand first, one a line, to
    be changed.
    """
    columns = ",\n  ".join(question.columns)
    about = () if question.about is None else (question.about(table),)
    conditions = "\n  AND ".join((*_pruning(question, table), *question.conditions, *about))
    return "\n".join(
        [
            f"SELECT\n  {columns}",
            f'FROM "{table.database}"."{table.table}"',
            f"WHERE {conditions}",
            question.ending,
        ]
    )


def _pruning(question: Question, table: LogTable) -> tuple[str, str, str]:
    first = f"date_format(current_date - interval '{question.days}' day, '%Y/%m/%d')"
    account = (
        _in("account", table.accounts) if table.accounts else f"account = {_quoted(PLACEHOLDER)}"
    )
    return (
        f"day BETWEEN {first} AND date_format(current_date, '%Y/%m/%d')",
        account,
        _in("region", table.regions),
    )


def _changes(table: LogTable) -> str:
    bucket = _all(
        "eventsource = 's3.amazonaws.com'",
        f"json_extract_scalar(requestparameters, '$.bucketName') = {_quoted(table.bucket)}",
        _in("eventname", _BUCKET_CHANGES),
    )
    if table.key_arn is None:
        return bucket
    key = _all(
        "eventsource = 'kms.amazonaws.com'",
        f"any_match(resources, resource -> resource.arn = {_quoted(table.key_arn)})",
        _in("eventname", _KEY_CHANGES),
    )
    return _any(bucket, key)


def _all(*conditions: str) -> str:
    return f"({' AND '.join(conditions)})"


def _any(*conditions: str) -> str:
    return f"({' OR '.join(conditions)})"


def _in(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(_quoted(value) for value in values)})"


def _quoted(text: str) -> str:
    """A string of SQL."""
    return "'" + text.replace("'", "''") + "'"


QUESTIONS: tuple[Question, ...] = (
    Question(
        name="who-stopped-logging",
        description="Who stopped, deleted or narrowed a trail, or took a guardrail away.",
        columns=_WHAT,
        conditions=(
            _any(
                _all("eventsource = 'cloudtrail.amazonaws.com'", _in("eventname", _STOPPING)),
                _all("eventsource = 'organizations.amazonaws.com'", _in("eventname", _UNGUARDING)),
            ),
        ),
        days=30,
    ),
    Question(
        name="root-use",
        description="What was done as the root user of an account.",
        columns=_WHAT,
        conditions=(
            "useridentity.type = 'Root'",
            "useridentity.invokedby IS NULL",
            "eventtype <> 'AwsServiceEvent'",
        ),
        days=30,
    ),
    Question(
        name="console-logins-without-mfa",
        description="Who signed in to the console as an IAM user or as root, without MFA.",
        columns=_WHO,
        conditions=(
            "eventname = 'ConsoleLogin'",
            "useridentity.type IN ('IAMUser', 'Root')",
            "json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Success'",
            "json_extract_scalar(additionaleventdata, '$.MFAUsed') <> 'Yes'",
        ),
        days=30,
    ),
    Question(
        name="last-day-of-a-principal",
        description=(
            "All that one principal did in a day. Put the ARN of a role or user in place of "
            "<principal>: a role's sessions are found by the role's ARN."
        ),
        columns=_WHAT,
        conditions=(
            _any(
                "useridentity.arn = '<principal>'",
                "useridentity.sessioncontext.sessionissuer.arn = '<principal>'",
            ),
        ),
        days=1,
    ),
    Question(
        name="changes-of-bucket-or-key",
        description="Who changed the log bucket, its policy, or the key of the logs.",
        columns=_WHAT,
        conditions=(),
        about=_changes,
        days=30,
    ),
    Question(
        name="bursts-of-denials",
        description="Who was denied access 20 times or more within an hour.",
        columns=(
            "useridentity.arn AS principal",
            "sourceipaddress",
            "recipientaccountid",
            "date_trunc('hour', from_iso8601_timestamp(eventtime)) AS hour",
            "count(*) AS denials",
            "array_agg(DISTINCT eventname) AS calls",
        ),
        conditions=(_in("errorcode", _DENIALS),),
        ending="GROUP BY 1, 2, 3, 4\nHAVING count(*) >= 20\nORDER BY denials DESC",
    ),
    Question(
        name="roles-used-across-accounts",
        description="Which principal took which role of another account, and how often.",
        columns=(
            "useridentity.arn AS principal",
            "useridentity.accountid AS from_account",
            "recipientaccountid AS to_account",
            "json_extract_scalar(requestparameters, '$.roleArn') AS role",
            "count(*) AS times",
            "max(eventtime) AS last_time",
        ),
        conditions=(
            "eventsource = 'sts.amazonaws.com'",
            "eventname = 'AssumeRole'",
            "useridentity.type <> 'AWSService'",
            "useridentity.accountid <> recipientaccountid",
        ),
        ending="GROUP BY 1, 2, 3, 4\nORDER BY times DESC",
    ),
)
"""The questions that an investigator starts with."""
