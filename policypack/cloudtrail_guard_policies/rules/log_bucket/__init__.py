"""Rules about the buckets that trails write to."""
