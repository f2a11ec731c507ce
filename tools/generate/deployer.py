"""The policies of a role that deploys a stack, and the page about them.

Made from what `deployer_record` recorded, and from ``DOCUMENTED``: what AWS asks for besides, which
no sandbox can see.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cloudtrail_guard.quotas import MANAGED_POLICY

from generate.deployer_record import MANAGEMENT, RECORDED, SECURITY, WORKLOAD
from sandbox.faults import reads

DIRECTORY = RECORDED.parent
PAGE = DIRECTORY.parent / "how-to/deployer-permissions.md"
ACCOUNTS = {
    "security": SECURITY,
    "management": MANAGEMENT,
    "workload": WORKLOAD,
    "standalone": WORKLOAD,
    "archive": WORKLOAD,
}
PHASES = ("preview", "create", "change", "refresh", "repair", "destroy")

_AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference"
_PASSING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
_PROVIDER = "https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service"


@dataclass(frozen=True, kw_only=True)
class Documented:
    """A permission that a deployment needs, and the sandbox does not ask for.

    Attributes:
        stacks: the stacks that need it.
        action: such as ``iam:PassRole``.
        resources: with ``{account}`` for the stack's account.
        why: what it is for.
        source: the page that says so.
        condition: what narrows it.
    """

    stacks: tuple[str, ...]
    action: str
    resources: tuple[str, ...]
    why: str
    source: str
    condition: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _passed_to(service: str) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"iam:PassedToService": service}}


_STORES = ("security", "standalone")
_BUCKETS = (*_STORES, "archive")
_ALARMS = ("management", "standalone")
DOCUMENTED = (
    Documented(
        stacks=_STORES,
        action="iam:PassRole",
        resources=("arn:aws:iam::{account}:role/cloudtrail-guard-replica",),
        why="S3 gets the role that it replicates with",
        source=f"{_AUTHORIZATION}/list_amazons3.html",
        condition=_passed_to("s3.amazonaws.com"),
    ),
    Documented(
        stacks=_ALARMS,
        action="iam:PassRole",
        resources=("arn:aws:iam::{account}:role/cloudtrail-guard-delivery-*",),
        why="CloudTrail gets the role that it delivers to the log group with",
        source=_PASSING,
        condition=_passed_to("cloudtrail.amazonaws.com"),
    ),
    Documented(
        stacks=(*_BUCKETS, "management"),
        action="iam:PassRole",
        resources=("arn:aws:iam::{account}:role/cloudtrail-guard-*forward*",),
        why="EventBridge gets the role that it forwards events to another region with",
        source=_PASSING,
        condition=_passed_to("events.amazonaws.com"),
    ),
    Documented(
        stacks=("management",),
        action="iam:CreateServiceLinkedRole",
        resources=(
            "arn:aws:iam::{account}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRole*",
        ),
        why="CreateTrail of an organization trail, once in an organization",
        source=f"{_AUTHORIZATION}/list_awscloudtrail.html",
        condition={"StringEquals": {"iam:AWSServiceName": "cloudtrail.amazonaws.com"}},
    ),
    Documented(
        stacks=(*_BUCKETS, "management"),
        action="kms:PutKeyPolicy",
        resources=("arn:aws:kms:*:{account}:key/*",),
        why="CreateKey with a policy, and every change of the policy",
        source=f"{_AUTHORIZATION}/list_awskeymanagementservice.html",
    ),
    Documented(
        stacks=_BUCKETS,
        action="s3:GetBucketWebsite",
        resources=("arn:aws:s3:::aws-cloudtrail-logs-*",),
        why="the provider reads every part of a bucket",
        source=f"{_PROVIDER}/s3/bucket.go",
    ),
    Documented(
        stacks=(*_BUCKETS, "management"),
        action="iam:ListInstanceProfilesForRole",
        resources=("arn:aws:iam::{account}:role/*",),
        why="the provider detaches a role from instance profiles before it deletes it",
        source=f"{_PROVIDER}/iam/role.go",
    ),
)
"""What AWS's documentation and the provider's source add to what was recorded."""

_ATHENA = ("arn:aws:athena:us-east-1:{account}:workgroup/cloudtrail-guard",)
_GLUE = tuple(
    f"arn:aws:glue:us-east-1:{{account}}:{kind}"
    for kind in ("catalog", "database/cloudtrail_guard", "table/cloudtrail_guard/*")
)
_BUS = ("arn:aws:events:*:{account}:event-bus/cloudtrail-guard-*",)
NARROWED = {"athena": _ATHENA, "events": _BUS, "glue": _GLUE}
"""Services whose calls the sandbox evaluates on ``*``, and what AWS evaluates them on."""

_PATTERNS = (
    (re.compile(r"(?<=:alarm:)cloudtrail-guard-.*"), "cloudtrail-guard-*"),
    (re.compile(r"(?<=:rule/)cloudtrail-guard-.*"), "cloudtrail-guard-*"),
    (re.compile(r"(?<=:log-group:)(.*?)(:log-stream:)?$"), r"\1*"),
    (
        re.compile(r"(arn:aws:(?:sns|sqs):[a-z0-9-]+:\d{12}:)cloudtrail-guard-.*"),
        r"\1cloudtrail-guard-*",
    ),
    (re.compile(r"(?<=:alias/)cloudtrail-.*"), "cloudtrail-*"),
    (re.compile(r"(?<=:role/)(cloudtrail-guard-(?:logs-)?forward).*"), r"\1*"),
)
"""Names with this program's own prefix are one pattern: there are too many to list."""

