"""A twin on a socket, and a client that speaks to it."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx
import pytest

from reconciler.twins import OmniTwin, TrackerTwin, Twin, running

T = TypeVar("T", bound=Twin)
# Made once: a client that loads the system's certificates by itself takes longer to make than a twin to start.
TRUST = ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Served(Generic[T]):
    """`client` carries the default key; `origin` is where the control routes stand."""

    twin: T
    url: str
    client: httpx.Client

    @property
    def origin(self) -> str:
        return self.url.removesuffix(self.twin.base_path)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and decoded body; None for no body."""
        reply = self.client.request(method, self.url + path, json=body, headers=headers)
        return reply.status_code, reply.json() if reply.content else None


@contextmanager
def served(twin: T) -> Iterator[Served[T]]:
    with running(twin) as url, httpx.Client(headers=twin.default_headers, verify=TRUST, timeout=10) as client:
        yield Served(twin, url, client)


Omni = Served[OmniTwin]
Tracker = Served[TrackerTwin]


def contract(name: str) -> str:
    """The text of one API reference; skips the test where none is at hand."""
    folder = os.environ.get("RECONCILER_CONTRACTS")
    if not folder:
        pytest.skip("RECONCILER_CONTRACTS names no folder of API references")
    return (Path(folder) / name).read_text(encoding="utf-8")


Contract = Callable[[str], str]
