"""Projects that go by workbook, and answers of the studio's server that are others than the twin's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins.core.values import Answer, Request
from tests.contract.altered import altered
from tests.contract.bookings import booking
from tests.contract.bookings import plan as bookings
from tests.contract.homes import pod
from tests.contract.jobs import alpha, invited, job
from tests.contract.studio import JANE, team
from tests.world import World

Usual: TypeAlias = "Callable[[], Answer]"
IMPORT = "/api/projects/bulk-import"
NEW = "new.one@example.com"
GONE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
LISTS = {
    "/api/projects": alpha(),
    "/api/client-teams": team("social"),
    "/api/pods": pod("pod-c"),
    "/api/org/invitations": invited(NEW),
    "/api/resources/bookings": bookings(booking(JANE, 0)),
}
"""Path of each list -> a document that it is read for."""


def making(*numbers: str, **words: object) -> list[Document]:
    """Projects that only a workbook can make."""
    return [job(n, **{"name": f"Beta {n}", "outputs": 1, **words}) for n in numbers]


def is_commit(request: Request) -> bool:
    return request.query == "commit=true"


def answering(
    w: World, patch: pytest.MonkeyPatch, path: str, alter: Callable[[Any], Json], method: str = "GET"
) -> None:
    """From now on the bodies of good answers to this method and this very path go through `alter`."""

    def changed(request: Request, usual: Usual) -> Answer:
        answer = usual()
        exact = request.path == w.tracker.base_path + path
        return replace(answer, body=alter(answer.body)) if exact and answer.ok else answer

    altered(w, patch, changed, method=method, path=path, twin=w.tracker)
