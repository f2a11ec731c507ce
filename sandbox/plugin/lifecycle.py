"""An object's life in AWS: made, read, changed, deleted, by the handlers of a row."""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import AwsError, describe
from sandbox.plugin.catalog import hold_to_schema
from sandbox.plugin.diff import find_changes
from sandbox.plugin.resource import NOT_FOUND, Call, ResourceError
from sandbox.plugin.results import Created, Found, PartialFailureError
from sandbox.plugin.state import imported_inputs, reconcile, refreshed_inputs, without_defaults

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.plugin.aws import Account
    from sandbox.plugin.catalog import CatalogType
    from sandbox.plugin.tags import TagRules
    from sandbox.plugin.values import Properties

_LOG: Final = logging.getLogger(__name__)
_EXPECTED: Final = (*AwsError, ResourceError)
"""What stops an operation without being a mistake of this package."""

_REGION_SUFFIX: Final = re.compile(r"@([a-z]{2}(?:-[a-z]+)+-\d+)$")


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What happens to the objects of one type in one account."""

    type: CatalogType
    account: Account
    tags: TagRules

    def create(self, inputs: Properties, name: str) -> Created:
        """As `Provider.create`; `name` is for messages about an object that has none of its own."""
        row = self.type.row
        call = self._call(inputs=self._named(inputs), changed=frozenset(inputs))
        try:
            id_ = row.create(call)
        except _EXPECTED as error:
            label = str(inputs.get(row.label, name))
            raise ResourceError(self._message(row.put_verb, label, error)) from error
        return Created(id_, self._finish(call.at(id_), row.put_verb))

    def _named(self, inputs: Properties) -> Properties:
        """Inputs with a name that begins with the prefix that the program gives instead of one."""
        rule = self.type.row.name
        if rule is None or rule.input_name in inputs or rule.prefix not in inputs:
            return inputs
        return {**inputs, rule.input_name: inputs[rule.prefix] + secrets.token_hex(13)}

    def read(self, id_: str, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> Found | None:
        """As `Provider.read`."""
        if state.keys() <= {"region"}:  # an import, or a look-up by the id alone
            id_, known = self._identify(id_)
            known |= state
            id_ = self.type.row.own_id(known) or id_
        else:
            known = dict(state)
        try:
            found = self._read(self._call(id_=id_, state=known))
        except AwsError as error:
            raise ResourceError(self._message("reading", id_, error)) from error
        if found is None:
            return None
        if state:
            return Found(id_, found, refreshed_inputs(inputs, found))
        return Found(id_, found, imported_inputs(self.type.row, self.type.schema, found))

    def update(
        self, id_: str, state: Properties, inputs: Properties, ignore: Iterable[str]
    ) -> Properties:
        """As `Provider.update`."""
        changes = find_changes(self.type.row, self.type.schema, state, inputs, ignore)
        changed = frozenset(change.top for change in changes)
        call = self._call(id_=id_, inputs=inputs, state=state, changed=changed)
        return self._finish(call, "updating")

    def delete(self, id_: str, state: Properties) -> None:
        """As `Provider.delete`."""
        try:
            self.type.row.delete(self._call(id_=id_, state=state))
        except _EXPECTED as error:
            raise ResourceError(self._message("deleting", id_, error)) from error

    def _identify(self, id_: str) -> tuple[str, Properties]:
        """What an id to be imported says; `@region` after it names the resource's region."""
        region = _REGION_SUFFIX.search(id_) if self.type.has_region else None
        if region is None:
            return id_, self.type.row.identify(id_)
        bare = id_[: region.start()]
        return bare, {**self.type.row.identify(bare), "region": region[1]}

    def _call(
        self,
        *,
        id_: str = "",
        inputs: Properties | None = None,
        state: Properties | None = None,
        changed: frozenset[str] = frozenset(),
    ) -> Call:
        own = {**(state or {}), **(inputs or {})}.get("region") if self.type.has_region else None
        return Call(
            account=self.account,
            region=str(own or self.account.region),
            schema=self.type.schema,
            row=self.type.row,
            id=id_,
            inputs=without_defaults(inputs or {}),
            state=state or {},
            changed=changed,
        )

    def _finish(self, call: Call, verb: str) -> Properties:
        """What follows the making of an object, and is all of an update."""
        try:
            self._write(call)
            return self._read_back(call)
        except Exception as error:
            if not isinstance(error, _EXPECTED):
                _LOG.exception("%s %s", verb, call.id)
            # Whatever went wrong, the object is there and has to be remembered.
            reason = self._message(verb, call.id, error)
            raise PartialFailureError(call.id, self._salvage(call), call.inputs, reason) from error

    def _read_back(self, call: Call) -> Properties:
        state = self._read(call)
        if state is None:
            raise ResourceError(NOT_FOUND)
        return state

    def _write(self, call: Call) -> None:
        row = self.type.row
        if not call.creating:
            if row.tag is not None and call.has_changed("tagsAll"):
                before = call.state.get("tagsAll") or {}
                new = {key: value for key, value in call.tags.items() if before.get(key) != value}
                row.tag(call, new, [key for key in before if key not in call.tags])
            tagged = {"tags", "tagsAll"} if row.tag or row.configure else {"tags"}
            if row.update is not None and call.changed - tagged:
                row.update(call)
        if row.configure is not None:
            row.configure(call)

    def _read(self, call: Call) -> Properties | None:
        live = self.type.row.read(call)
        if live is None:
            return None
        prior = call.inputs or call.state
        return reconcile(self.type.row, self.type.schema, self._complete(call, live), prior)

    def _complete(self, call: Call, live: Properties) -> Properties:
        """Add what every handler would have to add."""
        state = {key: value for key, value in live.items() if value is not None}
        if self.type.has_region:
            state["region"] = call.region
        if self.type.has_tags:
            own = (call.inputs or call.state).get("tags") or {}
            state.update(self.tags.stored(live.get("tags") or {}, own))
        hold_to_schema(self.type.schema, state, self.type.row.type)
        return state

    def _salvage(self, call: Call) -> Properties:
        """What can be said of an object of which not everything could be written.

        It is read as if its inputs were unknown: they may not have been written. If even that
        fails, only what identifies it counts as done.
        """
        identity = self.type.row.replacing & call.inputs.keys()
        known = {**{key: call.inputs[key] for key in identity}, **call.state}
        try:
            found = self._read(replace(call, inputs={}, state=known))
        except Exception:  # noqa: BLE001 - the error that brought us here is the one to report
            _LOG.debug("reading %s", call.id, exc_info=True)
            found = None
        return known if found is None else found

    def _message(self, verb: str, label: str, error: BaseException) -> str:
        noun = self.type.row.noun
        named = noun if "{}" in noun else f"{noun} ({{}})"
        return f"{verb} {named.format(label)}: {describe(error)}"
