"""The checkout that the demo shows."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
