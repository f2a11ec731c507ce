"""Serves the pack to the engine that started it."""

from cloudtrail_guard_policies.serve import serve

if __name__ == "__main__":
    serve()
