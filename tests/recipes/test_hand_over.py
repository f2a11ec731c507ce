"""Alerts are handed over: from the topic to the queue, from there to a webhook over HTTPS."""

from __future__ import annotations

import importlib.util
import json
import shutil
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT
from tests.support.engine import Project
from tests.support.examples import need_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECIPE = CHECKOUT / "recipes/alerts"
TOPIC = "arn:aws:sns:us-east-1:111122223333:cloudtrail-guard-alerts"
ALARM = {
    "AlarmName": "cloudtrail-guard-RootUsage",
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed: 1 datapoint",
    "AWSAccountId": "123456789012",
    "Region": "US East (N. Virginia)",
}


def load() -> Any:
    """The program, which is no module of any package."""
    spec = importlib.util.spec_from_file_location("hand_over", RECIPE / "hand_over.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PROGRAM = load()


def envelope(message: str) -> str:
    return json.dumps({"Type": "Notification", "TopicArn": TOPIC, "Message": message})


@pytest.mark.parametrize(
    ("message", "title", "text"),
    [
        (
            json.dumps("A trail was stopped: StopLogging by someone."),
            "A trail was stopped",
            "A trail was stopped: StopLogging by someone.",
        ),
        ("Plain words", "Plain words", "Plain words"),
        (
            json.dumps(ALARM),
            "cloudtrail-guard-RootUsage: ALARM",
            (
                "cloudtrail-guard-RootUsage: ALARM in account 123456789012, "
                "US East (N. Virginia). Threshold Crossed: 1 datapoint"
            ),
        ),
    ],
)
def test_an_alert_is_read_from_the_envelope_of_sns(message: str, title: str, text: str) -> None:
    assert PROGRAM.read(envelope(message)) == (title, text, TOPIC)


@pytest.mark.parametrize("body", ["no JSON", "[]", '{"Type": "SubscriptionConfirmation"}'])
def test_what_is_no_notification_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting value|no notification of SNS"):
        PROGRAM.read(body)


def test_slack_shows_what_an_attacker_writes_as_text() -> None:
    alert = PROGRAM.Alert("t", "by <!channel> & <https://evil.example|a link>", TOPIC)

    content = PROGRAM.for_slack(alert)

    shown = "by &lt;!channel&gt; &amp; &lt;https://evil.example|a link&gt;"
    assert content["text"] == shown
    assert content["blocks"][0]["text"] == {"type": "mrkdwn", "text": shown, "verbatim": True}


def test_backstage_gets_a_critical_notification() -> None:
    content = PROGRAM.for_backstage(PROGRAM.Alert("A trail was stopped", "all of it", TOPIC))

    assert content["recipients"] == {"type": "broadcast"}
    assert content["payload"]["severity"] == "critical"
    assert content["payload"]["description"] == "all of it"


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("https://hooks.example/T0/B0\n", ("https://hooks.example/T0/B0", "")),
        ('{"url": "https://b.example/api", "token": "t"}', ("https://b.example/api", "t")),
        ("http://hooks.example/T0", None),
        ("", None),
    ],
)
def test_a_webhook_is_reached_by_https_alone(secret: str, expected: tuple[str, str] | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="no https:// URL"):
            PROGRAM.Webhook.of(secret)
    else:
        assert PROGRAM.Webhook.of(secret) == expected


class Receiver:
    """A webhook over HTTPS on this machine, with a certificate of its own."""

    def __init__(self, folder: Path) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.answer = 200
        self.certificate = folder / "certificate.pem"
        key = _certificate(self.certificate)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.headers.get("Authorization", ""), json.loads(body)))
                self.send_response(receiver.answer)
                self.send_header("Location", "https://elsewhere.example/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any, **__: Any) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}/hook/secret-part"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _certificate(path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "webhook")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, SHA256())
    )
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    own = path.with_name("key.pem")
    own.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return own


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path)
    yield receiver
    receiver.close()


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.xdist_group("hand-over")
def test_an_alert_goes_from_the_topic_to_a_webhook_and_stays_until_it_is_taken(
    project: Project, receiver: Receiver, tmp_path: Path
) -> None:
    sandbox = project.sandbox
    need_language(sandbox, "yaml")
    account = sandbox.organization.security_account_id
    topic = f"arn:aws:sns:us-east-1:{account}:cloudtrail-guard-logs-alerts"
    folder = tmp_path / "alerts"
    shutil.copytree(RECIPE, folder)
    queue = Project(folder, sandbox)
    queue.init("alerts")
    for name, value in {
        "aws:region": "us-east-1",
        "aws:profile": "security",
        "trustedArn": sandbox.organization.roles["security"],
    }.items():
        queue.pulumi("config", "set", "--stack", "alerts", name, value).succeeded()
    queue.pulumi("config", "set", "--stack", "alerts", "--path", "topicArns[0]", topic).succeeded()
    queue.up("alerts").succeeded()
    outputs = queue.outputs("alerts")
    project.configure_core()
    project.configure("security", alerts={"queueArns": [outputs["queueArn"]]})
    project.up("security").succeeded()

    sns: Any = sandbox.session("security").client("sns")
    sns.publish(TopicArn=topic, Message=json.dumps("A trail was stopped: StopLogging by <x>."))
    hook = tmp_path / "webhook"
    hook.write_text(json.dumps({"url": receiver.url, "token": "bearer"}))
    keys = (
        sandbox.session("security")
        .client("sts")
        .assume_role(RoleArn=outputs["roleArn"], RoleSessionName="hand-over")["Credentials"]
    )

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *(sys.executable, folder / "hand_over.py", "--once", "--form", "slack"),
                *("--queue-url", outputs["queueUrl"], "--webhook-file", hook),
            ],
            env={
                **sandbox.environment,
                "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                "AWS_SESSION_TOKEN": keys["SessionToken"],
                "SSL_CERT_FILE": str(receiver.certificate),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    receiver.answer = 302
    refused = run()
    sqs: Any = sandbox.session("security").client("sqs")
    url = outputs["queueUrl"]
    waiting = ["ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessages"]
    held = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=waiting)["Attributes"]
    receiver.answer = 200
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    sns.publish(TopicArn=topic, Message=json.dumps("Another: DeleteTrail by y."))
    taken = run()

    assert refused.returncode == 1, refused.stderr
    assert "secret-part" not in refused.stderr
    assert sum(map(int, held.values())) == 1
    assert taken.returncode == 0, taken.stderr
    authorization, content = receiver.got[0]
    assert authorization == "Bearer bearer"
    assert content["text"] == "A trail was stopped: StopLogging by &lt;x&gt;."
    assert receiver.got[-1][1]["text"] == "Another: DeleteTrail by y."
