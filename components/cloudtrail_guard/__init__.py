"""Pulumi components for an AWS CloudTrail that is set up, encrypted, locked and protected."""
