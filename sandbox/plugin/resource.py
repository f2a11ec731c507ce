"""The rows of the provider's table: what a resource type and a function are.

A row holds what the SDK does not say: the AWS calls, and Terraform's schema behaviours (which
inputs force replacement, defaults, allowed values). Places in a row are patterns such as
`rules.*.filter.prefix`, with `*` for any item of a list or value of a map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sandbox.plugin.values import Properties

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from sandbox.plugin.api import Api
    from sandbox.plugin.aws import Account
    from sandbox.plugin.sdk_types import Schema

Validator: TypeAlias = Callable[[str, Any], Iterable[str]]
"""Given a property's name in Terraform and its known value, says what is wrong with it."""

Equality: TypeAlias = Callable[[Any, Any], bool]
"""Whether two known values of a property mean the same."""


class ResourceError(Exception):
    """What stops an operation, in one line: AWS's answer, or a mistake in the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a handler works with."""

    account: Account
    region: str
    """The resource's own region."""
    schema: Schema
    """The SDK's description of the resource type or function."""
    row: ResourceType | None = None
    """The resource type; None for a function."""
    id: str = ""
    """Empty until `create` has answered."""
    inputs: Properties = field(default_factory=Properties)
    """What the program wants, checked and with defaults, but without the lists of them. Empty in
    read and delete."""
    state: Properties = field(default_factory=Properties)
    """What was stored last. Empty in create, and in the read of an import."""
    changed: frozenset[str] = frozenset()
    """The top-level properties to be written: those that are set, or in update those that differ
    from the state."""

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - botocore's
        """The botocore client of a service, in the resource's region unless another is given."""
        return self.account.client(service, region or self.region)

    def arn(self, service: str, rest: str) -> str:
        """An ARN of the resource's partition; `rest` is `region:account:resource`."""
        return f"arn:{self.account.partition_of(self.region)}:{service}:{rest}"

    def has_changed(self, *names: str) -> bool:
        """Whether any of these top-level properties is to be written."""
        return not self.changed.isdisjoint(names)

    def value(self, name: str) -> Any:  # noqa: ANN401 - see Properties
        """A property as the program wants it or, in read and delete, as it was stored; or None."""
        return (self.inputs or self.state).get(name)

    @property
    def creating(self) -> bool:
        """Whether the call belongs to a create."""
        return not self.state

    @property
    def tags(self) -> dict[str, str]:
        """All tags to be set: the program's and the provider's default ones."""
        return dict(self.inputs.get("tagsAll") or {})

    def at(self, id_: str) -> Call:
        """The same call, once the object has its id."""
        return replace(self, id=id_)


@dataclass(frozen=True, slots=True)
class AutoName:
    """How a resource is named that the program gives no name: logical name, `-`, hex digits.

    Source: `provider/resources.go` and `provider/autonaming.go` of pulumi/pulumi-aws.
    """

    input_name: str = "name"
    max_length: int = 255
    separator: str = "-"
    digits: int = 7
    """How many random digits follow; with 0, nothing follows the logical name."""
    lower: bool = False

    @property
    def prefix(self) -> str:
        """The input that says only what the name begins with, where a type has it."""
        return f"{self.input_name}Prefix"


@dataclass(frozen=True, slots=True)
class Relation:
    """A rule about several properties of one object."""

    kind: Literal["conflict", "exactly one", "all or none"]
    names: tuple[str, ...]
    at: str
    """Pattern of the object, empty for the resource itself."""


def conflict(*names: str, at: str = "") -> Relation:
    """At most one of these may be set."""
    return Relation("conflict", names, at)


def exactly_one(*names: str, at: str = "") -> Relation:
    """One of these must be set, and no more."""
    return Relation("exactly one", names, at)


