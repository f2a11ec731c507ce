"""KMS: keys, their policies and replicas."""
