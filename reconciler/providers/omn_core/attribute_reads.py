"""What no list shows of an attribute: its id, which a delete needs, and its default value (OC-R70 to OC-R72).

`attributes/retrieve` tells of the attributes of several nodes, but not which is whose. So nodes are put into
groups such that every attribute that is asked for is the only one of its definition in its group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.live import Replies
from reconciler.model.normalise import segments
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core import domain
from reconciler.providers.omn_core.class_list import Chain, Tree, path_of
from reconciler.providers.omn_core.class_parse import attribute_id

RETRIEVE: Final = "/pim/attributes/retrieve"
DEFAULTS: Final = "defaults"
GOING: Final = "going"
ANEW: Final = "anew"
Pair = tuple[Chain, str]
"""(node, definition)."""


def details(documents: Sequence[Document], bonds: Sequence[Bond]) -> tuple[JsonObject, ...]:
    """At most one entry each: the attributes whose default is declared, `[[path], definition]`; the ids of those
    that left git to be deleted; and, of those that may be made anew, what is declared, by their recorded ids."""
    declared = {d.address: d for d in documents}
    names = {d.previous_name for d in documents}
    left = [b for b in bonds if b.address not in declared and b.address.name not in names]
    going = sorted(b.id for b in left if b.on_remove == "delete")
    with_default = sorted((_pair(d) for d in documents if "default" in d.spec), key=canonical)
    consenting = [b for b in bonds if b.address in declared and "replace" in declared[b.address].lifecycle.allow]
    anew: JsonObject = {b.id: _declared(declared[b.address]) for b in consenting}
    found: list[JsonObject] = [{DEFAULTS: list[Json](with_default)}] if with_default else []
    found += [{GOING: list[Json](going)}] if going else []
    found += [{ANEW: anew}] if anew else []
    return tuple(found)


def _pair(document: Document) -> list[Json]:
    return [segments(document.spec.get("node")), document.spec.get("definition")]


def _declared(document: Document) -> JsonObject:
    held = document.spec.get("domain")
    values: Json = list[Json](domain.ids(held)) if isinstance(held, dict) and "values" in held else None
    return {"at": _pair(document), "values": values}


def without(details: Sequence[JsonObject], *words: str) -> tuple[JsonObject, ...]:
    """The details but for these."""
    return tuple(d for d in details if not any(word in d for word in words))


def requests(target: str, details: Sequence[JsonObject], live: Tree, replies: Replies) -> list[Request]:
    """One for each group, by paths with a slash; and by paths without where nothing came back (OC-Q7)."""
    by_id = {attribute_id(n.id, key): (n.chain, key) for n in live.nodes.values() for key in n.attributes}
    groups = [
        *grouped(live, [p for p in _with_defaults(details) if _there(live, p)]),
        *grouped(live, [p for i in _going(details, live, by_id) if (p := by_id.get(i))]),
    ]
    asked = {canonical(r.body): body for r, body in replies if r.path == RETRIEVE}
    found: dict[str, Request] = {}
    for group in groups:
        first = _ask(target, [path_of(chain) for chain in group])
        at = canonical(first.body)
        if at not in asked:
            found.setdefault(at, first)
        elif not pick(asked[at], "/attrs/entries"):
            second = _ask(target, [path_of(chain)[1:] for chain in group])
            if canonical(second.body) not in asked:
                found.setdefault(canonical(second.body), second)
    return list(found.values())


def _ask(target: str, paths: Sequence[str]) -> Request:
    body: JsonObject = {"nodePaths": list[Json](paths), "withDefaultValues": True}
    return Request(target, "POST", RETRIEVE, body=body, safe=True, may_be_gone=True)


def _with_defaults(details: Sequence[JsonObject]) -> Iterable[Pair]:
    for detail in details:
        held = detail.get(DEFAULTS)
        for one in held if isinstance(held, list) else []:
            if isinstance(one, list) and isinstance(one[0], list):
                yield tuple(map(str, one[0])), str(one[1])


def _there(live: Tree, pair: Pair) -> bool:
    node = live.at.get(pair[0])
    return node is not None and pair[1] in node.attributes


def _going(details: Sequence[JsonObject], live: Tree, by_id: Mapping[str, Pair]) -> Iterable[str]:
    """The ids of what is to be deleted, for good or to be made anew."""
    for detail in details:
        going, anew = detail.get(GOING), detail.get(ANEW)
        yield from map(str, going if isinstance(going, list) else [])
        for own, declared in anew.items() if isinstance(anew, dict) else ():
            if own in by_id and _unlike(live, by_id[own], declared):
                yield own


def _unlike(live: Tree, pair: Pair, declared: Json) -> bool:
    """Whether the live one has to give way to what is declared: at another node, of another definition, or without
    a value that cannot be taken away."""
    at, values = pick(declared, "/at"), pick(declared, "/values")
    if [list(pair[0]), pair[1]] != at:
        return True
    there = domain.ids(domain.parsed(live.at[pair[0]].attributes[pair[1]]))
    return isinstance(values, list) and not {*there} <= {*map(str, values)}


def grouped(live: Tree, pairs: Iterable[Pair]) -> list[list[Chain]]:
    """The nodes of these attributes in few groups, in each of which none of them has its like: each node goes into
    the first group that it fits into."""
    wanted: dict[Chain, set[str]] = {}
    for chain, key in pairs:
        wanted.setdefault(chain, set()).add(key)
    groups: list[tuple[list[Chain], set[str], set[str]]] = []
    for chain, keys in sorted(wanted.items()):
        own = {*live.at[chain].attributes}
        fits = (g for g in groups if not own & g[1] and not keys & g[2])
        if (group := next(fits, None)) is None:
            group = ([], set[str](), set[str]())
            groups.append(group)
        members, theirs, all_keys = group
        members.append(chain)
        theirs |= keys
        all_keys |= own
    return [members for members, _, _ in groups]


def told(live: Tree, replies: Replies) -> tuple[dict[Pair, str], dict[Pair, Json]]:
    """The ids and the defaults that the answers tell of certain attributes: those which alone of their group have
    their definition, and are told once. Raises ValueError where an answer holds no list."""
    ids: dict[Pair, str] = {}
    defaults: dict[Pair, Json] = {}
    for request, body in replies:
        for pair, record in _owned(live, request, body) if request.path == RETRIEVE else ():
            own = pick(record, "/id")
            if isinstance(own, str):
                ids[pair] = own
            value = pick(record, "/defaultVal/tid")
            defaults[pair] = value if isinstance(value, str) else None
    return ids, defaults


def _owned(live: Tree, request: Request, body: Json) -> Iterable[tuple[Pair, Json]]:
    paths, entries = pick(request.body, "/nodePaths"), pick(body, "/attrs/entries")
    if body is not None and not isinstance(entries, list):  # None: a 404
        raise ValueError("the answer holds no list of attributes")
    chains = [tuple(str(p).strip("/").split("/")) for p in (paths if isinstance(paths, list) else [])]
    whose: dict[str, list[Chain]] = {}
    for chain in chains:
        for key in live.at[chain].attributes if chain in live.at else ():
            whose.setdefault(key, []).append(chain)
    records: dict[str, dict[str, Json]] = {}
    for record in entries if isinstance(entries, list) else []:
        own = pick(record, "/id")
        if isinstance(own, str):
            records.setdefault(str(pick(record, "/key")), {})[own] = record
    for key, alike in records.items():
        if len(alike) == 1 and len(whose.get(key, ())) == 1:
            yield (whose[key][0], key), next(iter(alike.values()))
