"""Organization policies that AWS has already, matched by their statements."""

from collections.abc import Sequence
from functools import cached_property

from cloudtrail_guard.policies.document import parse_document, sids_of

from adoption.clients import Clients
from adoption.planned import AdoptionError, Planned

POLICY = "aws:organizations/policy:Policy"


class OrganizationPolicies:
    """The policies of one organization."""

    def __init__(
        self, clients: Clients, planned: Sequence[Planned], named: Sequence[str] = ()
    ) -> None:
        """Look up what the stack would make.

        Args:
            clients: the management account's clients.
            planned: all that the stack would make.
            named: ids of the policies to adopt; empty: the one with most of the same statements.
        """
        self._clients = clients
        self._planned = [each for each in planned if each.type == POLICY]
        self._named = named

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The id of the policy to adopt for each planned one, by logical name.

        Raises:
            AdoptionError: more policies were named than the stack has.
        """
        if len(self._named) > len(self._planned):
            raise AdoptionError(
                f"--policy was given {len(self._named)} times, but the stack has only "
                f"{len(self._planned)} policies: the others stay as they are, so leave them out"
            )
        if self._named:
            return dict(zip((each.name for each in self._planned), self._named, strict=False))
        chosen: dict[str, str] = {}
        for each in self._planned:
            mine = each.sids("content")
            shared = {
                id_: len(mine & sids)
                for id_, sids in self._existing(str(each.inputs["type"])).items()
                if id_ not in chosen.values()
            }
            best = max(shared, key=lambda id_: shared[id_], default=None)
            if best is not None and shared[best]:
                chosen[each.name] = best
        return chosen

    def leftovers(self) -> list[str]:
        """Ids of policies that deny some of the same and stay as they are."""
        leftover: list[str] = []
        for kind in sorted({str(each.inputs["type"]) for each in self._planned}):
            planned = [each for each in self._planned if each.inputs["type"] == kind]
            mine = set[str]().union(*(each.sids("content") for each in planned))
            leftover += [
                id_
                for id_, sids in self._existing(kind).items()
                if sids & mine and id_ not in self.chosen.values()
            ]
        return leftover

    def attachment(self, planned: Planned) -> str | None:
        """An attachment of the stack's own policy, or of a chosen one, for which it is named."""
        target, own = planned.inputs["targetId"], planned.inputs.get("policyId")
        named = [id_ for name, id_ in self.chosen.items() if planned.name == f"{name}-{target}"]
        organizations = self._clients.client("organizations")
        for policy in [str(own)] if own else named:
            pages = organizations.get_paginator("list_targets_for_policy").paginate(PolicyId=policy)
            if any(each["TargetId"] == target for page in pages for each in page["Targets"]):
                return f"{target}:{policy}"
        return None

    def administrator(self, planned: Planned) -> str | None:
        """The account, if it is CloudTrail's delegated administrator already."""
        account = str(planned.inputs["accountId"])
        pages = (
            self._clients.client("organizations")
            .get_paginator("list_delegated_administrators")
            .paginate(ServicePrincipal="cloudtrail.amazonaws.com")
        )
        known = {each["Id"] for page in pages for each in page["DelegatedAdministrators"]}
        return account if account in known else None

    def service_access(self, planned: Planned) -> str | None:
        """The service principal that has trusted access already."""
        principal = str(planned.inputs["servicePrincipal"])
        pages = (
            self._clients.client("organizations")
            .get_paginator("list_aws_service_access_for_organization")
            .paginate()
        )
        trusted = {
            each["ServicePrincipal"] for page in pages for each in page["EnabledServicePrincipals"]
        }
        return principal if principal in trusted else None

    def _existing(self, kind: str) -> dict[str, set[str]]:
        """The Sids of the organization's own policies of a type, by id."""
        organizations = self._clients.client("organizations")
        pages = organizations.get_paginator("list_policies").paginate(Filter=kind)
        ids = [p["Id"] for page in pages for p in page["Policies"] if not p["AwsManaged"]]
        contents = {
            id_: organizations.describe_policy(PolicyId=id_)["Policy"]["Content"] for id_ in ids
        }
        return {
            id_: set(sids_of(parse_document(content, f"policy {id_}")))
            for id_, content in contents.items()
        }
