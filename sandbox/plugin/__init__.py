"""A stand-in for Pulumi's `aws` provider that calls whatever AWS endpoint it is given.

`python -m sandbox.plugin` serves it to the Pulumi engine; `provider.Provider` is the same thing
without an engine. The resource types and functions it knows are the rows in `services`.
"""
