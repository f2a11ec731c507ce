"""AWS look-ups that pulumi_aws lacks, made with boto3 and the provider's own credentials.

``session`` has the credentials, ``queries`` and ``names`` the questions, ``found`` the answers.
"""
