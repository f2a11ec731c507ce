"""AWS itself, on the laptop: moto as a server, patched where it departs from AWS."""

from sandbox.aws.dispatcher import Around
from sandbox.aws.server import AwsServer, Middleware

__all__ = ["Around", "AwsServer", "Middleware"]
