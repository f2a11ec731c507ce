"""Serve the policy pack to the engine, which runs this directory."""

from cloudtrail_guard_policies.serve import serve

if __name__ == "__main__":
    serve()
