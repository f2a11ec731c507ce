"""Tags, with the provider's default and ignored ones.

`tagsAll` is what a resource carries in AWS: the provider's default tags, then the resource's own,
without the ignored ones (`provider/tags.go` of pulumi/pulumi-aws).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.plugin.values import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.values import Properties, Unknown


@dataclass(frozen=True, slots=True)
class TagRules:
    """What a provider does to every resource's tags."""

    default: Mapping[str, str] = field(default_factory=dict[str, str])
    ignored_keys: frozenset[str] = frozenset()
    ignored_prefixes: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> TagRules:
        """The rules of a provider configuration's `defaultTags` and `ignoreTags`."""
        ignored = config.get("ignoreTags") or {}
        return cls(
            default=dict((config.get("defaultTags") or {}).get("tags") or {}),
            ignored_keys=frozenset(ignored.get("keys") or ()),
            ignored_prefixes=tuple(ignored.get("keyPrefixes") or ()),
        )

    def all_tags(self, tags: Any) -> dict[str, str] | Unknown:  # noqa: ANN401 - any input
        """`tagsAll` of a resource with these tags; unknown if anything in them is."""
        if contains_unknown(tags):
            return UNKNOWN
        return self._without_ignored({**self.default, **(tags or {})})

    def stored(self, live: Mapping[str, str], own: Mapping[str, str]) -> Properties:
        """`tags` and `tagsAll` of a resource that was read.

        Args:
            live: its tags in AWS.
            own: the `tags` it was given before: a tag that equals a default one is counted to the
                provider unless it is among them.
        """
        tags_all = self._without_ignored(live)
        tags = {
            key: value
            for key, value in tags_all.items()
            if key in own or self.default.get(key) != value
        }
        return {"tags": tags, "tagsAll": tags_all}

    def _without_ignored(self, tags: Mapping[str, str]) -> dict[str, str]:
        return {
            key: value
            for key, value in tags.items()
            if key not in self.ignored_keys and not key.startswith(("aws:", *self.ignored_prefixes))
        }
