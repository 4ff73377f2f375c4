"""What goes in and out of a twin: a request as it came, an answer as it goes, and a refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias
from urllib.parse import parse_qsl, unquote

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"
JsonObject: TypeAlias = Mapping[str, Json]


class NotJson(ValueError):
    """The body is no JSON text (empty, broken, not UTF-8, too deep, or with `NaN`)."""


class Refused(Exception):
    """The twin says no, as the API would: a status and its text. Nothing has been changed."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {text}")
        self.status = status
        self.text = text
        self.headers: Mapping[str, str] = headers or {}


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `path` is percent-encoded as sent, with the base path; header names are lower-case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def segments(self, base_path: str) -> tuple[str, ...] | None:
        """The decoded path segments below `base_path`, or None if the path does not stand below it.

        Decoded one by one, so that a slash within a name (`%2F`) stays within its segment.
        """
        if not self.path.startswith(base_path + "/"):
            return None
        return tuple(unquote(part) for part in self.path[len(base_path) + 1 :].split("/"))

    def parameters(self) -> list[tuple[str, str]]:
        """The query's names and values, decoded, in the order sent."""
        return parse_qsl(self.query, keep_blank_values=True)

    def parameter(self, name: str) -> str | None:
        """The first value of one query parameter, or None."""
        return next((value for key, value in self.parameters() if key == name), None)

    def json(self) -> Json:
        """The body as JSON. Raises NotJson."""
        try:
            value: Json = json.loads(self.body.decode(), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise NotJson(str(error)) from None
        return value


def _no_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not JSON")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. A body of None is no body at all (204). `content` is sent as it is instead of the body, under
    the `content-type` among the headers.
    """

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def encode(value: Json) -> bytes:
    """JSON as the APIs write it: compact, UTF-8; `\\uXXXX` only where half a surrogate pair leaves no choice."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def doubled(body: Json) -> Json:
    """Every list of objects in the body with each of them twice, on the first level that has any."""
    if isinstance(body, list):
        return [one for one in body for _ in range(2)] if _objects(body) else body
    if not isinstance(body, Mapping):
        return body
    if any(_objects(value) for value in body.values()):
        return {name: doubled(value) if isinstance(value, list) else value for name, value in body.items()}
    return {name: doubled(value) if isinstance(value, Mapping) else value for name, value in body.items()}


def _objects(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)
