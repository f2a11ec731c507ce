"""The reference pages say what the code says, and the prose names nothing that is not there."""

import re
from pathlib import Path

import cloudtrail_guard
import pulumi
import pytest
from generate.reference import files, pages

from stacks.settings.load import declared_fields

CHECKOUT = Path(__file__).parents[1]
DOCS = CHECKOUT / "docs"
GENERATED = {
    *("settings.md", "components.md", "costs.md", "policies.md", "operations.md"),
    "detection.md",
}
PROSE = sorted(
    page for page in [CHECKOUT / "README.md", *DOCS.rglob("*.md")] if page.name not in GENERATED
)
PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_reference_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name], "run `make generate`"


def test_the_packages_page_has_every_component_that_is_exported() -> None:
    page = CHECKOUT / "components/README.md"
    exported = [
        name
        for name in cloudtrail_guard.__all__
        if isinstance(getattr(cloudtrail_guard, name), type)
        and issubclass(getattr(cloudtrail_guard, name), pulumi.ComponentResource)
    ]

    assert page.read_text(encoding="utf-8") == files()[page], "run `make generate`"
    assert re.findall(r"^\| `(\w+)` \|", files()[page], re.MULTILINE) == sorted(exported)


def test_every_setting_is_in_the_reference() -> None:
    for key in declared_fields():
        assert f"## `{key}`" in PAGES["settings.md"]


@pytest.mark.parametrize("page", PROSE, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PROSE, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_setting_that_prose_names_exists(page: Path) -> None:
    names = set(declared_fields())
    text = page.read_text(encoding="utf-8")

    for name in re.findall(r"cloudtrail-guard:([A-Za-z]+)", text):
        assert name in names | {"index"}, name
