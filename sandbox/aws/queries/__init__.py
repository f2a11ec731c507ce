"""Athena's SQL over CloudTrail's log files, run by DuckDB."""
