"""What notices tampering: event rules, metric filters, queries, AWS's checks. No Pulumi here."""
