"""How long logs are kept, where they are copied, and what that costs. No Pulumi here."""
