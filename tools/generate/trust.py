"""The trust policies of the deploying roles, for each place where deployments run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cloudtrail_guard.policies.trust import oidc_statement, trust_policy

FOLDER: Final = Path(__file__).parents[2] / "recipes/trust"

ACCOUNTS: Final = {"security": "111122223333", "management": "123456789012"}
"""The accounts of the stacks, with the ids of ``docs/deployer-permissions``."""


@dataclass(frozen=True)
class Place:
    """Where deployments run.

    Attributes:
        host: the issuer of its tokens, without the scheme.
        audience: what the tokens are meant for.
        subjects: whom they name, with ``{stack}`` where the stack's name is.
    """

    host: str
    audience: str
    subjects: tuple[str, ...]


PLACES: Final = {
    # https://docs.github.com/en/actions/reference/security/oidc
    "github": Place(
        "token.actions.githubusercontent.com",
        "sts.amazonaws.com",
        ("repo:OWNER/REPO:environment:{stack}",),
    ),
    # https://docs.gitlab.com/ci/cloud_services/aws/
    "gitlab": Place(
        "gitlab.com",
        "sts.amazonaws.com",
        ("project_path:GROUP/PROJECT:ref_type:branch:ref:main",),
    ),
    # https://www.pulumi.com/docs/deployments/guides/oidc/aws/
    "pulumi": Place(
        "api.pulumi.com/oidc",
        "ORGANIZATION",
        tuple(
            f"pulumi:deploy:org:ORGANIZATION:project:cloudtrail-guard:stack:{{stack}}:operation:"
            f"{operation}:scope:write"
            for operation in ("preview", "refresh", "update")
        ),
    ),
}


def files() -> dict[Path, str]:
    """What is written."""
    written: dict[Path, str] = {}
    for name, place in PLACES.items():
        for stack, account in ACCOUNTS.items():
            statement = oidc_statement(
                f"arn:aws:iam::{account}:oidc-provider/{place.host}",
                audience=place.audience,
                subjects=[subject.format(stack=stack) for subject in place.subjects],
            )
            text = json.dumps(trust_policy([statement]), indent=2)
            written[FOLDER / f"{name}-{stack}.json"] = text + "\n"
    return written
