"""The provider, without an engine: check, diff, create, read, update, delete, invoke.

Values are plain Python (`sandbox.plugin.values`), types and functions go by their tokens. What a
resource type is comes from its row in `sandbox.plugin.services` and from the SDK's schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.plugin import configuration
from sandbox.plugin.aws import AwsError, describe
from sandbox.plugin.catalog import find_function, find_resource_type, hold_to_schema
from sandbox.plugin.check import check_relations, check_values
from sandbox.plugin.defaults import Completion, Naming
from sandbox.plugin.diff import find_changes
from sandbox.plugin.lifecycle import Lifecycle
from sandbox.plugin.normalize import DEFAULTS, Failures, normalize
from sandbox.plugin.resource import Call, ResourceError
from sandbox.plugin.results import Checked, Created, Diff, Invoked
from sandbox.plugin.state import planned
from sandbox.plugin.tags import TagRules
from sandbox.plugin.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.plugin.aws import Account
    from sandbox.plugin.catalog import CatalogType
    from sandbox.plugin.results import Found
    from sandbox.plugin.values import Properties


class Provider:
    """One instance of the provider, in one account and region once it is configured."""

    def __init__(self) -> None:
        """Make an instance that is not configured yet."""
        self._account: Account | None = None
        self._tags = TagRules()

    def check_config(self, config: Mapping[str, Any], name: str = "aws") -> Checked:
        """Check the provider's configuration, by its keys without `aws:`."""
        inputs, failures = configuration.check(config, name)
        return Checked(inputs, failures)

    def diff_config(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> Diff:
        """What differs between two configurations."""
        return Diff(configuration.changes(old, new))

    def configure(self, config: Mapping[str, Any]) -> None:
        """Connect to the account that a configuration names.

        Raises:
            ResourceError: the configuration is wrong or leads nowhere.
        """
        checked = self.check_config(config)
        if checked.failures:
            raise ResourceError("; ".join(failure.reason for failure in checked.failures))
        self._account = configuration.connect(checked.inputs)
        self._tags = TagRules.of(checked.inputs)

    @property
    def account(self) -> Account:
        """The account that the provider works in.

        Raises:
            ResourceError: the provider was not configured.
        """
        if self._account is None:
            raise ResourceError("the aws provider was not configured before it was used")
        return self._account

    def check(
        self,
        token: str,
        name: str,
        inputs: Mapping[str, Any],
        old_inputs: Mapping[str, Any] | None = None,
        naming: Naming | None = None,
    ) -> Checked:
        """Check and complete a resource's inputs.

        Args:
            token: the resource type.
            name: the resource's logical name.
            inputs: what the program gives; a value may be unknown.
            old_inputs: the checked inputs of the deployment before.
            naming: what to name it by, if other than its logical name and a random suffix.

        Raises:
            ResourceError: there is no such type here.
        """
        type_ = find_resource_type(token)
        schema = type_.schema.inputs
        failures = Failures(name)
        given = normalize(schema, inputs, failures)
        completion = Completion(type_.row, naming or Naming(name), failures)
        complete = completion.complete(schema, given, old_inputs or {})
        check_relations(type_.row.relations, schema, given, failures)
        check_values(type_.row, schema, complete, failures)
        if type_.has_region:
            complete.setdefault("region", self.account.region)
            self._check_region(complete["region"], failures)
        if type_.has_tags:
            complete["tagsAll"] = self._tags.all_tags(complete.get("tags"))
        return Checked(complete, failures)

    def diff(
        self,
        token: str,
        state: Mapping[str, Any],
        inputs: Mapping[str, Any],
        ignore: Iterable[str] = (),
    ) -> Diff:
        """What an update of a resource to new, checked inputs would do.

        Args:
            token: the resource type.
            state: its outputs.
            inputs: the new inputs.
            ignore: property paths of which no difference counts.

        Raises:
            ResourceError: the resource cannot become so.
        """
        type_ = find_resource_type(token)
        row = type_.row
        changes = find_changes(row, type_.schema, state, inputs, ignore)
        problems = list(row.refuse(dict(state), dict(inputs))) if row.refuse else []
        if problems:
            raise ResourceError("; ".join(problems))
        replacing = {change.top for change in changes if change.replace}
        # An object of the same name would be in the way of its replacement.
        in_the_way = row.delete_before_replace or _has_own_name(type_, inputs)
        return Diff(
            changes,
            delete_before_replace=bool(replacing) and in_the_way,
            stable=sorted(
                name for name in row.replacing - replacing if name in type_.schema.outputs.fields
            ),
        )

    def create(
        self, token: str, name: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> Created:
        """Make an object from checked inputs.

        Raises:
            ResourceError: AWS refused; nothing was made.
            PartialFailureError: it was made, but not completely.
        """
        type_ = find_resource_type(token)
        if preview:
            return Created("", planned(type_.row, type_.schema, inputs, {}))
        return self._lifecycle(type_).create(dict(inputs), name)

    def read(
        self,
        token: str,
        id_: str,
        state: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> Found | None:
        """Look an object up; None if it is gone.

        Args:
            token: the resource type.
            id_: its id.
            state: what was stored of it; nothing if it is to be imported.
            inputs: the inputs of the deployment before.

        Raises:
            ResourceError: AWS refused to tell, or the id cannot be one.
        """
        return self._lifecycle(find_resource_type(token)).read(id_, state or {}, inputs or {})

    def plan_update(
        self, token: str, state: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> Properties:
        """The outputs that an update would have, as far as they are known."""
        type_ = find_resource_type(token)
        return planned(type_.row, type_.schema, inputs, state)

    def update(
        self,
        token: str,
        id_: str,
        state: Mapping[str, Any],
        inputs: Mapping[str, Any],
        ignore: Iterable[str] = (),
    ) -> Properties:
        """Change an object in place to checked inputs; answers its new outputs.

        Raises:
            PartialFailureError: AWS refused something; the state says how far it went.
        """
        lifecycle = self._lifecycle(find_resource_type(token))
        return lifecycle.update(id_, dict(state), dict(inputs), ignore)

    def delete(self, token: str, id_: str, state: Mapping[str, Any]) -> None:
        """Delete an object. One that is already deleted is a success.

        Raises:
            ResourceError: AWS refused.
        """
        self._lifecycle(find_resource_type(token)).delete(id_, dict(state))

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> Invoked:
        """Call a function.

        Raises:
            ResourceError: there is no such function here, or AWS refused, or what it looks up does
                not exist.
        """
        function, schema = find_function(token)
        failures = Failures(token)
        inputs = normalize(schema.inputs, arguments, failures)
        failures.missing(name for name in function.required if name not in inputs)
        if failures:
            return Invoked({}, failures)
        region = str(inputs.get("region") or self.account.region)
        if "region" in schema.inputs.fields:
            inputs["region"] = region
        call = Call(account=self.account, region=region, schema=schema, inputs=inputs)
        try:
            found = function.run(call)
        except (*AwsError, ResourceError) as error:
            reason = f"invoking {token}: reading {function.noun}: {describe(error)}"
            raise ResourceError(reason) from error
        result = {**inputs, **found}
        hold_to_schema(schema, result, token)
        return Invoked(result, [])

    def _lifecycle(self, type_: CatalogType) -> Lifecycle:
        return Lifecycle(type_, self.account, self._tags)

    def _check_region(self, region: Any, failures: Failures) -> None:  # noqa: ANN401 - any input
        if region is UNKNOWN or region == self.account.region:
            return
        try:
            partition = self.account.partition_of(region)
        except AwsError:
            failures.add("region", f"invalid AWS Region: {region}")
            return
        if partition != self.account.partition:
            failures.add(
                "region",
                f"partition ({partition}) for per-resource Region ({region}) is not the provider's "
                f"configured partition ({self.account.partition})",
            )


def _has_own_name(type_: CatalogType, inputs: Mapping[str, Any]) -> bool:
    """Whether the program, not automatic naming, names a resource.

    As `nameRequiresDeleteBeforeReplace` in `pkg/tfbridge/schema.go` of pulumi-terraform-bridge.
    """
    rule = type_.row.name
    return rule is not None and rule.input_name in inputs.keys() - set(inputs.get(DEFAULTS, ()))
