"""The component plugin: serves the components to every Pulumi language."""

from cloudtrail_guard.plugin import serve

if __name__ == "__main__":
    serve()
