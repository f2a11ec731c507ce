"""Drawings as SVG: boxes, lines and text on a grid of pixels, light and dark.

A drawing stands by itself, as on GitHub, where it follows the reader's colour scheme. The site puts
it into the page without its style, and colours it by the same names (``tools/docs_site/site.css``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LIGHT: Final = {
    "paper": "#ffffff",
    "ink": "#1d2129",
    "soft": "#565d6b",
    "line": "#8b93a3",
    "frame": "#d5d9e0",
    "plain": "#f4f5f7",
    "blue": "#dcebf8",
    "blue-line": "#205a8c",
    "green": "#dff2e5",
    "green-line": "#17713f",
    "red": "#fbdfdb",
    "red-line": "#b3261e",
    "amber": "#fdeecb",
    "amber-line": "#8a5300",
}
DARK: Final = {
    "paper": "#14171c",
    "ink": "#e9e7e2",
    "soft": "#a9afbb",
    "line": "#7d8696",
    "frame": "#3a404c",
    "plain": "#242932",
    "blue": "#1b364d",
    "blue-line": "#97c8f2",
    "green": "#173a27",
    "green-line": "#7fd6a1",
    "red": "#4d1f1c",
    "red-line": "#ff9a8f",
    "amber": "#42310f",
    "amber-line": "#f0bf63",
}
"""The colours by name, in both schemes: text on each ground has a contrast of 4.5 or more."""

KINDS: Final = ("plain", "blue", "green", "red", "amber")
FONT: Final = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif'


def variables(colours: dict[str, str]) -> str:
    """The colours as declarations of CSS."""
    return " ".join(f"--d-{name}: {value};" for name, value in colours.items())


def rules() -> str:
    """How what is drawn looks, by the names of colours."""
    return "\n".join(
        [
            f".drawn text {{ font-family: {FONT}; font-size: 13px; fill: var(--d-ink); }}",
            ".drawn .head { font-size: 15px; font-weight: 650; }",
            ".drawn .soft { fill: var(--d-soft); }",
            ".drawn .small { font-size: 12px; }",
            ".drawn .middle { text-anchor: middle; }",
            ".drawn .right { text-anchor: end; }",
            ".drawn .paper { fill: var(--d-paper); }",
            ".drawn .frame { fill: none; stroke: var(--d-frame); stroke-width: 1.5; }",
            ".drawn .line { fill: none; stroke: var(--d-line); stroke-width: 1.8; }",
            ".drawn .broken { stroke-dasharray: 5 4; }",
            ".drawn .arrow { fill: var(--d-line); }",
            ".drawn .box { stroke-width: 1.4; }",
            *(
                f".drawn .{kind} {{ fill: var(--d-{kind}); stroke: "
                f"var(--d-{'line' if kind == 'plain' else kind + '-line'}); }}"
                for kind in KINDS
            ),
        ]
    )


def style() -> str:
    """What a drawing that stands by itself has."""
    return (
        f":root {{ {variables(LIGHT)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {variables(DARK)} }} }}\n{rules()}"
    )


@dataclass
class Drawing:
    """A picture in the making.

    Attributes:
        name: its file's name, without the ending.
        width: pixels.
        height: pixels.
        title: what it is, for those who do not see it.
        parts: the SVG elements, in the order in which they are painted.
    """

    name: str
    width: int
    height: int
    title: str
    parts: list[str] = field(default_factory=list)

    def frame(self, x: int, y: int, width: int, height: int, label: str) -> None:
        """A frame around other things, with its name at the upper left."""
        self.parts.append(
            f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}" rx="14"/>'
        )
        self.text(x + 14, y + 23, label, "soft")

    def box(
        self, at: tuple[int, int, int, int], head: str, lines: Sequence[str] = (), kind: str = ""
    ) -> None:
        """A box: x, y, width and height; a heading, and lines below it."""
        x, y, width, height = at
        self.parts.append(
            f'<rect class="box {kind or "plain"}" x="{x}" y="{y}" width="{width}" '
            f'height="{height}" rx="9"/>'
        )
        self.text(x + 13, y + 24, head, "head")
        for number, line in enumerate(lines):
            self.text(x + 13, y + 45 + 18 * number, line, "soft")

    def text(self, x: int, y: int, text: str, style: str = "") -> None:
        """A line of text; ``style`` has any of ``head soft small middle right``."""
        named = f' class="{style}"' if style else ""
        self.parts.append(f'<text{named} x="{x}" y="{y}">{escape(text)}</text>')

    def cell(self, at: tuple[int, int, int, int], kind: str, text: str, title: str) -> None:
        """A cell of a table, with what it says to those who point at it."""
        x, y, width, height = at
        self.parts.append(
            f'<g><title>{escape(title)}</title><rect class="{kind}" stroke-width="0" x="{x}" '
            f'y="{y}" width="{width}" height="{height}" rx="4"/>'
            f'<text class="middle" x="{x + width // 2}" y="{y + height // 2 + 5}">'
            f"{escape(text)}</text></g>"
        )

    def arrow(self, path: str, *, broken: bool = False) -> None:
        """A line along an SVG path, with a head at its end."""
        kind = "line broken" if broken else "line"
        self.parts.append(f'<path class="{kind}" marker-end="url(#{self.name}-head)" d="{path}"/>')

    def svg(self) -> str:
        """The file."""
        name, inside = self.name, "\n".join(self.parts)
        return (
            f'<svg class="drawn" xmlns="http://www.w3.org/2000/svg" role="img" '
            f'aria-labelledby="{name}-title" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}">\n'
            f'<title id="{name}-title">{escape(self.title)}</title>\n'
            f"<style>\n{style()}\n</style>\n"
            f'<defs><marker id="{name}-head" viewBox="0 0 10 10" refX="8" refY="5" '
            f'markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
            f'<path class="arrow" d="M0 0L10 5L0 10z"/></marker></defs>\n'
            f'<rect class="paper" width="{self.width}" height="{self.height}" rx="12"/>\n'
            f"{inside}\n</svg>\n"
        )
