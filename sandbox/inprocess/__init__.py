"""Deployments without the Pulumi CLI, for machines that cannot have it.

The same programs run on the Pulumi SDK's own test runtime, with the same provider, and the same
policy pack evaluates them as a separate process. Stacks can only be created: the only state is the
outputs that stack references read. Updating and destroying a stack takes the real engine.
"""
