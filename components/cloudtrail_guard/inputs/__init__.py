"""Component inputs: their types, their checks, and how they become plain values."""
