"""Write the handbook page of the rules: ``python -m rules PATH``."""

import sys
from pathlib import Path

from framework.docs import policies_page

from rules import RULES

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(policies_page(RULES), encoding="utf-8")
