"""Reports over what the real engine said of a weak trail, recorded with Pulumi 3.259."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from cloudtrail_guard_policies.report.cli import app
from cloudtrail_guard_policies.report.events import PolicyEvent, ReportError, Run, read_events
from cloudtrail_guard_policies.report.github import github
from cloudtrail_guard_policies.report.junit import junit
from cloudtrail_guard_policies.report.positions import Position, read_positions
from cloudtrail_guard_policies.report.sarif import sarif
from cloudtrail_guard_policies.rules import RULES
from typer.testing import CliRunner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typer.testing import Result

RECORDED = Path(__file__).parent / "recorded"
EVENTS = RECORDED / "events.jsonl"
PREVIEW = RECORDED / "preview.json"
URN = "urn:pulumi:dev::weak-trail::"
TRAIL = f"{URN}aws:cloudtrail/trail:Trail::weak"
BUCKET = f"{URN}aws:s3/bucket:Bucket::weak"


@pytest.fixture(scope="module")
def run() -> Run:
    return read_events(EVENTS.read_text().splitlines())


def _log(run: Run, **positions: Position) -> dict[str, Any]:
    [one] = sarif(run, positions, "infra")["runs"]
    return one


def _finding(message: str, level: str = "mandatory") -> PolicyEvent:
    return PolicyEvent(
        pack="other",
        version="2.0.0",
        policy="theirs",
        level=level,
        severity="",
        urn=TRAIL,
        message=message,
    )


def test_the_findings_are_read_from_the_engines_events(run: Run) -> None:
    assert run.packs == {"cloudtrail-guard": "0.1.0"}
    assert not run.succeeded
    assert {(each.policy, each.level, each.severity) for each in run.findings} >= {
        ("cloudtrail-multi-region", "mandatory", "high"),
        ("log-key-not-public", "mandatory", "critical"),
        ("cloudtrail-insights", "advisory", "low"),
    }
    assert {each.policy for each in run.passed if each.urn == TRAIL} >= {
        "cloudtrail-kms-encryption"
    }
    assert {each.policy for each in run.passed if not each.urn} >= {"log-bucket-source-arn"}


def test_a_command_that_never_ended_did_not_succeed() -> None:
    events = EVENTS.read_text().splitlines()

    assert not read_events(line for line in events if "summaryEvent" not in line).succeeded


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['{"steps": []}'], "line 1 is no event of the engine"),
        (['{"sequence": 0, "preludeEvent": {}}', "Traceback"], "line 2 is no event of the engine"),
        (['{"sequence": 0, "preludeEvent": {}}', ""], "no policy pack took part"),
        ([], "no policy pack took part"),
    ],
)
def test_what_is_no_event_stream_is_an_error_that_says_what_to_do(
    lines: Iterable[str], message: str
) -> None:
    with pytest.raises(ReportError, match=message):
        read_events(lines)


def test_resources_stand_where_the_project_declares_them() -> None:
    positions = read_positions(PREVIEW.read_text())

    assert positions[TRAIL] == Position(file="__main__.py", line=7)
    assert positions[BUCKET] == Position(file="__main__.py", line=6)


def test_a_child_of_a_library_stands_where_the_project_calls_the_library() -> None:
    library = {"sourcePosition": "project:///../lib/library.py#3"}
    installed = {"sourcePosition": "project:///.venv/lib/python3.11/site-packages/x.py#3"}
    project = {"sourcePosition": "project:///stacks/logs.py#42"}
    child = {"urn": "urn:child", **library, "stackTrace": [installed, {}, project]}
    state = {"deployment": {"resources": [child, {"urn": "urn:other", **library}]}}

    assert read_positions(json.dumps(state)) == {
        "urn:child": Position(file="stacks/logs.py", line=42)
    }


def test_a_stack_without_resources_has_no_positions() -> None:
    assert read_positions('{"deployment": {"resources": null}}') == {}


@pytest.mark.parametrize("text", ["", "[]", '{"sequence": 0}'])
def test_what_is_no_preview_and_no_state_has_no_positions(text: str) -> None:
    with pytest.raises(ReportError, match="neither the output of"):
        read_positions(text)


def test_sarif_has_an_error_for_what_is_mandatory_and_a_warning_for_an_advisory(run: Run) -> None:
    levels = {each["ruleId"]: each["level"] for each in _log(run)["results"]}

    assert len(_log(run)["results"]) == len(run.findings)
    assert levels["cloudtrail-multi-region"] == "error"
    assert levels["cloudtrail-insights"] == "warning"
    assert _log(run)["invocations"] == [{"executionSuccessful": False}]


def test_sarif_points_to_the_line_of_the_program(run: Run) -> None:
    positions = {TRAIL: Position(file="__main__.py", line=7)}

    [found] = [
        each
        for each in _log(run, **positions)["results"]
        if each["ruleId"] == "cloudtrail-multi-region"
    ]

    assert found["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "infra/__main__.py"},
                "region": {"startLine": 7},
            },
            "logicalLocations": [{"fullyQualifiedName": TRAIL, "kind": "resource"}],
        }
    ]
    assert found["message"]["text"].startswith(
        "aws:cloudtrail/trail:Trail 'weak', property isMultiRegionTrail is not set"
    )


def test_sarif_points_to_the_project_file_where_the_line_is_not_known(run: Run) -> None:
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in _log(run)["results"]
    }

    assert uris == {"infra/Pulumi.yaml"}


def test_sarif_describes_our_rules(run: Run) -> None:
    [described] = [
        each
        for each in _log(run)["tool"]["driver"]["rules"]
        if each["id"] == "cloudtrail-multi-region"
    ]
    [rule] = [each for each in RULES if each.id == "cloudtrail-multi-region"]

    assert described["helpUri"] == rule.link
    assert described["help"]["text"] == rule.remediation
    assert described["properties"]["security-severity"] == "8.0"
    assert "cis-aws-5.0" in described["properties"]["tags"]
    assert described["properties"]["controls"]["cis-aws-5.0"] == ["3.1"]


def test_sarif_describes_policies_of_other_packs_by_their_name() -> None:
    run = Run(packs={"other": "2.0.0"}, findings=[_finding("wrong")], succeeded=True)

    assert _log(run)["tool"]["driver"] == {
        "name": "other",
        "version": "2.0.0",
        "rules": [{"id": "theirs", "properties": {"tags": ["security"]}}],
    }


def test_sarif_tells_findings_apart_and_knows_them_again(run: Run) -> None:
    prints = [each["partialFingerprints"]["finding/v1"] for each in _log(run)["results"]]
    moved = _log(run, **{TRAIL: Position(file="moved.py", line=1)})["results"]

    assert len(set(prints)) == len(prints)
    assert [each["partialFingerprints"]["finding/v1"] for each in moved] == prints


def test_sarif_suppresses_what_is_exempted_with_the_reason() -> None:
    exempted = _finding("title\nrule: exempted until 2030-06-30, because: CHG-1\nwrong", "advisory")
    run = Run(packs={"other": "2.0.0"}, findings=[exempted, _finding("wrong")])

    [first, second] = _log(run)["results"]

    assert first["suppressions"] == [
        {"kind": "external", "justification": "CHG-1 (until 2030-06-30)"}
    ]
    assert "suppressions" not in second


def test_junit_has_a_case_for_each_rule_and_resource(run: Run) -> None:
    suite = ET.fromstring(junit(run)).find("testsuite")  # noqa: S314 - our own document
    assert suite is not None
    failed = {case.get("classname") for case in suite if case.find("failure") is not None}

    assert failed == {each.policy for each in run.findings if each.level == "mandatory"}
    assert suite.get("failures") == str(len(failed))
    assert suite.get("tests") == str(len(suite))
    assert len(suite) > len({(each.policy, each.urn) for each in run.findings})


def test_junit_says_an_advisory_in_the_output_of_a_case_that_passes() -> None:
    run = Run(packs={"other": "2.0.0"}, findings=[_finding("careful", "advisory")])

    suite = ET.fromstring(junit(run)).find("testsuite")  # noqa: S314 - our own document

    assert suite is not None
    assert suite.get("failures") == "0"
    assert [case.findtext("system-out") for case in suite] == ["careful"]


def test_an_annotation_stands_at_the_line_of_the_program(run: Run) -> None:
    positions = {TRAIL: Position(file="__main__.py", line=7)}

    [line] = [
        each
        for each in github(run, positions, "infra").splitlines()
        if "title=cloudtrail-multi-region" in each
    ]

    assert line.startswith(
        "::error file=infra/__main__.py,line=7,title=cloudtrail-multi-region::aws:cloudtrail/trail"
    )
    assert "%0AFix: set isMultiRegionTrail to true" in line


def test_annotations_begin_with_the_worst(run: Run) -> None:
    lines = github(run, {}, ".").splitlines()
    commands = [line.split()[0] for line in lines]

    assert len(lines) == len(run.findings)
    assert "title=log-key-not-public" in lines[0]
    assert commands == sorted(commands)
    assert set(commands) == {"::error", "::warning"}


def test_what_is_exempted_is_a_notice_after_all_others() -> None:
    exempted = _finding("rule: exempted until 2030-06-30, because: CHG-1", "advisory")

    lines = github(Run(findings=[exempted, _finding("wrong")]), {}, ".").splitlines()

    assert [line.split()[0] for line in lines] == ["::error", "::notice"]


def test_a_name_in_the_program_cannot_become_a_workflow_command() -> None:
    finding = replace(
        _finding("100%\r\n::warning::forged"), urn=f"{URN}x::a\n::stop-commands::x", policy="a,b:c"
    )

    lines = github(Run(findings=[finding]), {}, ".").splitlines()

    assert lines == [
        "::error file=Pulumi.yaml,line=1,title=a%2Cb%3Ac::x: 100%25%0D%0A::warning::forged"
    ]


YAML = """\
name: weak-trail
runtime: {runtime}
variables:
  name: weak
