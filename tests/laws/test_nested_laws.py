"""From any world: a tree has one plan, written nested or apart; from one way to the other there is no call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.change import Verb
from reconciler.model.json import Json, canonical
from reconciler.model.plan import Plan
from tests.contract.nests import written
from tests.world import CMS, World, hasty_clock, lasting, world

KEYS = ("a", "b", "c", "d", "e", "f")
HEAD = "apiVersion: omni-cms/v1\nkind: "


@dataclass(frozen=True)
class Page:
    """A component to be declared, and those in it."""

    key: str
    words: Mapping[str, Json]
    within: list[Page] = field(default_factory=list)

    def spec(self, numbered: bool) -> dict[str, Json]:
        words = {k: v for k, v in self.words.items() if numbered or k != "sequence"}
        return {"key": self.key, "type": "page", **words}

    @property
    def listed(self) -> bool:
        return "order" in self.words


words: st.SearchStrategy[Mapping[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(("One", "Two")),
        "sequence": st.sampled_from((1, 2, 1000)),
        "order": st.just("listed"),
        "tags": st.just(["t"]),
    },
)


@st.composite
def trees(draw: st.DrawFn) -> list[Page]:
    top: list[Page] = []
    known: list[Page] = []
    for key in draw(st.permutations(KEYS))[: draw(st.integers(0, 6))]:
        one = Page(key, draw(words))
        draw(st.sampled_from([top, top, *(p.within for p in known)])).append(one)
        known.append(one)
    return top


lives = st.lists(
    st.tuples(st.sampled_from(KEYS), st.integers(0, 5), st.sampled_from((1, 2, 1000))),
    max_size=5,
    unique_by=lambda t: t[0],
)


def nested(pages: Sequence[Page], listed: bool, mode: str, consent: bool = False) -> list[str]:
    spec = {
        "name": "Site",
        **({"order": "listed"} if listed else {}),
        **({"componentsMode": mode} if mode else {}),
    }
    return [_document("Space", "site", {**spec, "components": [_item(p, listed, consent) for p in pages]})]


def _item(page: Page, listed: bool, consent: bool) -> dict[str, Json]:
    below: list[Json] = [_item(p, page.listed, consent) for p in page.within]
    spec: dict[str, Json] = {**page.spec(not listed), **({"children": below} if below else {})}
    return {"metadata": {"lifecycle": {"allow": ["new-key"]}}, "spec": spec} if consent else spec


def apart(pages: Sequence[Page], listed: bool, mode: str, name: str = "{}") -> list[str]:
    """The same documents, in the order in which they stand in the tree."""
    spec: dict[str, Json] = {"name": "Site", **({"order": "listed"} if listed else {})}
    life: dict[str, Json] = {"lifecycle": {"onRemove": "delete", "allow": ["delete"]}} if mode else {}
    found = [_document("Space", "site", spec)]
    waiting: list[tuple[Page, str, dict[str, Json], bool]] = [(p, "site", {}, listed) for p in pages]
    while waiting:
        page, around, above, in_order = waiting.pop(0)
        full = f"{around}/{page.key}"
        own = {**page.spec(not in_order), "space": "site", **above}
        found.append(_document("Component", name.format(full), own, life))
        around_them: dict[str, Json] = {"parent": name.format(full)}
        waiting = [*((p, full, around_them, page.listed) for p in page.within), *waiting]
    return found


def _document(kind: str, name: str, spec: Mapping[str, Json], more: Mapping[str, Json] | None = None) -> str:
    return f"{HEAD}{kind}\nmetadata: {canonical({'name': name, **(more or {})})}\nspec: {canonical(spec)}\n"


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def c(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CMS]) as one:
        one.expect_missing = frozenset({f"{CMS}/Component", f"{CMS}/Space"})
        yield one


def begin(c: World, live: Sequence[tuple[str, int, int]] | None) -> None:
    c.cms.reset()
    c.clock, c.documents = hasty_clock(), []
    c.ledger = lasting(ephemeral(whoami(), c.clock))
    if live is None:
        return
    space = c.cms.add_space("Site")
    ids: list[int | None] = [None]
    for key, parent, sequence in live:
        above = ids[parent % len(ids)]
        ids.append(c.cms.add_component(space, key, parent_id=above, sequence=sequence))


def told(plan: Plan) -> list[Any]:
    """Everything of a plan's calls that is not the name of a document."""
    return [
        (c.line, c.body, dict(c.args), c.summary, sorted(c.after), sorted(c.waits), c.held, c.requests)
        for c in plan.calls
    ]


