"""The pages of the site: all of them, with links that hold there as they do on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from docs_site.build import stage
from docs_site.config import config
from docs_site.pages import navigation, pages, place
from docs_site.staging import StagingError, staged, title
from generate.drawings import DRAWINGS, FOLDER, STACKS

from tests.support.checkout import CHECKOUT
from tests.support.stacks import management, security

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generate.drawing import Drawing

SOURCE = "https://github.com/OWNER/REPO/blob/main"
PAGES = ["docs/README.md", "docs/a.md", "docs/deep/b.md", "elsewhere/README.md"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for page in PAGES:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_text("# A page\n")
    (tmp_path / "docs/drawings").mkdir()
    (tmp_path / "docs/drawings/one.svg").write_text("<svg><style>x</style><text>one</text></svg>")
    (tmp_path / "docs/demo.svg").write_text("<svg/>")
    (tmp_path / "docs/schema.json").write_text("{}")
    (tmp_path / "code.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("page", "written", "expected"),
    [
        ("docs/a.md", "[b](deep/b.md#x)", "[b](deep/b.md#x)"),
        ("docs/deep/b.md", "[a](../a.md)", "[a](../a.md)"),
        ("docs/a.md", "[home](README.md)", "[home](index.md)"),
        ("docs/a.md", "[e](../elsewhere/README.md)", "[e](about/elsewhere.md)"),
        ("elsewhere/README.md", "[a](../docs/a.md)", "[a](../a.md)"),
        ("docs/deep/b.md", "[`s`](../schema.json)", "[`s`](../schema.json)"),
        ("docs/a.md", "[`c`](../code.py)", f"[`c`]({SOURCE}/code.py)"),
        ("docs/a.md", "[all](deep)", f"[all]({SOURCE}/docs/deep)"),
        ("docs/a.md", "[w](https://aws.amazon.com/)", "[w](https://aws.amazon.com/)"),
        ("docs/a.md", "[here](#there)", "[here](#there)"),
        ("docs/a.md", "![demo](demo.svg)", "![demo](demo.svg)"),
        ("docs/a.md", "```sh\n[c](nowhere)\n```", "```sh\n[c](nowhere)\n```"),
    ],
)
def test_a_link_leads_to_the_same_place_as_on_github(
    checkout: Path, page: str, written: str, expected: str
) -> None:
    (checkout / page).write_text(f"# A page\n\n{written}\n")

    assert staged(page, checkout, PAGES, SOURCE) == f"# A page\n\n{expected}\n"


def test_without_an_address_of_the_code_the_words_stay(checkout: Path) -> None:
    (checkout / "docs/a.md").write_text("see [`code`](../code.py) and [b](deep/b.md)\n")

    assert staged("docs/a.md", checkout, PAGES, "") == "see `code` and [b](deep/b.md)\n"


def test_a_drawing_is_within_the_page_in_the_sites_colours(checkout: Path) -> None:
    (checkout / "docs/a.md").write_text('![What "one" is](drawings/one.svg)\n')

    text = staged("docs/a.md", checkout, PAGES, SOURCE)

    assert "<text>one</text>" in text
    assert "<style>" not in text
    assert 'aria-label="What &quot;one&quot; is"' in text


def test_a_link_that_leads_nowhere_is_an_error_that_names_page_and_link(checkout: Path) -> None:
    (checkout / "docs/a.md").write_text("[gone](gone.md)\n")

    with pytest.raises(StagingError, match=r"docs/a\.md: gone\.md leads nowhere"):
        staged("docs/a.md", checkout, PAGES, SOURCE)


def test_a_page_without_a_heading_is_an_error() -> None:
    with pytest.raises(StagingError, match="begins with a heading"):
        title("no heading\n")


def test_every_page_of_the_documentation_is_in_the_navigation_once() -> None:
    every = list(pages())
    written = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "docs").rglob("*.md")}

    assert len(every) == len(set(every))
    assert written <= set(every)
    assert len({place(page) for page in every}) == len(every)


def test_the_navigation_has_titles_places_and_sections() -> None:
    entries = ("docs/README.md", ("Section", ("docs/a.md",)))
    titles = {"docs/README.md": "Home", "docs/a.md": "A"}

    assert navigation(titles, entries) == [{"Home": "index.md"}, {"Section": [{"A": "a.md"}]}]


@pytest.mark.parametrize("source", ["", SOURCE])
def test_the_settings_ask_for_nothing_from_elsewhere(source: str) -> None:
    settings = config([], source, "")

    assert settings["theme"]["font"] is False
    assert settings["plugins"] == ["search"]
    assert "repo_url" not in settings
    assert settings["validation"] == {"invalid_links": True, "invalid_link_anchors": True}


def test_the_checkout_is_staged_whole(tmp_path: Path) -> None:
    stage(CHECKOUT, tmp_path, source=SOURCE)

    settings = yaml.safe_load((tmp_path / "mkdocs.yml").read_text())
    assert settings["nav"][1] == {"Start in five minutes": "start.md"}
    assert all((tmp_path / "pages" / place(page)).is_file() for page in pages())
    assert (tmp_path / "pages/stack-config.schema.json").is_file()
    assert "--d-paper" in (tmp_path / "pages/site.css").read_text()


@pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: draw.__name__)
def test_a_drawing_is_up_to_date(draw: Callable[[], Drawing]) -> None:
    drawing = draw()

    written = (FOLDER / f"{drawing.name}.svg").read_text(encoding="utf-8")
    assert written == drawing.svg(), "run `make generate`"


def test_the_drawing_of_accounts_names_components_that_the_stacks_have() -> None:
    first = security(
        replica='{"region": "us-west-2"}', readers='[{"roleName": "CloudTrailLogReader"}]'
    )
    second = management(first.outputs)

    assert [name for name in STACKS["security"] if not first.of_type(name)] == []
    assert [name for name in STACKS["management"] if not second.of_type(name)] == []
