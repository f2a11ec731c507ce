"""The name of a resource that a stack creates, before it does."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """A kind of resource with a name of our choice: what it is called, and its type token."""

    BUCKET = ("bucket", "aws:s3/bucket:Bucket")
    ALIAS = ("key alias", "aws:kms/alias:Alias")
    ROLE = ("role", "aws:iam/role:Role")
    POLICY = ("IAM policy", "aws:iam/policy:Policy")
    TOPIC = ("topic", "aws:sns/topic:Topic")
    QUEUE = ("queue", "aws:sqs/queue:Queue")
    RULE = ("event rule", "aws:cloudwatch/eventRule:EventRule")
    EVENT_BUS = ("event bus", "aws:cloudwatch/eventBus:EventBus")
    ALARM = ("alarm", "aws:cloudwatch/metricAlarm:MetricAlarm")
    LOG_GROUP = ("log group", "aws:cloudwatch/logGroup:LogGroup")
    WORKGROUP = ("Athena workgroup", "aws:athena/workgroup:Workgroup")
    DATABASE = ("Glue database", "aws:glue/catalogDatabase:CatalogDatabase")
    FUNCTION = ("function", "aws:lambda/function:Function")
    TRAIL = ("trail", "aws:cloudtrail/trail:Trail")
    ORGANIZATION_POLICY = ("organization policy", "aws:organizations/policy:Policy")
    STACK_SET = ("StackSet", "aws:cloudformation/stackSet:StackSet")
    ANALYZER = ("analyzer", "aws:accessanalyzer/analyzer:Analyzer")

    @property
    def word(self) -> str:
        """What it is called."""
        return self.value[0]

    @property
    def type(self) -> str:
        """Its type token."""
        return self.value[1]


@dataclass(frozen=True, kw_only=True)
class PlannedName:
    """The name of a resource that a stack creates.

    Attributes:
        kind: what is called so.
        name: the name.
        region: where it is created; for a global service, the provider's region.
        setting: the key that changes the name, if there is one.
    """

    kind: Kind
    name: str
    region: str
    setting: str | None = None
