"""What a trail records, and the template of the member accounts' trails. No Pulumi here."""