def shown(plan: Plan) -> list[Any]:
    """What people see of each thing; fields stand in the order in which they were written."""
    return [(a.address, a.verb, sorted(a.fields, key=lambda f: f.path), a.holds) for a in plan.actions]


def applied(c: World, texts: Sequence[str]) -> Plan:
    plan = c.plan(*written("---\n".join(texts)))
    assert len(plan.writes) == plan.bound
    report = c.checked_apply(plan)
    assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, report.outcomes
    assert [call.line for call in c.plan().writes] == []
    return plan


@given(live=st.none() | lives, pages=trees(), listed=st.booleans(), mode=st.sampled_from(("", "exact")))
def test_nested_or_apart_is_one_plan(
    c: World, live: Sequence[tuple[str, int, int]] | None, pages: list[Page], listed: bool, mode: str
) -> None:
    begin(c, live)

    one = c.plan(*written("---\n".join(nested(pages, listed, mode))))
    other = c.plan(*written("---\n".join(apart(pages, listed, mode))))

    assert told(one) == told(other)
    assert one.bound == other.bound
    assert shown(one) == shown(other)


@given(
    live=st.none() | lives,
    pages=trees(),
    listed=st.booleans(),
    mode=st.sampled_from(("", "exact")),
    name=st.sampled_from(("{}", "x-{}")),
)
def test_from_one_way_of_writing_to_the_other_there_is_no_call(
    c: World, live: Sequence[tuple[str, int, int]] | None, pages: list[Page], listed: bool, mode: str, name: str
) -> None:
    begin(c, live)
    ways = nested(pages, listed, mode), apart(pages, listed, mode, name)
    applied(c, ways[0])

    for way in (ways[1], ways[0]):
        plan = applied(c, way)
        assert plan.calls == ()
        assert {a.verb for a in plan.actions if not a.holds} <= {Verb.NONE, Verb.MOVE}


@given(
    rounds=st.lists(st.tuples(trees(), st.sampled_from(("", "exact"))), min_size=2, max_size=4),
    listed=st.booleans(),
    consent=st.booleans(),
)
def test_trees_become_other_trees(
    c: World, rounds: Sequence[tuple[list[Page], str]], listed: bool, consent: bool
) -> None:
    """What was made from an exact list and is in none any more is gone, unless something is in it that stays, or
    the list is exact no more, or it may be what came new. Nothing else waits."""
    begin(c, None)
    for pages, mode in rounds:
        before = _there(c)
        bonds = c.recorded.bonds.items()
        going = {str(b.key): a for a, b in bonds if a.kind == "Component" and b.made and b.on_remove == "delete"}
        plan = applied(c, nested(pages, listed, mode, consent))
        kept = {a.address for a in plan.actions if a.holds} | {call.address for call in plan.calls if call.held}
        there, declared = _there(c), {p.key for p in _every(pages)}
        unsaid = [a for a in plan.actions if any(h.rule == "rename-unconfirmed" for h in a.holds)]
        assert declared - {a.address.name.rpartition("/")[2] for a in unsaid} <= there
        assert mode != "exact" or {k for k, address in going.items() if address not in kept} & there <= declared
        assert mode == "exact" or before <= there
        assert not unsaid or (mode == "exact" and not consent)
        assert [a.verb for a in unsaid].count(Verb.CREATE) == [a.verb for a in unsaid].count(Verb.DELETE)


def _there(c: World) -> set[str]:
    state: Any = c.cms.dump()["state"]
    return {str(one["key"]) for one in state["components"].values()} - {"root"}


def _every(pages: Sequence[Page]) -> list[Page]:
    return [one for p in pages for one in (p, *_every(p.within))]
