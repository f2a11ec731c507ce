"""The pages as the site's generator takes them: links that hold, and diagrams within the text."""

from __future__ import annotations

import posixpath
import re
from html import escape
from typing import TYPE_CHECKING, Final

from docs_site.pages import place

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_FENCE: Final = re.compile(r"^ *(```|~~~)")
_LINK: Final = re.compile(r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<to>[^)\s]+)\)")
_HEADING: Final = re.compile(r"^# (.+)$", re.MULTILINE)
_STYLE: Final = re.compile(r"<style>.*?</style>", re.DOTALL)
_SERVED: Final = (".json", ".svg")
"""The files of ``docs`` that the site serves as they are, beside the pages."""
_DRAWINGS: Final = "docs/drawings/"


class StagingError(ValueError):
    """A page that the site cannot have, with what is wrong."""


def title(text: str) -> str:
    """The first heading of a page.

    Raises:
        StagingError: it has none.
    """
    found = _HEADING.search(text)
    if found is None:
        raise StagingError("a page begins with a heading of the first level")
    return found[1].replace("`", "")


def staged(page: str, checkout: Path, pages: Collection[str], source: str) -> str:
    """A page's text, with each link as the site has it.

    Links to pages lead to their places in the site. Links to what is no page lead to ``source``,
    where the code can be read; where there is none, the text of the link stays. Diagrams are put
    into the text, so that they follow the site's colours.

    Args:
        page: its path in the checkout.
        checkout: the root of the checkout.
        pages: the pages that the site has.
        source: where the checkout's files can be read, without a slash at the end; or nothing.

    Raises:
        StagingError: a link leads nowhere.
    """

    def replaced(found: re.Match[str]) -> str:
        to, hash_sign, anchor = found["to"].partition("#")
        if not to or "://" in to or to.startswith("mailto:"):
            return found[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), to))
        if not (checkout / target).exists():
            raise StagingError(f"{page}: {found['to']} leads nowhere")
        if found["image"] and target.startswith(_DRAWINGS):
            return _figure(checkout / target, found["text"])
        if target in pages or _is_served(target):
            home = posixpath.dirname(place(page)) or "."
            link = posixpath.relpath(place(target), home)
            return f"{found['image']}[{found['text']}]({link}{hash_sign}{anchor})"
        return f"[{found['text']}]({source}/{target})" if source else found["text"]

    lines: list[str] = []
    fence = ""
    for line in (checkout / page).read_text(encoding="utf-8").splitlines():
        opened = _FENCE.match(line)
        if opened and (not fence or opened[1] == fence):
            fence = "" if fence else opened[1]
        lines.append(line if fence or opened else _LINK.sub(replaced, line))
    return "\n".join(lines) + "\n"


def _is_served(target: str) -> bool:
    return (
        target.startswith("docs/") and target.endswith(_SERVED) and not target.startswith(_DRAWINGS)
    )


def served(checkout: Path) -> list[str]:
    """The files that the site serves as they are."""
    found = (path.relative_to(checkout).as_posix() for path in (checkout / "docs").rglob("*.*"))
    return sorted(filter(_is_served, found))


def _figure(file: Path, description: str) -> str:
    """A drawing within the text. Its colours are the site's (``site.css``), not its own."""
    drawing = " ".join(_STYLE.sub("", file.read_text(encoding="utf-8")).split())
    return (
        f'<figure class="drawing" tabindex="0" role="group" aria-label="{escape(description)}">'
        f"{drawing}</figure>"
    )
