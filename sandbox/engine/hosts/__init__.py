"""Language hosts for the engine that the sandbox builds: what runs programs, packs and plugins.

The engine starts ``pulumi-language-NAME`` and talks to it by the protocol
``pulumirpc.LanguageRuntime``, whose stubs the PyPI package ``pulumi`` ships.
"""
