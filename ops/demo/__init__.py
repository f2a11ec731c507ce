"""The demo: both stacks deployed from nothing, read back and attacked, without an AWS account."""
