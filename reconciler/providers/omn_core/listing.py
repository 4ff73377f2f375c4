"""The keyword tree: which requests read it, the proof that it is whole, and keywords out of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.normalise import segments
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Bond

PATH = "/common/keywords/retrieve"
WHOLE = -1
"""The level that asks for everything beneath (OC-R12); no positive level is ever relied on (OC-R16)."""


def chain(key: Json) -> tuple[str, ...]:
    """A key as the unlocalized values from the root."""
    names = segments(key)
    return tuple(map(str, names)) if isinstance(names, list) else ()


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, object],  # noqa: ARG001 - nothing is read before
) -> tuple[JsonObject, ...]:
    """The roots that anything declared, recorded or renamed stands under or that are to go, by name and by
    recorded id; where each recorded keyword stood; and whether links to assets matter (OC-R12 to OC-R14)."""
    wanted = {d.address: chain(d.spec.get(kind.key)) for d in documents}
    former = [(wanted[d.address], chain(d.previous_key)) for d in documents if d.previous_key is not None]
    names = {d.previous_name for d in documents}
    going = [
        b for b in bonds if b.address not in wanted and b.address.name not in names and b.on_remove == "delete"
    ]
    roots = {
        c[0] for c in [*wanted.values(), *(p for _, p in former), *(chain(b.key) for b in bonds)] if len(c) > 1
    }
    roots |= {chain(b.key)[0] for b in going if b.key}
    above = {c[:n] for c in wanted.values() for n in range(1, len(c))}
    roots |= {p[0] for c, p in former if p and c in above}
    moved = {
        b.id for b in bonds if wanted.get(b.address) in above or (len(c := chain(b.key)) == 1 and c[0] in roots)
    }
    recorded: JsonObject = {b.id: list(chain(b.key)) for b in bonds}
    if not roots and not recorded:
        return ()
    lists: JsonObject = {"roots": list[Json](sorted(roots)), "ids": list[Json](sorted(moved))}
    return ({**lists, "recorded": recorded, "links": bool(going)},)


class Concern(Record, frozen=True):
    """What a demand's details say. `every`: all roots are concerned."""

    roots: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    recorded: Mapping[str, Json] = field(default_factory=dict)
    links: bool = False
    every: bool = False


def concern(demand: Demand) -> Concern:
    if not demand.details:
        return Concern()
    one = demand.details[0]
    roots, ids, recorded = one.get("roots"), one.get("ids"), one.get("recorded")
    return Concern(
        frozenset(map(str, roots if isinstance(roots, list) else [])),
        frozenset(map(str, ids if isinstance(ids, list) else [])),
        recorded if isinstance(recorded, dict) else {},
        one.get("links") is True,
        one.get("every") is True,
    )


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """The whole forest in one call; each root concerned, where that call may have shown roots only or lacks
    something recorded; then what is still missing by the path it had (OC-R12 to OC-R14)."""
    concerned = concern(demand)
    forest = _ask(demand, concerned, "/", WHOLE)
    if not replies:
        return [forest]
    asked = {canonical(r.body) for r, _ in replies}
    live = [r for request, body in replies for r in records(request, body)]
    missing = sorted(set(demand.ids) - {remote_id(r) for r in live})
    roots = [
        _ask(demand, concerned, f"/{name}", WHOLE) for name in _concerned_roots(concerned, live, missing, replies)
    ]
    if fresh := [r for r in roots if canonical(r.body) not in asked]:
        return fresh
    read = set(_read_roots(replies))
    lost = [chain(concerned.recorded.get(i)) for i in missing]
    singly = [_ask(demand, concerned, "/" + "/".join(c), 1, gone=True) for c in lost if c and c[0] not in read]
    return [r for r in singly if canonical(r.body) not in asked]


def _concerned_roots(
    concerned: Concern, live: Sequence[Json], missing: Sequence[str], replies: Replies
) -> list[str]:
    """The roots to be read by themselves: none where the list shows anything below a root, or nothing below one is
    concerned, unless something recorded is missing."""
    shown = records(*replies[0])
    if any(not is_root(r) for r in shown) and not missing and not _read_roots(replies):
        return []
    names = {n: remote_id(r) for r in live if is_root(r) and (n := unlocalized(r)) is not None and "/" not in n}
    return sorted(n for n, i in names.items() if concerned.every or n in concerned.roots or i in concerned.ids)


