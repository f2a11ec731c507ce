"""AWS IAM: roles, policies and what ties them together.

Sources: `internal/service/iam` of terraform-provider-aws.
"""
