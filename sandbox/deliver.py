"""Moving CloudTrail's clock on, from a command that runs in a sandbox."""

from __future__ import annotations

import json
import os
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


class DeliveryError(ValueError):
    """The sandbox did not deliver, or there is none."""


def deliver(hours: int, endpoint: str = "") -> dict[str, Any]:
    """Let CloudTrail deliver what is pending, and the digests of the next hours.

    Args:
        hours: how far CloudTrail's clock is moved on.
        endpoint: the sandbox's endpoint; by default the one of ``AWS_ENDPOINT_URL``.

    Returns:
        ``clock`` and ``trails``: see `sandbox.aws.patches.cloudtrail.deliveries.deliver`.

    Raises:
        DeliveryError: no sandbox is there, or the clock cannot be moved that far.
    """
    endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL", "")
    if not endpoint:
        raise DeliveryError(
            "AWS_ENDPOINT_URL is not set: run it in a sandbox, with python -m sandbox exec"
        )
    connection = HTTPConnection(urlsplit(endpoint).netloc, timeout=120)
    try:
        connection.request("POST", f"/_sandbox/deliver?hours={hours}")
        answer = connection.getresponse()
        body = answer.read().decode()
    except OSError as error:
        raise DeliveryError(f"no sandbox answers at {endpoint}: {error}") from None
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        raise DeliveryError(body.strip())
    return json.loads(body)
