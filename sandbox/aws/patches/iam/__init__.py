"""IAM: roles, policies and what they are attached to."""
