"""The component plugin's host: what other languages send becomes what a component takes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

import pulumi
import pytest
from cloudtrail_guard import ArgumentError
from cloudtrail_guard.plugin import ComponentHost
from pulumi.errors import InputPropertiesError
from pulumi.output import Unknown

from tests.support.deployment import Deployment, deploy

HOST_PACKAGE = "cloudtrail-guard:index"


class Colour(StrEnum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


class PartArgs(TypedDict):
    """A part."""

    part_number: pulumi.Input[int]
    note: NotRequired[pulumi.Input[str]]


class ProbeArgs(TypedDict):
    title: pulumi.Input[str]
    days: NotRequired[pulumi.Input[int]]
    ratio: NotRequired[pulumi.Input[float]]
    strict: NotRequired[bool]
    colour: NotRequired[pulumi.Input[Colour]]
    colours: NotRequired[pulumi.Input[Sequence[pulumi.Input[Colour]]]]
    main_part: NotRequired[pulumi.Input[PartArgs]]
    """First line,
    second line."""
    parts: NotRequired[Sequence[PartArgs]]


class Probe(pulumi.ComponentResource):
    """A component.

    In two paragraphs.
    """

    title: pulumi.Output[str]

    def __init__(
        self, name: str, args: ProbeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{HOST_PACKAGE}:Probe", name, {}, opts)
        if args["title"] == "refused":
            raise ArgumentError(f"Probe {name!r}: title must not be 'refused'")
        self.title = pulumi.Output.from_input(args["title"])
        pulumi.log.info(f"title is an output: {isinstance(args['title'], pulumi.Output)}")
        pulumi.export("taken", pulumi.Output.from_input(dict(args)))


@dataclass(frozen=True)
class Later:
    """A value that is an output."""

    value: object


def construct(inputs: dict[str, Any]) -> Deployment:
    """Let the host construct the component of these inputs; a title is added."""

    def program() -> None:
        sent = {"title": "t"} | {
            name: _later(value.value) if isinstance(value, Later) else value
            for name, value in inputs.items()
        }
        ComponentHost([Probe]).construct("probe", f"{HOST_PACKAGE}:Probe", sent)

    return deploy(program)


def _later(value: object) -> pulumi.Output[object]:
    return pulumi.Output.from_input("known").apply(lambda _: value)


def taken(inputs: dict[str, Any]) -> dict[str, Any]:
    """What the component takes of these inputs."""
    return construct(inputs).outputs["taken"]


@pytest.mark.parametrize(
    ("inputs", "argument"),
    [
        ({"days": 365.0}, {"days": 365}),
        ({"ratio": 0.5}, {"ratio": 0.5}),
        ({"strict": False}, {"strict": False}),
        ({"colour": "red"}, {"colour": "red"}),
        ({"colours": ["red", "blue"]}, {"colours": ["red", "blue"]}),
        (
            {"mainPart": {"partNumber": 3.0, "note": "n"}},
            {"main_part": {"part_number": 3, "note": "n"}},
        ),
        ({"parts": [{"partNumber": 1.0}]}, {"parts": [{"part_number": 1}]}),
        ({"days": None}, {}),
    ],
    ids=str,
)
def test_every_kind_of_input_arrives_as_its_type(
    inputs: dict[str, Any], argument: dict[str, Any]
) -> None:
    assert taken(inputs) == {"title": "t"} | argument


@pytest.mark.parametrize("inputs", [{"days": 365.0}, {"parts": [{"partNumber": 1.0}]}], ids=str)
def test_a_whole_number_is_an_integer(inputs: dict[str, Any]) -> None:
    arrived = repr(taken(inputs))

    assert "365.0" not in arrived
    assert "1.0" not in arrived


@pytest.mark.parametrize(
    ("name", "value", "argument"),
    [
        ("days", 365.0, {"days": 365}),
        ("colour", "blue", {"colour": "blue"}),
        ("mainPart", {"partNumber": 3.0}, {"main_part": {"part_number": 3}}),
        ("colours", ["red"], {"colours": ["red"]}),
    ],
)
def test_what_is_known_later_arrives_in_the_same_way(
    name: str, value: object, argument: dict[str, Any]
) -> None:
    assert taken({name: Later(value)}) == {"title": "t"} | argument


def test_a_value_that_a_preview_does_not_know_is_an_output() -> None:
    assert construct({"title": Unknown()}).messages == ["title is an output: True"]


@pytest.mark.parametrize(
    ("inputs", "path", "reason"),
    [
        ({"days": "365x"}, "days", "'365x' must be a whole number"),
        ({"days": 1.5}, "days", "1.5 must be a whole number"),
        ({"days": True}, "days", "True must be a whole number"),
        ({"ratio": "half"}, "ratio", "'half' must be a number"),
        ({"strict": "no"}, "strict", "'no' must be true or false"),
        ({"title": ["t"]}, "title", "['t'] must be a string"),
        ({"title": None}, "title", "is required"),
        ({"colour": "pink"}, "colour", "'pink' must be one of red, blue"),
        ({"colours": ["red", "pink"]}, "colours[1]", "'pink' must be one of red, blue"),
        ({"colours": "red"}, "colours", "'red' must be a list"),
        ({"mainPart": "3"}, "mainPart", "'3' must be an object"),
        ({"mainPart": {"note": "n"}}, "mainPart.partNumber", "is required"),
        ({"parts": [{"partNumber": "1"}]}, "parts[0].partNumber", "'1' must be a whole number"),
        ({"dayz": 3}, "dayz", "there is no such input; did you mean 'days'?"),
        ({"mainPart": {"partNumber": 1, "x": 1}}, "mainPart.x", "there is no such input"),
        (
            {"strict": Later(value=True)},
            "strict",
            "must be known while the program runs: it cannot be an output",
        ),
    ],
    ids=str,
)
def test_an_input_that_does_not_fit_is_refused_by_its_path(
    inputs: dict[str, Any], path: str, reason: str
) -> None:
    with pytest.raises(InputPropertiesError) as refused:
        taken(inputs)

    assert refused.value.message == "Probe cannot take its inputs"
    assert refused.value.errors == [{"property_path": path, "reason": reason}]


def test_all_inputs_that_do_not_fit_are_named_at_once() -> None:
    with pytest.raises(InputPropertiesError) as refused:
        taken({"days": "x", "strict": "y", "nothing": 1})

    paths = {error["property_path"] for error in refused.value.errors or []}
    assert paths == {"days", "strict", "nothing"}


def test_a_value_that_is_wrong_once_it_is_known_names_component_and_path() -> None:
    with pytest.raises(Exception, match=r"Probe mainPart\.partNumber: 'x' must be a whole number"):
        taken({"mainPart": Later({"partNumber": "x"})})


def test_what_the_component_refuses_is_told_without_a_stack_trace() -> None:
    with pytest.raises(InputPropertiesError) as refused:
        taken({"title": "refused"})

    assert refused.value.message == "Probe 'probe': title must not be 'refused'"
    # Without a list, the servicer itself fails on the error.
    assert refused.value.errors == []


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(ComponentHost([Probe]).schema or "")


def test_types_are_named_without_args_at_their_end(schema: dict[str, Any]) -> None:
    inputs = schema["resources"][f"{HOST_PACKAGE}:Probe"]["inputProperties"]

    assert set(schema["types"]) == {f"{HOST_PACKAGE}:Part", f"{HOST_PACKAGE}:Colour"}
    assert inputs["mainPart"]["$ref"] == f"#/types/{HOST_PACKAGE}:Part"


def test_objects_in_a_list_are_never_plain(schema: dict[str, Any]) -> None:
    inputs = schema["resources"][f"{HOST_PACKAGE}:Probe"]["inputProperties"]

    assert inputs["parts"]["plain"] is True
    assert inputs["parts"]["items"] == {"$ref": f"#/types/{HOST_PACKAGE}:Part"}


def test_descriptions_have_no_indentation_of_the_source(schema: dict[str, Any]) -> None:
    probe = schema["resources"][f"{HOST_PACKAGE}:Probe"]

    assert probe["description"] == "A component.\n\nIn two paragraphs."
    assert probe["inputProperties"]["mainPart"]["description"] == "First line,\nsecond line."
