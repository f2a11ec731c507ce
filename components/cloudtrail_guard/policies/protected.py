"""What the guardrails protect, and who is exempt."""

from dataclasses import dataclass

from cloudtrail_guard.arns import bucket_arn, object_arn, parse_arn
from cloudtrail_guard.policies.bucket_guard import LOG_PREFIX
from cloudtrail_guard.policies.document import distinct


@dataclass(frozen=True, kw_only=True)
class ProtectedResources:
    """What the guardrails protect, and from whom not.

    Attributes:
        bucket: the log bucket's name.
        key_arn: the log key's ARN; None leaves the key out.
        further_buckets: names of further buckets with logs, such as a replica.
        further_keys: ARNs of their keys.
        other_keys: ARNs of the keys of alerts, feed and query results, which principals outside
            the organization may use.
        trails: trail ARNs or patterns to protect; ``("*",)`` is every trail, the guide's default.
        break_glass: full ARNs of roles or users that all guardrails let through.
        deployers: full ARNs of the roles that may change bucket and key, but not delete logs.
        backup_roles: full ARNs of the roles with which AWS Backup copies the log bucket.
        own_roles: ARNs or patterns of the roles that the stacks make.
        monitoring: ARNs or patterns of log groups, alarms, event rules, topics, queues and
            functions to protect.
        stack_sets: whether CloudFormation StackSets may manage the member accounts' own trails.
        control_tower: whether AWS Control Tower may manage the trails and security services of
            the member accounts.
        security_services: whether Config, GuardDuty, Security Hub and Access Analyzer are, too.
    """

    bucket: str
    key_arn: str | None = None
    further_buckets: tuple[str, ...] = ()
    further_keys: tuple[str, ...] = ()
    other_keys: tuple[str, ...] = ()
    trails: tuple[str, ...] = ("*",)
    break_glass: tuple[str, ...]
    deployers: tuple[str, ...] = ()
    backup_roles: tuple[str, ...] = ()
    own_roles: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    stack_sets: bool = False
    control_tower: bool = False
    security_services: bool = False

    @property
    def partition(self) -> str:
        """The partition that the exempt roles, and so everything here, live in."""
        return parse_arn(self.break_glass[0], service="iam", what="break-glass role").partition

    @property
    def managers(self) -> tuple[str, ...]:
        """Who may change what is not the record itself: break-glass and deployers."""
        return distinct((*self.break_glass, *self.deployers))

    @property
    def home_accounts(self) -> list[str]:
        """The accounts that the stacks are deployed to, as the deployers tell.

        A break-glass role may be of any account, in which others work undisturbed.
        """
        exempt = self.deployers or self.break_glass
        return list(distinct(parse_arn(arn).account for arn in exempt))

    @property
    def exempt_roles(self) -> list[str]:
        """The ARNs of the exempt principals that are roles."""
        return [arn for arn in self.managers if ":role/" in arn]

    @property
    def exempt_users(self) -> list[str]:
        """The ARNs of the exempt principals that are users."""
        return [arn for arn in self.managers if ":user/" in arn]

    @property
    def identity_providers(self) -> list[str]:
        """The identity providers of these accounts, which the exempt roles' trust may name."""
        return [
            f"arn:{self.partition}:iam::{account}:{kind}/*"
            for account in self.home_accounts
            for kind in ("oidc-provider", "saml-provider")
        ]

    @property
    def stack_set_roles(self) -> list[str]:
        """The roles with which service-managed StackSets work in member accounts, as a pattern.

        Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
        """
        return [f"arn:{self.partition}:iam::*:role/stacksets-exec-*"] if self.stack_sets else []

    @property
    def control_tower_roles(self) -> list[str]:
        """The role with which Control Tower works in member accounts, as a pattern.

        Source: https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
        """
        name = "AWSControlTowerExecution"
        return [f"arn:{self.partition}:iam::*:role/{name}"] if self.control_tower else []

    @property
    def buckets(self) -> list[str]:
        """The ARNs of the buckets."""
        return [bucket_arn(self.partition, each) for each in (self.bucket, *self.further_buckets)]

    @property
    def objects(self) -> list[str]:
        """The ARNs of everything in the buckets."""
        return [object_arn(self.partition, each) for each in (self.bucket, *self.further_buckets)]

    @property
    def log_files(self) -> list[str]:
        """The ARNs of the log files in the log bucket and in the further ones."""
        names = (self.bucket, *self.further_buckets)
        return [object_arn(self.partition, each, f"{LOG_PREFIX}/*") for each in names]

    @property
    def log_keys(self) -> list[str]:
        """The ARNs of the keys that logs are encrypted with."""
        return [*([] if self.key_arn is None else [self.key_arn]), *self.further_keys]

    @property
    def keys(self) -> list[str]:
        """The ARNs of all keys."""
        return list(distinct((*self.log_keys, *self.other_keys)))