def _read_roots(replies: Replies) -> list[str]:
    """The names of the roots that were read by themselves."""
    paths = [(pick(r.body, "/path"), pick(r.body, "/level")) for r, _ in replies]
    return [str(path)[1:] for path, level in paths if path != "/" and level == WHOLE]


def _ask(demand: Demand, concerned: Concern, path: str, level: int, *, gone: bool = False) -> Request:
    body: JsonObject = {"path": path, "level": level}
    if concerned.links:
        body["retrieveLinks"] = True
    return Request(demand.target, "POST", PATH, body=body, safe=True, may_be_gone=gone)


def records(request: Request, body: Json) -> list[Json]:
    """The keywords of one answer. Raises ValueError where it holds no list, or one of them has no id."""
    if body is None and request.may_be_gone:
        return []
    entries = pick(body, "/kwds/entries")
    if not isinstance(entries, list):
        raise ValueError("the answer holds no list of keywords")  # noqa: TRY004 - the server's mistake
    if not all(remote_id(r) for r in entries):
        raise ValueError("a keyword has no id")
    return entries


def remote_id(record: Json) -> str:
    found = pick(record, "/id")
    return found if isinstance(found, str) else ""


def is_root(record: Json) -> bool:
    return isinstance(record, dict) and not (record.keys() & {"parentId", "parentPath"})


def unlocalized(record: Json) -> str | None:
    """The one value without a locale; None where there is none, or several."""
    bare = [i for i in _items(record) if isinstance(i, str)]
    return bare[0] if len(bare) == 1 and bare[0] else None


def labels(record: Json) -> list[Json]:
    """The localized values, each locale once."""
    found: dict[str, Json] = {}
    for item in _items(record):
        locale, text = pick(item, "/loc"), pick(item, "/value")
        if isinstance(locale, str) and isinstance(text, str):
            found.setdefault(locale, {"locale": locale, "text": text})
    return list(found.values())


def _items(record: Json) -> list[Json]:
    items = pick(record, "/name/itm")
    return items if isinstance(items, list) else []


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every keyword the answers show, each id once; its parent is looked up by id, no path is taken apart
    (OC-R15)."""
    if not replies:
        return Collection(kind.name)
    distinct: dict[str, Json] = {}
    for request, body in replies:
        for record in records(request, body):
            distinct.setdefault(remote_id(record), record)
    children = Counter(pick(r, "/parentId") for r in distinct.values())
    chains = _chains(distinct)
    links = concern(demand).links
    found = [_keyword(record, chains[i], children[i], links=links) for i, record in distinct.items()]
    by = "each root concerned was read" if _read_roots(replies) else "the forest in one answer"
    return Collection(kind.name, tuple(found), Proof(True, by))


def _chains(distinct: Mapping[str, Json]) -> dict[str, tuple[str, ...] | None]:
    """The unlocalized values from the root; None where the way to the root is not known, or leads in a circle."""
    found: dict[str, tuple[str, ...] | None] = {}
    for start in distinct:
        trail: dict[str, None] = {}  # in order, and quick to look into
        here: str | None = start
        while here is not None and here in distinct and here not in found and here not in trail:
            trail[here] = None
            here = None if is_root(distinct[here]) else str(pick(distinct[here], "/parentId"))
        above: tuple[str, ...] | None = () if here is None else (None if here in trail else found.get(here))
        for one in reversed(trail):
            value = unlocalized(distinct[one])
            above = (*above, value) if above is not None and value is not None else None
            found[one] = above
    return found


def _keyword(record: Json, names: tuple[str, ...] | None, children: int, *, links: bool) -> Resource:
    own, value = remote_id(record), unlocalized(record)
    parent = pick(record, "/parentId")
    fields: JsonObject = {"labels": labels(record), "parent": parent if isinstance(parent, str) else ""}
    if value is not None:
        fields["value"] = value
    contents: dict[str, int | None] = {"children": children}
    if links:
        contents["linked assets"] = sum(1 for _ in _assets(record))
    path: list[Json] = list(names) if names is not None else [f"(unplaced) id {own}", value or ""]
    one = Resource(own, path, {**fields, "path": path}, "/".join(map(str, path)), contents=contents)
    return replace(one, parent=parent if isinstance(parent, str) else None, placed=names is not None)


def _assets(record: Json) -> Iterator[Json]:
    blocks = pick(record, "/links/itms")
    for block in blocks if isinstance(blocks, list) else []:
        items = pick(block, "/itm")
        if pick(block, "/type") == "asset" and isinstance(items, list):
            yield from items
