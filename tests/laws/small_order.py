"""The order that the rules of OMN Core keep, whatever a server would take: of calls, and within one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from reconciler.model.change import Verb
from reconciler.model.json import pick
from reconciler.model.plan import Phase
from tests.laws.small_trials import Done
from tests.laws.small_twins import Node, Sent

NAMES, PARENTS = ("name", "value", "tid", "key"), ("parent_id", "parent", "node_id", "class_tid")
COLLECTIONS = (
    *("keywords", "dirs", "glossaries", "entries", "definitions", "classes", "nodes", "attributes"),
    *("peos", "products"),
)


def allowed(done: Done, node: Node, call: Sent) -> bool:
    """Whether a call may be sent by now."""
    items = [item for one in etree.fromstring(call.content) for item in one]
    if any(item.get("type") == "delete" for item in items):
        return _in_time(done, node, {item.get(word) for item in items for word in ("id", "tid")})
    return not _passed_on(node, call, items) and not (call.path.endswith("/persist") and _anew(done, node, call))


def _anew(done: Done, node: Node, call: Sent) -> bool:
    """Whether anything that this family makes anew is still there: it goes before it comes (OC-R48, OC-R73)."""
    old = {own for own, family in _early(done).items() if family == _family(call.path)}
    return any(
        {own, getattr(one, "id", own)} & old for name in COLLECTIONS for own, one in node.table(name).items()
    )


def _early(done: Done) -> dict[str, str]:
    """The ids of what is made anew, as they are before it goes, and of what family each is."""
    calls = {i for a in done.plan.actions if a.verb is Verb.REPLACE for i in a.calls}
    first = [c for c in done.plan.calls if c.id in calls and c.phase is Phase.DELETE]
    return {str(pick(c.body, "/id") or pick(c.body, "/tid") or c.live_id): _family(c.path) for c in first}


def _family(path: str) -> str:
    """Whose calls these are: a classification, its nodes and their attributes are written together."""
    own = path.split("/")[-2]
    return "classes" if own in ("nodes", "attributes") else own


def _in_time(done: Done, node: Node, named: set[str | None]) -> bool:
    """A delete comes after all of its kind that is made, changed and moved; that of a glossary after its entries,
    too. What is made anew goes first; and one whose name somebody takes may go before, with all in it,
    but not while something that stays was beneath it (OC-R31, OC-R48, OC-R73, OC-R94, OC-R104, OC-R115)."""
    named = named - _early(done).keys()
    for name in COLLECTIONS:
        first, then = done.start.table(name), done.goal.table(name)
        going = {own for own, one in first.items() if {own, getattr(one, "id", own)} & named}
        if not going or not _left(done, node, name):
            continue
        if not all(_frees(done, name, own) or _held(done, name, own, going) for own in going):
            return False
        if any(going & {*_above(first, own)} for own in first.keys() & then.keys() - going):
            return False
        if name == "glossaries" and any(_home(done.start, e) in going for e in done.goal.table("entries")):
            return False
    return True


def _frees(done: Done, name: str, own: str) -> bool:
    """Whether somebody takes a name that this one has, if only on its way: renamed before a move, or after."""
    first, then = done.start.table(name), done.goal.table(name)
    fresh = [(first.get(other, one), one) for other, one in then.items() if first.get(other) != one]
    return any(_words(first[own]) & _on_the_way(*two) for two in fresh)


def _on_the_way(was: Any, one: Any) -> set[Any]:
    words = _words(was) | _words(one)
    return {(above, *rest) for above, *_ in words for _, *rest in words}


def _held(done: Done, name: str, own: str, going: set[str]) -> bool:
    """Whether it stands in what goes and whose name somebody takes."""
    above = _above(done.start.table(name), own)
    home = _home(done.start, own) if name == "entries" else ""
    gone = done.start.table("glossaries").keys() - done.goal.table("glossaries").keys()
    return any(_frees(done, name, one) for one in above if one in going) or (
        home in gone and _frees(done, "glossaries", home)
    )


def _home(node: Node, entry: str) -> str:
    one = node.table("entries").get(entry)
    return one.glossary_id if one is not None else ""


def _left(done: Done, node: Node, name: str) -> bool:
    """Whether anything is still to be made, changed or moved of a collection, or of what its things hold."""
    return any(_unfinished(done, node, one) for one in (name, *(["entries"] if name == "glossaries" else [])))


def _unfinished(done: Done, node: Node, name: str) -> bool:
    now, then, first = node.table(name), done.goal.table(name), done.start.table(name)
    if len(now.keys() - first.keys()) < len(then.keys() - first.keys()):
        return True
    return any(_told(now[own]) != _told(then[own]) for own in now.keys() & then.keys() & first.keys())


def _told(one: Any) -> tuple[Any, ...]:
    words = ("name", "value", "labels", "vals", "type", "loc", "glossary_id", "parent", "parent_id", "projects")
    return tuple(getattr(one, word, None) for word in words)


def _words(one: Any) -> set[Any]:
    """What nobody else beside it may be called."""
    above = next((getattr(one, p) for p in PARENTS if hasattr(one, p)), None)
    texts = dict(getattr(one, "labels", {}))
    return {(above, word, getattr(one, word)) for word in NAMES if hasattr(one, word)} | {
        (above, *text) for text in texts.items()
    }


def _above(table: Mapping[str, Any], own: str) -> Iterator[str]:
    here: Any = own
    while here in table:
        here = next((getattr(table[here], p) for p in PARENTS if hasattr(table[here], p)), None)
        yield here


def _passed_on(node: Node, call: Sent, items: list[Any]) -> bool:
    """Whether one thing is said twice, as half of a ring and whole (OC-R27, OC-R94, OC-R115); or somebody takes a
    glossary's name in the call that frees it (OC-R94), or is made beneath a path that the same call changes, and
    not beneath what it makes there (OC-R27)."""
    own = [known for item in items if (known := item.get("id") or item.get("tid"))]
    if call.path.endswith("/persist") and len({*own}) < len(own):
        return True
    if call.path.endswith("/glossaries/persist"):
        live = node.table("glossaries")
        named = [(item.get("id"), next((c.text for c in item if c.tag.endswith("}name")), None)) for item in items]
        freed = {live[own].name for own, name in named if own in live and name not in (None, live[own].name)}
        return any(name in freed for _, name in named)
    if call.path.endswith("/keywords/persist"):
        live = node.table("keywords")
        told = {item.get("id"): item.findtext("{*}name/{*}itm") for item in items if item.get("id") in live}
        renamed = {own: name for own, name in told.items() if name not in (None, live[own].value)}
        changed = {*renamed.values(), *(live[own].value for own in renamed)}
        paths = [_steps(item) for item in items if item.get("parentPath")]
        made = [(*_steps(item), item.findtext("{*}name/{*}itm")) for item in items if item.get("id") is None]
        steps = {p[n - 1] for p in paths for n in range(1, len(p) + 1) if p[:n] not in made}
        return bool(steps & changed)
    return False


def _steps(item: Any) -> tuple[str, ...]:
    """The path above what is made, as far as it is said by names."""
    said = (item.get("parentPath") or item.get("parentId") or "").strip("/")
    return tuple(said.split("/")) if said else ()
