"""Rules about the KMS keys that encrypt log files."""
