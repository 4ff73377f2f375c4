"""Short words for what the tests of the Omni-CMS twin ask and expect."""

from __future__ import annotations

from typing import Any

from reconciler.twins import OmniCmsTwin
from tests.unit.twins.served import Served

Cms = Served[OmniCmsTwin]
SEARCH = "/component/search"
DONE = {"message": "Your request was successful.", "success": True}
ALL = {"limit": 1000, "offset": 0, "order": "id", "direction": "asc"}


def said(code: str, message: str) -> dict[str, object]:
    """The body of a refusal."""
    return {"code": f"omni.{code}", "message": message, "success": False}


def space(world: Cms, name: str = "Monkeys") -> int:
    """Make a space over the API; its id."""
    status, answer = world.ask("POST", "/space", {"name": name})
    assert status == 201, answer
    spaces = world.ask("GET", "/space/all")[1]["spaces"]
    return max(int(one["id"]) for one in spaces)


def root(world: Cms, of: int = 1) -> int:
    """The id of a space's root."""
    return int(world.ask("GET", f"/component/{of}/root")[1]["id"])


def component(world: Cms, key: str, of: int = 1, parent: int | None = None, **fields: object) -> int:
    """Make a component over the API, below the root if no parent is given; its id."""
    above = root(world, of) if parent is None else parent
    body = {"key": key, "spaceId": of, "parentId": above, "componentType": "page", **fields}
    status, answer = world.ask("POST", "/component", body)
    assert status == 201, answer
    return int(world.ask("GET", f"/component/{of}/{key}")[1]["id"])


def change(world: Cms, one: int, **fields: object) -> tuple[int, Any]:
    """PUT some fields of a component."""
    return world.ask("PUT", f"/component/{one}", {"id": one, **fields})


def found(world: Cms, **body: object) -> list[str]:
    """The keys a search finds, in its order."""
    return [one["key"] for one in world.ask("POST", SEARCH, body)[1]["components"]]


def file_of(world: Cms, one: int, name: str, content: bytes, media: str | None = None) -> tuple[int, Any]:
    """Upload a file to a component."""
    part = (name, content) if media is None else (name, content, media)
    reply = world.client.post(f"{world.url}/component/file/{one}", files={"fileUpload": part})
    return reply.status_code, reply.json()
