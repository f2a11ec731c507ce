from typing import Any

from adoption.planned import UNKNOWN, Planned, import_file, planned_resources

URN = "urn:pulumi:security::cloudtrail-guard::cloudtrail-guard:index:LogBucket$aws:x::"


def step(op: str, kind: str, name: str, **inputs: Any) -> dict[str, Any]:
    return {"op": op, "urn": URN + name, "newState": {"type": kind, "inputs": inputs}}


def test_only_aws_resources_that_are_to_be_made_are_looked_for() -> None:
    preview = {
        "steps": [
            step("create", "pulumi:pulumi:Stack", "stack"),
            step("create", "cloudtrail-guard:index:LogBucket", "logs"),
            step("create", "aws:s3/bucket:Bucket", "logs-bucket", bucket="logs"),
            step("same", "aws:s3/bucket:Bucket", "other", bucket="other"),
            {"op": "read", "urn": URN + "read"},
        ]
    }

    assert planned_resources(preview) == [
        Planned("aws:s3/bucket:Bucket", "logs-bucket", {"bucket": "logs"}, URN + "logs-bucket")
    ]


def test_what_is_not_known_yet_is_no_value() -> None:
    preview = {
        "steps": [step("create", "aws:kms/alias:Alias", "a", alias="n", targetKeyId=UNKNOWN)]
    }

    assert planned_resources(preview)[0].inputs == {"alias": "n"}


def test_it_is_known_whose_outputs_a_resource_uses() -> None:
    alias = step("create", "aws:kms/alias:Alias", "a", targetKeyId=UNKNOWN)
    alias["newState"]["propertyDependencies"] = {"targetKeyId": ["urn:key"], "name": None}

    assert planned_resources({"steps": [alias]})[0].uses == {"urn:key"}


def test_the_import_file_keeps_components_and_what_is_there() -> None:
    template = {
        "resources": [
            {"type": "cloudtrail-guard:index:LogBucket", "name": "logs", "component": True},
            {"type": "aws:kms/key:Key", "name": "logsKey", "logicalName": "logs", "id": "<P>"},
            {"type": "aws:s3/bucket:Bucket", "name": "logs-bucket", "id": "<P>"},
        ]
    }

    filled = import_file(template, {("aws:kms/key:Key", "logs"): "1234abcd"})

    assert [(entry["name"], entry.get("id")) for entry in filled["resources"]] == [
        ("logs", None),
        ("logsKey", "1234abcd"),
    ]
