"""A reader of S3 with hundreds of requests in flight, at a tenth of what a call of boto3 costs.

Where to send a request and with which credentials comes from botocore, so that profiles, roles,
endpoints, FIPS, dual-stack, partitions, proxies and certificates are what they are in boto3.
"""
