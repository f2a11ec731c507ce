"""S3: buckets, objects, and what moto forgets of them."""
