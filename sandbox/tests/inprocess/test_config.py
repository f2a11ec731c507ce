from pathlib import Path

import pytest

from sandbox.inprocess.config import ProjectError, load_config, project_name

PROJECT = """\
name: shop
config:
  size: {type: integer, default: 3}
  colour: {type: string, description: no default}
  parts: {type: array, items: {type: string}, default: [a, b]}
  aws:region: {value: eu-west-1}
"""


@pytest.mark.parametrize(
    ("stack_file", "expected"),
    [
        (None, {"shop:size": "3", "shop:parts": '["a", "b"]'}),
        ("config: {shop:size: 5}", {"shop:size": "5", "shop:parts": '["a", "b"]'}),
        ("config: {parts: [c]}", {"shop:size": "3", "shop:parts": '["c"]'}),
        (
            "config: {aws:profile: x, shop:on: true}",
            {"shop:size": "3", "shop:parts": '["a", "b"]', "aws:profile": "x", "shop:on": "true"},
        ),
    ],
)
def test_a_programs_config_is_what_the_engine_would_hand_it(
    tmp_path: Path, stack_file: str | None, expected: dict[str, str]
) -> None:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    if stack_file is not None:
        (tmp_path / "Pulumi.dev.yaml").write_text(stack_file)

    assert load_config(tmp_path, "dev") == {"aws:region": "eu-west-1", **expected}


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "there is no Pulumi.yaml"), ("name: [", "is not YAML"), ("- x", "not hold an object")],
)
def test_a_project_file_that_cannot_be_used_is_named(
    tmp_path: Path, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / "Pulumi.yaml").write_text(text)

    with pytest.raises(ProjectError, match=message):
        project_name(tmp_path)


def test_a_project_without_a_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("runtime: python")

    with pytest.raises(ProjectError, match="has no name"):
        load_config(tmp_path, "dev")
