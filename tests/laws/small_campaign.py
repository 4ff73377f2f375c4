"""Worlds of every kind, one after the other, and what became of the search for shorter ways."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from reconciler.model.catalog import Catalog
from reconciler.model.change import FieldChange, Verb
from reconciler.model.document import Document
from reconciler.model.faults import ManifestInvalid, ReconcilerError
from reconciler.model.json import ABSENT
from reconciler.model.kind import Field
from reconciler.model.plan import Plan
from tests.contract.every_git import written
from tests.contract.every_row import Sheet
from tests.laws import small_core, small_deliveries, small_grants, small_people, small_studio
from tests.laws.pair_grounds import Ground, Grounds
from tests.laws.pair_trials import ABSENT_HERE, meddled
from tests.laws.pair_values import choices, drawn_sheet
from tests.laws.small_regrouped import alphabet
from tests.laws.small_scenes import At, Past, Scene, anything, one_call
from tests.laws.small_trials import Rules, Verdict, carried_out, judged
from tests.laws.small_twins import Board, Node, Sent
from tests.world import PROVIDERS, World, catalog

STEPS: Final = 3
"""Manifests one after the other in one world; each is a search of its own."""
HARD: Final[Mapping[str, Sequence[str]]] = {
    "omni-cms": ("CM-P6",),
    "omn-core": ("OC-P12", "OC-P22", "OC-P33", "OC-P35"),
    "omni-analytics": ("OA-P23",),
}
"""Questions that a plan may not build on: the search takes the harder answer."""
THROUGHOUT: Final[Mapping[str, Sequence[str]]] = {"studio-tracker": ("ST-P8",)}
"""Those of which the plan's own calls get the harder answer as well, since they lead elsewhere with the other."""
UNTOLD: Final = frozenset({("omni-analytics", "Schedule", "owner")})
"""Fields of a new thing that are said in any case: whom the key acts for, no read tells (OA-R75)."""
SCENES: Final[Mapping[At, Scene]] = {
    one.at: one
    for known in (small_grants, small_people, small_deliveries, small_studio, small_core)
    for one in known.SCENES
}


@dataclass(frozen=True, slots=True)
class Found:
    """A way that is shorter than a plan."""

    at: At
    number: int
    plan: tuple[str, ...]
    way: tuple[Sent, ...]


@dataclass(slots=True)
class Tally:
    """`ends`: what became of the worlds of a kind. `lengths`: calls of the plans that no way is shorter than."""

    ends: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    states: int = 0
    shorter: list[Found] = field(default_factory=list)

    @property
    def searched(self) -> int:
        return self.ends["fewest"] + self.ends["shorter"]

    def add(self, at: At, number: int, lines: Iterable[str], verdict: Verdict) -> None:
        self.ends[verdict.end] += 1
        self.states += verdict.states
        self.lengths[verdict.calls] += verdict.end == "fewest"
        if verdict.end == "shorter":
            self.shorter.append(Found(at, number, tuple(lines), verdict.shorter))


def worlds(stand: Grounds, at: At, seed: int, numbers: Iterable[int], known: Catalog | None = None) -> Tally:
    """Worlds of one kind, in turn of its scene, if it has one, and out of its table."""
    tally = Tally()
    ground = stand.of(choices(at).table, "plain")
    for number in numbers:
        scene = SCENES.get(at) if number % 2 == 0 else None
        _life(tally, ground, scene or _of_table(at), f"{seed}/{'/'.join(at)}/{number}", number, known or catalog())
    return tally


def _life(tally: Tally, ground: Ground, scene: Scene, chances: str, number: int, known: Catalog) -> None:
    w = ground.begin(known)
    with _harder(ground, THROUGHOUT):
        scene.begin(w)
        _steps(tally, ground, scene, w, chances, number)


def _steps(tally: Tally, ground: Ground, scene: Scene, w: World, chances: str, number: int) -> None:
    before = Past()
    for step in range(STEPS):
        before.step = step
        try:
            w.documents = [*scene.draw(random.Random(chances if scene.again else f"{chances}/{step}"), w, before)]
            plan = w.plan()
        except (Undrawn, ReconcilerError) as fault:
            tally.ends["undrawn" if isinstance(fault, Undrawn) else "no plan"] += 1
            continue
        tally.add(scene.at, number, (c.line for c in plan.writes), _tried(w, ground, scene, plan))
        before.clear()
        before.update({d.address.name: d for d in w.documents})


def _tried(w: World, ground: Ground, scene: Scene, plan: Plan) -> Verdict:
    """The plan carried out, and the search beside it; the world goes on from the plan's end."""
    twin = ground.twin
    done = carried_out(w, twin, plan)
    regrouped = alphabet(done.calls)

    def moves(node: Node) -> Iterator[Sent]:
        yield from regrouped
        yield from scene.moves(done, node)

    with _harder(ground, HARD):
        verdict = judged(
            Board(twin, done.start),
            done,
            Rules(moves, scene.far, scene.cost, partial(scene.allowed, done)),
            blind=_blind(plan),
            looks=scene.cost is not one_call,
        )
    twin.state = done.goal.state
    twin.counters.load(dict(done.goal.counters))
    return verdict


@contextmanager
def _harder(ground: Ground, questions: Mapping[str, Sequence[str]]) -> Iterator[None]:
    knobs = ground.twin.knobs
    names = [n for n in questions.get(ground.table.provider, ()) if not knobs.hard(n)]
    for name in names:
        knobs.set(name, "adversarial")
    try:
        yield
    finally:
        for name in names:
            knobs.set(name, "plain")


def _blind(plan: Plan) -> bool:
    """Whether anything is sent of which nobody can tell if it is so already, or for what its answer shows once."""
    if any(call.sink is not None for call in plan.writes):
        return True
    kinds = catalog().kinds
    for action in plan.actions:
        kind = kinds[PROVIDERS[action.address.target], action.address.kind]
        made = action.verb in (Verb.CREATE, Verb.REPLACE)
        for change in action.fields:
            one = kind.fields.get(change.path[0])
            if one is None:
                continue
            if one.unreadable or one.write_only or one.file or _untold_entry(one, change):
                return True
            if made and (kind.provider, kind.name, one.name) in UNTOLD:
                return True
    return False


def _untold_entry(one: Field, change: FieldChange) -> bool:
    """Whether a thing is taken out of a set of which nobody can say whether it is in it."""
    return one.is_set and len(change.path) == 2 and change.before is None and change.after is ABSENT


class Undrawn(LookupError):
    """The loader takes none of the documents that were drawn."""


DRAWS: Final = 12
"""So often a document is drawn anew that the loader refuses."""


def _of_table(at: At) -> Scene:
    """Manifests out of the table of a kind, and what others do meanwhile; in the order that its scene keeps."""
    among = choices(at)

    def draw(rng: random.Random, w: World, _: Past) -> Sequence[Document]:
        meddled(rng, w, among, lambda _: None)  # type: ignore[arg-type]
        for _try in range(DRAWS):
            sheets: list[Sheet] = []
            for name in ("", "second", "third")[: rng.choice((0, 1, 1, 2, 2, 3) if w.documents else (1, 2, 3))]:
                sheet, beside = drawn_sheet(rng, among)
                sheets += [replace(sheet, name=name or sheet.name), *(s for s in beside if s not in sheets)]
            try:
                return written(w, among.table, *among.table.beside, *sheets)
            except (ManifestInvalid, *ABSENT_HERE):
                continue
        raise Undrawn

    return Scene(at, draw, allowed=SCENES[at].allowed if at in SCENES else anything)
