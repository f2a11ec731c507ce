"""Finding the Pulumi CLI: each place in its order, with fakes in all of them."""

import io
import multiprocessing
import os
import tarfile
import time
from pathlib import Path

import pytest

from sandbox import toolchain
from sandbox.toolchain import MINIMUM, NoPulumi, PulumiCli, PulumiRequiredError, find_pulumi

GOOD = "v3.300.0"


def script(version: str) -> bytes:
    """A Pulumi CLI that knows its version."""
    return f"#!/bin/sh\necho {version}\n".encode()


def put(path: Path, version: str) -> Path:
    """Put a CLI somewhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(script(version))
    path.chmod(0o755)
    return path


def pack(path: Path, version: str, name: str = "pulumi/pulumi") -> Path:
    """Make an archive in the layout of the official ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as tar:
        for member in (name, "pulumi/pulumi-language-python"):
            entry = tarfile.TarInfo(member)
            content = script(version)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return path


def archive_name(version: str) -> str:
    return f"pulumi-{version}-{toolchain._platform()}.tar.gz"  # noqa: SLF001 (the name is the contract)  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose download failed a moment ago, so that none is tried."""
    checkout = tmp_path / "checkout"
    (checkout / ".tools").mkdir(parents=True)
    (checkout / ".tools" / "pulumi.download-failed").touch()
    return checkout


def search(checkout: Path, **environ: str) -> PulumiCli | NoPulumi:
    return find_pulumi({"PATH": str(checkout / "path"), **environ}, checkout)


def installed(checkout: Path) -> Path:
    return checkout / ".tools" / "pulumi" / "bin" / "pulumi"


def beside(checkout: Path, version: str) -> Path:
    """The place of an archive beside the checkout."""
    return checkout.parent / "shared" / "toolchain" / archive_name(version)


def test_the_one_on_path_comes_first(checkout: Path) -> None:
    on_path = put(checkout / "path" / "pulumi", GOOD)
    put(installed(checkout), "v3.301.0")
    pack(beside(checkout, "v3.302.0"), "v3.302.0")

    assert search(checkout) == PulumiCli(on_path, (3, 300, 0), "on PATH")


def test_then_the_one_that_was_installed_before(checkout: Path) -> None:
    put(installed(checkout), "v3.301.0")
    pack(beside(checkout, "v3.302.0"), "v3.302.0")

    assert search(checkout) == PulumiCli(installed(checkout), (3, 301, 0), "installed before")


def test_then_the_archive_that_is_named(checkout: Path, tmp_path: Path) -> None:
    named = pack(tmp_path / "other.tar.gz", "v3.303.0")
    pack(beside(checkout, "v3.302.0"), "v3.302.0")

    found = search(checkout, PULUMI_ARCHIVE=str(named))

    assert found == PulumiCli(installed(checkout), (3, 303, 0), f"unpacked from {named}")
    assert (installed(checkout).parent / "pulumi-language-python").exists()


def test_then_the_newest_archive_beside_the_checkout(checkout: Path) -> None:
    pack(beside(checkout, "v3.99.0"), "v3.99.0")
    newest = pack(beside(checkout, "v3.302.0"), "v3.302.0")
    pack(beside(checkout, "v3.302.0").with_name("pulumi-v3.400.0-plan9-x64.tar.gz"), "v3.400.0")

    found = search(checkout)

    assert found == PulumiCli(installed(checkout), (3, 302, 0), f"unpacked from {newest}")
    assert search(checkout) == PulumiCli(installed(checkout), (3, 302, 0), "installed before")


def test_nothing_but_the_installation_stays(checkout: Path) -> None:
    pack(beside(checkout, GOOD), GOOD)

    search(checkout)

    left = sorted(path.name for path in (checkout / ".tools").iterdir())
    assert left == ["pulumi", "pulumi.download-failed", "pulumi.lock"]


@pytest.mark.parametrize("version", ["v3.229.9", "v2.0.0", "dev"])
def test_what_is_too_old_is_passed_over_and_named(checkout: Path, version: str) -> None:
    old = put(checkout / "path" / "pulumi", version)
    found = search(checkout)

    assert isinstance(found, NoPulumi)
    assert f"{old} has version {version!r}, {'.'.join(map(str, MINIMUM))} is needed" in found.reason

    pack(beside(checkout, GOOD), GOOD)
    assert isinstance(search(checkout), PulumiCli)


def test_an_old_installation_is_replaced(checkout: Path) -> None:
    put(installed(checkout), "v3.100.0")
    pack(beside(checkout, GOOD), GOOD)

    found = search(checkout)

    assert isinstance(found, PulumiCli)
    assert found.version == (3, 300, 0)


def test_what_does_not_run_is_passed_over(checkout: Path) -> None:
    broken = put(installed(checkout), GOOD)
    broken.write_text("#!/bin/sh\nexit 3\n")

    found = search(checkout)

    assert isinstance(found, NoPulumi)
    assert f"{broken} does not run" in found.reason


def test_without_any_the_reason_is_one_line_of_what_was_tried(checkout: Path) -> None:
    found = search(checkout)

    assert found == NoPulumi(
        "none on PATH; none in .tools/pulumi; "
        f"no archive ../shared/toolchain/pulumi-v*-{archive_name('x')[9:]}; "
        "the download failed less than 60 minutes ago"
    )
    assert str(found).startswith("no Pulumi CLI: none on PATH; ")


def test_a_named_archive_that_is_missing_is_told(checkout: Path) -> None:
    pack(beside(checkout, GOOD), GOOD)

    found = search(checkout, PULUMI_ARCHIVE="/none.tar.gz")

    assert isinstance(found, NoPulumi)
    assert "PULUMI_ARCHIVE names no file: /none.tar.gz" in found.reason


