"""JUnit XML, which most CI services show as test results.

A suite for each policy pack, a test case for each policy and resource. A mandatory finding is a
failure; what an advisory says stands in the case's output, because JUnit knows no warnings.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from cloudtrail_guard_policies.report.events import PolicyEvent, Run


def junit(run: Run) -> str:
    """Return a report as JUnit XML.

    Args:
        run: What the packs said.

    Returns:
        The document.
    """
    root = ET.Element("testsuites")
    for pack, version in run.packs.items():
        suite = ET.SubElement(root, "testsuite", name=f"{pack} {version}")
        cases = _cases(run, pack)
        failed = sum(any(each.level == "mandatory" for each in found) for found in cases.values())
        suite.attrib |= {"tests": str(len(cases)), "failures": str(failed), "errors": "0"}
        for (policy, urn), findings in sorted(cases.items()):
            _case(suite, policy, urn, findings)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _cases(run: Run, pack: str) -> dict[tuple[str, str], list[PolicyEvent]]:
    """Return the findings by policy and resource; none where the policy passed."""
    cases: defaultdict[tuple[str, str], list[PolicyEvent]] = defaultdict(list)
    for passed in run.passed:
        if passed.pack == pack:
            cases[passed.policy, passed.urn] = []
    for finding in run.findings:
        if finding.pack == pack:
            cases[finding.policy, finding.urn].append(finding)
    return cases


def _case(suite: ET.Element, policy: str, urn: str, findings: list[PolicyEvent]) -> None:
    case = ET.SubElement(suite, "testcase", classname=policy, name=urn or "the stack")
    for finding in findings:
        if finding.level == "mandatory":
            failure = ET.SubElement(
                case, "failure", message=finding.message.splitlines()[0], type=finding.severity
            )
            failure.text = finding.message
    advisories = [each.message for each in findings if each.level != "mandatory"]
    if advisories:
        ET.SubElement(case, "system-out").text = "\n\n".join(advisories)
