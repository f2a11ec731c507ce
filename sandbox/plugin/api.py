"""A resource type by the operations of AWS's API: what most rows of the table are made of.

Requests are built and answers are read by `members.Convention`, along the shapes of botocore's
service models and the types of the SDK.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jmespath
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import ListShape, StructureShape

from sandbox.plugin import ids
from sandbox.plugin.aws import error_code
from sandbox.plugin.members import (
    Convention,
    element_of,
    find_member,
    members_of,
    removal,
    request_members,
    to_pairs,
    to_scalar,
)
from sandbox.plugin.policies import compact_json, equal_json, equivalent_policies
from sandbox.plugin.property_path import PropertyPath
from sandbox.plugin.resource import ResourceError, ResourceType
from sandbox.plugin.validators import arn
from sandbox.plugin.values import Properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from botocore.model import Shape

    from sandbox.plugin.resource import Call


def outputs_of(
    call: Call, answer: Properties, names: Mapping[str, str] | None = None
) -> Properties:
    """A structure of an answer as the outputs of a function or resource type.

    Args:
        call: holds the SDK's schema.
        answer: the structure.
        names: as in `Api.names`.
    """
    return Convention(names or {}).from_aws(PropertyPath(), call.schema.outputs, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """The operations by which a service tags. Where none lists them, `Api.read` answers them."""

    target: str
    """The request member that names the object: by its ARN, if the member's name or `by_arn` says
    so, else by its id."""
    by_arn: bool = True
    list: str = ""
    answer: str = "Tags || tags"
    """JMESPath of the tags in the answer of `list`."""
    tag: str = "TagResource"
    untag: str = "UntagResource"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The operations that make, read, change and delete the objects of a resource type."""

    service: str
    """botocore's name of the service."""
    create: str
    """The operation that gets all inputs; where it is `update` too, it gets them each time."""
    read: str
    update: str = ""
    """The operation that gets the changed inputs."""
    whole: bool = False
    """Whether `update` gets all inputs."""
    delete: str = ""
    id: str = ""
    """The id, made of properties: `{role}:{name}`, with what may be missing in brackets."""
    within: tuple[str, ...] = ()
    """Properties that say in what the object is, where its id does not."""
    imported: str = ""
    """The id by which it is imported, where that is another."""
    form: str = ""
    """What an id to be imported looks like, in the message about one that does not."""
    made: str = ""
    """JMESPath of the id in the answer of `create`, where AWS makes it."""
    key: str = ""
    """The request member that takes an id that AWS makes."""
    asking: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Further members of the request of `read`."""
    answer: str = "@"
    """JMESPath of the object in the answer of `read`; of a list of them, the one with the id."""
    inside: str = ""
    """The structure in requests, or list of one, that holds what is no member of the request: a
    member's name, or two with a dot between."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """AWS's names of properties where the convention does not lead to them."""
    gone: tuple[str, ...] = ()
    """The codes, or words, of the errors that say that there is no such object."""
    arn: str = ""
    """The end of the ARN, made of properties, where AWS does not answer it: `workgroup/{name}`."""
    tags: Tags | None = None
    deleting: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Further members of the request of `delete`."""
    force: str = ""
    """The switch in delete's request that `forceDestroy` sets."""
    more: Callable[[Call], Properties] = lambda _: {}
    """Further members of the requests of `create` and `update`."""
    refine: Callable[[Call, Properties], None] = lambda _call, _request: None
    """Corrects a request of `create` or `update` in place."""
    outputs: Callable[[Call, Properties], Properties] = lambda _call, _answer: {}
    """Outputs that the object in read's answer does not show under their names."""

    def row(self, **rest: Any) -> ResourceType:  # noqa: ANN401 - the fields of ResourceType
        """The row of the resource type; handlers that are given replace those made here.

        The properties of which its id is made replace the resource, and the first is its label if
        it has no name.
        """
        handlers: dict[str, Any] = {
            "create": self.make,
            "read": self.look_up,
            "delete": self.remove,
            "identify": self.identify,
        }
        if self.update:
            handlers["update"] = self.change
        if self.tags:
            handlers["tag"] = self.tag
        if self.imported:
            handlers["own_id"] = self.id_of
        named = ids.properties_of(self.id)
        if named and "name" not in named:
            handlers["label"] = named[0]
        replacing = {*named, *self.within} - {"arn"} | rest.pop("replace", set[str]())
        return ResourceType(api=self, replace=replacing, **{**handlers, **rest})

    # Handlers

    def make(self, call: Call) -> str:
        """Create the object, and answer its id."""
        answer = self.send(call, self.create, **self.request(call, self.create))
        if self.made:
            return str(jmespath.search(self.made, answer))
        return self.id_of(call.inputs)

    def look_up(self, call: Call) -> Properties | None:
        """Read the object; None if it is gone."""
        answer = self.find(call, self.read, **self.where(call, self.read), **self.asking)
        found = None if answer is None else jmespath.search(self.answer, answer)
        if isinstance(found, list):
            found = self._own(call, found)
        if not found:
            return None
        outputs = {**self.identity(call), **self.properties(call, found)}
        for name in () if call.row is None else call.row.not_emulated:
            outputs.pop(name, None)
        if self.arn and "arn" in call.schema.outputs.fields:
            outputs["arn"] = self.arn_of(call)
        outputs |= self.outputs(call, found)
        if self.tags and self.tags.list:
            outputs["tags"] = self.properties(
                call, {"Tags": self._list_tags(call, self.tags, outputs)}
            )["tags"]
        return outputs

    def change(self, call: Call) -> None:
        """Write the changed properties or, by an operation that makes objects too, all."""
        whole = self.whole or self.update == self.create
        changed = None if whole else call.changed - {"tags", "tagsAll"}
        request = self.request(call, self.update, changed)
        where = self.where(call, self.update)
        if changed is None or request.keys() - where.keys():
            self.send(call, self.update, **{**request, **where})

    def remove(self, call: Call) -> None:
        """Delete the object, unless the program wants it kept."""
        if call.state.get("skipDestroy"):
            return
        force = {self.force: True} if self.force and call.state.get("forceDestroy") else {}
        where = self.where(call, self.delete)
        self.find(call, self.delete, **where, **self.deleting, **force)

    def tag(self, call: Call, new: Mapping[str, str], removed: list[str]) -> None:
        """Set tags, and remove others."""
        tags = self.tags
        if tags is None:
            raise TypeError(f"{self.create}: there are no operations for tags")
        target = {tags.target: self._tagged(call, tags, call.state)}
        for operation, wanted in ((tags.untag, removed), (tags.tag, dict(new))):
            members = request_members(self.service, operation)
            member = next(name for name in members if name.lower().startswith("tag"))
            if wanted:
                self.send(call, operation, **target, **{member: _listed(members[member], wanted)})

    def identify(self, id_: str) -> Properties:
        """The properties that an id says.

        Raises:
            ResourceError: the id has not the form that it should have.
        """
        if self.id == "{arn}" or self.made.endswith(("Arn", "ARN")):
            return self._by_arn(id_)
        if not self.id:
            return {}
        return ids.parse(self.imported or self.id, id_, self.form)

    # What handlers are made of

    def member(self, members: Iterable[str], pattern: str) -> str | None:
        """The member that a property is, or None."""
        return Convention(self.names).member(members, pattern)

    def send(self, call: Call, operation: str, **request: Any) -> Properties:  # noqa: ANN401
        """The answer of an operation; of a listing, that of all its pages."""
        client, method = call.client(self.service), xform_name(operation)
        if client.can_paginate(method):
            return client.get_paginator(method).paginate(**request).build_full_result()
        return getattr(client, method)(**request)

    def find(self, call: Call, operation: str, **request: Any) -> Properties | None:  # noqa: ANN401
        """As `send`; None if the error says that there is no such object."""
        try:
            return self.send(call, operation, **request)
        except ClientError as error:
            if error_code(error) in self.gone or any(
                " " in text and text in str(error) for text in self.gone
            ):
                return None
            raise

    def request(self, call: Call, operation: str, names: Iterable[str] | None = None) -> Properties:
        """The inputs as members of an operation's request.

        Args:
            call: holds the inputs.
            operation: the operation.
            names: the properties to be sent, also those that the program no longer sets; all that
                are set, when not given.
        """
        members, inner = request_members(self.service, operation), self.inner_members(operation)
        inputs = {**(self.identity(call) if call.id else {}), **call.inputs}
        request, nested = Properties(), Properties()
        convention, fields = self._convention(call), call.schema.inputs.fields
        left_out = {"region", "tags", *(call.row.not_emulated if call.row else ())}
        for name in (fields.keys() if names is None else {*names}) - left_out:
            place = PropertyPath().property(fields[name])
            value = convention.value_to_send(place, fields[name], inputs)
            for known, target in ((members, request), (inner, nested)):
                member = convention.member(known, name)
                if member is None:
                    continue
                if value not in (None, ""):
                    target[member] = convention.to_aws(
                        place, fields[name].type, known[member], value
                    )
                elif names is not None:
                    target[member] = removal(known[member])
        outer, _, rest = self.inside.partition(".")
        if inner:
            listed = isinstance(members[outer], ListShape)
            request[outer] = {rest: nested} if rest else [nested] if listed else nested
        tags = find_member(members, "tags") or "TagsList"
        if call.creating and call.tags and tags in members:
            request[tags] = _listed(members[tags], call.tags)
        request |= self.more(call)
        self.refine(call, request)
        return request

    def inner_members(self, operation: str) -> Mapping[str, Shape]:
        """The members of what is `inside` a request; none if nothing is."""
        members = request_members(self.service, operation) if self.inside else {}
        for part in self.inside.split("."):
            shape = members.get(part)
            inner = element_of(shape) if isinstance(shape, ListShape) else shape
            members = members_of(inner) if isinstance(inner, StructureShape) else {}
        return members

    def where(self, call: Call, operation: str) -> Properties:
        """The members of an operation's request that name the object."""
        if self.key:
            return {self.key: call.id}
        members = request_members(self.service, operation)
        found = {
            find_member(members, name) or find_member(members, f"{name}Prefix"): value
            for name, value in (
                (self.names.get(ours, ours), value) for ours, value in self.identity(call).items()
            )
        }
        return {
            member: to_scalar(members[member], value)
            for member, value in found.items()
            if member is not None
        }

    def identity(self, call: Call) -> Properties:
        """The properties that say which object it is."""
        outer = {name: call.value(name) for name in self.within}
        if not self.id:
            return outer
        named = ids.parse(self.id, call.id, self.form) if self.imported else self.identify(call.id)
        return {**outer, **named}

    def properties(self, call: Call, answer: Properties) -> Properties:
        """A structure of an answer as outputs."""
        outputs = outputs_of(call, answer, self.names)
        comparisons = {} if call.row is None else call.row.equal
        documents = [
            name
            for name, equal in comparisons.items()
            if equal in (equivalent_policies, equal_json)
        ]
        compact = {name: compact_json(outputs[name]) for name in documents if outputs.get(name)}
        return {**outputs, **compact}

    def id_of(self, values: Mapping[str, Any]) -> str:
        """The id of the object with these properties."""
        return ids.fill(self.id, values)

    def arn_of(self, call: Call) -> str:
        """The ARN of the object."""
        named = {**self.identity(call), "id": call.id}
        named.setdefault("catalogId", call.account.account_id)
        account = named["catalogId"]
        return call.arn(self.service, f"{call.region}:{account}:{self.arn.format_map(named)}")

    def _convention(self, call: Call) -> Convention:
        if call.row is None:
            return Convention(self.names)
        policies = {name for name, equal in call.row.equal.items() if equal is equivalent_policies}
        return Convention(self.names, call.row.computed, policies)

    def _own(self, call: Call, found: list[Properties]) -> Properties | None:
        """The one of several objects that has the id, if they say their names."""
        if not self.id:
            return found[0] if found else None
        for each in found:
            values = {**self.identity(call), **self.properties(call, each)}
            if self.id_of(values) == call.id:
                return each
        return None

    def _list_tags(self, call: Call, tags: Tags, outputs: Properties) -> Any:  # noqa: ANN401
        members = request_members(self.service, tags.list)
        target = next(name for name in members if name.startswith(tags.target))
        named = to_scalar(members[target], self._tagged(call, tags, outputs))
        answer = self.send(call, tags.list, **{target: named})
        return jmespath.search(tags.answer, answer) or []

    def _tagged(self, call: Call, tags: Tags, values: Properties) -> str:
        if not tags.by_arn:
            return call.id
        return self.arn_of(call) if self.arn else str(values["arn"])

    def _by_arn(self, id_: str) -> Properties:
        for problem in arn("id", id_):
            raise ResourceError(f"{problem}: it is imported by its ARN")
        region = id_.split(":")[3]
        return ({"region": region} if region else {}) | ({"arn": id_} if self.id else {})


def _listed(shape: Shape, wanted: dict[str, str] | list[str]) -> Any:  # noqa: ANN401 - JSON-like
    """Tags, or the keys of some, in the form that an operation takes them in."""
    element = element_of(shape) if isinstance(shape, ListShape) else None
    if not isinstance(shape, ListShape) or not isinstance(element, StructureShape):
        return wanted
    key = next(iter(members_of(element)))
    return to_pairs(shape, wanted) if isinstance(wanted, dict) else [{key: each} for each in wanted]
