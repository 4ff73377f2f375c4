"""What an import stands on: the project, one target, what is live there, and what is declared of it already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reconciler.model.catalog import Verbs
from reconciler.model.change import Changes
from reconciler.model.document import Desired, Document
from reconciler.model.forecast import Pages
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Live
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Recorded
from reconciler.workflow.memory import Downloads, Memory
from reconciler.workflow.setup import Options, Setup

if TYPE_CHECKING:
    from reconciler.load.project import Project
    from reconciler.read import Reading

Hearing = Callable[["Reading"], None]
Thing = tuple[str, str]
"""(kind, remote id)."""


class Ground(Record):
    """`setup`: with the target's documents alone. `listed`: kind -> all that is live of it; `owners`: thing -> the
    name of the document that declares it already."""

    options: Options
    project: Project
    setup: Setup
    target: str
    folder: str
    downloads: Downloads
    listed: dict[str, Collection] = field(default_factory=dict)
    owners: dict[Thing, str] = field(default_factory=dict)

    @property
    def provider(self) -> str:
        return self.project.targets[self.target].provider

    def kind(self, name: str) -> Kind:
        return self.setup.catalog.kind(self.provider, name)

    def verbs(self, kind: Kind) -> Verbs:
        return self.setup.catalog.verbs[kind.provider, kind.name]

    def declared(self) -> list[Document]:
        """The documents of the kinds that were listed, as far as they say which thing they mean."""
        known = {name: self.kind(name) for name in self.listed}
        found = [d for d in self.setup.desired.documents if d.kind in known]
        return [replace(d, spec=_identity(known[d.kind], d)) for d in found]

    @property
    def pages(self) -> Pages:
        """How long the target's lists were when they were last read whole, as far as the ledger knows."""
        return self.setup.recorded.pages.get(self.target, {})

    async def compared(self, memory: Memory, documents: Sequence[Document]) -> Changes:
        """These documents against what is live, in the light of what the ledger says of them."""
        from reconciler import diff

        desired, recorded = self._desired(documents), self._recorded(documents)
        live = await self._live(memory, desired, recorded)
        return diff.compare(desired, live, recorded, self.setup.catalog)

    async def live(self, memory: Memory, documents: Sequence[Document], telling: Hearing | None = None) -> Live:
        """What is live of these documents' kinds, with all that is read because of what they declare. `telling`
        hears what that will take."""
        return await self._live(memory, self._desired(documents), Recorded(exists=True), telling)

    def _desired(self, documents: Sequence[Document]) -> Desired:
        ordered = tuple(sorted(documents, key=lambda d: d.address))
        return replace(self.setup.desired, documents=ordered, left_out=())

    def _recorded(self, documents: Sequence[Document]) -> Recorded:
        """What the ledger says of these addresses; what left git is nobody's here."""
        recorded = self.setup.recorded
        own = {d.address for d in documents}
        own |= {d.address._replace(name=d.previous_name) for d in documents if d.previous_name}
        return replace(recorded, bonds={a: b for a, b in recorded.bonds.items() if a in own})

    async def _live(
        self, memory: Memory, desired: Desired, recorded: Recorded, telling: Hearing | None = None
    ) -> Live:
        from reconciler import read
        from reconciler.wire.readonly import ReadOnly

        memory.begin()
        wanted = read.demands(desired, recorded, self.setup.catalog)
        now = self.setup.clock.wall()
        gone = frozenset(f"{self.target}/{one.kind.name}" for one in wanted)
        providers, known = self.setup.providers, self.setup.catalog
        pages = self.setup.recorded.pages
        costs = read.Forecasts(wanted, providers, known, pages, telling) if telling else None
        return await read.live(wanted, providers, known, ReadOnly(memory), gone, now, costs)


def _identity(kind: Kind, document: Document) -> JsonObject:
    """The part of a spec that says which thing is meant."""
    names = {kind.key, *kind.scope, *kind.lookups, *(kind.rest.list.by if kind.rest.list else ())}
    return {n: v for n, v in document.spec.items() if n in names}
