#!/usr/bin/env bash
# Cloud Custodian (c7n) 0.9.53: one more condition turns a key policy into access for other accounts.
#
# The key policy that CloudTrail's console creates lets principals of the own account decrypt log files:
# Principal *, narrowed by kms:CallerAccount and by the encryption context of the account's trails. The
# check behind the filter cross-account of kms-key accepts kms:CallerAccount alone. With the encryption
# context, which narrows it further, the statement counts as access for strangers: the checker has
# no handler for the key and takes that for a failed condition.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install c7n==0.9.53
"$work/venv/bin/python" - <<'PYTHON'
import logging
from importlib.metadata import version

from c7n.resources.kms import KMSPolicyChecker

logging.disable(logging.WARNING)
ACCOUNT = "111122223333"
CALLER = {"StringEquals": {"kms:CallerAccount": ACCOUNT}}
TRAILS = f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"
CONTEXT = {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": TRAILS}}
checker = KMSPolicyChecker({"allowed_accounts": {ACCOUNT}})
reported = {}
for name, condition in {
    "of the own account": CALLER,
    "of the own account, for its trails": CALLER | CONTEXT,
}.items():
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:Decrypt", "kms:ReEncryptFrom"],
        "Resource": "*",
        "Condition": condition,
    }
    reported[name] = bool(checker.check({"Statement": [statement]}))
print(f"c7n {version('c7n')}, reported as cross-account:")
for name, found in reported.items():
    print(f"  decrypting by principals {name}: {found}")
assert list(reported.values()) == [False, True], reported
PYTHON
