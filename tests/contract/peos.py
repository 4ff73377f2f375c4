"""Steps of stories about peos and products: documents, live ones, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from tests.world import CORE, World, doc

QUERY, RETRIEVE, PERSIST, PERFORM = (f"/peo/peos/{word}" for word in ("query", "retrieve", "persist", "perform"))
LINK, UNLINK = "/peo/peos/links/persist", "/peo/peos/links/perform"
PRODUCTS, MAKE, DROP = (f"/pim/products/{word}" for word in ("retrieve", "persist", "perform"))
JOIN, PART = "/pim/products/links/persist", "/pim/products/links/perform"
GOING: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "replace"]}
METADATA = ("on_remove", "allow", "previous_key", "pinned_id", "ignore", "protect")
TEMPLATE = "7"


def shop(k: World) -> None:
    """Two products, a template and three channels: what peos need."""
    for tid in ("prod-1", "prod-2"):
        k.core.add_product(tid, f"Product {tid}")
    k.core.add_template(TEMPLATE, "Print")
    for tid in ("AWS", "Web", "Old"):
        k.core.add_channel(tid)


def peo(name: str, /, *, called: str = "", **words: object) -> Document:
    """A peo's document, `called` so in the manifests."""
    metadata = {n: words.pop(n) for n in METADATA if n in words}
    spec: dict[str, Json] = {"product": "prod-1", "template": "Print", "templateId": TEMPLATE, "name": name}
    spec |= words  # type: ignore[arg-type]
    spec = {n: v for n, v in spec.items() if v is not None}
    return doc("core/Peo", called or name.lower().replace(" ", "-"), spec, **metadata)


def product(tid: str, /, *, called: str = "", **words: object) -> Document:
    metadata = {n: words.pop(n) for n in METADATA if n in words}
    return doc("core/Product", called or tid, {"identifier": tid, **words}, **metadata)  # type: ignore[dict-item]


def at(name: str, kind: str = "Peo") -> Address:
    return Address(CORE, kind, name)


def peos(k: World) -> dict[str, list[str]]:
    """Every peo by product, template and name, with its projects; of several that are alike, as many entries."""
    found: dict[str, list[str]] = {}
    for one in k.core.peos_without_ids():
        assert isinstance(one, list)
        made, template, name, projects, _ = one
        key = f"{made}/{template}/{name}"
        while key in found:
            key += "+"
        found[key] = [str(p) for p in projects] if isinstance(projects, list) else []
    return found


def caught_up(k: World) -> None:
    """Time goes by: a query that lagged behind a write knows of it by now."""
    for _ in range(2):
        k.plan()


def without_channel(k: World, tid: str) -> None:
    """Somebody takes a channel out of the server's configuration."""
    saved: Any = k.core.dump()
    del saved["state"]["channels"][tid]
    k.core.load(saved)
