"""The pack as a process, driven over its protocol."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from sandbox.policy_pack.messages import PolicyResource
from sandbox.policy_pack.process import PolicyPackError, PolicyPackProcess
from sandbox.tests.limits import PATIENCE
from tests.policypack.support import NOT_KNOWN, TRAIL, secret, urn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.policy_pack.messages import Analysis

PACK = Path(__file__).parents[2] / "policypack"
SOUND = {"isMultiRegionTrail": True, "enableLogFileValidation": True, "kmsKeyId": NOT_KNOWN}
MANDATORY = {
    "cloudtrail-kms-encryption",
    "cloudtrail-log-file-validation",
    "cloudtrail-multi-region",
}


@pytest.fixture(scope="module")
def started() -> Iterator[PolicyPackProcess]:
    with PolicyPackProcess(PACK) as process:
        process.configure_stack("shop", "dev", preview=True)
        yield process


@pytest.fixture
def pack(started: PolicyPackProcess) -> PolicyPackProcess:
    started.configure()
    return started


def _trail(properties: Mapping[str, object], name: str = "audit") -> PolicyResource:
    return PolicyResource(type=TRAIL, name=name, urn=urn(TRAIL, name), properties=properties)


def _said(analysis: Analysis, policies: set[str]) -> list[tuple[str, str]]:
    return [(each.policy, each.level) for each in analysis.diagnostics if each.policy in policies]


def test_the_pack_names_its_rules_and_the_version_of_its_project_file(
    pack: PolicyPackProcess,
) -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))

    info = pack.info()

    assert (info.name, info.version) == ("cloudtrail-guard", project["version"])
    assert {each.name for each in info.policies if each.level == "mandatory"} >= MANDATORY
    [multi_region] = [each for each in info.policies if each.name == "cloudtrail-multi-region"]
    assert (multi_region.kind, multi_region.severity) == ("resource", "high")
    assert "cis-aws-5.0:3.1" in multi_region.tags
    assert "exemptions" in multi_region.schema
    assert multi_region.url.startswith("https://docs.aws.amazon.com/")
    assert multi_region.remediation_steps


def test_a_sound_trail_whose_key_is_made_in_the_same_preview_passes_in_silence(
    pack: PolicyPackProcess,
) -> None:
    analysis = pack.analyze(_trail(SOUND))

    assert _said(analysis, MANDATORY) == []
    assert not analysis.rejected


def test_a_weak_trail_violates_each_of_the_three_rules(pack: PolicyPackProcess) -> None:
    analysis = pack.analyze(_trail({"s3BucketName": "logs"}))

    mandatory = [each for each in analysis.diagnostics if each.level == "mandatory"]
    assert {each.policy for each in mandatory} >= MANDATORY
    assert {each.urn for each in mandatory} == {urn(TRAIL, "audit")}
    assert analysis.rejected


def test_an_unknown_boolean_is_an_advisory_and_hides_no_violation(
    pack: PolicyPackProcess,
) -> None:
    analysis = pack.analyze(_trail({**SOUND, "isMultiRegionTrail": NOT_KNOWN, "kmsKeyId": None}))

    assert _said(analysis, MANDATORY) == [
        ("cloudtrail-kms-encryption", "mandatory"),
        ("cloudtrail-multi-region", "advisory"),
    ]


def test_resources_of_other_types_concern_no_rule(pack: PolicyPackProcess) -> None:
    bucket = PolicyResource(type="x:y:Z", name="z", urn=urn("x:y:Z", "z"), properties={})

    analysis = pack.analyze(bucket)

    assert analysis.diagnostics == ()
    assert analysis.not_applicable >= MANDATORY


def test_a_sound_stack_passes(pack: PolicyPackProcess) -> None:
    key = PolicyResource(
        type="aws:kms/key:Key", name="key", urn=urn("aws:kms/key:Key", "key"), properties={}
    )
    trail = PolicyResource(
        type=TRAIL,
        name="audit",
        urn=urn(TRAIL, "audit"),
        properties=SOUND,
        dependencies=(key.urn,),
        property_dependencies={"kmsKeyId": (key.urn,)},
    )

    assert not pack.analyze_stack([key, trail]).rejected


def test_levels_and_exemptions_come_from_the_configuration(pack: PolicyPackProcess) -> None:
    exemption = {"resource": "old-*", "reason": "CHG-1", "expires": "2099-12-31"}
    pack.configure(
        {
            "all": "disabled",
            "cloudtrail-multi-region": "advisory",
            "cloudtrail-kms-encryption": {
                "enforcementLevel": "mandatory",
                "exemptions": [exemption],
            },
        }
    )

    new = pack.analyze(_trail({"s3BucketName": "logs"}, "new"))
    old = pack.analyze(_trail({"s3BucketName": "logs"}, "old-audit"))

    assert [(each.policy, each.level) for each in new.diagnostics] == [
        ("cloudtrail-kms-encryption", "mandatory"),
        ("cloudtrail-multi-region", "advisory"),
    ]
    assert [each.level for each in old.diagnostics] == ["advisory", "advisory"]
    assert "because: CHG-1" in old.diagnostics[0].message


def test_an_exemption_for_nothing_is_reported_about_the_stack(pack: PolicyPackProcess) -> None:
    exemption = {"resource": "gone", "reason": "CHG-1", "expires": "2099-12-31"}
    pack.configure({"cloudtrail-multi-region": {"exemptions": [exemption]}})

    trail = _trail(SOUND)
    pack.analyze(trail)
    [diagnostic] = pack.analyze_stack([trail]).diagnostics

    assert (diagnostic.policy, diagnostic.level) == ("cloudtrail-multi-region", "advisory")
    assert diagnostic.urn == ""
    assert "'gone' matches no resource" in diagnostic.message


def test_a_weak_trail_is_remediated_when_that_is_configured(pack: PolicyPackProcess) -> None:
    pack.configure({"all": "remediate"})

    steps = pack.remediate(
        _trail({"name": secret("audit"), "kmsKeyId": NOT_KNOWN, "enableLogging": False})
    )

    assert [each.policy for each in steps] == [
        "cloudtrail-log-file-validation",
        "cloudtrail-logging-enabled",
        "cloudtrail-multi-region",
    ]
    assert steps[-1].properties == {
        "name": secret("audit"),
        "kmsKeyId": NOT_KNOWN,
        "enableLogging": True,
        "enableLogFileValidation": True,
        "isMultiRegionTrail": True,
    }
    assert _said(pack.analyze(_trail(steps[-1].properties)), {each.policy for each in steps}) == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"cloudtrail-multiregion": "advisory"},
            "unknown rule 'cloudtrail-multiregion'; did you mean 'cloudtrail-multi-region'?",
        ),
        (
            {"cloudtrail-multi-region": {"exemptions": [{"resource": "x", "expires": "2099-1-1"}]}},
            "exemptions[0]: reason is missing",
        ),
        (
            {"cloudtrail-multi-region": "obligatory"},
            "'obligatory', but must be one of advisory, mandatory, remediate, disabled",
        ),
    ],
)
def test_a_wrong_configuration_is_an_error(
    pack: PolicyPackProcess, config: dict[str, str | Mapping[str, object]], message: str
) -> None:
    with pytest.raises(PolicyPackError) as caught:
        pack.configure(config)

    assert message in str(caught.value)


def test_a_pack_that_fails_to_start_says_why_in_one_error(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("raise RuntimeError('no rules here')", encoding="utf-8")

    with (
        pytest.raises(PolicyPackError, match="did not start") as caught,
        PolicyPackProcess(tmp_path),
    ):
        pass

    assert "RuntimeError: no rules here" in str(caught.value)


def test_a_directory_without_a_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyPackError, match="no policy pack in"), PolicyPackProcess(tmp_path):
        pass


def test_a_pack_that_prints_before_its_port_says_what_it_printed(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("print('hello')", encoding="utf-8")

    with (
        pytest.raises(PolicyPackError, match="it printed 'hello' instead of a port"),
        PolicyPackProcess(tmp_path),
    ):
        pass


def test_a_pack_that_fails_during_evaluation_says_why(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(
        "from pulumi_policy import PolicyPack, ResourceValidationPolicy\n"
        "def fail(args, report): raise KeyError(args.name)\n"
        "PolicyPack('frail', [ResourceValidationPolicy('p', 'P.', fail)])\n",
        encoding="utf-8",
    )

    with PolicyPackProcess(tmp_path) as process:
        process.configure()
        with pytest.raises(PolicyPackError, match=r"evaluating urn:.+ failed: .+'audit'"):
            process.analyze(_trail({}))


def test_the_pack_starts_without_the_aws_sdk(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(
        "import sys\n"
        "from cloudtrail_guard_policies.serve import serve\n"
        "assert sys.modules.keys().isdisjoint({'pulumi_aws', 'typer'})\n"
        "serve()\n",
        encoding="utf-8",
    )

    with PolicyPackProcess(tmp_path, sys.executable) as process:
        process.configure()


def _imported_by_the_pack(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PACK)],
        cwd=PACK,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdecimal()
        process.terminate()
        _, errors = process.communicate(timeout=PATIENCE)
    return {line.rpartition("|")[2].strip() for line in errors.splitlines()}


def test_the_pack_starts_without_pulumis_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = _imported_by_the_pack(monkeypatch)

    assert "cloudtrail_guard_policies.rules" in imported
    assert imported.isdisjoint({"pulumi.resource", "pulumi.automation", "pulumi_policy"})


def test_the_pack_serves_under_the_sdk_where_python_does_not_look_into_its_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONSAFEPATH", "1")

    assert "pulumi.resource" in _imported_by_the_pack(monkeypatch)
    with PolicyPackProcess(PACK) as process:
        process.configure()
        assert process.analyze(_trail({"isMultiRegionTrail": False})).rejected


def test_other_programs_in_the_packs_folder_have_the_sdk() -> None:
    program = "import pulumi, pulumi.runtime; print(pulumi.CustomResource.__module__)"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACK, capture_output=True, text=True, check=True
    )

    assert done.stdout == "pulumi.resource\n"


def test_ctrl_c_ends_the_pack_without_a_traceback() -> None:
    pack = ["-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PACK)]
    with subprocess.Popen(
        [sys.executable, *pack],
        cwd=PACK,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)

    assert (process.returncode, errors) == (0, b"")
