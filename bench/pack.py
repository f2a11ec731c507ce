"""What the policy pack costs, beside no pack, a pack of one no-op policy and a bare gRPC server.

``python bench/pack.py``: previews with the real engine in a sandbox, in turn within each round, and
the stack rules over stacks that grow. All figures are CPU seconds: of a preview, those of every
process that it starts. Prints medians, and what each may cost at most; the exit code is 1 where
something costs more. The bare server reads and answers nothing: no pack in Python costs less.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import track

CHECKOUT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from cpu import process_seconds, tree_seconds  # noqa: E402
from workloads import (  # noqa: E402
    BUCKETS,
    TRAILS,
    stack_of,
    write_bare_pack,
    write_no_op_pack,
    write_project,
)

from sandbox.engine.found import NoPulumi  # noqa: E402
from sandbox.policy_pack.process import PolicyPackProcess  # noqa: E402 - the checkout is on the path now
from sandbox.session import Sandbox  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PACK: Final = CHECKOUT / "policypack"
STACK_SIZES: Final = (500, 1000, 2500, 5000)
STACK_SECONDS: Final = 1.0
# Ten times the resources in ten times the time, and half of that again for what is fixed or noise.
LINEAR_FACTOR: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A program, previewed without a pack, with the no-op pack and with ours.

    Attributes:
        title: What it is.
        program: Its source.
        most: What ours may add at most, in multiples of what the no-op pack adds.
    """

    title: str
    program: str
    most: float


def main() -> None:
    """Run everything, and exit with 1 where something costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--buckets", type=int, default=1000)
    parser.add_argument("--trails", type=int, default=50)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("argument --rounds: must be at least 1")
    comparisons = [
        Comparison(title="an empty program", program="", most=0.8),
        Comparison(
            title=f"{options.buckets} buckets",
            program=BUCKETS.format(count=options.buckets),
            most=1.0,
        ),
        Comparison(
            title=f"{options.trails} trails, {options.trails * 12} resources",
            program=TRAILS.format(count=options.trails),
            most=1.5,
        ),
    ]
    kept = [_stack_rules(options.rounds)]
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
        if isinstance(sandbox.pulumi, NoPulumi):
            sys.exit(str(sandbox.pulumi))
        for number, comparison in enumerate(comparisons):
            place = Path(directory) / f"bench-{number}"
            place.mkdir()
            kept.append(_previews(comparison, place, sandbox.environment, options.rounds))
    sys.exit(0 if all(kept) else 1)


def _previews(
    comparison: Comparison, directory: Path, environment: Mapping[str, str], rounds: int
) -> bool:
    project = write_project(directory / f"{directory.name}-program", comparison.program)
    tree_seconds(["pulumi", "stack", "init", "dev"], project, environment)
    preview = ["pulumi", "preview", "--non-interactive", "--stack", "dev"]
    variants = {
        "no pack": preview,
        "no-op pack": [*preview, "--policy-pack", str(write_no_op_pack(directory / "no-op"))],
        "bare server": [*preview, "--policy-pack", str(write_bare_pack(directory / "bare", PACK))],
        "this pack": [*preview, "--policy-pack", str(PACK)],
    }
    seconds = _interleaved(variants, project, environment, rounds)
    print(f"\npreview of {comparison.title}, CPU of all processes, median of {rounds}")
    for name, times in seconds.items():
        spread = f"{min(times):.2f} to {max(times):.2f}"
        print(f"  {name:<11} {statistics.median(times):7.2f} s   ({spread})")
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    added = {name: medians[name] - medians["no pack"] for name in variants}
    ratio, floor = (added[name] / added["no-op pack"] for name in ("this pack", "bare server"))
    print(f"  adds {added['this pack']:.2f} s, the no-op pack {added['no-op pack']:.2f} s", end="")
    print(f": ratio {ratio:.2f} (at most {comparison.most}; the bare server {floor:.2f})")
    return ratio <= comparison.most


def _interleaved(
    variants: Mapping[str, Sequence[str]],
    project: Path,
    environment: Mapping[str, str],
    rounds: int,
) -> dict[str, list[float]]:
    """Return the CPU seconds of each variant; every round begins with another one."""
    names = list(variants)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    terminal = Console(stderr=True)
    turns = track(range(rounds), "rounds", console=terminal, disable=not terminal.is_terminal)
    for turn in turns:
        for offset in range(len(names)):
            name = names[(turn + offset) % len(names)]
            seconds[name].append(tree_seconds(variants[name], project, environment))
    return seconds


def _stack_rules(rounds: int) -> bool:
    """Return whether the stack rules are fast enough, and linear in the size of the stack."""
    stacks = {size: stack_of(size) for size in STACK_SIZES}
    seconds: dict[int, list[float]] = {size: [] for size in STACK_SIZES}
    with PolicyPackProcess(PACK) as pack:
        pack.configure()
        for _ in range(rounds):
            for size, resources in stacks.items():
                start = process_seconds(pack.process_id)
                pack.analyze_stack(resources)
                seconds[size].append(process_seconds(pack.process_id) - start)
    medians = {size: statistics.median(times) for size, times in seconds.items()}
    print(f"stack rules, CPU of the pack, median of {rounds}, the transfer of the stack included")
    for size, median in medians.items():
        print(f"  {size:5} resources {median:6.3f} s   {median / size * 1e6:5.0f} us a resource")
    first, last = STACK_SIZES[0], STACK_SIZES[-1]
    factor = medians[last] / medians[first]
    print(f"  {last} over {first}: {factor:.1f} times (at most {LINEAR_FACTOR});", end="")
    print(f" {last} in {medians[last]:.2f} s (at most {STACK_SECONDS})")
    return medians[last] <= STACK_SECONDS and factor <= LINEAR_FACTOR


if __name__ == "__main__":
    main()
