"""Amazon S3: buckets, what is configured on them, and objects.

Sources: `internal/service/s3` of terraform-provider-aws.
"""
