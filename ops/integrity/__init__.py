"""Prove that the delivered logs are whole: nothing altered, nothing missing.

``python -m integrity`` checks the hash chain and signatures of CloudTrail's digest files, with the
code of the AWS CLI's ``validate-logs``, and the hash of every log file in them. It goes past that
command: all accounts and regions at once, and digests that are missing without a trace.
"""
