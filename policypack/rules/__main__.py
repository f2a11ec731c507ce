"""Write what is generated from the rules: ``python -m rules PAGE``.

The handbook page goes to PAGE, the profiles to the pack's own ``profiles`` directory.
"""

import argparse
import sys
from pathlib import Path

from framework.docs import policies_page
from framework.profiles import write_profiles

from rules import RULES
from rules._handbook import NOTES

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rules", description=__doc__)
    parser.add_argument("page", type=Path, help="file of the handbook page")
    page = parser.parse_args().page
    try:
        page.write_text(policies_page(RULES, NOTES), encoding="utf-8")
        write_profiles(RULES, Path(__file__).parents[1] / "profiles")
    except OSError as error:
        sys.exit(f"python -m rules: {error}")
