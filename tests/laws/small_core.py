"""Scenes of OMN Core: forests, glossaries, classifications, definitions, peos and products, all at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.record import replace
from tests.contract.core_mixes import PARTS, ground
from tests.laws import directories, forests, small_order
from tests.laws.directories import Dir
from tests.laws.forests import Word
from tests.laws.small_scenes import DELETABLE, LOST, Past, Scene, some
from tests.laws.small_twins import TIMES, Board, Node
from tests.world import CORE, World, doc

NAMES = ("k1", "k2", "k3")
TRIES = 20


def _former(before: Past, name: str, key: str) -> Any:
    return before[name].spec[key] if name in before else None


# Trees: whatever has a place, a name and texts.


def keywords(rng: random.Random, _: World, before: Past) -> list[Document]:
    """A forest of three, most of them as they were."""
    for _try in range(TRIES):
        forest: dict[str, Word] = {}
        for name in some(rng, NAMES, 1):
            labels = tuple((one, rng.choice("xyz")) for one in forests.LOCALES if rng.random() < 0.3)
            forest[name] = Word(rng.choice("abc"), rng.choice((None, *NAMES)), labels)
        if all(w.parent in (None, *forest) for w in forest.values()) and forests.possible(forest):
            return [_moved(d, before, "path") for d in forests.documents(forest)]
    return []


def trees(rng: random.Random, _: World, before: Past) -> list[Document]:
    for _try in range(TRIES):
        tree: dict[str, Dir] = {}
        for name in some(rng, NAMES, 1):
            values: dict[str, Json] = {"V": rng.choice("xy")} if rng.random() < 0.4 else {}
            tree[name] = Dir(rng.choice("abc"), rng.choice((None, None, *NAMES)), "MAM", values)
        if all(d.parent in (None, *tree) for d in tree.values()) and directories.possible(tree):
            return [_moved(d, before, "path") for d in directories.documents(tree)]
    return []


def _moved(document: Document, before: Past, key: str) -> Document:
    """The same document, with its former key where that is another."""
    old = _former(before, document.address.name, key)
    return replace(document, previous_key=old) if old is not None and old != document.spec[key] else document


# Glossaries and their entries.


def glossaries(rng: random.Random, _: World, before: Past) -> list[Document]:
    found: list[Document] = []
    names = rng.sample(("a", "b", "c"), 2)
    holders = some(rng, ("g1", "g2"), 1, 2)
    for name, called in zip(holders, names, strict=False):
        found.append(_moved(doc(f"{CORE}/Glossary", name, {"name": called}, **DELETABLE), before, "name"))
    texts = rng.sample(("x", "y", "z"), 2)
    for name, text in zip(some(rng, ("e1", "e2"), 0, 2), texts, strict=False):
        spec: dict[str, Json] = {"glossary": rng.choice(holders), "locale": "de_DE", "type": "term", "text": text}
        if rng.random() < 0.5:
            spec["translations"] = [{"locale": "en_EN", "text": one} for one in some(rng, ("u", "v"), 0, 1)]
        found.append(_moved(doc(f"{CORE}/GlossaryEntry", name, spec, **DELETABLE), before, "text"))
    return found


# Whatever else: up to three deeds at once, before and after.


def deeds(*kinds: str) -> Callable[[random.Random, World, Past], Sequence[Document]]:
    """What is declared before up to three deeds of these kinds, and after them."""
    known = [deed for deed in PARTS if deed.partition(" ")[0] in kinds]

    def draw(rng: random.Random, _: World, before: Past) -> Sequence[Document]:
        chosen = [*enumerate(some(rng, known, 1))]
        return [d for n, deed in chosen for d in PARTS[deed](n)[min(1, before.step)]]

    return draw


# How many calls are left at least: no call is of two of these sorts.

PARENTS = ("parent_id", "parent", "glossary_id")


def sorts(of: Mapping[str, str]) -> Callable[[Board, Node, Node], int]:
    """`of`: collection -> which of its family writes it. What is made or changed, what is moved and what goes are
    calls apart."""

    def far(board: Board, node: Node, goal: Node) -> int:
        return LOST if _lost(of, node, goal, board.start) else len(set(_sorts(of, node, goal, board.start)))

    return far


def _lost(of: Mapping[str, str], node: Node, goal: Node, start: Node) -> bool:
    """Whether anything that stays in the end is gone: its id never comes back."""
    return any(start.table(c).keys() & goal.table(c).keys() - node.table(c).keys() for c in of)


def _sorts(of: Mapping[str, str], node: Node, goal: Node, start: Node) -> Iterable[str]:
    for collection, family in of.items():
        now, then, first = node.table(collection), goal.table(collection), start.table(collection)
        if len(now.keys() - first.keys()) < len(then.keys() - first.keys()):
            yield f"write {family}"
        for own in now.keys() & first.keys():
            if own not in then:
                yield "gone"
                continue
            ours, theirs = _shown(now[own]), _shown(then[own])
            if {ours.pop(p, None) for p in PARENTS} != {theirs.pop(p, None) for p in PARENTS}:
                yield f"move {family}"
            elif ours != theirs:
                yield f"write {family}"


def _shown(record: Any) -> dict[str, Any]:
    return {f.name: getattr(record, f.name) for f in fields(record) if f.name not in TIMES}


PIM = {"classes": "tree", "nodes": "tree"}


def _of(kind: str, draw: Any, of: Mapping[str, str], **more: Any) -> Scene:
    return Scene(("omn-core", kind), draw, far=sorts(of), allowed=small_order.allowed, **more)


def _ground(k: World) -> None:
    k.core.reset()
    ground(k, 3)


SCENES: Iterable[Scene] = (
    _of("Keyword", keywords, {"keywords": ""}),
    _of("Directory", trees, {"dirs": ""}),
    _of("Glossary", glossaries, {"glossaries": "glossaries"}),
    _of("GlossaryEntry", glossaries, {"glossaries": "glossaries"}),
    _of("AttributeDefinition", deeds("definition"), {}, begin=_ground, again=True),
    _of("Classification", deeds("class", "node"), PIM, begin=_ground, again=True),
    _of("ClassificationNode", deeds("node", "attribute"), PIM, begin=_ground, again=True),
    _of("NodeAttribute", deeds("attribute", "class", "definition"), {}, begin=_ground, again=True),
    _of("Peo", deeds("peo", "product"), {}, begin=_ground, again=True),
    _of("Product", deeds("product"), {}, begin=_ground, again=True),
)
