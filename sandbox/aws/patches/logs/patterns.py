"""Whether a filter pattern can be read: a pure function of its text.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<comparison>!=|<=|>=|=|<|>)
      | (?P<logic>&&|\|\|)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<selector>\$(?:\.[\w*-]+|\[(?:\d+|\*)\])+)
      | (?P<value>"(?:[^"\\]|\\.)*"|%[^%]+%|[^\s()=!<>&|"%$]+)
    )""",
    re.VERBOSE,
)
_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_IS: Final = ("TRUE", "FALSE", "NULL")


class _UnreadableError(Exception):
    """A pattern does not follow the syntax."""


def problem(pattern: str) -> str:
    """What is wrong with a filter pattern; empty if nothing is.

    Patterns of JSON events (``{ ... }``) are parsed; of the others, only quotes and brackets are
    looked at.
    """
    text = pattern.strip()
    try:
        if text.startswith("{"):
            _Expression.parse(text)
        else:
            _check_terms(text)
    except _UnreadableError as error:
        return str(error)
    return ""


def _check_terms(text: str) -> None:
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    if '"' in bare:
        raise _UnreadableError('a quote (") is left open')
    if bare.startswith("[") != bare.endswith("]"):
        raise _UnreadableError("a bracket is left open")


@dataclass
class _Expression:
    """The tokens of an expression, and how far it was read."""

    tokens: list[tuple[str, str]]
    position: int = 0

    @classmethod
    def parse(cls, text: str) -> None:
        """Read a whole ``{ expression }``.

        Raises:
            _UnreadableError: it is none.
        """
        if not text.endswith("}"):
            raise _UnreadableError("the closing } is missing")
        expression = cls(_tokens(text[1:-1].strip()))
        expression._any()
        if expression.position < len(expression.tokens):
            raise _UnreadableError(f"{expression._peek()[1]!r} is not expected where it stands")

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "the end")

    def _take(self, *kinds: str) -> str:
        kind, text = self._peek()
        if kind not in kinds:
            raise _UnreadableError(f"expected a {' or '.join(kinds)}, got {text!r}")
        self.position += 1
        return text

    def _any(self) -> None:
        """Terms that are joined by && and ||."""
        self._term()
        while self._peek()[0] == "logic":
            self._take("logic")
            self._term()

    def _term(self) -> None:
        if self._peek()[0] == "open":
            self._take("open")
            self._any()
            self._take("close")
            return
        self._take("selector")
        if self._peek()[0] == "comparison":
            self._compared(self._take("comparison"))
        else:
            self._stated(self._take("comparison", "value"))

    def _compared(self, operator: str) -> None:
        value = self._take("value")
        if operator not in ("=", "!=") and _NUMBER.fullmatch(value) is None:
            raise _UnreadableError(f"{operator} compares numbers, and {value} is none")

    def _stated(self, word: str) -> None:
        """``IS TRUE``, ``IS FALSE``, ``IS NULL`` or ``NOT EXISTS``."""
        allowed = {"IS": _IS, "NOT": ("EXISTS",)}.get(word.upper(), ())
        if self._take("value").upper() not in allowed:
            raise _UnreadableError(f"after a selector and {word}, one of {allowed} is expected")


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _UnreadableError(f"{text[position:].strip()[:20]!r} cannot be read")
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        position = match.end()
    return found
