"""The three names of a place."""

import pytest

from sandbox.plugin import sdk
from sandbox.plugin.property_path import Path, PropertyPath, is_inside, parse_path

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def test_a_place_is_named_for_the_program_the_rows_and_terraform() -> None:
    rules = sdk.resource_schema(LIFECYCLE).inputs.fields["rules"]
    filter_ = rules.type.element.fields["filter"]
    both = filter_.type.fields["and"]
    tags = both.type.fields["tags"]

    place = PropertyPath().property(rules).item(1).property(filter_).property(both).property(tags)

    assert str(place) == "rules[1].filter.and.tags"
    assert place.pattern == "rules.*.filter.and.tags"
    assert place.upstream == "rule.1.filter.0.and.0.tags"
    assert place.key("k").upstream == "rule.1.filter.0.and.0.tags.k"
    assert place.key("k").pattern == "rules.*.filter.and.tags.*"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("tags", ("tags",)),
        ("rules[0].filter", ("rules", 0, "filter")),
        ('tags["a.b"]', ("tags", "a.b")),
        ('tags["say \\"a\\""]', ("tags", 'say "a"')),
        ('["tags"].a', ("tags", "a")),
        ("rules[*].id", ("rules", "*", "id")),
        ("*", ("*",)),
    ],
)
def test_property_paths_are_parsed(text: str, path: Path) -> None:
    assert parse_path(text) == path


@pytest.mark.parametrize("path", [("tags", "a.b"), ("rules", 0, "id"), ("tags", 'say "a"')])
def test_a_place_prints_as_the_path_it_is_parsed_from(path: Path) -> None:
    assert parse_path(str(PropertyPath(path))) == path


@pytest.mark.parametrize(
    ("path", "ancestor", "inside"),
    [
        (("tags", "a"), ("tags",), True),
        (("tags",), ("tags",), True),
        (("tags",), ("tags", "a"), False),
        (("rules", 1, "id"), ("rules", "*", "id"), True),
        (("rules", 1, "status"), ("rules", "*", "id"), False),
    ],
)
def test_a_path_is_inside_itself_and_what_is_above(
    path: Path, ancestor: Path, inside: bool
) -> None:
    assert is_inside(path, ancestor) is inside
