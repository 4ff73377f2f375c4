"""What is recognised as equal in one pass is what the thorough comparison finds nothing about: of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from reconciler.diff import compare
from reconciler.diff.match import Match
from reconciler.model.change import Change, Verb
from reconciler.model.document import Address, Desired, Document, Lifecycle, Manage, Target
from reconciler.model.json import Json, digest, identical
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Live, Proof, Resource
from reconciler.model.normalise import AS_A_WHOLE, NORMALISERS, normal
from reconciler.model.place import Place
from reconciler.model.recorded import Bond, Recorded
from tests.kept import plain
from tests.world import catalog

AT = "here"
NAMES = ("alpha", "Beta")
TEXTS: tuple[Json, ...] = (
    "a",
    "A",
    " a",
    "1",
    "true",
    "2026-01-01",
    "2026-01-01T00:00:00.000Z",
    "05 0 * * *",
    "a/b",
    "",
)
NUMBERS: tuple[Json, ...] = (0, 1, 1.0, 0.0, 2)
LISTS: tuple[Json, ...] = ([], ["a"], ["a", "b"], ["b", "a"], [1], [True], [1.0])
OBJECTS: tuple[Json, ...] = (
    {},
    {"x": 1},
    {"x": True},
    {"x": 1.0, "y": "a"},
    {"x": "1"},
    {"x": None},
    {"x": ["a"], "y": "a"},
)
BY_TYPE: Mapping[str, tuple[Json, ...]] = {
    "string": TEXTS,
    "integer": NUMBERS,
    "number": NUMBERS,
    "boolean": (True, False),
    "array": LISTS,
    "object": OBJECTS,
    "null": (None,),
}
ALIKE: tuple[tuple[Json, ...], ...] = ((True, 1, 1.0, "1"), (False, 0, 0.0), ("a", "A", " a"), (None, "", []))
KINDS = sorted(at for at, kind in catalog().kinds.items() if not kind.source)
FEW = settings(max_examples=max(settings().max_examples // 2, 20))


def declared(one: Field) -> st.SearchStrategy[Json]:
    if one.ref:
        return st.sampled_from((*NAMES, "alpha", "nowhere"))
    return st.sampled_from([value for name in one.type for value in BY_TYPE.get(name, TEXTS)])


def live_as(value: Json) -> st.SearchStrategy[Json]:
    """Mostly the very same, else something that may be taken for it."""
    near = [one for alike in ALIKE if any(identical(value, v) for v in alike) for one in alike]
    if isinstance(value, dict):
        near += [{**value, "z": 1}, {n: [v] for n, v in value.items()}, dict.fromkeys(value, "a")]
    return st.sampled_from([value, value, value, *near])


def called(one: Field, value: Json) -> Json:
    return f"id of {value}" if one.ref and value in NAMES else value


@st.composite
def worlds(draw: st.DrawFn, kind: Kind) -> tuple[Desired, Live, Recorded]:
    fields = [f for f in kind.fields.values() if not f.read_only and not f.nested and f.name != kind.key]
    chosen = draw(st.lists(st.sampled_from(fields), max_size=4, unique_by=lambda f: f.name)) if fields else []
    spec: dict[str, Json] = {kind.key: draw(declared(kind.key_field))}
    shown: dict[str, Json] = {}
    for one in chosen:
        spec[one.name] = draw(declared(one))
        shown[one.name] = draw(live_as(called(one, spec[one.name])))
    for name in draw(st.lists(st.sampled_from(sorted(shown)), max_size=1)) if shown else []:
        del shown[name]
    key = draw(live_as(called(kind.key_field, spec[kind.key])))
    scope = tuple(_scoped(kind, name, spec) for name in kind.scope)
    thing = Resource("one", key, {kind.key: key, **shown}, "One", draw(st.sampled_from((None, "up"))), scope=scope)
    life = Lifecycle(
        manage=draw(st.sampled_from((Manage.FULL,) * 5 + (Manage.OBSERVE,))),
        ignore=frozenset(f"spec.{n}" for n in draw(st.sampled_from(((), (), (), tuple(shown)[:1])))),
    )
    once = draw(st.sampled_from(({}, {}, {}, {"reissue": "1"})))
    document = Document(
        Address(AT, kind.name, "one"), kind.provider, spec, Place("m.yaml", 1, 1), lifecycle=life, once=once
    )
    return (
        Desired((document,), {AT: Target(AT, kind.provider, {"seats": 3})}, "sha256:m"),
        Live({(AT, kind.name): _listed(kind, thing), **dict(_others(kind))}),
        draw(pasts(document, thing, shown)),
    )


def _scoped(kind: Kind, name: str, spec: Mapping[str, Json]) -> Json:
    one = kind.fields[name]
    value = spec.get(name, kind.default(name))
    return called(one, value) if one.ref else normal(one, value)


def _listed(kind: Kind, *things: Resource) -> Collection:
    return Collection(kind.name, things, Proof(True, "a sample"))


def _others(kind: Kind) -> Iterator[tuple[tuple[str, str], Collection]]:
    """What may be referred to, of every kind that is."""
    fields = [*kind.fields.values(), *(sub for one in kind.fields.values() for sub in one.entries.values())]
    for name in sorted({one.ref for one in fields if one.ref and one.ref != kind.name}):
        there = catalog().kind(kind.provider, name)
        things = (Resource(f"id of {n}", [n] if there.tree else n, {}, n) for n in NAMES)
        yield (AT, name), _listed(there, *things)


@st.composite
def pasts(draw: st.DrawFn, document: Document, thing: Resource, shown: Mapping[str, Json]) -> Recorded:
    if draw(st.booleans()):
        return Recorded()
    digests = {n: digest(draw(st.sampled_from((v, "other")))) for n, v in shown.items()}
    bond = Bond(
        document.address,
        draw(st.sampled_from(("one", "one", "one", "gone"))),
        thing.key,
        made=draw(st.booleans()),
        digests=digests,
        sent=dict.fromkeys(digests, 2),
        lost=draw(st.sampled_from(((), (), ("key",)))),
    )
    known = draw(st.sampled_from((True, True, False)))
    return Recorded({document.address: bond} if known else {}, exists=True, completed=frozenset({AT}))


class Thorough:
    """Recognises nothing, so that all is compared the thorough way."""

    def __init__(self, index: object) -> None:
        self.index = index

    def __call__(self, document: Document, match: Match) -> Change | None:  # noqa: ARG002 - the shape of the quick way
        return None


def told(world: tuple[Desired, Live, Recorded]) -> tuple[Any, list[Change]]:
    """Everything that a comparison says, as data; or how it ends."""
    try:
        found = [*compare(*world, catalog()).changes]
    except (TypeError, ValueError, AttributeError, KeyError) as error:  # values that no schema lets through
        return repr(error), []
    return plain(found), found


@pytest.mark.parametrize(("provider", "name"), KINDS)
@FEW
@given(data=st.data())
def test_what_is_recognised_in_one_pass_is_what_the_thorough_way_comes_to(
    provider: str, name: str, data: st.DataObject
) -> None:
    world = data.draw(worlds(catalog().kind(provider, name)))
    quick, changes = told(world)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("reconciler.diff.compare"), "Equal", Thorough)
        thorough, _ = told(world)

    assert quick == thorough
    recognised = [c for c in changes if c.verb is Verb.NONE and not isinstance(c.digests, dict)]
    event(f"recognised: {bool(recognised)}")
    assert not [c for c in recognised if c.fields or c.changed or c.once]


@given(
    name=st.sampled_from(sorted(set(NORMALISERS) - AS_A_WHOLE)),
    held=st.dictionaries(
        st.sampled_from("xyz"), st.sampled_from((*TEXTS, *NUMBERS, *LISTS, *OBJECTS, True, None))
    ),
)
def test_an_object_is_normalised_name_by_name(name: str, held: dict[str, Json]) -> None:
    """What lets a merged object be compared by the declared names alone."""
    whole = NORMALISERS[name](held)

    assert isinstance(whole, dict)
    for one, value in held.items():
        alone = NORMALISERS[name]({one: value})
        assert isinstance(alone, dict)
        assert (one in alone) == (one in whole)
        assert identical(alone.get(one), whole.get(one))
