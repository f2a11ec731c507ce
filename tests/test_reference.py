"""The reference pages say what the code says, and the prose names nothing that is not there."""

import re
import runpy
from pathlib import Path

import pytest

from stacks.settings import Settings

CHECKOUT = Path(__file__).parents[1]
DOCS = CHECKOUT / "docs"
GENERATED = {"settings.md", "components.md", "costs.md", "policies.md"}
PROSE = sorted(
    page for page in [CHECKOUT / "README.md", *DOCS.rglob("*.md")] if page.name not in GENERATED
)
PAGES = runpy.run_path(str(CHECKOUT / "tools" / "reference.py"))["pages"]()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_reference_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name], "run `make generate`"


def test_every_setting_is_in_the_reference() -> None:
    for field in Settings.model_fields.values():
        assert f"## `{field.alias}`" in PAGES["settings.md"]


@pytest.mark.parametrize("page", PROSE, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PROSE, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_setting_that_prose_names_exists(page: Path) -> None:
    names = {str(field.alias) for field in Settings.model_fields.values()}
    text = page.read_text(encoding="utf-8")

    for name in re.findall(r"cloudtrail-guard:([A-Za-z]+)", text):
        assert name in names | {"index"}, name