resources:
  weak:
    type: aws:cloudtrail:Trail
  key:
    name: logs
    type: aws:kms:Key
"""


def _lines(events: Path, project: Path, *more: str) -> dict[str, tuple[str, int]]:
    """Return file and line of the findings about each resource."""
    log = json.loads(run_command(events, "--project", project, *more).stdout)
    places = [each["locations"][0] for each in log["runs"][0]["results"]]
    return {
        each["logicalLocations"][0]["fullyQualifiedName"].rpartition("::")[2]: (
            Path(each["physicalLocation"]["artifactLocation"]["uri"]).name,
            each["physicalLocation"]["region"]["startLine"],
        )
        for each in places
    }


@pytest.mark.parametrize("runtime", ["yaml", "{name: yaml}"])
def test_a_finding_in_a_yaml_program_stands_where_the_resource_is_declared(
    tmp_path: Path, runtime: str
) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text(EVENTS.read_text().replace("::key", "::logs"))
    (tmp_path / "Pulumi.yaml").write_text(YAML.format(runtime=runtime))

    lines = _lines(events, tmp_path)

    assert lines == {"weak": ("Pulumi.yaml", 6), "logs": ("Pulumi.yaml", 8)}


def test_a_yaml_program_in_a_directory_of_its_own_has_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: weak-trail\nruntime: yaml\nmain: infra\n")
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra/Main.yaml").write_text("resources:\n  weak:\n    type: x\n")

    assert _lines(EVENTS, tmp_path)["weak"] == ("Main.yaml", 2)


def test_what_the_engine_says_of_positions_comes_first(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(YAML.format(runtime="yaml"))

    assert _lines(EVENTS, tmp_path, "--positions", str(PREVIEW))["key"][0] == "__main__.py"


@pytest.mark.parametrize("text", ["runtime: python\nresources: {weak: {}}", "}", "- weak", ""])
def test_a_project_in_another_language_adds_no_positions(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text)

    assert set(_lines(EVENTS, tmp_path).values()) == {("Pulumi.yaml", 1)}


def run_command(*arguments: object) -> Result:
    """Run the command as ``python -m cloudtrail_guard_policies.report``."""
    return CliRunner().invoke(app, [str(each) for each in arguments], prog_name="report")


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    output = tmp_path / "policies.sarif"

    done = run_command(EVENTS, "--positions", PREVIEW, "--output", output)

    text = output.read_text()
    assert (done.exit_code, done.output) == (0, "")
    assert json.loads(text)["version"] == "2.1.0"
    assert '"uri": "__main__.py"' in text


def test_the_command_prints_annotations() -> None:
    done = run_command(EVENTS, "--positions", PREVIEW, "--format", "github")

    assert done.stdout.startswith("::error file=__main__.py,line=5,")


def test_the_command_prints_junit() -> None:
    assert run_command(EVENTS, "--format", "junit").stdout.startswith("<?xml")


def test_the_command_reads_standard_input() -> None:
    done = CliRunner().invoke(app, ["-"], input=EVENTS.read_text())

    assert json.loads(done.stdout)["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("name", "message"),
    [("preview.json", "line 1 is no event"), ("nothing.jsonl", "No such file")],
)
def test_a_users_mistake_is_one_line(name: str, message: str) -> None:
    _refused(message, RECORDED / name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "the input is no text in UTF-8"),
        (b'{"sequence": 1, "policyEvent": {}}', "line 1 is an event of a form that"),
        (b'{"sequence": 1, "policyEvent": []}', "line 1 is an event of a form that"),
        (b'{"sequence": 1, "summaryEvent": 7}', "line 1 is an event of a form that"),
    ],
)
def test_events_that_are_damaged_are_one_line(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(content)

    _refused(message, tmp_path / "events.jsonl")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "the input is no text in UTF-8"),
        (b'{"steps": [{"newState": {}}]}', "the positions have resources of a form that"),
        (b'{"steps": [7]}', "the positions have resources of a form that"),
        (b'{"deployment": {"resources": [{"urn": "x", "sourcePosition": 7}]}}', "of a form that"),
    ],
)
def test_positions_that_are_damaged_are_one_line(
    content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / "preview.json").write_bytes(content)

    _refused(message, EVENTS, "--positions", tmp_path / "preview.json")


def test_a_report_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    _refused("No such file", EVENTS, "--output", tmp_path / "no/such")


def _refused(message: str, *arguments: object) -> None:
    done = run_command(*arguments)

    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.startswith("report: ")
    assert done.stderr.count("\n") == 1