Grant = tuple[tuple[str, ...], str]
"""Resources, and the condition as JSON."""


def recorded() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Resources by stack, phase and action."""
    return json.loads(RECORDED.read_text(encoding="utf-8"))


def grants(stack: str) -> dict[str, set[Grant]]:
    """What the policies of a stack grant, by action."""
    account = ACCOUNTS[stack]
    found: dict[str, set[str]] = defaultdict(set)
    for actions in recorded()[stack].values():
        for action, resources in actions.items():
            found[action] |= {place for each in resources for place in _places(action, each)}
    made = _made(stack)
    for action, kinds in repairs().items():
        if places := {place for place in made if _kind(place) in kinds}:
            found[action] |= places
    granted: dict[str, set[Grant]] = {
        action: {(_of(resources, account), "{}")} for action, resources in found.items()
    }
    for each in DOCUMENTED:
        if stack in each.stacks:
            grant = (_of(each.resources, account), json.dumps(each.condition))
            granted.setdefault(each.action, set()).add(grant)
    return granted


def repairs() -> dict[str, set[str]]:
    """Kinds of resources by action: what undoes tampering with one may have to with any.

    Only what nothing else takes: an action that makes something is asked of each that is made.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for phases in recorded().values():
        others = [actions for what, actions in phases.items() if what != "repair"]
        for action, resources in phases.get("repair", {}).items():
            if reads(action.partition(":")[2]) or any(action in actions for actions in others):
                continue
            places = (place for each in resources for place in _places(action, each))
            kinds[action] |= {_kind(place) for place in places if place != "*"}
    return kinds


def _made(stack: str) -> set[str]:
    """What a stack makes, changes or deletes; not what it only reads, such as exempt roles."""
    phases = recorded()[stack]
    return {
        place
        for phase in ("create", "destroy")
        for action, resources in phases[phase].items()
        if not reads(action.partition(":")[2])
        for each in resources
        for place in _places(action, each)
        if place != "*"
    }


def _kind(arn: str) -> str:
    """Service and type of a resource; its service alone where the ARN has no type."""
    _, _, service, _, _, resource = arn.split(":", maxsplit=5)
    return f"{service}:{re.split('[:/]', resource)[0] if re.search('[:/]', resource) else ''}"


def policies(stack: str) -> list[dict[str, object]]:
    """The policies of a stack: as few as the quota of a managed policy allows."""
    by_grant: dict[Grant, list[str]] = defaultdict(list)
    for action, granted in grants(stack).items():
        for grant in granted:
            by_grant[grant].append(action)
    statements: list[dict[str, object]] = [
        {
            "Effect": "Allow",
            "Action": sorted(actions),
            "Resource": list(resources),
            **({"Condition": json.loads(condition)} if condition != "{}" else {}),
        }
        for (resources, condition), actions in sorted(
            by_grant.items(), key=lambda item: (sorted(item[1]), item[0])
        )
    ]
    packed: list[list[dict[str, object]]] = [[]]
    for statement in statements:
        if len(_minified(_document([*packed[-1], statement]))) > MANAGED_POLICY.limit:
            packed.append([])
        packed[-1].append(statement)
    return [_document(each) for each in packed]


