"""Glossaries and their entries: from any small world to any other, people at work in between: apply, plan again, 0
calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan import Phase
from tests.world import CORE, World, doc, lasting, world

DELETABLE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "first-removals"]}
NAMES, LOCALES, TEXTS = ("a", "b", "c", "A"), ("de_DE", "en_EN"), ("x", "y", "z")


class Text(NamedTuple):
    """An entry: the document of its glossary, its locale and text, and its translations by locale."""

    glossary: str
    locale: str
    text: str
    translations: tuple[tuple[str, str], ...] | None


class Small(NamedTuple):
    """Glossaries by document, with their names; entries by document."""

    glossaries: Mapping[str, str]
    entries: Mapping[str, Text]


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        yield one


@st.composite
def worlds(draw: st.DrawFn, was: Small | None = None) -> Small:
    """`was`: what of it is kept keeps its locale, and its glossary or goes to another one."""
    old = was or Small({}, {})
    kept = [n for n in old.glossaries if draw(st.integers(0, 3))]
    docs = [*kept, *draw(st.lists(st.sampled_from(("n1", "n2") if was else ("g1", "g2")), unique=True))]
    names = draw(st.permutations(NAMES))
    glossaries = {n: old.glossaries.get(n, "") for n in docs}
    for n in docs:
        if not glossaries[n] or draw(st.integers(0, 2)) == 0:
            glossaries[n] = next(c for c in names if c not in glossaries.values())
    entries: dict[str, Text] = {}
    fresh = [f"f{i}" for i in range(draw(st.integers(0, 2)))] if was else [f"e{i}" for i in range(3)]
    for n in [*(e for e in old.entries if draw(st.integers(0, 3))), *fresh] if docs else ():
        before = old.entries.get(n)
        keeps = before is not None and before.glossary in docs and draw(st.integers(0, 2)) > 0
        glossary = before.glossary if before and keeps else draw(st.sampled_from(docs))
        locale = before.locale if before else draw(st.sampled_from(LOCALES))
        text = before.text if before and draw(st.booleans()) else draw(st.sampled_from(TEXTS))
        others = [one for one in ("en_EN", "fr_FR") if one != locale]
        links = [(one, draw(st.sampled_from(TEXTS))) for one in others if draw(st.booleans())]
        one = Text(glossary, locale, text, tuple(links) if draw(st.integers(0, 4)) else None)
        if all(one[:3] != other[:3] for other in entries.values()):
            entries[n] = one
    return Small(glossaries, entries)


def documents(small: Small, was: Small | None = None) -> list[Document]:
    old = was or Small({}, {})
    found = []
    for name, called in small.glossaries.items():
        former = {"previous_key": old.glossaries[name]} if old.glossaries.get(name, called) != called else {}
        found.append(doc(f"{CORE}/Glossary", name, {"name": called}, **DELETABLE, **former))
    for name, one in small.entries.items():
        spec: JsonObject = {"glossary": one.glossary, "locale": one.locale, "type": "term", "text": one.text}
        if one.translations is not None:
            links: list[Json] = [{"locale": locale, "text": text} for locale, text in one.translations]
            spec["translations"] = links
        text = old.entries[name].text if name in old.entries else one.text
        former = {"previous_key": text} if text != one.text else {}
        found.append(doc(f"{CORE}/GlossaryEntry", name, spec, **DELETABLE, **former))
    return found


def begun(k: World, small: Small, *, ours: bool) -> None:
    """A world with this in it, made by us or by somebody else, and a ledger that knows which."""
    k.core.reset()
    k.ledger = lasting(ephemeral(whoami(), k.clock))
    k.documents = documents(small) if ours else []
    if ours:
        settle(k)
        return
    ids = {name: k.core.add_glossary(called) for name, called in small.glossaries.items()}
    for one in small.entries.values():
        k.core.add_entry(ids[one.glossary], one.text, one.locale, translations=dict(one.translations or ()))


def settle(k: World) -> None:
    """Plan and apply: only translations may be kept by the server, and whatever waits for one of these goes with
    the next plan; in the end nothing is left to do."""
    for _ in range(3):
        plan = k.plan()
        assert len(plan.writes) == plan.bound
        if not plan.writes:
            return
        report = k.apply(plan)
        calls = {c.id: c for c in plan.calls}
        ends = {o.call: str(o.end) for o in report.outcomes}
        failed = [calls[i] for i, end in ends.items() if end not in ("done", "held", "unneeded")]
        kept = any(c.phase is Phase.REMOVE for c in failed)
        assert all(c.phase is Phase.REMOVE or kept for c in failed), [o.message for o in report.outcomes]
    assert k.plan().writes == ()


@given(st.data(), st.booleans())
def test_apply_then_plan_again_has_no_calls(k: World, data: st.DataObject, ours: bool) -> None:
    before = data.draw(worlds())
    after = data.draw(worlds(before))
    begun(k, before, ours=ours)
    k.documents = documents(after, before)

    settle(k)


@given(worlds())
def test_what_is_as_declared_needs_nothing(k: World, small: Small) -> None:
    begun(k, small, ours=True)
    k.documents = documents(small)

    plan = k.plan()

    assert (plan.writes, plan.bound) == ((), 0)


@given(worlds(), st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9), st.sampled_from(TEXTS)), max_size=4))
def test_whatever_people_do_meanwhile_is_repaired_or_told(
    k: World, small: Small, deeds: list[tuple[int, int, str]]
) -> None:
    begun(k, small, ours=True)
    for what, which, text in deeds:
        people(k, what, which, text)
    k.expect_missing = frozenset({f"{CORE}/GlossaryEntry"})  # all may be gone, and it is the right server

    settle(k)


def people(k: World, what: int, which: int, text: str) -> None:
    """Somebody changes something, if it is there."""
    ids = sorted(
        b.id for a, b in k.recorded.bonds.items() if a.kind == ("Glossary" if what < 3 else "GlossaryEntry")
    )
    if not ids:
        return
    one = ids[which % len(ids)]
    try:
        if what == 0:
            k.core.change_glossary(one, name=f"renamed {text}")
        elif what == 1:
            k.core.change_glossary(one, vals={"V": text})
        elif what == 2:
            k.core.add_entry(one, text, "de_DE")
        elif what == 3:
            k.core.change_entry(one, text)
        elif what == 4:
            k.core.add_translation(one, text, "fr_FR")
        elif what == 5:
            k.core.remove_entry(one)
        else:
            k.core.add_translation(one, text, "en_EN", similarity=50)
    except KeyError:
        return
