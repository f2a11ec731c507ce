"""Policy documents as pure functions: names and ARNs in, plain dicts out. No Pulumi here."""
