"""A twin that answers otherwise than it would: readings of the reference that no profile takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from reconciler.twins import Twin
from reconciler.twins.core.values import Answer, Json, Request
from tests.world import World

Alter: TypeAlias = "Callable[[Request, Callable[[], Answer]], Answer]"
"""(request, what the twin would do with it) -> answer."""


def altered(
    w: World,
    patch: pytest.MonkeyPatch,
    alter: Alter,
    *,
    method: str = "",
    path: str = "",
    twin: Twin | None = None,
) -> None:
    """From now on every request to this twin (the CMS unless another is named) of this method whose path begins so
    is answered by `alter`."""
    asked = twin or w.cms
    usual, at = asked.perform, asked.base_path + path

    def perform(request: Request) -> Answer:
        if request.method.startswith(method) and request.path.startswith(at):
            return alter(request, lambda: usual(request))
        return usual(request)

    patch.setattr(asked, "perform", perform)


def body_of(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent; of anything else an empty one."""
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def shown_by(answer: Answer) -> Sequence[dict[str, Any]]:
    """The components on a page of the search."""
    page: Any = answer.body
    return [*page["components"]]


def showing(answer: Answer, components: Sequence[Json]) -> Answer:
    """The page with these on it, and a `total` that agrees."""
    page: Any = answer.body
    less = len(page["components"]) - len(components)
    return replace(answer, body={**page, "components": components, "total": page["total"] - less})


def refused(status: int, code: str, message: str = "No.") -> Answer:
    return Answer(status, {"code": code, "message": message, "success": False})
