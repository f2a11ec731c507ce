"""CloudTrail: trails, what they select and deliver, event data stores."""
