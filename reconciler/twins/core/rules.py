"""Which requests a fault or a hook is for: by method and path, and by its number among those."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`method` is a regular expression for the whole method, `path` one found anywhere in the encoded path below
    the base path; empty means any.

    The rule counts the requests it matches (with `writes` only the writing ones, with `reads` only the others)
    from the moment it is given to the twin, and holds from the `nth` on until it was used `times` times, or for
    ever with None.
    Raises ValueError for a regular expression that is none.
    """

    method: str = ""
    path: str = ""
    nth: int = 1
    times: int | None = 1
    writes: bool = False
    reads: bool = False

    def __post_init__(self) -> None:
        for pattern in (self.method, self.path):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from None

    def matches(self, method: str, path: str, *, write: bool) -> bool:
        """Is this request one of those that the rule counts?"""
        if (self.writes and not write) or (self.reads and write):
            return False
        if self.method and not re.fullmatch(self.method, method):
            return False
        return re.search(self.path, path) is not None


@dataclass(slots=True)
class Counted:
    """A rule at work: how many requests it has matched, and for how many of those it was used."""

    rule: Rule
    seen: int = 0
    used: int = 0

    def count(self, method: str, path: str, *, write: bool) -> bool:
        """Count this request if it matches; True where the rule holds for it and is not used up."""
        if not self.rule.matches(method, path, write=write):
            return False
        self.seen += 1
        return self._holds(self.seen)

    def next(self, method: str, path: str, *, write: bool) -> bool:
        """Whether the rule would hold for this request, which is not counted."""
        return self.rule.matches(method, path, write=write) and self._holds(self.seen + 1)

    def _holds(self, n: int) -> bool:
        return n >= self.rule.nth and (self.rule.times is None or self.used < self.rule.times)
