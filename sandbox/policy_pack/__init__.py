"""A policy pack as a process, spoken to over its own protocol, without a Pulumi engine.

Any pack written in Python can be driven, ours or another.
"""
