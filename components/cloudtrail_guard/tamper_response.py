"""An automatic answer to tampering: a function that undoes it."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import Location
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute, or_assumed
from cloudtrail_guard.operations import NOT_UNDONE, undone_events
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.response import ResponseScope, response_policy, response_trust_policy
from cloudtrail_guard.quotas import FUNCTION_VARIABLES, ROLE_POLICIES
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.function_code import function_code
from cloudtrail_guard.resources.options import RULE_STATE, child_options, keep_generated_name

CODE = Path(__file__).parent / "tamper_response_function"
RUNTIME = "python3.13"


class TamperResponseArgs(TypedDict):
    """The arguments of `TamperResponse`."""

    alert_topic_arn: pulumi.Input[str]
    """ARN of the topic, in the function's region, that is notified of what was done."""
    alert_key_arn: pulumi.Input[str]
    """ARN of the topic's key. It encrypts the function's log too, so its policy must let CloudWatch
    Logs use it for `/aws/lambda/` and the function's name."""
    trail_arn: NotRequired[pulumi.Input[str]]
    """ARN of the trail to start again. In the trail's home region. Default: none."""
    event_selectors: NotRequired[pulumi.Input[str]]
    """The trail's advanced event selectors, to be restored: the output `event_selectors` of
    `Trail`. Needed with `trail_arn`."""
    trail_settings: NotRequired[pulumi.Input[str]]
    """The trail's other settings, to be restored, and with which a deleted trail is made again:
    the output `settings` of `Trail`. Needs `trail_arn`. Default: neither is undone."""
    policy_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Ids of the policies to attach again: the output `policy_ids` of `Guardrails`. In the region
    of the global services (us-east-1), in the management account. Default: none."""
    target_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The root, OUs and accounts that each of them is attached to. Needed with `policy_ids`."""
    function_name: NotRequired[str]
    """The function's name. Default: the component's name."""
    region: NotRequired[str]
    """The region of everything here. Default: the provider's."""
    dry_run: NotRequired[bool]
    """Whether only to say what would be done. Default: true."""


