"""Users and groups: when they can go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.patches.iam.store import backend, conflict
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Call


@patch(
    "iam",
    "DeleteUser",
    "moto deletes users with access keys, a password, MFA devices, or in groups",
    limit="certificates, SSH keys and credentials of services do not hold a user back",
)
def delete_user(call: Call) -> None:
    """Refuse to delete a user that still has what AWS wants gone first."""
    found = backend(call)
    user = found.get_user(call.text("UserName"))
    held = {
        "remove user from all groups": found.get_groups_for_user(user.name),
        "delete access keys": user.access_keys,
        "delete login profile": user.password,
        "delete MFA device": user.mfa_devices,
    }
    for what, kept in held.items():
        if kept:
            raise conflict(f"Cannot delete entity, must {what} first.")


@patch("iam", "DeleteGroup", "moto deletes groups with policies and members")
def delete_group(call: Call) -> None:
    """Refuse to delete a group that is in use."""
    group = backend(call).get_group(call.text("GroupName"))
    held = {
        "remove users from group": group.users,
        "detach all policies": group.managed_policies,
        "delete policies": group.policies,
    }
    for what, kept in held.items():
        if kept:
            raise conflict(f"Cannot delete entity, must {what} first.")
