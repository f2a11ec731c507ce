"""Whether a filter pattern can be read, and which events it matches: pure functions.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import ge, gt, le, lt
from typing import Any, Final, cast

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
_ABSENT: Final = object()
_IS: Final[Mapping[str, object]] = {"TRUE": True, "FALSE": False, "NULL": None}
_NUMBERS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}

_Test = Callable[[Any], bool]


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
            _read(text)
        else:
            _check_terms(text)
    except _UnreadableError as error:
        return str(error)
    return ""


def matches(pattern: str, event: Mapping[str, Any]) -> bool:
    """Whether the pattern of JSON events, ``{ ... }``, matches an event.

    A comparison with what is absent never holds, that by ``!=`` included.

    Raises:
        ValueError: the pattern cannot be read.
    """
    try:
        return _read(pattern.strip())(event)
    except _UnreadableError as error:
        raise ValueError(f"{pattern!r}: {error}") from None


@cache
def _read(text: str) -> _Test:
    """The test that a ``{ expression }`` is; each is read once, and tried with many events.

    Raises:
        _UnreadableError: it is none.
    """
    if not text.endswith("}"):
        raise _UnreadableError("the closing } is missing")
    return _Expression(_tokens(text[1:-1].strip())).whole()


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

    def whole(self) -> _Test:
        """The test that all of it is.

        Raises:
            _UnreadableError: it is none.
        """
        test = self._any()
        if self.position < len(self.tokens):
            raise _UnreadableError(f"{self._peek()[1]!r} is not expected where it stands")
        return test

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "the end")

    def _take(self, *kinds: str) -> str:
        kind, text = self._peek()
        if kind not in kinds:
            raise _UnreadableError(f"expected a {' or '.join(kinds)}, got {text!r}")
        self.position += 1
        return text

    def _any(self) -> _Test:
        """Terms that are joined by ||, which binds less than &&."""
        tests = [self._all()]
        while self._peek() == ("logic", "||"):
            self._take("logic")
            tests.append(self._all())
        return lambda event: any(test(event) for test in tests)

    def _all(self) -> _Test:
        """Terms that are joined by &&."""
        tests = [self._term()]
        while self._peek() == ("logic", "&&"):
            self._take("logic")
            tests.append(self._term())
        return lambda event: all(test(event) for test in tests)

    def _term(self) -> _Test:
        if self._peek()[0] == "open":
            self._take("open")
            test = self._any()
            self._take("close")
            return test
        selector = self._take("selector")
        if self._peek()[0] == "comparison":
            test = self._compared(self._take("comparison"))
        else:
            test = self._stated(self._take("comparison", "value"))
        return lambda event: any(test(value) for value in _selected(selector, event))

    def _compared(self, operator: str) -> _Test:
        value = self._take("value")
        if operator in _NUMBERS:
            if _NUMBER.fullmatch(value) is None:
                raise _UnreadableError(f"{operator} compares numbers, and {value} is none")
            holds, number = _NUMBERS[operator], float(value)
            return lambda found: isinstance(found, (int, float)) and holds(found, number)
        is_equal = _equality(value)
        if operator == "=":
            return is_equal
        return lambda found: found is not _ABSENT and not is_equal(found)

    def _stated(self, word: str) -> _Test:
        """``IS TRUE``, ``IS FALSE``, ``IS NULL`` or ``NOT EXISTS``."""
        allowed = {"IS": tuple(_IS), "NOT": ("EXISTS",)}.get(word.upper(), ())
        stated = self._take("value").upper()
        if stated not in allowed:
            raise _UnreadableError(f"after a selector and {word}, one of {allowed} is expected")
        wanted = _IS.get(stated, _ABSENT)
        return lambda found: found is wanted


def _equality(value: str) -> _Test:
    """The test for being a value: a text, in which ``*`` stands for others, or a number."""
    if value.startswith("%"):
        expression = re.compile(value.strip("%"))
        return lambda found: isinstance(found, str) and expression.search(found) is not None
    text = value.strip('"')
    wildcard = re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)
    return lambda found: (
        isinstance(found, (str, int, float)) and bool(wildcard.fullmatch(str(found)))
    )


def _selected(selector: str, event: object) -> list[Any]:
    """What a selector such as ``$.resources[0].ARN`` stands for; of ``[*]``, each."""
    found: list[Any] = [event]
    for step in re.findall(r"\.([\w-]+)|\[(\d+|\*)\]", selector):
        found = [inner for value in found for inner in _step(value, *step)]
    return found


def _step(value: object, name: str, index: str) -> list[Any]:
    if name:
        members = cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
        return [members.get(name, _ABSENT)]
    items = cast("list[Any]", value) if isinstance(value, list) else []
    if index == "*":
        return items or [_ABSENT]
    return items[int(index) : int(index) + 1] or [_ABSENT]


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