class TamperResponse(pulumi.ComponentResource):
    """A Lambda function that restarts and restores the trail, and reattaches guardrails.

    What it does not undo it names, with the reason, in a message: a guardrail whose text was
    changed, that was deleted, or whose policy type was disabled. It acts on events of the
    management account and never on its own. Try it in a dry run first: it reports what it would do,
    and only people can tell a planned change from an attack.
    """

    function_name: pulumi.Output[str]
    """The function's name."""
    role_arn: pulumi.Output[str]
    """ARN of the function's role."""
    dead_letter_queue_arn: pulumi.Output[str]
    """ARN of the queue for events that the function failed on."""

    def __init__(
        self, name: str, args: TamperResponseArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the function, its role, log, queue and rule.

        Args:
            name: the component's name.
            args: see `TamperResponseArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: there is nothing to watch over, or a trail without its selectors.
        """
        super().__init__("cloudtrail-guard:index:TamperResponse", name, {}, opts)
        args = checked_inputs(self, args)
        self._check(name, args)
        self._check_sizes(name, args)
        self._region = args.get("region")
        self._function = args.get("function_name", name)
        location = caller_location(self, region=self._region)
        queue = aws.sqs.Queue(
            f"{name}-failures",
            name=f"{self._function}-failures",
            sqs_managed_sse_enabled=True,
            message_retention_seconds=14 * 24 * 3600,
            region=self._region,
            opts=child_options(self),
        )
        group = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=f"/aws/lambda/{self._function}",
            retention_in_days=365,
            kms_key_id=args["alert_key_arn"],
            region=self._region,
            opts=child_options(self),
        )
        role = self._role(name, args, location, queue)
        function = self._lambda(name, args, role, queue, group)
        self._rules(name, args, function)
        self.function_name = function.name
        self.role_arn = role.arn
        self.dead_letter_queue_arn = queue.arn
        self.register_outputs(
            {
                "function_name": self.function_name,
                "role_arn": self.role_arn,
                "dead_letter_queue_arn": self.dead_letter_queue_arn,
            }
        )

    def _check(self, name: str, args: TamperResponseArgs) -> None:
        if "trail_arn" not in args and "policy_ids" not in args:
            raise ArgumentError(
                f"TamperResponse {name!r}: there is nothing to watch over: give trail_arn with "
                "event_selectors, or policy_ids with target_ids"
            )
        if ("trail_arn" in args) != ("event_selectors" in args):
            raise ArgumentError(
                f"TamperResponse {name!r}: trail_arn and event_selectors belong together: a "
                "trail that is started again without its selectors may record nothing"
            )
        if "trail_settings" in args and "trail_arn" not in args:
            raise ArgumentError(
                f"TamperResponse {name!r}: trail_settings needs trail_arn: whose settings they are"
            )
        if ("policy_ids" in args) != ("target_ids" in args):
            raise ArgumentError(
                f"TamperResponse {name!r}: policy_ids and target_ids belong together: what is "
                "attached again, and where"
            )

    def _check_sizes(self, name: str, args: TamperResponseArgs) -> None:
        """Reject, before anything is registered, more than the function and its role can hold.

        What is not known yet counts as nothing.
        """
        compute(
            self,
            _fit,
            function=args.get("function_name", name),
            trail=or_assumed(args.get("trail_arn"), ""),
            selectors=or_assumed(args.get("event_selectors", "[]"), "[]"),
            settings=or_assumed(args.get("trail_settings", "{}"), "{}"),
            policies=or_assumed(args.get("policy_ids", ()), ()),
            targets=or_assumed(args.get("target_ids", ()), ()),
            topic=or_assumed(args["alert_topic_arn"], ""),
            topic_key=or_assumed(args["alert_key_arn"], ""),
        )

    def _role(
        self, name: str, args: TamperResponseArgs, location: Location, queue: "aws.sqs.Queue"
    ) -> "aws.iam.Role":
        role = aws.iam.Role(
            f"{name}-role",
            name=self._function,
            description="Undoes tampering with CloudTrail",
            assume_role_policy=to_json(response_trust_policy()),
            opts=child_options(self),
        )
        aws.iam.RolePolicy(
            f"{name}-role",
            role=role.name,
            policy=compute(
                self,
                lambda values: to_json(response_policy(location, _scope(values))),
                function=self._function,
                trail=args.get("trail_arn"),
                settings=args.get("trail_settings", "{}"),
                policies=args.get("policy_ids", ()),
                targets=args.get("target_ids", ()),
                topic=args["alert_topic_arn"],
                topic_key=args["alert_key_arn"],
                dead_letters=queue.arn,
            ),
            opts=keep_generated_name(child_options(self)),
        )
        return role

    def _lambda(
        self,
        name: str,
        args: TamperResponseArgs,
        role: "aws.iam.Role",
        queue: "aws.sqs.Queue",
        group: "aws.cloudwatch.LogGroup",
    ) -> "aws.lambda_.Function":
        code = function_code({"handler.py": CODE / "handler.py"})
        return aws.lambda_.Function(
            f"{name}-function",
            name=self._function,
            description="Starts CloudTrail again, restores its selectors, attaches guardrails",
            role=role.arn,
            runtime=RUNTIME,
            handler="handler.handler",
            code=code.archive,
            code_sha256=code.sha256,
            timeout=30,
            # One event after another: two at once could undo each other's reading of the state.
            reserved_concurrent_executions=1,
            dead_letter_config={"target_arn": queue.arn},
            environment={
                "variables": {
                    "TRAIL_ARN": args.get("trail_arn", ""),
                    "SELECTORS": args.get("event_selectors", "[]"),
                    "SETTINGS": args.get("trail_settings", "{}"),
                    "NOT_UNDONE": json.dumps(NOT_UNDONE),
                    "POLICIES": compute(self, _as_json, ids=args.get("policy_ids", ())),
                    "TARGETS": compute(self, _as_json, ids=args.get("target_ids", ())),
                    "TOPIC_ARN": args["alert_topic_arn"],
                    "OWN_ROLE": role.arn,
                    "DRY_RUN": "true" if args.get("dry_run", True) else "false",
                }
            },
            region=self._region,
            opts=child_options(self, depends_on=[group]),
        )

    def _rules(self, name: str, args: TamperResponseArgs, function: "aws.lambda_.Function") -> None:
        sources = {
            "cloudtrail": undone_events("cloudtrail") if "trail_arn" in args else [],
            "organizations": (
                [*undone_events("organizations"), *NOT_UNDONE] if "policy_ids" in args else []
            ),
        }
        for service, names in sources.items():
            if not names:
                continue
            rule = aws.cloudwatch.EventRule(
                f"{name}-{service}",
                name=f"{self._function}-{service}",
                description="Calls that the tamper response undoes, or names as not undone",
                event_pattern=json.dumps(
                    {
                        "source": [f"aws.{service}"],
                        "detail-type": ["AWS API Call via CloudTrail"],
                        "detail": {"eventName": names},
                    },
                    separators=(",", ":"),
                    sort_keys=True,
                ),
                state=RULE_STATE,
                region=self._region,
                opts=child_options(self),
            )
            aws.lambda_.Permission(
                f"{name}-{service}",
                action="lambda:InvokeFunction",
                function=function.name,
                principal="events.amazonaws.com",
                source_arn=rule.arn,
                # Lambda keeps one of an id: one that it made without an answer is found by it.
                statement_id=f"{name}-{service}",
                region=self._region,
                opts=keep_generated_name(child_options(self), "statement_id"),
            )
            aws.cloudwatch.EventTarget(
                f"{name}-{service}",
                rule=rule.name,
                target_id="tamper-response",
                arn=function.arn,
                region=self._region,
                opts=child_options(self),
            )


def _scope(values: dict[str, Any]) -> ResponseScope:
    return ResponseScope(**{**values, "settings": json.loads(values["settings"])})


def _fit(values: dict[str, Any]) -> None:
    """Check that the function's variables and its role's policy fit.

    Raises:
        QuotaError: they do not.
    """
    selectors = values.pop("selectors")
    variables = [values["trail"] or "", selectors, values["settings"], values["topic"]]
    ids = [json.dumps(values[each]) for each in ("policies", "targets")]
    FUNCTION_VARIABLES.check("".join([*variables, *ids, json.dumps(NOT_UNDONE)]), _FEWER)
    nowhere = Location(partition="aws", region="", account="0" * 12)
    policy = response_policy(nowhere, _scope({**values, "dead_letters": ""}))
    ROLE_POLICIES.check(to_json(policy), _FEWER)


_FEWER = ": attach the policies to fewer targets, such as the root or OUs above them"


def _as_json(values: dict[str, Any]) -> str:
    return json.dumps(values["ids"])
