"""A stand-in for Pulumi's `aws` provider that calls whatever AWS endpoint it is given.

`python -m sandbox.plugin` serves it to the Pulumi engine; `provider.Provider` is the same thing
without an engine. The resource types and functions it knows are the rows in `services`.
"""

from typing import Final

PLUGIN_VERSION: Final = "9999.0.0"
"""The version that the plugin reports to the engine: newer than any that a program asks for.

The real provider has the version of the program's SDK. This one serves every SDK of its major
version, and rejects the others when it is configured.
"""
