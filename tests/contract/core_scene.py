"""A scene: what must happen so that OMN Core answers with a text that its reference documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.model.document import Document
from reconciler.twins.omn_core.things import Locale
from tests.world import World

GONE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "first-removals"]}
Deed = Callable[[World], object]


@dataclass(frozen=True, slots=True)
class Scene:
    """`call`, `text`: as the page has them. `who`: the document that meets with it. `path`: just before the next
    request there takes effect, `deed` is done. `knobs`: harder answers that it takes. `ground`: what the world has
    before. `end`: how it ends."""

    call: str
    text: str
    who: str
    before: Sequence[Document]
    after: Sequence[Document]
    path: str = ""
    deed: Deed = lambda _: None
    ground: Deed = lambda _: None
    knobs: tuple[str, ...] = ()
    end: str = "failed"

    @property
    def name(self) -> str:
        return f"{self.call} {self.text[:60]}" + ("" if self.end == "failed" else f" ({self.end})")


def own_id(k: World, name: str) -> str:
    return next(b.id for a, b in k.recorded.bonds.items() if a.name == name)


def no_locale_fr(k: World) -> None:
    del k.core.state.of(Locale)["fr_FR"]


def no_admin(k: World) -> None:
    k.core.add_token(k.core.default_key, "admin@example.com", admin=False)
