"""Where pairs are tried: one twin per system and profile, and for each kind the world that its table wants."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.ledger import ephemeral, whoami
from reconciler.model.catalog import Catalog
from reconciler.model.json import Json
from reconciler.model.record import replace
from reconciler.twins import Twin, running_all
from reconciler.workflow import Setup
from tests.contract.every_git import TARGETS
from tests.contract.every_row import Table
from tests.laws.straight import connected
from tests.world import TRACKER, TWINS, World, catalog, hasty_clock, lasting

PROFILES = ("plain", "adversarial")
FORMS = ("process", "http")


@dataclass(slots=True)
class Seen(World):
    """A world whose things are read through a catalog of one's own."""

    known: Catalog = field(default_factory=catalog)

    def setup(self) -> Setup:
        return replace(World.setup(self), catalog=self.known)


@dataclass(frozen=True, slots=True)
class Ground:
    """The world of one table in one profile, as it is before anything is declared."""

    table: Table
    profile: str
    target: str
    twin: Twin
    url: str
    saved: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Json]]
    keys: Mapping[str, str]
    root: Path

    def begin(self, known: Catalog) -> Seen:
        """That world again, with an empty ledger."""
        self.twin.load(dict(self.saved))
        self.twin.log.clear()
        clock = hasty_clock()
        book = lasting(ephemeral(whoami(), clock))
        w = Seen({self.target: self.twin}, {self.target: self.url}, clock, book, root=self.root, known=known)
        w.settings, w.keys = dict(self.settings), dict(self.keys)
        return w


@dataclass(slots=True)
class Grounds:
    """All of them, each made when it is first asked for."""

    form: str
    stack: ExitStack
    _twins: dict[tuple[str, str], tuple[Twin, str]] = field(default_factory=dict)
    _made: dict[tuple[str, str, str], Ground] = field(default_factory=dict)

    def of(self, table: Table, profile: str) -> Ground:
        at = (*table.at, profile)
        if at not in self._made:
            self._made[at] = self._ground(table, profile)
        return self._made[at]

    def _ground(self, table: Table, profile: str) -> Ground:
        target = TARGETS[table.provider]
        twin, url = self._twin(target, profile)
        twin.reset()
        if target == TRACKER:
            twin.seed_world()
        root = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        w = World({target: twin}, {target: url}, hasty_clock(), None, root=root)
        if target == TRACKER:
            organisation = twin.default_headers.get("X-Org-Id", "")
            w.settings[TRACKER] = {"organisation": organisation} if organisation else {"singleOrganisation": True}
        if table.set_up:
            table.set_up(w)
        return Ground(table, profile, target, twin, url, twin.dump(), dict(w.settings), dict(w.keys), root)

    def _twin(self, target: str, profile: str) -> tuple[Twin, str]:
        if not self._twins:
            made = {(name, one): kind(one) for name, kind in TWINS.items() for one in PROFILES}
            opened = running_all if self.form == "http" else connected
            urls = self.stack.enter_context(opened([*made.values()]))
            self._twins |= {at: (twin, at_url) for (at, twin), at_url in zip(made.items(), urls, strict=True)}
        return self._twins[target, profile]


@contextmanager
def grounds(form: str) -> Iterator[Grounds]:
    """`form`: `process`, where the wire hands each request to the twin, or `http`, over sockets."""
    with ExitStack() as stack:
        yield Grounds(form, stack)
