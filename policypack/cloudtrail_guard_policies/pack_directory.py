"""Where the pack's own modules are, and how to import them."""

import sys
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

# Installed, the pack is a directory of this package; in a clone, this package is one of the pack's.
PACK: Final = _HERE / "pack" if (_HERE / "pack").is_dir() else _HERE.parent
"""The directory with ``__main__.py``, ``framework``, ``rules``, ``report`` and ``profiles``."""


def on_path() -> None:
    """Put the pack's directory in front of the import path, as the engine does when it runs it."""
    if str(PACK) not in sys.path:
        sys.path.insert(0, str(PACK))
