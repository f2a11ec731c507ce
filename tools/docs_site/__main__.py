"""Build the documentation as a site: ``python -m docs_site``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from docs_site.build import BuildError, build
from docs_site.staging import StagingError


def main() -> None:
    """Build it into the folder that was asked for."""
    parser = argparse.ArgumentParser(prog="docs_site", description=__doc__)
    parser.add_argument("target", type=Path, help="the folder of the site; replaced if it is there")
    parser.add_argument(
        "--source",
        default="",
        help="where the code can be read, such as https://github.com/OWNER/REPO/blob/main; without "
        "it, the site links no code",
    )
    parser.add_argument("--url", default="", help="where the site will be published")
    arguments = parser.parse_args()
    try:
        build(arguments.target, source=arguments.source.rstrip("/"), url=arguments.url)
    except (StagingError, BuildError) as error:
        sys.exit(str(error))
    sys.stdout.write(f"built: {arguments.target / 'index.html'}\n")


if __name__ == "__main__":
    main()
