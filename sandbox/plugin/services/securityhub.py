"""Security Hub: the hub of a region, and subscriptions to standards.

Sources: `internal/service/securityhub` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.validators import arn, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = ("ResourceNotFoundException", "InvalidAccessException")


class _Hubs(Api):
    """The hub has the account's id."""

    def make(self, call: Call) -> str:
        self.send(call, self.create, **self.request(call, self.create))
        return call.account.account_id


_HUBS: Final = _Hubs(
    service="securityhub",
    create="EnableSecurityHub",
    read="DescribeHub",
    delete="DisableSecurityHub",
    names={"arn": "HubArn"},
    # Only the provider knows what was asked for: after an import, false.
    outputs=lambda call, _: {"enableDefaultStandards": bool(call.value("enableDefaultStandards"))},
    gone=_GONE,
)


def _configure(call: Call) -> None:
    operation = "UpdateSecurityHubConfiguration"
    _HUBS.send(call, operation, **_HUBS.request(call, operation))


ACCOUNT: Final = _HUBS.row(
    type="aws:securityhub/account:Account",
    noun="Security Hub Account",
    configure=_configure,
    defaults={"autoEnableControls": True, "enableDefaultStandards": True},
    replace={"enableDefaultStandards"},
    validate={"controlFindingGenerator": (one_of("SECURITY_CONTROL", "STANDARD_CONTROL"),)},
)


class _Subscriptions(Api):
    """Standards are subscribed to, and left, in batches of one."""

    def make(self, call: Call) -> str:
        request = {"StandardsSubscriptionRequests": [{"StandardsArn": call.inputs["standardsArn"]}]}
        [made] = self.send(call, self.create, **request)["StandardsSubscriptions"]
        status = made["StandardsStatus"]
        if status not in ("PENDING", "READY", "INCOMPLETE"):
            raise ResourceError(f"unexpected state '{status}', wanted target 'READY'")
        return str(made["StandardsSubscriptionArn"])

    def where(self, call: Call, operation: str) -> Properties:  # noqa: ARG002 - of Api
        return {"StandardsSubscriptionArns": [call.id]}


STANDARDS_SUBSCRIPTION: Final = _Subscriptions(
    service="securityhub",
    create="BatchEnableStandards",
    read="GetEnabledStandards",
    delete="BatchDisableStandards",
    answer="StandardsSubscriptions[?StandardsStatus != 'FAILED']",
    gone=_GONE,
).row(
    type="aws:securityhub/standardsSubscription:StandardsSubscription",
    noun="Security Hub Standards Subscription",
    label="standardsArn",
    replace={"standardsArn"},
    validate={"standardsArn": (arn,)},
)
