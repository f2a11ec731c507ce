"""What the tamper response runs in Lambda."""
