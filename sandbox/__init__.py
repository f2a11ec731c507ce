"""AWS on a laptop: a moto organization, and an `aws` Pulumi plugin over it."""

DEFAULT_REGION = "us-east-1"
"""The region of a sandbox's profiles when none is asked for."""
