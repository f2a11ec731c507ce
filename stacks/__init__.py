"""What is deployed in which account: one module per stack role, over validated settings."""
