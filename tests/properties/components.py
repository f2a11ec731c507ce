"""Inputs of components, by the schema that other languages write them against."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.properties.values import JSON, ODD_NUMBERS, WHOLE, mostly, texts
from tests.support.checkout import CHECKOUT
from tests.support.deployment import ACCOUNT
from tests.support.samples import SAMPLES

SCHEMA = json.loads((CHECKOUT / "components" / "schema.json").read_text(encoding="utf-8"))
COMPONENTS = {token.rsplit(":", 1)[-1]: token for token in SCHEMA["resources"]}

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/Deploy"
GOOD: dict[str, list[str]] = {
    "accountId": [ACCOUNT],
    "accountIds": [ACCOUNT, "444455556666"],
    "accountTrailArns": [SAMPLES["trailArn"], SAMPLES["trailArn"] + "2"],
    "alias": ["alias/logs"],
    "analyzerName": ["analyzer"],
    "alarmPrefix": ["guard"],
    "audience": ["sts.amazonaws.com"],
    "backupRoleArns": [_ROLE],
    "busName": ["watch"],
    "consumerArns": [_ROLE, f"arn:aws:iam::{ACCOUNT}:root"],
    "databaseName": ["logs_db"],
    "deliveryRoleArn": [_ROLE],
    "deployerRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/pipeline/Deploy"],
    "endpoint": ["soc@example.com", "https://example.com/a", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"],
    "excludedAccountIds": [ACCOUNT],
    "existingDetectorId": ["a" * 32],
    "existingKeyArn": [SAMPLES["logKeyArn"]],
    "externalId": ["some-id"],
    "exemptRoleArns": [_ROLE],
    "feedName": ["feed"],
    "firstDay": ["2024/01/01", "2024-01-01"],
    "functionName": ["respond"],
    "furtherBucketNames": ["audit-logs-replica"],
    "furtherKeyArns": [SAMPLES["logKeyArn"]],
    "globalKeyArns": [SAMPLES["logKeyArn"]],
    "guardrailNames": ["cloudtrail-guard"],
    "logBucketNames": ["access-logs"],
    "logGroupArn": [f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:trail"],
    "logGroupName": ["trail"],
    "logGroupNames": ["trail"],
    "memberTrailNames": ["Data", "Member"],
    "monitoringArns": [f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts", "arn:aws:logs:*:*:log-group:g-*"],
    "namespace": ["Guard"],
    "networkActivitySources": ["s3.amazonaws.com"],
    "organizationTrailArn": [SAMPLES["trailArn"]],
    "otherKeyArns": [SAMPLES["logKeyArn"]],
    "ownRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/cloudtrail-guard-*"],
    "policyName": ["guard"],
    "providerArn": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"],
    "readerArns": [_ROLE, "arn:aws:iam::444455556666:root"],
    "region": ["eu-west-1", "us-east-1"],
    "regions": ["eu-west-1", "us-east-1"],
    "replicaBucketNames": ["audit-logs-replica"],
    "replicaKeyArn": [SAMPLES["logKeyArn"]],
    "resourceTypes": ["AWS::DynamoDB::Table"],
    "resultsKeyArn": [SAMPLES["logKeyArn"]],
    "roleName": ["replication"],
    "rulePrefix": ["guard"],
    "s3BucketNames": ["data"],
    "storeKeyArn": [SAMPLES["logKeyArn"]],
    "storeName": ["store"],
    "subjects": ["repo:owner/name:ref:refs/heads/main"],
    "trailSettings": ["{}"],
    "topicName": ["alerts"],
    "watchNames": ["cloudtrail-guard"],
    "workgroupName": ["guard"],
}
"""Good texts by the name of an input; a sample's text is good as well."""


def inputs_of(component: str) -> st.SearchStrategy[dict[str, Any]]:
    """Inputs of a component: mostly good ones, with slips."""
    definition = SCHEMA["resources"][COMPONENTS[component]]
    return _fields(definition["inputProperties"], definition.get("requiredInputs", []))


def _fields(properties: dict[str, Any], required: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    usual = st.fixed_dictionaries(
        {name: _value(name, properties[name]) for name in required},
        optional={
            name: _value(name, value) for name, value in properties.items() if name not in required
        },
    )
    slipped = st.builds(_slip, usual, st.sampled_from([*properties, "bucketNam"]), JSON)
    return mostly(usual, slipped, one_in=12)


def _slip(inputs: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    """One input left out, unknown, or of any type."""
    return {key: each for key, each in inputs.items() if key != name or value is not None} | (
        {} if value is None else {name: value}
    )


def _value(name: str, definition: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in definition:
        type_ = SCHEMA["types"][definition["$ref"].removeprefix("#/types/")]
        if "enum" in type_:
            return texts([each["value"] for each in type_["enum"]], slips=40)
        return _fields(type_["properties"], type_.get("required", []))
    match definition["type"]:
        case "boolean":
            return st.booleans()
        case "integer" | "number":
            return mostly(WHOLE, ODD_NUMBERS, one_in=30)
        case "array":
            few = st.lists(_value(name, definition["items"]), max_size=3)
            return mostly(few, _many(name, definition["items"]), one_in=20)
        case _:
            return texts(_good(name), slips=40)


def _many(name: str, items: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    """So many entries that a document may not hold them all."""
    if items.get("type") != "string":
        return st.lists(_value(name, items), max_size=3)
    return st.builds(
        lambda text, count: [f"{text}{number}" for number in range(count)],
        st.sampled_from(_good(name)),
        st.sampled_from([5, 11, 60, 251, 900]),
    )


def _good(name: str) -> list[str]:
    sample = SAMPLES.get(name, [])
    sampled = (
        [sample]
        if isinstance(sample, str)
        else [e for e in sample if isinstance(e, str)]
        if isinstance(sample, list)
        else []
    )
    return [*GOOD.get(name, []), *sampled] or ["text"]
