"""Keys and aliases that AWS has already."""

import json
from collections.abc import Callable, Sequence
from typing import Any

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

        Else the one that AWS made for the stack without an answer getting through.
        """
        users = [each for each in self._planned if planned.urn in each.uses]
        for each in users:
            if each.type == ENCRYPTION and (key := self._key_of(each)):
                return self._own(planned, key)
        for each in users:
            if each.type == ALIAS and (name := self.alias(each)):
                return self._own(planned, name)
        return self._unanswered(planned)

    def alias(self, planned: Planned) -> str | None:
        """The alias's name, if the account has it in the region."""
        name = str(planned.inputs["name"])
        return name if name in {each["AliasName"] for each in self._aliases(planned)} else None

    def _aliases(self, planned: Planned) -> list[dict[str, str]]:
        pages = self._clients.client("kms", planned).get_paginator("list_aliases").paginate()
        return [each for page in pages for each in page["Aliases"]]

    def _unanswered(self, planned: Planned) -> str | None:
        """A key without an alias that has just the description and the policy of the planned one.

        KMS makes a key for each request: CreateKey takes no client token
        (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html), so one whose
        answer gets lost stays, and the next `pulumi up` would make another.
        """
        description, policy = (planned.inputs.get(key) for key in ("description", "policy"))
        if not description or not isinstance(policy, str):
            return None
        kms = self._clients.client("kms", planned)
        named = {each.get("TargetKeyId") for each in self._aliases(planned)}
        for page in kms.get_paginator("list_keys").paginate():
            for each in page["Keys"]:
                if each["KeyId"] in named:
                    continue
                found = kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]
                if (
                    found["KeyState"] == "Enabled"
                    and found.get("Description") == description
                    and json.loads(self._policy(kms, each["KeyId"])) == json.loads(policy)
                ):
                    return str(each["KeyId"])
        return None

    def _policy(self, kms: Any, key: str) -> str:  # noqa: ANN401 - boto3 has no types
        return str(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])

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
