"""The error that the pure functions of this package raise."""


class InvalidValueError(ValueError):
    """A value that AWS would reject, or that would not protect what it should."""


class QuotaError(InvalidValueError):
    """More than an AWS quota allows."""
