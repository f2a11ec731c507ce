"""Verify that delivered logs are intact: nothing altered, nothing missing.

`cloudtrail-guard integrity` verifies the chain and the signatures of CloudTrail's digest files, and
the hash of every log file that they list. It goes past `aws cloudtrail validate-logs`: all accounts
and regions at once, hours without any digest, accounts and regions that should have digests and
have none, and files that do not belong there.

`run` verifies all places, `verification` one of them, and `s3` reads the bucket with hundreds of
requests in flight; `coverage` and `digest_file` say what is proven.
"""