def files() -> dict[Path, str]:
    """The policies and the page, by their paths."""
    made = {
        DIRECTORY / f"{stack}-{number}.json": f"{json.dumps(policy, indent=2)}\n"
        for stack in ACCOUNTS
        for number, policy in enumerate(policies(stack), start=1)
    }
    return {**made, PAGE: page()}


def page() -> str:
    """The page in Markdown."""
    return "\n".join([_INTRODUCTION, *(line for stack in ACCOUNTS for line in _section(stack))])


def _section(stack: str) -> Iterable[str]:
    yield f"\n## {stack}\n"
    names = [f"{stack}-{number}.json" for number, _ in enumerate(policies(stack), start=1)]
    links = ", ".join(f"[{name}](../deployer-permissions/{name})" for name in names)
    yield f"Policies: {links}\n"
    yield "| action | resource | needed by | source |\n|---|---|---|---|"
    phases = {**recorded()[stack], "repair": repairs()}
    documented = {each.action: each for each in DOCUMENTED if stack in each.stacks}
    for action, granted in sorted(grants(stack).items()):
        used = [each for each in PHASES if action in phases.get(each, {})]
        sources = ["recorded"] if used else []
        if action in documented:
            each = documented[action]
            sources.append(f"[documented]({each.source}): {each.why}")
        resources = ", ".join(f"`{place}`" for places, _ in sorted(granted) for place in places)
        yield (
            f"| `{action}` | {resources} | {', '.join(used) or 'create'} | {'; '.join(sources)} |"
        )


def _places(action: str, resource: str) -> tuple[str, ...]:
    service = action.partition(":")[0]
    if resource == "*" and service in NARROWED:
        return NARROWED[service]
    for pattern, replacement in _PATTERNS:
        resource = pattern.sub(replacement, resource)
    return (resource,)


def _of(resources: Iterable[str], account: str) -> tuple[str, ...]:
    return tuple(sorted({each.replace("{account}", account) for each in resources}))


def _document(statements: list[dict[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": statements}


def _minified(policy: Mapping[str, object]) -> str:
    return json.dumps(policy, separators=(",", ":"))


_INTRODUCTION = """\
<!-- Generated by `make generate` from docs/deployer-permissions/recorded.json. -->

# Give the deploying role only what it needs

The policies in [`docs/deployer-permissions`](../deployer-permissions) let a role preview, create,
change, read again (`--refresh`), repair and destroy one stack, and nothing else. They are made from
a recording: the stack files as committed, deployed by the real engine in the sandbox, which knows
action and resource of every call (`make record-deployer`). *Repair* is an `up` that undoes what was
done to the security and the management stack out of band, act by act ([drift](../drift.md)); what
undoes it to one resource is granted for each of its kind that a stack makes. The sandbox's `aws`
plugin stands in for the real provider, and evaluates neither `iam:PassRole` nor what AWS does on
the role's behalf: the column *source* says what is recorded, and what comes from documentation
alone. No deployment to AWS itself has been recorded.

To use them, put your own values in place of these, and attach the policies to the role:

| in the policies | is |
|---|---|
| `123456789012`, `111122223333`, `444455556666` | the management, security and member account |
| `o-a1b2c3d4e5`, `r-a1b2` | the organization's id and its root's |
| `us-east-1`, `us-west-2` | the stack's region and the replica's |
| `aws-cloudtrail-logs-youraccount`, `aws-cloudtrail-logs-standalone` | the log bucket's name |
| `aws-cloudtrail-logs-youraccount-archive` | the name of the archive's replica |
| `OrganizationAccountAccessRole`, `OrganizationAdmin`, `SecondRole` | the roles that deploy |
| `AdminRole` | the break-glass role |

```sh
sed -e 's/111122223333/222233334444/g' -e 's/youraccount/example/g' \\
  docs/deployer-permissions/security-1.json > policy.json
aws iam create-policy --policy-name deploy-security-1 --policy-document file://policy.json
```

- `*` as a resource: AWS lets no policy name a resource for these actions, which list or create
  things that have no name yet.
- `key/*` and `policy/.../*`: ids that AWS makes up; the account is named.
- A setting that is not in the committed stack files may need more: a tamper response, a StackSet,
  AWS's security services, an event data store, a replica in an account of its own. The error then
  names the action.
- Patterns of permission sets among the exempt roles are looked up with `iam:ListRoles`.
- Look-ups before a deployment that are not allowed are a warning, and their check is left out.
- A role that deploys must also be among `deployerRoleArns`: bucket and key deny their changes to
  all others, whatever these policies say.
"""
