"""Write every generated file: `python -m generate`."""

from pathlib import Path

from generate import (
    attempts,
    config_schema,
    deployer,
    detection,
    drawings,
    drift,
    limits,
    operations,
    posture_schema,
    project_file,
    proof,
    prowler,
    reference,
    snapshots,
    speed,
    trust,
)

GENERATORS = (
    project_file,
    config_schema,
    snapshots,
    reference,
    operations,
    attempts,
    detection,
    deployer,
    drawings,
    drift,
    limits,
    proof,
    prowler,
    posture_schema,
    trust,
    speed,
)
"""In order: the reference is written from the schemas. Each has ``files``: path and text."""


def main() -> None:
    """Write the files that are not up to date."""
    for generator in GENERATORS:
        for path, text in generator.files().items():
            _write(path, text)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
