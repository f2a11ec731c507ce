"""The Glue Data Catalog: databases and tables, whose names moto takes as they are written.

moto's Glue is loaded at its first call: it would cost every start.
"""

from sandbox.aws.patches.glue import catalog, indexes

__all__ = ["catalog", "indexes"]
