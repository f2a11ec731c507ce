"""The settings of the site's generator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FEATURES: Final = [
    "content.code.copy",
    "navigation.footer",
    "navigation.indexes",
    "navigation.path",
    "navigation.sections",
    "navigation.tabs",
    "navigation.top",
    "search.highlight",
    "toc.follow",
]
_SCHEMES: Final = (
    ("(prefers-color-scheme)", None, "lucide/sun-moon", "Switch to light"),
    ("(prefers-color-scheme: light)", "default", "lucide/sun", "Switch to dark"),
    ("(prefers-color-scheme: dark)", "slate", "lucide/moon", "Follow the system"),
)


def config(navigation: Sequence[dict[str, Any]], source: str, url: str) -> dict[str, Any]:
    """What ``mkdocs.yml`` has, which Zensical reads.

    Nothing is fetched from elsewhere when a page is read: no fonts, no scripts, no telemetry. So
    the generator's `offline` plugin is out, which loads a script from unpkg.com, and so is
    `repo_url`, for which pages ask api.github.com about stars. Addresses end in ``.html``, so that
    the folder can be read without a server; search takes one.

    Args:
        navigation: titles, and pages or sections.
        source: where the code can be read; or nothing.
        url: where the site is published; or nothing.
    """
    repository = source.partition("/blob/")[0]
    return {
        "site_name": "cloudtrail-guard",
        "site_description": "Set up AWS CloudTrail for an organization, and protect it, as code",
        **({"site_url": url} if url else {}),
        "docs_dir": "pages",
        "site_dir": "site",
        "nav": [*navigation],
        "extra_css": ["site.css"],
        "extra": {
            "generator": False,
            "social": [{"icon": "lucide/code-xml", "link": repository, "name": "The code"}]
            if source
            else [],
        },
        "use_directory_urls": False,
        "theme": {
            "language": "en",
            "font": False,
            "features": FEATURES,
            "icon": {"logo": "lucide/shield-check"},
            "palette": [
                {"media": media, **({"scheme": scheme} if scheme else {}), "toggle": toggle}
                for media, scheme, icon, name in _SCHEMES
                for toggle in [{"icon": icon, "name": name}]
            ],
        },
        "plugins": ["search"],
        "markdown_extensions": [
            "admonition",
            "attr_list",
            "md_in_html",
            "tables",
            # The anchors that GitHub gives to headings: both read the same links.
            {
                "toc": {
                    "permalink": True,
                    "slugify": {"object": "pymdownx.slugs.slugify", "kwds": {"case": "lower"}},
                }
            },
            {"pymdownx.highlight": {"pygments_lang_class": True, "use_pygments": True}},
            "pymdownx.superfences",
        ],
        "validation": {"invalid_links": True, "invalid_link_anchors": True},
    }
