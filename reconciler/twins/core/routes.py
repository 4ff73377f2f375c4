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
    """The routes of one API. Of two with one method and path the first wins, so served ones come before the rest.

    `any_case` names first segments below which literal segments match whatever their case.
    """

    def __init__(self, routes: Iterable[R], any_case: Iterable[str] = ()) -> None:
        self._any_case = frozenset(any_case)
        self._by_path: dict[tuple[str, ...], dict[str, R]] = {}
        for route in routes:
            self._by_path.setdefault(_parts(route.path), {}).setdefault(route.method, route)
        self._by_length: dict[int, list[tuple[str, ...]]] = {}
        for parts in sorted(self._by_path, key=_holes):
            self._by_length.setdefault(len(parts), []).append(parts)

    def find(self, method: str, segments: tuple[str, ...]) -> Found[R] | WrongMethod | None:
        """The route for a path of decoded segments; None for an unknown path. Literal segments win over `{names}`."""
        allowed: list[str] = []
        path = ""
        for parts in self._by_length.get(len(segments), ()):
            if not self._match(parts, segments):
                continue
            methods = self._by_path[parts]
            if (route := methods.get(method)) is not None:
                return Found(route, dict(_filled(parts, segments)))
            allowed.extend(methods)
            path = path or "/" + "/".join(parts)
        return WrongMethod(path, tuple(allowed)) if allowed else None

    def _match(self, parts: tuple[str, ...], segments: tuple[str, ...]) -> bool:
        fold = segments[0].lower() in self._any_case
        for part, segment in zip(parts, segments, strict=True):
            if part.startswith("{"):
                if not segment:
                    return False
            elif part != (segment.lower() if fold else segment):
                return False
        return True


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("/").split("/"))


def _holes(parts: tuple[str, ...]) -> int:
    return sum(part.startswith("{") for part in parts)


def _filled(parts: tuple[str, ...], segments: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return ((part[1:-1], segment) for part, segment in zip(parts, segments, strict=True) if part.startswith("{"))
