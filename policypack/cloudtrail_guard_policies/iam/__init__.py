"""Policy documents of IAM's language: one reader for every rule."""
