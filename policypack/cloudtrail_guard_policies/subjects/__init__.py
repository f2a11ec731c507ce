"""What the rules are about, as programs declare it: trails, log buckets, keys, SCPs, alarms.

A subject says which resources of a stack it is made of, so that a rule is left with its check.
"""
