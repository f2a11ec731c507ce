"""Stories in which events are counted: roles across accounts, bursts, and what is new."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.corpus.records import (
    ADDRESS,
    BREAK_GLASS,
    MEMBER,
    SECURITY,
    STRANGER,
    TIME,
    of_account,
    record,
    refused,
    service,
    session,
    user,
)
from tests.corpus.stories import (
    ANALYST,
    ROWS,
    Scenario,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tests.corpus.records import (
        Record,
    )
    from tests.corpus.stories import (
        Clock,
        Found,
    )


def roles_used_across_accounts(clock: Clock) -> Scenario:
    caller = user(MEMBER, "pipeline")
    theirs = f"arn:aws:iam::{STRANGER}:role/Vendor"
    own = f"arn:aws:iam::{MEMBER}:role/Own"
    visitor = "AROAEXAMPLESTRANGER:s9"
    stranger = of_account(STRANGER, visitor)

    def take(
        hours: float, identity: Mapping[str, Any], account: str, role: str, **more: Any
    ) -> Record:
        fields: dict[str, Any] = {"parameters": {"roleArn": role, "roleSessionName": "s"}, **more}
        return record(
            "sts",
            "AssumeRole",
            at=clock.ago(hours),
            identity=identity,
            account=account,
            **fields,
        )

    def both(hours: float, shared: str) -> list[Record]:
        """The copies of the caller's and of the role's account."""
        copy = of_account(MEMBER, caller["principalId"])
        return [
            take(hours, caller, MEMBER, ANALYST, sharedEventID=shared),
            take(hours, copy, SECURITY, ANALYST, sharedEventID=shared),
        ]

    no = refused(caller, "sts:AssumeRole", BREAK_GLASS)
    columns = (*ROWS, "from_account", "to_account", "times")
    return Scenario(
        "roles-used-across-accounts",
        [
            *both(9, "11111111-aaaa-4aaa-8aaa-111111111111"),
            *both(8, "22222222-aaaa-4aaa-8aaa-222222222222"),
            take(7, caller, MEMBER, theirs),
            take(6, stranger, SECURITY, ANALYST),
            take(5, caller, MEMBER, BREAK_GLASS, parameters=None, **no),
            take(4, caller, MEMBER, own),
            take(3, service("ec2.amazonaws.com"), MEMBER, own),
        ],
        columns,
        [
            (*role_row(clock, 8, caller["arn"], ANALYST), MEMBER, SECURITY, 2),
            (*role_row(clock, 5, caller["arn"], BREAK_GLASS, "AccessDenied"), MEMBER, SECURITY, 1),
            (
                *role_row(clock, 6, f"{STRANGER}/{visitor}", ANALYST),
                STRANGER,
                SECURITY,
                1,
            ),
            (*role_row(clock, 7, caller["arn"], theirs), MEMBER, STRANGER, 1),
        ],
    )


def role_row(clock: Clock, hours: float, who: str, role: str, outcome: str = "Success") -> Found:
    return (clock.said(hours), who, role, ADDRESS, outcome)


def bursts_of_denials(clock: Clock) -> Scenario:
    hour = clock.ago(5).replace(minute=0, second=0, microsecond=0)
    crowd, steady = f"arn:aws:iam::{MEMBER}:role/Crowd", user(MEMBER, "steady")
    probe = session(f"arn:aws:iam::{MEMBER}:role/Probe", "s")
    quiet = user(MEMBER, "quiet")

    def denied(
        at: datetime, identity: Mapping[str, Any], code: str = "AccessDenied", **more: Any
    ) -> Record:
        return record(
            "ec2", "RunInstances", at=at, identity=identity, account=MEMBER, errorCode=code, **more
        )

    def every(seconds: int, number: int) -> datetime:
        return hour + timedelta(seconds=seconds * number)

    refusal = "Client.UnauthorizedOperation"
    endpoint = {
        "code": "VpceAccessDenied",
        "vpcEndpointId": "vpce-0abc",
        "sourceIPAddress": "10.0.0.7",
        "eventType": "AwsVpceEvent",
        "category": "NetworkActivity",
    }
    return Scenario(
        "bursts-of-denials",
        [
            # One role, five sessions, half of it before the full hour and half after.
            *(
                denied(
                    every(60, n - 10), session(crowd, f"s{n % 5}"), "Client.UnauthorizedOperation"
                )
                for n in range(20)
            ),
            *(denied(every(10, n), probe, **endpoint) for n in range(21)),
            # Twenty in three hours, and nineteen in one.
            *(denied(every(540, n), steady) for n in range(20)),
            *(denied(every(60, n), quiet) for n in range(19)),
            *(denied(every(1, n), quiet, "ThrottlingException") for n in range(30)),
        ],
        (*ROWS, "denials"),
        [
            (
                f"{every(10, 19):{TIME}}",
                f"arn:aws:iam::{MEMBER}:role/Probe",
                "RunInstances",
                "10.0.0.7 through vpce-0abc",
                "VpceAccessDenied",
                21,
            ),
            (
                f"{every(60, 9):{TIME}}",
                crowd,
                "RunInstances",
                ADDRESS,
                refusal,
                20,
            ),
        ],
    )


def first_seen_principals(clock: Clock) -> Scenario:
    old, new, gone = user(MEMBER, "old"), f"arn:aws:iam::{MEMBER}:role/New", user(MEMBER, "gone")

    def call(event: str, days: int, identity: Mapping[str, Any]) -> Record:
        return record("s3", event, at=clock.ago(days=days), identity=identity, account=MEMBER)

    return Scenario(
        "first-seen-principals",
        [
            call("ListBuckets", 40, old),
            call("ListBuckets", 1, old),
            call("DeleteBucket", 3, session(new, "s1")),
            call("ListBuckets", 2, session(new, "s2")),
            call("ListBuckets", 20, gone),
            call("ListBuckets", 120, session(new, "s3")),
        ],
        (*ROWS, "in_account", "in_region", "events"),
        [
            (
                clock.said(days=3),
                new,
                "DeleteBucket",
                ADDRESS,
                "Success",
                MEMBER,
                "eu-west-1",
                2,
            )
        ],
    )


def first_seen_regions(clock: Clock) -> Scenario:
    def call(days: int, account: str, region: str) -> Record:
        return record(
            "ec2",
            "RunInstances",
            at=clock.ago(days=days),
            identity=user(account, "operator"),
            account=account,
            region=region,
        )

    return Scenario(
        "first-seen-regions",
        [
            call(40, MEMBER, "eu-west-1"),
            call(1, MEMBER, "eu-west-1"),
            call(2, MEMBER, "sa-west-1"),
            call(3, SECURITY, "eu-west-1"),
            call(1, SECURITY, "eu-west-1"),
        ],
        (*ROWS, "in_account", "in_region", "events"),
        [
            (
                clock.said(days=2),
                user(MEMBER, "operator")["arn"],
                "RunInstances",
                ADDRESS,
                "Success",
                MEMBER,
                "sa-west-1",
                1,
            ),
            (
                clock.said(days=3),
                user(SECURITY, "operator")["arn"],
                "RunInstances",
                ADDRESS,
                "Success",
                SECURITY,
                "eu-west-1",
                2,
            ),
        ],
    )
