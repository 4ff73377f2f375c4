"""Random component trees, as they are live and as they are declared, round after round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.place import Place
from reconciler.model.record import replace
from tests.world import doc

KEYS = ("a", "b", "c", "d", "e", "f")
SPACES = ("Site", "Shop")


@dataclass(frozen=True, slots=True)
class LiveComponent:
    """`parent`: the number of an earlier one of the same space, None for the root."""

    space: int
    key: str
    parent: int | None
    name: str
    sequence: int
    metadata: Mapping[str, Json]
    file: bool


Trees = tuple[LiveComponent, ...]
Drawn = tuple[str, str, str, str | None]
"""A document's name, space and key, and the key it had before, if that was another."""

sequence = st.sampled_from((1000, 1000, 1, 2, 3))
names = st.sampled_from(("", "One", "Two"))
values: st.SearchStrategy[Json] = st.sampled_from([1, True, "x", {"y": [1]}])
metadata = st.dictionaries(st.sampled_from(("p", "q", "mimeType")), values, max_size=2)


@st.composite
def live_trees(draw: st.DrawFn) -> Trees:
    found: list[LiveComponent] = []
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=5, unique=True)):
        space = draw(st.sampled_from((0, 0, 0, 1)))
        above = [i for i, one in enumerate(found) if one.space == space]
        parent = draw(st.sampled_from([None, *above, *above[-1:]]))
        held = draw(metadata.map(lambda m: {**m, "mimeType": "text/css"} if "mimeType" in m else m))
        file = draw(st.sampled_from((False, False, True)))
        found.append(LiveComponent(space, key, parent, draw(names), draw(sequence), held, file))
    return tuple(found)


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Json]:
    """Some fields of a component, most of them left out."""
    spec: dict[str, Json] = {}
    if draw(st.booleans()):
        spec["name"] = draw(names)
    if draw(st.booleans()):
        spec["sequence"] = draw(sequence)
    if draw(st.sampled_from((True, False, False))):
        spec["metadata"] = draw(st.dictionaries(st.sampled_from(("p", "q")), values, max_size=2))
    if draw(st.sampled_from((True, False, False))):
        spec["tags"] = draw(st.lists(st.sampled_from(("t", "s")), max_size=2).map(list[Json]))
    if draw(st.sampled_from((True, False, False, False))):
        spec["file"] = "absent"
    return spec


@st.composite
def documents(
    draw: st.DrawFn, before: Sequence[Document], live: Sequence[tuple[str, str]], turn: int = 0
) -> list[Document]:
    """Documents of the next round: some of the last, renamed, moved, changed or left out, and some new ones.
    `live`: (space, key) of what nobody has declared yet: to be adopted, under their key or another."""
    kept = [d for d in before if draw(st.sampled_from((True, True, True, False)))]
    known = {str(d.spec["key"]): d for d in kept}
    free = [k for k in KEYS if k not in known]
    drawn: list[Drawn] = [(d.address.name, str(d.spec["space"]), str(d.spec["key"]), None) for d in kept]
    adopted = [at for at in live if at[1] in free and draw(st.booleans())]
    drawn += [(f"of-{key}-{turn}", space, key, None) for space, key in adopted]
    free = [k for k in free if k not in {key for _, key in adopted}]
    fresh = draw(st.lists(st.sampled_from(free), max_size=2, unique=True)) if free else []
    drawn += [(f"new-{k}-{turn}", draw(st.sampled_from(("Site", "Site", "Shop"))), k, None) for k in fresh]
    if draw(st.booleans()):
        drawn = _shifted(drawn, draw(st.permutations(KEYS)), draw(st.sets(st.sampled_from(KEYS))))
    order = draw(st.permutations(drawn)) if drawn else []
    found: list[Document] = []
    spoken_for = {k for _, _, key, previous in drawn for k in (key, previous)} | {d.spec["key"] for d in before}
    for place, (name, space, key, previous) in enumerate(order, 1):
        above = [d.address.name for d in found if d.spec["space"] == space]
        theirs = [k for s, k in live if s == space and k not in spoken_for]
        parent = draw(st.sampled_from([None, *above, *theirs]))
        spec: dict[str, Json] = {"space": space, "key": key, "type": "page", **draw(specs())}
        if parent is not None:
            spec["parent"] = parent
        words = {"previous_key": previous} if previous is not None else {}
        one = doc("Component", name, spec, on_remove="delete", allow=["delete"], **words)
        found.append(replace(one, place=Place("manifests/site.yaml", place)))
    return _with_orders(found, draw(st.sets(st.sampled_from([d.address.name for d in found]))) if found else set())


def _shifted(drawn: Sequence[Drawn], keys: Sequence[str], who: set[str]) -> list[Drawn]:
    """Some of them with the keys of others, or new ones: chains and rings."""
    to = dict(zip(KEYS, keys, strict=True))
    taken = [key for _, _, key, _ in drawn if key not in who]
    found = []
    for name, space, key, previous in drawn:
        new = to[key] if key in who else key
        if key in who and (new in taken or new == key):
            new = key
        found.append((name, space, new, key if new != key else previous))
    distinct = len({key for _, _, key, _ in found}) == len(found)
    return found if distinct else list(drawn)


def _with_orders(found: Sequence[Document], listed: set[str]) -> list[Document]:
    """Some of them `order: listed`, and then no sequence beneath."""
    ordered = [replace(d, spec={**d.spec, "order": "listed"}) if d.address.name in listed else d for d in found]
    return [
        replace(d, spec={k: v for k, v in d.spec.items() if k != "sequence" or d.spec.get("parent") not in listed})
        for d in ordered
    ]
