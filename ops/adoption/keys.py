"""Keys and aliases that AWS has already."""

from collections.abc import Callable, Sequence

from adoption.buckets import ENCRYPTION
from adoption.clients import Clients, ask
from adoption.planned import Planned

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"


class Keys:
    """The KMS keys of one account."""

    def __init__(
        self,
        clients: Clients,
        planned: Sequence[Planned],
        key_of: Callable[[Planned], str | None],
    ) -> None:
        """Look up what the stack would make.

        Args:
            clients: the account's clients.
            planned: all that the stack would make.
            key_of: the key that a bucket encrypts with, by its planned encryption.
        """
        self._clients = clients
        self._planned = planned
        self._key_of = key_of

    def key(self, planned: Planned) -> str | None:
        """The key that the bucket is encrypted with, or the alias points at, of those that use it.

        The stack's other keys, of the alerts for one, have nothing that is there already.
        """
        users = [each for each in self._planned if planned.urn in each.uses]
        for each in users:
            if each.type == ENCRYPTION and (key := self._key_of(each)):
                return self._own(planned, key)
        for each in users:
            if each.type == ALIAS and (name := self.alias(each)):
                return self._own(planned, name)
        return None

    def alias(self, planned: Planned) -> str | None:
        """The alias's name, if the account has it in the region."""
        name = str(planned.inputs["name"])
        pages = self._clients.client("kms", planned).get_paginator("list_aliases").paginate()
        aliases = {each["AliasName"] for page in pages for each in page["Aliases"]}
        return name if name in aliases else None

    def _own(self, planned: Planned, key: str) -> str | None:
        """The id of a key, unless it is AWS's own or another account's."""
        found = ask(self._clients.client("kms", planned).describe_key, KeyId=key)
        if found is None:
            return None
        account = self._clients.caller.split(":")[4]
        metadata = found["KeyMetadata"]
        if metadata["AWSAccountId"] != account or metadata["KeyManager"] != "CUSTOMER":
            return None
        return str(metadata["KeyId"])
