"""Configs of stacks, by the models of the roles' settings."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from stacks.settings import identifiers
from stacks.settings.load import is_group
from stacks.settings.roles import MODELS
from tests.properties.values import JSON, ODD_NUMBERS, WHOLE, mostly, texts
from tests.support.deployment import ACCOUNT, KEY_ID, MANAGEMENT_ACCOUNT, ORGANIZATION, ROOT

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from stacks.settings.roles import Role

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/pipeline/Deploy"
_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{KEY_ID}"
GOOD: dict[identifiers.Rule, list[str]] = {
    identifiers.account_id: [ACCOUNT, "444455556666"],
    identifiers.alias: ["alias/audit"],
    identifiers.bucket_name: ["org-logs", "org-logs-2"],
    identifiers.detector_id: ["a" * 32],
    identifiers.email: ["soc@example.com"],
    identifiers.event_source: ["s3.amazonaws.com", "kms.amazonaws.com"],
    identifiers.external_id: ["some-id"],
    identifiers.https_url: ["https://example.com/hook"],
    identifiers.iam_name: ["people", "Deploy"],
    identifiers.key_arn: [_KEY],
    identifiers.oidc_provider_arn: [f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.com"],
    identifiers.oidc_subject: ["repo:owner/name:ref:refs/heads/main"],
    identifiers.organization_id: [ORGANIZATION],
    identifiers.principal_arn: [_ROLE, f"arn:aws:iam::{ACCOUNT}:role/Other"],
    identifiers.queue_arn: [f"arn:aws:sqs:eu-west-1:{ACCOUNT}:siem"],
    identifiers.reader_arn: [
        f"arn:aws:iam::{ACCOUNT}:role/Reader",
        "arn:aws:iam::444455556666:root",
    ],
    identifiers.region: ["eu-west-1", "eu-central-1"],
    identifiers.resource_type: ["AWS::DynamoDB::Table"],
    identifiers.role: ["AdminRole", f"arn:aws:iam::{ACCOUNT}:role/AdminRole"],
    identifiers.role_name: ["Investigator", "Second"],
    identifiers.root_id: [ROOT],
    identifiers.stack_reference: ["organization/cloudtrail-guard/security"],
    identifiers.target_id: [ROOT, "ou-a1b2-c3d4e5f6", ACCOUNT],
    identifiers.trail_arn: [
        f"arn:aws:cloudtrail:eu-west-1:{each}:trail/Own" for each in (ACCOUNT, MANAGEMENT_ACCOUNT)
    ],
    identifiers.trail_name: ["Audit", "DataAccess"],
    identifiers.trail_pattern: ["*", "arn:aws:cloudtrail:*:*:trail/SecurityAuditTrail"],
    identifiers.unit_id: ["ou-a1b2-c3d4e5f6", ROOT],
}
"""Good texts by the rule that they keep."""


def configs(role: Role) -> st.SearchStrategy[dict[str, str]]:
    """Configs of a stack of a role, by key: mostly good, with slips; values as the engine has them.

    Few keys at a time, as people set them: with all of them at once hardly a config is good.
    """
    model = MODELS[role]
    fields = {
        str(field.alias): field for name, field in model.model_fields.items() if name != "role"
    }
    good = st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True).flatmap(
        lambda keys: st.fixed_dictionaries(
            {key: _of_field(fields[key]).map(_config) for key in keys}
        )
    )
    keys = st.sampled_from([*sorted(fields), "bucketNam", "role", "workload", "guardrails"])
    slipped = st.builds(
        lambda config, key, value: {**config, key: value},
        good,
        keys,
        st.one_of(JSON.map(_config), st.text('{["1e9', max_size=6), st.sampled_from(WILD)),
    )
    return mostly(good, slipped, one_in=4)


WILD = ["[" * 100_000, "9" * 5_000, "NaN", "[NaN]", '{"days": 1e999}', "null", "[null]", "\x00"]
"""Texts over which a reader of JSON may stumble."""


def _config(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _of_model(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            str(field.alias): _of_field(field)
            for field in model.model_fields.values()
            if field.is_required()
        },
        optional={
            str(field.alias): _of_field(field)
            for field in model.model_fields.values()
            if not field.is_required()
        },
    )


def _of_field(field: FieldInfo) -> st.SearchStrategy[Any]:
    return _of_type(field.annotation, field.metadata)


def _of_type(  # noqa: PLR0911 - one for each kind of annotation
    annotation: Any,
    metadata: list[Any],
) -> st.SearchStrategy[Any]:
    """Values of an annotation; what stands in ``Annotated`` is its metadata."""
    arguments = list(get_args(annotation))
    if hasattr(annotation, "__metadata__"):
        return _of_type(arguments[0], [*arguments[1:], *metadata])
    if is_group(annotation):
        return _of_model(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return texts([each.value for each in annotation], slips=30)
    match get_origin(annotation), annotation:
        case origin, _ if origin is Literal:
            return texts([each for each in arguments if each], slips=30)
        case origin, _ if origin is list:
            return _lists(arguments[0])
        case _, kind if kind is bool:
            return st.booleans()
        case _, kind if kind is int:
            return mostly(WHOLE, ODD_NUMBERS, one_in=20)
        case _, kind if kind is str:
            return texts(_good(metadata), slips=30)
        case _:  # a union: this or nothing
            return st.one_of(
                *(
                    st.none() if each is type(None) else _of_type(each, metadata)
                    for each in arguments
                )
            )


def _lists(item: Any) -> st.SearchStrategy[list[Any]]:
    few = st.lists(_of_type(item, []), max_size=3, unique_by=repr)
    if is_group(item) or not hasattr(item, "__metadata__"):
        return few
    many = st.builds(
        lambda text, count: [f"{text}{number}" for number in range(count)],
        st.sampled_from(_good(list(get_args(item)[1:]))),
        st.sampled_from([6, 60, 251]),
    )
    return mostly(few, many, one_in=20)


def _good(metadata: list[Any]) -> list[str]:
    for each in metadata:
        check = getattr(each, "func", None)
        if check in GOOD:
            return GOOD[check]
        for rule, good in GOOD.items():
            pattern = getattr(check, "pattern", None)
            if pattern == f"({rule.pattern})?":
                return [*good, ""]
    return ["text"]
