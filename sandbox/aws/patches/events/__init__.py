"""EventBridge: the matching of events by rules, and the delivery of CloudTrail's to targets."""
