"""As many connections as the process may have open files."""

import sys

_OTHERS = 64
"""Files that are open beside the connections to S3: libraries, pipes, other connections."""


def connections_allowed(wanted: int) -> int:
    """How many connections may be open, once the limit is raised as far as it may be.

    macOS begins with 256 open files, and a job may have fewer: what is above the limit would look
    as if S3 could not be reached.

    Args:
        wanted: how many would be best.
    """
    if sys.platform == "win32":
        return wanted  # its limit is far above
    import resource  # noqa: PLC0415 - Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHERS
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _OTHERS))
