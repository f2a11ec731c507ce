"""Hand over alerts from a queue to a webhook: Slack, Backstage, or anything that takes JSON.

Runs as a container, a service or a scheduled job, with the role of `Pulumi.yaml`; needs boto3. A
message is deleted once the webhook has taken it; after five failures it waits in the dead-letter
queue. The webhook's URL and token come in a file, as containers and services mount secrets, and are
never printed.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

import boto3

SECONDS = 20
"""How long SQS may wait for messages, its longest, and the webhook for its answer."""
LONGEST = 3_000
"""Characters that a section of Slack may have: https://docs.slack.dev/reference/block-kit/blocks/section-block."""


class Alert(NamedTuple):
    """What someone must hear of.

    Attributes:
        title: the alarm, or the beginning of the message.
        text: all of it.
        topic: ARN of the topic that it came by.
    """

    title: str
    text: str
    topic: str


def read(body: str) -> Alert:
    """An alert from a message of the queue: the envelope of SNS around a text, or around an alarm.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html.

    Raises:
        ValueError: it is no notification of SNS.
    """
    envelope = json.loads(body)
    if not isinstance(envelope, dict) or envelope.get("Type") != "Notification":
        raise ValueError("no notification of SNS")
    text: str = envelope["Message"]
    try:
        alarm = json.loads(text)
    except ValueError:
        alarm = None
    if isinstance(alarm, dict) and "AlarmName" in alarm:
        title = f"{alarm['AlarmName']}: {alarm.get('NewStateValue', '')}"
        account, why = alarm.get("AWSAccountId", "?"), alarm.get("NewStateReason", "")
        text = f"{title} in account {account}, {alarm.get('Region', '?')}. {why}"
    elif isinstance(alarm, str):
        text = alarm  # the transformer of an event rule sends its text in quotes
        title = text.partition(": ")[0]
    else:
        title = text.partition(": ")[0]
    return Alert(title[:100], text[:LONGEST], envelope["TopicArn"])


def for_slack(alert: Alert) -> dict[str, Any]:
    """A message of an incoming webhook.

    What an attacker can choose, such as the name of a role session, is shown as text: no mention,
    no link (https://docs.slack.dev/messaging/formatting-message-text/#escaping).
    """
    text = alert.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": text, "unfurl_links": False, "blocks": [_section(text)]}


def _section(text: str) -> dict[str, Any]:
    verbatim = {"type": "mrkdwn", "text": text, "verbatim": True}
    return {"type": "section", "text": verbatim}


def for_backstage(alert: Alert) -> dict[str, Any]:
    """A notification to everyone: https://backstage.io/docs/notifications/usage."""
    payload = {"title": alert.title, "description": alert.text, "severity": "critical"}
    return {"recipients": {"type": "broadcast"}, "payload": {**payload, "topic": "cloudtrail"}}


def plain(alert: Alert) -> dict[str, Any]:
    """The alert as it is."""
    return alert._asdict()


FORMATS = {"slack": for_slack, "backstage": for_backstage, "json": plain}


class Webhook(NamedTuple):
    """Where alerts go.

    Attributes:
        url: its address, ``https`` alone.
        token: what it asks for as a bearer token, or nothing.
    """

    url: str
    token: str = ""

    @classmethod
    def of(cls, secret: str) -> Webhook:
        """From a secret: the URL alone, or JSON with ``url`` and ``token``.

        Raises:
            ValueError: no URL of https.
        """
        text = secret.strip()
        fields = json.loads(text) if text.startswith("{") else {"url": text}
        hook = cls(**fields)
        if not hook.url.startswith("https://"):
            raise ValueError("the webhook's file has no https:// URL")
        return hook

    def send(self, content: dict[str, Any]) -> None:
        """Post JSON.

        Raises:
            urllib.error.URLError: it is not reached, or does not answer with success.
        """
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(content).encode()
        request = urllib.request.Request(self.url, data, headers)  # noqa: S310 - https, see `of`
        with _OPENER.open(request, timeout=SECONDS):
            pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirect would take alert and token elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - as the library has it
        """Refuse."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def hand_over(sqs: Any, queue: str, hook: Webhook, form: str) -> int:  # noqa: ANN401 - boto3
    """Hand over what waits in the queue now, and return how many messages failed."""
    failed = 0
    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=SECONDS)
    for message in got.get("Messages", ()):
        try:
            hook.send(FORMATS[form](read(message["Body"])))
        except (ValueError, KeyError, urllib.error.URLError, TimeoutError) as error:
            failed += 1
            code = getattr(error, "code", "")
            # The error's own text could have the URL, which is a secret.
            sys.stderr.write(f"not handed over: {type(error).__name__} {code}\n")
        else:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return failed


def main() -> None:
    """Hand over until stopped, or once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queue-url", required=True)
    parser.add_argument("--webhook-file", type=Path, required=True)
    parser.add_argument("--form", choices=FORMATS, required=True)
    parser.add_argument("--once", action="store_true", help="hand over up to ten, and end")
    arguments = parser.parse_args()
    hook = Webhook.of(arguments.webhook_file.read_text(encoding="utf-8"))
    sqs: Any = boto3.client("sqs")
    while True:
        failed = hand_over(sqs, arguments.queue_url, hook, arguments.form)
        if arguments.once:
            sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
