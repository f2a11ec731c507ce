"""Tags as AWS's services take and list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sandbox.plugin.resource import Call


def tag_list(
    tags: Mapping[str, str], key: str = "Key", value: str = "Value"
) -> list[dict[str, str]]:
    """Tags as most of AWS lists them."""
    return [{key: name, value: text} for name, text in tags.items()]


def tag_map(
    tags: Iterable[Mapping[str, str]], key: str = "Key", value: str = "Value"
) -> dict[str, str]:
    """The opposite of `tag_list`."""
    return {tag[key]: tag.get(value, "") for tag in tags}


def tagger(
    service: str, identifier: str, noun: str = "resource", key: str = "Key", value: str = "Value"
) -> Callable[[Call, Mapping[str, str], list[str]], None]:
    """The `tag` of a resource type whose service tags as most do.

    Args:
        service: the service, as botocore names it.
        identifier: the request parameter that takes the resource's id.
        noun: what stands after `tag_` and `untag_` in the operations' names.
        key: what the service calls a tag's key.
        value: what it calls a tag's value.
    """

    def tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
        client, which = call.client(service), {identifier: call.id}
        if removed:
            getattr(client, f"untag_{noun}")(**which, TagKeys=removed)
        if new:
            getattr(client, f"tag_{noun}")(**which, Tags=tag_list(new, key, value))

    return tag
