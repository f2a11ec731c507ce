"""The language host for TypeScript and JavaScript."""
