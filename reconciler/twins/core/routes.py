"""Which operation a path and a method name. A table of data; the twins hang their own words on its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation. `path` stands below the base path; `{name}` takes one segment.

    `safe` marks a read that is sent with a writing method.
    """

    method: str
    path: str
    safe: bool = False

    @property
    def write(self) -> bool:
        return self.method not in READ_METHODS and not self.safe


R = TypeVar("R", bound=Route)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """A route, and the values of its `{names}`."""

    route: R
    ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The path is known, but not with this method."""

    path: str
    allowed: tuple[str, ...]


class Routes(Generic[R]):
    """The routes of one API. Of two for one method and path the first wins, so served ones come before the rest.

    `any_case` names first segments below which literal segments match whatever their case.
    """

    def __init__(self, routes: Iterable[R], any_case: Iterable[str] = ()) -> None:
        self._any_case = frozenset(any_case)
        self._by_pattern: dict[tuple[str, ...], dict[str, R]] = {}
        for route in routes:
            self._by_pattern.setdefault(_pattern(route.path), {}).setdefault(route.method, route)
        self._by_length: dict[int, list[tuple[str, ...]]] = {}
        for pattern in sorted(self._by_pattern, key=lambda pattern: pattern.count(HOLE)):
            self._by_length.setdefault(len(pattern), []).append(pattern)

    def find(self, method: str, segments: tuple[str, ...]) -> Found[R] | WrongMethod | None:
        """The route for decoded path segments; None for an unknown path. Literal segments win over `{names}`."""
        others: dict[str, R] = {}
        for pattern in self._by_length.get(len(segments), ()):
            if not self._matches(pattern, segments):
                continue
            methods = self._by_pattern[pattern]
            if (route := methods.get(method)) is not None:
                return Found(route, _ids(route.path, segments))
            others = {**methods, **others}
        return WrongMethod(next(iter(others.values())).path, tuple(others)) if others else None

    def _matches(self, pattern: tuple[str, ...], segments: tuple[str, ...]) -> bool:
        fold = segments[0].lower() in self._any_case
        return all(
            segment != "" if part == HOLE else part == (segment.lower() if fold else segment)
            for part, segment in zip(pattern, segments, strict=True)
        )


HOLE = "{}"


def _parts(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _pattern(path: str) -> tuple[str, ...]:
    return tuple(HOLE if part.startswith("{") else part for part in _parts(path))


def _ids(path: str, segments: tuple[str, ...]) -> dict[str, str]:
    pairs = zip(_parts(path), segments, strict=True)
    return {part[1:-1]: segment for part, segment in pairs if part.startswith("{")}
