"""The compliance standards whose controls the rules name, and where the mapping comes from.

Control ids are taken from published mappings, never from memory: Prowler's compliance files
(https://github.com/prowler-cloud/prowler, directory prowler/compliance/aws) and the "Related
requirements" in AWS Security Hub's controls reference.
"""

from __future__ import annotations

from dataclasses import dataclass

_PROWLER = "https://github.com/prowler-cloud/prowler/blob/master/prowler/compliance/aws"
_SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A published standard.

    Attributes:
        slug: How files and tags name it, such as ``cis-aws-5.0``.
        title: How its publisher names it.
        link: The page of the standard, or of its controls.
        source: The published mapping that the control ids are taken from.
    """

    slug: str
    title: str
    link: str
    source: str


CIS_3_0 = Standard(
    slug="cis-aws-3.0",
    title="CIS AWS Foundations Benchmark 3.0",
    link="https://www.cisecurity.org/benchmark/amazon_web_services",
    source=f"{_PROWLER}/cis_3.0_aws.json",
)
CIS_5_0 = Standard(
    slug="cis-aws-5.0",
    title="CIS AWS Foundations Benchmark 5.0",
    link="https://www.cisecurity.org/benchmark/amazon_web_services",
    source=f"{_PROWLER}/cis_5.0_aws.json",
)
CIS_7_0 = Standard(
    slug="cis-aws-7.0",
    title="CIS AWS Foundations Benchmark 7.0",
    link="https://www.cisecurity.org/benchmark/amazon_web_services",
    source=f"{_PROWLER}/cis_7.0_aws.json",
)
AWS_FSBP = Standard(
    slug="aws-fsbp",
    title="AWS Foundational Security Best Practices",
    link=f"{_SECURITY_HUB}/fsbp-standard.html",
    source=f"{_PROWLER}/aws_foundational_security_best_practices_aws.json",
)
NIST_800_53_R5 = Standard(
    slug="nist-800-53-r5",
    title="NIST SP 800-53 Rev. 5",
    link="https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    source=f"{_SECURITY_HUB}/cloudtrail-controls.html",
)
# Version 4.0.1 corrects the wording of 4.0 and keeps its numbers.
PCI_DSS_4_0_1 = Standard(
    slug="pci-dss-4.0.1",
    title="PCI DSS 4.0.1",
    link="https://www.pcisecuritystandards.org/document_library/",
    source=f"{_PROWLER}/pci_4.0_aws.json",
)

STANDARDS: tuple[Standard, ...] = (
    CIS_3_0,
    CIS_5_0,
    CIS_7_0,
    AWS_FSBP,
    NIST_800_53_R5,
    PCI_DSS_4_0_1,
)
"""Every standard, in the order in which documents list them."""
