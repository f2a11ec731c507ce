"""``python -m sandbox.engine.hosts.nodejs ENGINE_ADDRESS``."""

from sandbox.engine.hosts.stubs import import_stubs_alone

if __name__ == "__main__":
    import_stubs_alone()

    from sandbox.engine.hosts.nodejs.host import NodeHost
    from sandbox.engine.hosts.server import serve

    serve(NodeHost)