@pytest.mark.parametrize("content", [b"not an archive", b""])
def test_a_broken_archive_is_told(checkout: Path, content: bytes) -> None:
    archive = beside(checkout, GOOD)
    archive.parent.mkdir(parents=True)
    archive.write_bytes(content)

    found = search(checkout)

    assert isinstance(found, NoPulumi)
    assert f"archive {archive} cannot be unpacked" in found.reason
    assert not installed(checkout).exists()


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil-pulumi", "pulumi/../../evil"])  # noqa: S108 (a path that must not be written)
def test_an_archive_writes_nothing_outside_its_place(
    checkout: Path, name: str, tmp_path: Path
) -> None:
    pack(beside(checkout, GOOD), GOOD, name)

    found = search(checkout)

    assert isinstance(found, NoPulumi)
    assert not list(tmp_path.rglob("evil*"))
    assert not Path("/tmp/evil-pulumi").exists()  # noqa: S108 (as above)


def test_an_archive_without_the_cli_is_told(checkout: Path) -> None:
    pack(beside(checkout, GOOD), GOOD, "pulumi/other")

    found = search(checkout)

    assert isinstance(found, NoPulumi)
    assert "none in .tools/pulumi" in found.reason


def test_a_missing_cli_can_be_made_an_error(checkout: Path) -> None:
    with pytest.raises(PulumiRequiredError, match=r"none on PATH;.*\(REQUIRE_PULUMI=1"):
        search(checkout, REQUIRE_PULUMI="1")
    put(installed(checkout), GOOD)
    assert isinstance(search(checkout, REQUIRE_PULUMI="1"), PulumiCli)


def test_a_checkout_that_cannot_be_written_is_told(checkout: Path) -> None:
    (checkout / ".tools" / "pulumi.download-failed").unlink()
    (checkout / ".tools").rmdir()
    (checkout / ".tools").write_text("a file where the folder should be")

    found = search(checkout)

    assert isinstance(found, NoPulumi)
    assert "cannot be written" in found.reason


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A download that installs a CLI where the installer is told to."""
    monkeypatch.setattr(
        toolchain,
        "_INSTALL",
        "import sys, pathlib; path = pathlib.Path(sys.argv[1], 'bin', 'pulumi');"
        "path.parent.mkdir(parents=True);"
        f"path.write_bytes({script(GOOD)!r}); path.chmod(0o755)",
    )
    return monkeypatch


@pytest.mark.usefixtures("installer")
def test_the_download_comes_last(checkout: Path) -> None:
    (checkout / ".tools" / "pulumi.download-failed").unlink()

    assert search(checkout) == PulumiCli(installed(checkout), (3, 300, 0), "downloaded")


@pytest.mark.usefixtures("installer")
def test_a_download_that_failed_is_tried_again_after_an_hour(checkout: Path) -> None:
    failed = checkout / ".tools" / "pulumi.download-failed"
    assert isinstance(search(checkout), NoPulumi)

    long_ago = time.time() - 3_601
    os.utime(failed, (long_ago, long_ago))

    assert isinstance(search(checkout), PulumiCli)
    assert not failed.exists()


def test_a_download_that_fails_is_told_and_remembered(
    checkout: Path, installer: pytest.MonkeyPatch
) -> None:
    (checkout / ".tools" / "pulumi.download-failed").unlink()
    installer.setattr(toolchain, "_INSTALL", "raise SystemExit(4)")

    first, second = search(checkout), search(checkout)

    assert isinstance(first, NoPulumi)
    assert isinstance(second, NoPulumi)
    assert first.reason.endswith("the download failed (exit code 4)")
    assert second.reason.endswith("the download failed less than 60 minutes ago")


def test_a_download_that_hangs_is_stopped(
    checkout: Path, installer: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (checkout / ".tools" / "pulumi.download-failed").unlink()
    child = tmp_path / "child"
    installer.setattr(toolchain, "_DOWNLOAD_TIMEOUT", 1.5)
    installer.setattr(
        toolchain,
        "_INSTALL",
        "import pathlib, subprocess, sys;"
        "process = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"pathlib.Path({str(child)!r}).write_text(str(process.pid)); process.wait()",
    )

    found = search(checkout)

    assert isinstance(found, NoPulumi)
    assert "took more than 1.5 s" in found.reason
    time.sleep(0.1)
    # A process that was killed may wait for init to reap it; it runs no more.
    state = Path("/proc", child.read_text(), "stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.usefixtures("installer")
def test_what_takes_longer_than_a_moment_is_told_once(checkout: Path) -> None:
    (checkout / ".tools" / "pulumi.download-failed").unlink()
    told: list[str] = []

    for _ in range(2):
        toolchain.find_pulumi({"PATH": ""}, checkout, told.append)

    assert told == ["downloading the Pulumi CLI, once, for at most 60 s"]


def test_an_archive_is_told_before_it_is_unpacked(checkout: Path) -> None:
    archive = pack(beside(checkout, GOOD), GOOD)
    told: list[str] = []

    toolchain.find_pulumi({"PATH": ""}, checkout, told.append)

    assert told == [f"unpacking the Pulumi CLI from {archive}, once"]


def _search_in_a_process(checkout: Path) -> tuple[int, int, int]:
    found = search(checkout)
    assert isinstance(found, PulumiCli)
    return found.version


def test_several_processes_may_search_at_once(checkout: Path) -> None:
    pack(beside(checkout, GOOD), GOOD)

    with multiprocessing.get_context("spawn").Pool(4) as pool:
        versions = pool.map(_search_in_a_process, [checkout] * 8)

    assert versions == [(3, 300, 0)] * 8
    left = sorted(path.name for path in (checkout / ".tools").iterdir())
    assert left == ["pulumi", "pulumi.download-failed", "pulumi.lock"]
