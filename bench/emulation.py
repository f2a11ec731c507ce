"""What the sandbox costs: its start, its memory, and the evaluation of each request's policies.

``python bench/emulation.py [--rounds N]``: a process starts a sandbox and is answered one request;
then requests are made under service control policies, and the CPU of evaluating them is compared
with that of all that the sandbox does for them. Prints medians: CPU seconds and milliseconds, and
of the start the time too, without that in which other work had the processors. With ``--memory``,
both stacks as they are committed are deployed in the end, and it says what the sandbox's process
holds then.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from demo.working_copy import configure, working_copy

from sandbox.aws.patches import every_call
from sandbox.engine.found import NoPulumi
from sandbox.session import Sandbox

if TYPE_CHECKING:
    from sandbox.aws.call import Call

START: Final = """\
import pathlib
import time
from sandbox.session import Sandbox
with Sandbox() as sandbox:
    sandbox.session().client("sts").get_caller_identity()
    answered = time.time()
    threads = pathlib.Path("/proc/self/task").glob("*/schedstat")
    waited = sum(int(each.read_text().split()[1]) for each in threads)
    print(time.process_time(), answered, waited / 1e9)
"""
POLICIES: Final = 4
STATEMENTS: Final = 4
REQUESTS: Final = 100
"""Of each of four kinds, in a round."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("argument --rounds: must be at least 1")
    used, taken = map(
        statistics.median, zip(*(_start() for _ in range(options.rounds)), strict=True)
    )
    print(f"start to first answered request: {used:.2f} s of CPU, {taken:.2f} s of time")
    with Sandbox() as sandbox:
        print(f"memory after the start: {_megabytes():.0f} MB")
        evaluated, answered = _requests(sandbox, options.rounds)
        print(
            f"a request: {answered:.2f} ms of CPU with its client,"
            f" of which the policies {evaluated:.2f} ms"
        )
        if options.memory:
            _deploy(sandbox)
            print(f"memory after both stacks: {_megabytes():.0f} MB")


def _start() -> tuple[float, float]:
    """CPU seconds of a process until its sandbox has answered once, and seconds until then.

    Without those in which its threads could have run and other processes had the processors:
    /proc/PID/schedstat, https://docs.kernel.org/scheduler/sched-stats.html.
    """
    started = time.time()
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    used, answered, waited = map(float, done.stdout.split())
    return used, answered - started - waited


def _requests(sandbox: Sandbox, rounds: int) -> tuple[float, float]:
    """Milliseconds of CPU of a request: evaluating its policies, and all, with its client."""
    _attach_policies(sandbox)
    nanoseconds = 0

    def timed(call: Call) -> None:
        nonlocal nanoseconds
        start = time.thread_time_ns()
        check(call)
        nanoseconds += time.thread_time_ns() - start

    session = sandbox.session("workload")
    buckets, trails, callers = (session.client(each) for each in ("s3", "cloudtrail", "sts"))
    buckets.create_bucket(Bucket="bench")
    check = every_call.check
    every_call.check = timed
    evaluated: list[float] = []
    answered: list[float] = []
    # The first round reads models and policies, and does not count.
    for _ in range(rounds + 1):
        nanoseconds, start = 0, time.process_time()
        for number in range(REQUESTS):
            buckets.get_bucket_versioning(Bucket="bench")
            buckets.put_object(Bucket="bench", Key=str(number), Body=b"")
            trails.describe_trails()
            callers.get_caller_identity()
        evaluated.append(nanoseconds / 1e6 / (4 * REQUESTS))
        answered.append((time.process_time() - start) * 1e3 / (4 * REQUESTS))
    every_call.check = check
    return statistics.median(evaluated[1:]), statistics.median(answered[1:])


def _attach_policies(sandbox: Sandbox) -> None:
    """Attach service control policies of the size of the program's to the root."""
    organizations = sandbox.session().client("organizations")
    for number in range(POLICIES):
        created = organizations.create_policy(
            Name=f"bench-{number}",
            Description="bench",
            Type="SERVICE_CONTROL_POLICY",
            Content=json.dumps({"Version": "2012-10-17", "Statement": _statements(number)}),
        )
        policy = created["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy, TargetId=sandbox.organization.root_id)


def _statements(policy: int) -> list[dict[str, object]]:
    return [
        {
            "Effect": "Deny",
            "Action": [
                *(f"cloudtrail:{verb}Trail" for verb in ("Delete", "Update")),
                *("cloudtrail:StopLogging", "s3:DeleteBucket*", "s3:PutBucketPolicy"),
                *("kms:ScheduleKeyDeletion", "kms:DisableKey"),
            ],
            "Resource": [
                f"arn:aws:cloudtrail:*:111122223333:trail/Audit{policy}{number}",
                f"arn:aws:s3:::logs{policy}{number}",
                f"arn:aws:s3:::logs{policy}{number}/*",
            ],
            "Condition": {
                "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/AdminRole"}
            },
        }
        for number in range(STATEMENTS)
    ]


def _deploy(sandbox: Sandbox) -> None:
    """Deploy both stacks as they are committed."""
    if isinstance(sandbox.pulumi, NoPulumi):
        sys.exit(str(sandbox.pulumi))
    with tempfile.TemporaryDirectory() as directory:
        program = Path(directory, "program")
        program.mkdir()
        working_copy(program)
        for stack in ("security", "management"):
            configure(program, stack, {})
            for command in (("stack", "select", "--create"), ("up", "--yes", "--skip-preview")):
                done = subprocess.run(
                    ["pulumi", *command, *([] if "select" in command else ["--stack"]), stack],
                    cwd=program,
                    env=sandbox.environment,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                if done.returncode:
                    sys.exit(f"pulumi {' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _megabytes() -> float:
    """The most memory that this process, which is the sandbox, has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
