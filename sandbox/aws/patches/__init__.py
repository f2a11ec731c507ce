"""Where the sandbox departs from moto: a module or package for each service.

Every module below is loaded, and registers its patches.
"""

from importlib import import_module
from pathlib import Path

from sandbox.aws.patches.registry import REGISTRY, Patch

_HERE = Path(__file__).parent
for _path in sorted(_HERE.rglob("[a-z]*.py")):
    import_module(".".join((__name__, *_path.relative_to(_HERE).with_suffix("").parts)))

__all__ = ["REGISTRY", "Patch"]
