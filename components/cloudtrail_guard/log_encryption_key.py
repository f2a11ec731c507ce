"""The KMS key that encrypts the logs."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
import json
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import parse_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute, plain_values
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.log_key import (
    DELETION_WINDOW_DAYS,
    KEY_POLICY_SIDS,
    LogKeyAccess,
    log_key_policy,
)
from cloudtrail_guard.policies.merge import merge_policies
from cloudtrail_guard.resources.caller import caller_account, deployers_of
from cloudtrail_guard.resources.options import child_options


class LogEncryptionKeyArgs(TypedDict):
    """The arguments of `LogEncryptionKey`."""

    trail_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """ARNs of the trails that encrypt their logs with this key."""
    member_trail_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of trails with which any account of the organization encrypts. Default: none."""
    organization_id: NotRequired[pulumi.Input[str]]
    """The organization's id, `o-...`. Needed with `member_trail_names`."""
    break_glass_role_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Full ARNs of the roles that may disable, delete and re-policy the key. At least one."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that manage the key. Default: the principal that deploys."""
    reader_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the principals that may decrypt logs, and nothing else, with the key."""
    alias: NotRequired[pulumi.Input[str]]
    """The key's alias, `alias/...`. Default: `alias/` and the component's name."""
    existing_key_arn: NotRequired[str]
    """ARN of a key that exists already: it is used, its policy is extended, nothing is created."""
    manage_existing_policy: NotRequired[bool]
    """Whether to extend an existing key's policy. Default: true. False leaves the key untouched;
    it must then let the trails encrypt already."""
    account_id: NotRequired[pulumi.Input[str]]
    """The account of the key, 12 digits. Default: the account that is deployed to."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete the key. Default: true."""


class LogEncryptionKey(pulumi.ComponentResource):
    """A customer-managed KMS key that CloudTrail encrypts logs with.

    Rotated every year, with a deletion window of 30 days; its policy grants CloudTrail nothing
    without a condition, and denies disabling, deleting and re-policying to all but the exempt
    roles. Protected, and kept in AWS even when it leaves the stack: without it, no log can be read.
    """

    log_key_arn: pulumi.Output[str]
    """The key's ARN, the form that a trail takes."""
    key_policy: pulumi.Output[str]
    """The key policy as JSON; empty when an existing key's policy is left alone."""

    def __init__(
        self,
        name: str,
        args: LogEncryptionKeyArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the key, or adopt an existing one.

        Args:
            name: the component's name.
            args: see `LogEncryptionKeyArgs`.
            opts: resource options; children inherit provider and protection.

        Raises:
            ArgumentError: the arguments make no policy that AWS would accept.
        """
        super().__init__("cloudtrail-guard:index:LogEncryptionKey", name, {}, opts)
        args = checked_inputs(self, args)
        self._keep = child_options(self, protect=args.get("protect", True), retain=True)
        policy = compute(
            self,
            _policy,
            **_access(args),
            account=args["account_id"] if "account_id" in args else caller_account(self),
            deployers=deployers_of(self, args),
        )
        if existing := args.get("existing_key_arn"):
            self._adopt(name, existing, policy, manage=args.get("manage_existing_policy", True))
        else:
            self._create(name, args.get("alias", f"alias/{name}"), policy)
        self.register_outputs({"log_key_arn": self.log_key_arn, "key_policy": self.key_policy})

    def _create(self, name: str, alias: pulumi.Input[str], policy: pulumi.Input[str]) -> None:
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts CloudTrail logs",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=policy,
            opts=self._keep,
        )
        aws.kms.Alias(f"{name}-alias", name=alias, target_key_id=key.key_id, opts=self._keep)
        self.log_key_arn = key.arn
        self.key_policy = pulumi.Output.from_input(policy)

    def _adopt(self, name: str, arn: str, policy: pulumi.Input[str], *, manage: bool) -> None:
        key_id = compute(self, _key_id, arn=arn)
        self.log_key_arn = pulumi.Output.from_input(arn)
        if not manage:
            self.key_policy = pulumi.Output.from_input("")
            return
        key = aws.kms.Key.get(f"{name}-existing-key", key_id, opts=self._keep)
        merged = compute(self, _merged, existing=key.policy, ours=policy)
        aws.kms.KeyPolicy(f"{name}-key-policy", key_id=key_id, policy=merged, opts=self._keep)
        self.key_policy = pulumi.Output.from_input(merged)


def planned_key_policy(args: LogEncryptionKeyArgs) -> str:
    """The policy that a component makes of plain arguments.

    Raises:
        InvalidValueError: the arguments make no policy that AWS would accept.
    """
    home = {
        "account": args.get("account_id", ""),
        "deployers": args.get("deployer_role_arns", ()),
    }
    return _policy(plain_values({**_access(args), **home}))


def _access(args: LogEncryptionKeyArgs) -> dict[str, object]:
    """Who may do what, but for the account itself and the deployers."""
    return {
        "trails": args["trail_arns"],
        "member_trails": args.get("member_trail_names", ()),
        "organization_id": args.get("organization_id"),
        "break_glass": args["break_glass_role_arns"],
        "readers": args.get("reader_arns", ()),
    }


def _policy(values: dict[str, Any]) -> str:
    return to_json(log_key_policy(LogKeyAccess(**values)))


def _key_id(values: dict[str, Any]) -> str:
    arn = parse_arn(values["arn"], service="kms", what="existing_key_arn")
    kind, _, key_id = arn.resource.partition("/")
    if kind != "key":
        raise InvalidValueError(f"existing_key_arn {values['arn']!r} is not the ARN of a key")
    return key_id


def _merged(values: dict[str, Any]) -> str:
    merged = merge_policies(
        values["existing"], json.loads(values["ours"]), KEY_POLICY_SIDS, quotas.KEY_POLICY
    )
    return to_json(merged.policy)
