"""Lambda behaves as AWS's, as far as making functions goes."""

import io
import json
import zipfile

import pytest

from sandbox.tests.support import Clients, refused

QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@pytest.fixture
def function(clients: Clients, name: str) -> str:
    role = clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("handler.py", "")
    clients("lambda").create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler="handler.handler",
        Code={"ZipFile": buffer.getvalue()},
        DeadLetterConfig={"TargetArn": QUEUE},
    )
    return name


def test_a_function_remembers_where_failed_events_go(clients: Clients, function: str) -> None:
    client = clients("lambda")
    assert client.get_function(FunctionName=function)["Configuration"]["DeadLetterConfig"] == {
        "TargetArn": QUEUE
    }

    client.update_function_configuration(FunctionName=function, Timeout=10)
    kept = client.get_function_configuration(FunctionName=function)
    client.update_function_configuration(FunctionName=function, DeadLetterConfig={"TargetArn": ""})

    assert kept["DeadLetterConfig"] == {"TargetArn": QUEUE}
    assert "DeadLetterConfig" not in client.get_function_configuration(FunctionName=function)


def test_no_function_runs_and_none_is_said_to_have_run(clients: Clients, function: str) -> None:
    with refused("NotImplemented", "lambda:Invoke is not emulated here"):
        clients("lambda").invoke(FunctionName=function)


def test_a_statement_id_is_used_once_and_removed_once(clients: Clients, function: str) -> None:
    statement = {"FunctionName": function, "StatementId": "events"}
    permission = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    clients("lambda").add_permission(**statement, **permission)

    with refused("ResourceConflictException", "already exists"):
        clients("lambda").add_permission(**statement, **permission)

    clients("lambda").remove_permission(**statement)
    with refused("ResourceNotFoundException", "is not found in resource policy"):
        clients("lambda").remove_permission(**statement)
