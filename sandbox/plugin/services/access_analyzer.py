"""IAM Access Analyzer.

Source: `internal/service/accessanalyzer/analyzer.go` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.validators import length, matching, one_of

_TYPES: Final = (
    *("ACCOUNT", "ORGANIZATION", "ACCOUNT_UNUSED_ACCESS", "ORGANIZATION_UNUSED_ACCESS"),
    *("ACCOUNT_INTERNAL_ACCESS", "ORGANIZATION_INTERNAL_ACCESS"),
)

ANALYZER: Final = Api(
    service="accessanalyzer",
    create="CreateAnalyzer",
    read="GetAnalyzer",
    delete="DeleteAnalyzer",
    id="{analyzerName}",
    answer="analyzer",
    gone=("ResourceNotFoundException",),
    tags=Tags(target="resourceArn"),
).row(
    type="aws:accessanalyzer/analyzer:Analyzer",
    noun="IAM Access Analyzer Analyzer",
    defaults={"type": "ACCOUNT"},
    replace={"type"},
    validate={
        "analyzerName": (
            length(1, 255),
            matching(
                r"^[A-Za-z][0-9A-Za-z_.-]*$",
                "must begin with a letter and contain only alphanumeric, underscore, period, or "
                "hyphen characters",
            ),
        ),
        "type": (one_of(*_TYPES),),
    },
    not_emulated={"configuration": "analysis of unused or internal access: leave it out"},
)
