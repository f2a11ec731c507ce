"""A deployment without the Pulumi CLI: for machines that cannot have it.

The same programs run on the Pulumi SDK's own test runtime, over the same provider and judged by
the same policy pack as a process of its own. It creates, and keeps no state but the outputs that
stacks hand to each other: previewing changes, updating and destroying need the real engine.
"""
