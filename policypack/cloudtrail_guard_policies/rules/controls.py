"""Which controls of published standards a rule serves.

A rule names the published checks that look at the same setting; the ids follow from controls.json.
They are taken from two mappings, never from memory:

- ``prowler``: its compliance files at commit 3e000faa3109230b748e4418a13c11c9e59f5cfb of
  https://github.com/prowler-cloud/prowler (directory prowler/compliance/aws). For PCI DSS, Prowler
  numbers each check within a requirement (10.3.2.5); the requirement (10.3.2) is what stands here.
- ``security-hub``: the "Related requirements" (NIST SP 800-53 Rev. 5) of the AWS Security Hub user
  guide at commit bda5bf7 of https://github.com/awsdocs/aws-security-hub-user-guide
  (files doc_source/*-controls.md).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.standards import NIST_800_53_R5, STANDARDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard_policies.engine.standards import Standard

_FILE: Final = Path(__file__).with_name("controls.json")


def controls(*checks: str) -> dict[Standard, tuple[str, ...]]:
    """Return the controls that published mappings give to some checks.

    Args:
        checks: Prowler checks, such as ``kms_cmk_rotation_enabled``, and controls of Security Hub,
            such as ``KMS.4``.

    Returns:
        For each standard that has any, the ids of its controls in their natural order.

    Raises:
        KeyError: A check is in none of the mappings.
    """
    mapping = _mapping()
    found = {
        standard: {each for check in checks for each in mapping[check].get(standard.slug, ())}
        for standard in STANDARDS
    }
    return {standard: tuple(sorted(ids, key=_natural)) for standard, ids in found.items() if ids}


@cache
def _mapping() -> Mapping[str, Mapping[str, list[str]]]:
    """Return the ids by check and standard."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    nist = {name: {NIST_800_53_R5.slug: ids} for name, ids in data["security-hub"].items()}
    return {**data["prowler"], **nist}


def _natural(control: str) -> list[tuple[bool, int, str]]:
    """Sort 10.2 after 9.1, A1.2 after both, and AC-6(9) before AC-6(10)."""
    return [
        (False, int(part), "") if part.isdigit() else (True, 0, part)
        for part in re.findall(r"\d+|\D+", control)
    ]
