"""The settings of a stack: one typed, validated value for its role.

``roles`` has the settings of each role, the modules beside it the settings that are objects,
``identifiers`` the forms of names and ids, ``load`` the way from the stack's config to the value.
"""

NAMESPACE = "cloudtrail-guard"
"""The namespace of the settings in a stack file."""