def needs(name: str, *others: str, at: str = "") -> Relation:
    """Where the first is set, the others must be too."""
    return Relation("all or none", (name, *others), at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """A resource type.

    What is set by calls after the one that makes the object belongs into `configure`: if it fails,
    the object is there, incomplete, and the next deployment completes it.
    """

    type: str
    """Its token, `aws:s3/bucketPolicy:BucketPolicy`."""
    api: Api | None = None
    """The operations that the handlers below were made from, if they were."""
    noun: str
    """In error messages, with `{}` where the object is named: `S3 Bucket ({}) Policy`."""
    create: Callable[[Call], str]
    """Makes the object and answers its id."""
    read: Callable[[Call], Properties | None]
    """Answers the outputs, `tags` as they are in AWS, or None if the object is gone."""
    delete: Callable[[Call], None]
    update: Callable[[Call], None] | None = None
    """Writes changes in place. Neither this nor `configure`: what changes is kept in the state."""
    configure: Callable[[Call], None] | None = None
    """Writes what `create` cannot: runs after it, and after `update`."""
    tag: Callable[[Call, Mapping[str, str], list[str]], None] | None = None
    """Sets tags and removes others, before `update`; `create` sets `Call.tags` itself."""
    put_verb: str = "creating"
    """What an error message says is being done in create."""

    label: str = "name"
    """The input that names the object in messages before it has an id."""
    name: AutoName | None = None
    replace: AbstractSet[str] = frozenset()
    """Changes here replace the resource. `region` always does."""
    replace_blocks: AbstractSet[str] = frozenset()
    """Objects that replace the resource when they come or go, but not when they change inside."""
    delete_before_replace: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Terraform's defaults, but for false, 0 and "": these the bridge does not put into inputs."""
    computed: AbstractSet[str] = frozenset()
    """Inputs that AWS decides when the program leaves them out (Optional and Computed), further to
    those of which the SDK says so."""
    sets: AbstractSet[str] = frozenset()
    """Lists whose order means nothing."""
    equal: Mapping[str, Equality] = field(default_factory=dict[str, Equality])
    """Where values mean the same without being the same."""
    state_only: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is not read back but kept from the state, with the reason."""
    validate: Mapping[str, tuple[Validator, ...]] = field(
        default_factory=dict[str, tuple[Validator, ...]]
    )
    relations: tuple[Relation, ...] = ()
    not_emulated: Mapping[str, str] = field(default_factory=dict[str, str])
    """Inputs that the real provider has and this one refuses, with what to do instead."""
    refuse: Callable[[Properties, Properties], Iterable[str]] | None = None
    """What the plan refuses, given state and inputs: Terraform's CustomizeDiff."""
    identify: Callable[[str], Properties] = lambda _: {}
    """The properties that an id to be imported says, for `read`. Raises `ResourceError`."""
    own_id: Callable[[Properties], str] = lambda _: ""
    """The id of an object to be imported, where it is imported by another: made of what that one
    says."""

    @property
    def replacing(self) -> AbstractSet[str]:
        """Every pattern whose change replaces the resource."""
        return self.replace | {"region"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function, called by a program to look something up.

    `run` gets its arguments in `Call.inputs` and answers the results; what it does not find it
    reports by `ResourceError`.
    """

    function: str
    """Its token, `aws:iam/getRole:getRole`."""
    noun: str
    """In error messages."""
    run: Callable[[Call], Properties]
    required: tuple[str, ...] = ()
    """Arguments that must be given; the SDK's functions declare none."""


def function(
    name: str, noun: str, *required: str
) -> Callable[[Callable[[Call], Properties]], Function]:
    """Make the decorated look-up a function of the provider.

    Args:
        name: its module and name, `iam/getRole` for the token `aws:iam/getRole:getRole`.
        noun: as in `Function`.
        required: as in `Function`.
    """
    token = f"aws:{name}:{name.rpartition('/')[2]}"
    return lambda run: Function(function=token, noun=noun, run=run, required=required)


NOT_FOUND: Final = "couldn't find resource"
"""What the real provider says of an object that a look-up does not find."""
