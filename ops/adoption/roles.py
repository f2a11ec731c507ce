"""Roles and their policies that AWS has already."""

import json
from collections.abc import Sequence

from adoption.clients import Clients, ask
from adoption.planned import AdoptionError, Planned

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


class Roles:
    """The roles of one account."""

    def __init__(self, clients: Clients, planned: Sequence[Planned]) -> None:
        """Look up what the stack would make.

        Args:
            clients: the account's clients.
            planned: all that the stack would make.
        """
        self._clients = clients
        self._roles = {each.urn: each for each in planned if each.type == ROLE}

    def role(self, planned: Planned) -> str | None:
        """The role of the planned name; if Pulumi chooses that, the one that is just like it.

        Raises:
            AdoptionError: several are.
        """
        name = str(planned.inputs.get("name", ""))
        if "name" in planned.inputs.get("__defaults", ()):
            return self._unanswered(planned)
        return name if name and ask(self._clients.client("iam").get_role, RoleName=name) else None

    def policy(self, planned: Planned) -> str | None:
        """The role's only inline policy: the stack gives it no name that could be looked up."""
        own = [self._roles[urn] for urn in planned.uses if urn in self._roles]
        role = self.role(own[0]) if own else planned.inputs.get("role")
        listed = role and ask(self._clients.client("iam").list_role_policies, RoleName=str(role))
        policies = listed["PolicyNames"] if listed else []
        return f"{role}:{policies[0]}" if len(policies) == 1 else None

    def _unanswered(self, planned: Planned) -> str | None:
        """A role with the beginning of the name, the description and the trust policy.

        The next `pulumi up` would make another one, under another name.
        """
        trust = planned.inputs.get("assumeRolePolicy")
        if not isinstance(trust, str):  # not known yet
            return None
        wanted = json.loads(trust), planned.inputs.get("description", "")
        found = [
            str(role["RoleName"])
            for page in self._clients.client("iam").get_paginator("list_roles").paginate()
            for role in page["Roles"]
            if role["RoleName"].startswith(f"{planned.name}-")
            and wanted == (role["AssumeRolePolicyDocument"], role.get("Description", ""))
        ]
        if len(found) > 1:
            raise AdoptionError(
                f"the roles {' and '.join(sorted(found))} are alike, and the stack would make one: "
                "delete those that nothing uses, and try again"
            )
        return found[0] if found else None
