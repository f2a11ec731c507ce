"""Which pages the site has, in the order in which a reader meets them.

The pages are Markdown that reads as well on GitHub; the site adds navigation and search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Entry = str | tuple[str, "Sequence[Entry]"]
"""A page of the checkout, or a section: its title and what is in it."""

NAVIGATION: Final[Sequence[Entry]] = (
    "docs/README.md",
    "docs/start.md",
    (
        "Understand",
        (
            "docs/concepts.md",
            "docs/threat-model.md",
            "docs/costs.md",
            "docs/questions.md",
        ),
    ),
    (
        "How to",
        (
            "docs/how-to/migrate-from-the-console.md",
            "docs/how-to/more-accounts.md",
            "docs/how-to/monitor-and-respond.md",
            "docs/how-to/hand-over-alerts.md",
            "docs/how-to/use-the-logs.md",
            "docs/how-to/verify-the-logs.md",
            "docs/how-to/posture.md",
            "docs/how-to/deployer-permissions.md",
            "docs/how-to/when-an-up-fails.md",
            "docs/how-to/break-glass.md",
            "docs/how-to/remove-and-return.md",
            ("Where it runs", ("docs/workflows.md", "docs/how-to/run-elsewhere.md")),
        ),
    ),
    (
        "Coming from",
        (
            "docs/coming-from/README.md",
            "docs/coming-from/nozaq.md",
            "docs/coming-from/cloudposse.md",
            "docs/coming-from/control-tower.md",
            "docs/coming-from/landing-zone-accelerator.md",
        ),
    ),
    (
        "Reference",
        (
            "docs/settings.md",
            "docs/components.md",
            "docs/limits.md",
            "docs/speed.md",
            "docs/policies.md",
            "docs/prowler.md",
            "docs/operations.md",
            "docs/detection.md",
            "docs/drift.md",
            "docs/proof.md",
            "components/README.md",
            "examples/README.md",
            "sandbox/README.md",
            "policypack/README.md",
        ),
    ),
    (
        "Decisions",
        (
            "docs/adr/README.md",
            "docs/adr/0001-security-names-the-trail.md",
            "docs/adr/0002-one-bucket-policy.md",
            "docs/adr/0003-exempt-by-arn.md",
            "docs/adr/0004-pack-serves-the-protocol.md",
            "docs/adr/0005-stand-in-provider.md",
            "docs/adr/0006-settings-first.md",
            "docs/adr/0007-protect-and-retain.md",
            "docs/adr/0008-stackset-for-members.md",
            "docs/adr/0009-evaluate-every-request.md",
        ),
    ),
    ("Project", ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
)


def pages(entries: Sequence[Entry] = NAVIGATION) -> Iterator[str]:
    """Every page, by its path in the checkout."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            yield from pages(entry[1])


def place(page: str) -> str:
    """Where a page of the checkout is in the site.

    ``docs/adr/README.md`` is ``adr/index.md``, the page of its section. A page of another folder is
    no section's: ``examples/README.md`` is ``about/examples.md``.
    """
    folder, _, name = page.rpartition("/")
    if name != "README.md":
        return page.removeprefix("docs/")
    if f"{folder}/".startswith("docs/"):
        return f"{folder}/index.md".removeprefix("docs/")
    return f"about/{folder}.md"


def navigation(
    titles: Mapping[str, str], entries: Sequence[Entry] = NAVIGATION
) -> list[dict[str, Any]]:
    """The site's navigation as its generator takes it: titles, and places or sections.

    Args:
        titles: the heading of each page, by its path in the checkout.
        entries: what is navigated.
    """
    return [
        {titles[entry]: place(entry)}
        if isinstance(entry, str)
        else {entry[0]: navigation(titles, entry[1])}
        for entry in entries
    ]
