"""Athena: workgroups and named queries. moto keeps them, checks nothing and changes little."""

from sandbox.aws.patches.athena import queries, workgroups

__all__ = ["queries", "workgroups"]
