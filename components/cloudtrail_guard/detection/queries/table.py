"""The logs as a table of Athena.

Sources: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
(columns and formats), https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html.
"""

import re
from dataclasses import dataclass

from cloudtrail_guard.errors import InvalidValueError
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

_NAME = re.compile(r"[a-z0-9_]{1,255}")
_DAY = re.compile(r"\d{4}/\d{2}/\d{2}", re.ASCII)
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+", re.ASCII)

FOR_EVER_BACK = "NOW-10YEARS"
"""The first day when none is named: before the first log there are just no files."""


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
        key_arn: ARN of the key that encrypts the logs, for the questions who changed or used it.
        break_glass: ARNs of the break-glass roles, for the question who used them.
        deployers: ARNs of the deploying roles, for the question who changed what is exempt.
        watch_names: parts of the names of log groups, alarms, rules, topics, queues and functions
            that watch over the logs. None: any.
        guardrail_names: parts of the names of the guardrails' IAM policies. None: any.
    """

    database: str
    table: str
    bucket: str
    regions: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    organization_id: str | None = None
    first_day: str | None = None
    key_arn: str | None = None
    break_glass: tuple[str, ...] = ()
    deployers: tuple[str, ...] = ()
    watch_names: tuple[str, ...] = ()
    guardrail_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Reject what Glue or Athena would reject, or would find nothing with.

        Raises:
            InvalidValueError: a name, a region, an account or the first day is malformed, or there
                is no region.
        """
        for kind, value in (("database", self.database), ("table", self.table)):
            if not _NAME.fullmatch(value):
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
                if not form.fullmatch(value):
                    raise InvalidValueError(
                        f"{what} {value!r} is malformed; e.g. {_EXAMPLES[what]}"
                    )
        if self.first_day is not None and not _DAY.fullmatch(self.first_day):
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
