"""``python -m sandbox.engine.hosts.python ENGINE_ADDRESS``."""

from sandbox.engine.hosts.stubs import import_stubs_alone

if __name__ == "__main__":
    import_stubs_alone()

    from sandbox.engine.hosts.python.host import PythonHost
    from sandbox.engine.hosts.server import serve

    serve(PythonHost)
