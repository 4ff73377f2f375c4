"""Small forests of keywords, and the manifests that turn one into another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.world import doc

LOCALES = ("en_EN", "de_DE")
VALUES, TEXTS = "abc", "xyz"


class Word(NamedTuple):
    """A keyword: its value, the name of the one above it (None: a root), and its labels."""

    value: str
    parent: str | None
    labels: tuple[tuple[str, str], ...] = ()


Forest = Mapping[str, Word]


def path(forest: Forest, name: str) -> str:
    one = forest[name]
    return one.value if one.parent is None else f"{path(forest, one.parent)}/{one.value}"


def possible(forest: Forest) -> bool:
    """Everybody hangs from a root, and no two siblings share a value."""
    seen: set[tuple[str | None, str, str]] = set()
    for name, one in forest.items():
        own = {(one.parent, locale, text) for locale, text in (("", one.value), *one.labels)}
        here, steps = one.parent, 0
        while here is not None:
            if here not in forest or steps > len(forest) or here == name:
                return False
            here, steps = forest[here].parent, steps + 1
        if own & seen:
            return False
        seen |= own
    return True


@st.composite
def forests(draw: st.DrawFn, names: tuple[str, ...], was: Forest | None = None, *, labels: bool = True) -> Forest:
    """`was`: what of it stays as it is, or changes, with the labels it had."""
    found: dict[str, Word] = {}
    for name in names:
        old = was.get(name) if was else None
        if old is not None and draw(st.booleans()):
            found[name] = old
            continue
        parent = draw(st.sampled_from((None, *(n for n in names if n != name))))
        drawn = draw(st.dictionaries(st.sampled_from(LOCALES), st.sampled_from(TEXTS))) if labels else {}
        texts = {**dict(old.labels if old else ()), **drawn}
        found[name] = Word(draw(st.sampled_from(VALUES)), parent, tuple(sorted(texts.items())))
    assume(possible(found))
    return found


def documents(forest: Forest, was: Forest | None = None) -> list[Document]:
    """What says so, with the older path of whatever itself changes value or parent."""
    return [_document(forest, name, was) for name in forest]


def _document(forest: Forest, name: str, was: Forest | None) -> Document:
    one, old = forest[name], was.get(name) if was else None
    spec: dict[str, Json] = {"path": path(forest, name)}
    if one.labels:
        spec["labels"] = [{"locale": locale, "text": text} for locale, text in one.labels]
    moved = old is not None and old[:2] != one[:2]
    previous = {"previous_key": path(was, name)} if moved and was else {}
    return doc("Keyword", name, spec, on_remove="delete", allow=["delete"], **previous)


def shown(forest: Forest) -> dict[str, dict[str, str]]:
    """By path, as a twin is asked."""
    return {path(forest, name): dict(one.labels) for name, one in forest.items()}
