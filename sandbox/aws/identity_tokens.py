"""Tokens of OpenID Connect providers, as STS reads them; a signature is not checked."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.iam.models import OpenIDConnectProvider

_REQUIRED = ("iss", "sub", "aud", "exp")
# https://openid.net/specs/openid-connect-core-1_0.html#IDToken: these two may have several values.
_LISTS = ("aud", "amr")
_NO_JWT = (
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
)


@dataclass(frozen=True)
class IdentityToken:
    """What a token says.

    Attributes:
        issuer: the URL of the provider, e.g. ``https://gitlab.com``.
        subject: whom the provider vouches for.
        lists: the values of ``aud``, and of ``amr`` where the token has it.
        expires: in seconds since 1970.
    """

    issuer: str
    subject: str
    lists: Mapping[str, list[str]]
    expires: int

    @property
    def provider(self) -> str:
        """The provider's name, as its ARN and its condition keys have it: without the scheme."""
        return self.issuer.removeprefix("https://")

    @property
    def context(self) -> dict[str, str | list[str]]:
        """The condition keys of the token.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
        """
        claims = {"sub": self.subject, **self.lists}
        return {f"{self.provider}:{claim}": value for claim, value in claims.items()}

    def check(self, provider: OpenIDConnectProvider | None) -> None:
        """Refuse what the role's account does not accept.

        Args:
            provider: the account's provider of this name, if it has one.

        Raises:
            AwsError: InvalidIdentityToken or ExpiredTokenException; the messages are those that
                https://github.com/mozilla-iam/mozilla-aws-cli/issues/127,
                https://github.com/awslabs/amazon-eks-irsa-cfn/pull/18 and
                https://github.com/aws/aws-sdk-java-v2/issues/5709 quote.
        """
        if provider is None:
            raise _invalid(f"No OpenIDConnect provider found in your account for {self.issuer}")
        if not set(self.lists["aud"]) & set(provider.client_id_list):
            raise _invalid("Incorrect token audience")
        now = int(time.time())
        if self.expires <= now:
            raise AwsError(
                "ExpiredTokenException",
                f"Token expired: current date/time {now} must be before the expiration date/time "
                f"{self.expires}",
            )


def read(token: str) -> IdentityToken:
    """Read a JSON Web Token.

    Raises:
        AwsError: InvalidIdentityToken: it is none, or a claim is missing
            (https://github.com/aws/aws-sdk-ruby/issues/2698) or of another type.
    """
    claims = _claims(token)
    for claim in _REQUIRED:
        if claims.get(claim) is None:
            raise _invalid(f"Missing a required claim: {claim}")
    lists = {claim: _texts(claims[claim]) for claim in _LISTS if claim in claims}
    return IdentityToken(_url(claims["iss"]), _text(claims["sub"]), lists, _time(claims["exp"]))


def _claims(token: str) -> Mapping[str, Any]:
    """The second of a token's three parts."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise _invalid(_NO_JWT)
    return claims


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _invalid(_NO_JWT)
    return value


def _texts(value: object) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _url(value: object) -> str:
    # Errors repeat it, and not every character can be sent in XML.
    text = _text(value)
    if not text.isprintable():
        raise _invalid(_NO_JWT)
    return text


def _time(value: object) -> int:
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html:
    # "Timestamps in the token must be formatted as either an integer or a long integer".
    if not isinstance(value, int) or isinstance(value, bool):
        raise _invalid(_NO_JWT)
    return value


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidIdentityToken", message)
