"""Small trees of directories beneath two RNCs, and the manifests that turn one into another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.directories import DELETABLE, di

RNCS, NAMES = ("MAM", "DATA"), "abc"
VALUES: tuple[Json, ...] = ("x", "y", ["x", "y"], {"en_EN": "x"}, {"en_EN": ["x"], "de_DE": ["y"]})


class Dir(NamedTuple):
    """A directory: its name, the one above it (None: right beneath the RNC), its RNC, its values."""

    name: str
    parent: str | None
    rnc: str
    values: Mapping[str, Json]


Tree = Mapping[str, Dir]


def path(tree: Tree, at: str) -> str:
    one = tree[at]
    return one.name if one.parent is None else f"{path(tree, one.parent)}/{one.name}"


def possible(tree: Tree) -> bool:
    """Everybody hangs from the RNC it says, and no two siblings share a name."""
    seen: set[tuple[str, str]] = set()
    for at, one in tree.items():
        here, steps = one.parent, 0
        while here is not None:
            if here not in tree or tree[here].rnc != one.rnc or steps > len(tree) or here == at:
                return False
            here, steps = tree[here].parent, steps + 1
        own = (one.parent or f"/{one.rnc}", one.name)
        if own in seen:
            return False
        seen.add(own)
    return True


@st.composite
def trees(draw: st.DrawFn, names: tuple[str, ...], was: Tree | None = None) -> Tree:
    """`was`: what of it stays as it is, or changes, beneath its own RNC and with the values it had."""
    found: dict[str, Dir] = {}
    for at in names:
        old = was.get(at) if was else None
        if old is not None and draw(st.booleans()):
            found[at] = old
            continue
        parent = draw(st.sampled_from((None, *(n for n in names if n != at))))
        values = draw(st.dictionaries(st.sampled_from("VW"), st.sampled_from(VALUES), max_size=2))
        rnc = old.rnc if old else draw(st.sampled_from(RNCS))
        found[at] = Dir(draw(st.sampled_from(NAMES)), parent, rnc, {**(old.values if old else {}), **values})
    assume(possible(found))
    return found


@st.composite
def changes(draw: st.DrawFn, most: int = 4) -> tuple[Tree, Tree]:
    """A tree, and what is to become of it: some kept or changed, some gone, some new."""
    names = tuple(f"d{n}" for n in range(draw(st.integers(0, most))))
    before = draw(trees(names))
    kept = tuple(n for n in names if draw(st.sampled_from((True, True, True, False))))
    new = tuple(f"n{n}" for n in range(draw(st.integers(0, 3))))
    return before, draw(trees((*kept, *new), before))


def documents(tree: Tree, was: Tree | None = None) -> list[Document]:
    """What says so, with the older path of whatever itself changes its name or parent."""
    return [_document(tree, at, was) for at in tree]


def _document(tree: Tree, at: str, was: Tree | None) -> Document:
    one, old = tree[at], was.get(at) if was else None
    moved = old is not None and old[:2] != one[:2]
    former = path(was, at) if moved and was else None
    return di(path(tree, at), one.values or None, rnc=one.rnc, name=at, was=former, **DELETABLE)


def shown(tree: Tree) -> dict[str, Mapping[str, Json]]:
    """By path, as a twin is asked."""
    return {f"/{one.rnc}/{path(tree, at)}": one.values for at, one in tree.items()}
