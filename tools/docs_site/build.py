"""Build the site: stage the pages, and run its generator over them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import yaml
from generate.drawing import DARK, LIGHT, rules, variables

from docs_site.config import config
from docs_site.pages import navigation, pages, place
from docs_site.staging import served, staged, title

CHECKOUT: Final = Path(__file__).parents[2]
STYLE: Final = Path(__file__).with_name("site.css")


class BuildError(RuntimeError):
    """The site cannot be built, with what the generator says."""


def stage(checkout: Path, folder: Path, *, source: str = "", url: str = "") -> None:
    """Write into a folder what the generator takes: pages, files, style and settings.

    Raises:
        StagingError: a page is no page, or a link leads nowhere.
    """
    every = list(pages())
    for page in every:
        _write(folder / "pages" / place(page), staged(page, checkout, set(every), source))
    for file in served(checkout):
        target = folder / "pages" / place(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(checkout / file, target)
    colours = (
        f"[data-md-color-scheme] {{ {variables(LIGHT)} }}\n"
        f'[data-md-color-scheme="slate"] {{ {variables(DARK)} }}\n{rules()}\n'
    )
    _write(folder / "pages/site.css", colours + STYLE.read_text(encoding="utf-8"))
    titles = {page: title((checkout / page).read_text(encoding="utf-8")) for page in every}
    settings = config(navigation(titles), source, url)
    _write(folder / "mkdocs.yml", yaml.safe_dump(settings, sort_keys=False, allow_unicode=True))


def build(target: Path, *, source: str = "", url: str = "") -> None:
    """Build the site into a folder, in place of what was there.

    Raises:
        StagingError: a page is no page, or a link leads nowhere.
        BuildError: the generator warns of anything.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage(CHECKOUT, folder, source=source, url=url)
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict", "-f", "mkdocs.yml"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BuildError(done.stdout + done.stderr)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder / "site", target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
