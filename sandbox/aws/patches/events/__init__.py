"""EventBridge: the matching of events by rules."""
