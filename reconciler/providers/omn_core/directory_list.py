"""The directories of an RNC: which requests read them, their chains of names, what a delete would take along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core.custom_values import parsed

PATH, ASSETS = "/dam/dirs/retrieve", "/dam/assets/query"
WHOLE = -1
"""The level that asks for everything beneath (OC-R106)."""
GOING = "going"


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, object],  # noqa: ARG001
) -> tuple[JsonObject, ...]:
    """Which recorded directories are to go: what is stored in them is asked one by one (OC-R116)."""
    kept = {d.address for d in documents}
    names = {d.previous_name for d in documents}
    doomed = [
        b.id for b in bonds if b.on_remove == "delete" and b.address not in kept and b.address.name not in names
    ]
    return ({GOING: list[Json](sorted(doomed))},) if doomed else ()


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """The lists alone, unless a delete needs to know what is stored."""
    return replace(demand, details=()) if pages else demand


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """Everything in each RNC concerned, a call each; then the assets right in every directory that is to go
    (OC-R105, OC-R116)."""
    if not replies:
        bodies: list[JsonObject] = [{"rncTid": rnc, "level": WHOLE} for rnc in sorted(_rncs(demand))]
        return [Request(demand.target, "POST", PATH, body=body, safe=True, may_be_gone=True) for body in bodies]
    if not demand.removing:
        return []
    asked = {canonical(r.body) for r, _ in replies if r.path == ASSETS}
    there = {_tid(r) for r in _records(replies)}
    queries = [_stored_in(demand.target, one) for one in sorted(_going(demand) & there)]
    return [q for q in queries if canonical(q.body) not in asked]


def _stored_in(target: str, tid: str) -> Request:
    return Request(target, "POST", ASSETS, body={"directory": {"tid": tid}}, safe=True)


def _rncs(demand: Demand) -> set[str]:
    return {b["rnc"] for b in demand.by if b.get("rnc")}


def _going(demand: Demand) -> set[str]:
    ids = [d.get(GOING) for d in demand.details]
    return {str(i) for some in ids if isinstance(some, list) for i in some}


def _records(replies: Replies) -> list[Json]:
    """The directories of all lists, each tid once. Raises ValueError where one holds no list, or one of them has
    no tid."""
    found: dict[str, Json] = {}
    for request, body in replies:
        if request.path != PATH or body is None:  # an RNC that is not there has no directories
            continue
        entries = pick(body, "/dirs/entries")
        if not isinstance(entries, list):
            raise ValueError("the answer holds no list of directories")  # noqa: TRY004 - the server's mistake
        for record in entries:
            if not _tid(record):
                raise ValueError("a directory has no tid")
            found.setdefault(_tid(record), record)
    return list(found.values())


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every directory of the RNCs concerned; a list may show those of others too, which are left out. What lies in
    what is looked up by tid: no path is ever shown (OC-R106)."""
    if not demand.by:
        return Collection(kind.name, proof=Proof(True, "no RNC is concerned"))
    if not replies:
        return Collection(kind.name)
    records = _with_parents({_tid(r): r for r in _records(replies)})
    children = Counter(_text(r, "parent") for r in records.values())
    stored = _stored(replies)
    shows = any(parsed(r) for r in records.values())
    concerned = _rncs(demand)
    found = []
    chains = _chains(records)
    for tid, record in records.items():
        rnc, chain = chains[tid]
        if rnc in concerned or not rnc:
            contents: dict[str, int | None] = {"children": children[tid]}
            contents |= {"assets": stored[tid]} if tid in stored else {}
            found.append(_directory(record, rnc, chain, contents, shows=shows))
    by = f"everything in {len(concerned)} RNC" if len(concerned) == 1 else f"everything in {len(concerned)} RNCs"
    return Collection(kind.name, tuple(found), Proof(bool(replies), by))


def _with_parents(records: Mapping[str, Json]) -> dict[str, Json]:
    """The same, each with the tid of what it lies in as that one itself spells it: casing varies (OC-R108)."""
    spelled = {tid.casefold(): tid for tid in records}
    parents = {tid: spelled.get(_text(r, "parent").casefold()) for tid, r in records.items()}
    return {i: {**r, "parent": p} if (p := parents[i]) and isinstance(r, dict) else r for i, r in records.items()}


def _stored(replies: Replies) -> dict[str, int]:
    """Directory -> how many assets are in it. Raises ValueError where an answer does not say."""
    found: dict[str, int] = {}
    for request, body in replies:
        if request.path == ASSETS:
            found[str(pick(request.body, "/directory/tid"))] = _counted(body)
    return found


def _counted(body: Json) -> int:
    """How many things an answer to a query names, by `tids` or by `ids`; where it found none it has neither."""
    named = [body[word] for word in ("tids", "ids") if word in body] if isinstance(body, dict) else []
    lists = [len(one) for one in named if isinstance(one, list)]
    odd = not isinstance(body, dict) or any(isinstance(one, dict | list) for one in body.values())
    if len(lists) < len(named) or (odd and not lists):
        raise ValueError("the answer does not list assets")
    return max(lists, default=0)


def _chains(records: Mapping[str, Json]) -> dict[str, tuple[str, tuple[str, ...] | None]]:
    """Tid -> the RNC, and the names from there; none where the way up is not known, or leads in a circle."""
    found: dict[str, tuple[str, tuple[str, ...] | None]] = {}
    for start in records:
        trail: dict[str, None] = {}  # in order, and quick to look into
        here = start
        while here in records and here not in found and here not in trail:
            trail[here] = None
            here = _text(records[here], "parent")
        rnc, above = found.get(here, ("", None))
        top = records[next(reversed(trail))] if trail else None
        if top is not None and not _text(top, "parent"):
            rnc, above = _text(top, "rnc"), ()
        if here in trail:
            rnc, above = "", None
        for one in reversed(trail):
            name = _text(records[one], "name")
            above = (*above, name) if above is not None and name and rnc else None
            found[one] = (rnc, above)
    return found


def _directory(
    record: Json,
    rnc: str,
    chain: tuple[str, ...] | None,
    contents: Mapping[str, int | None],
    *,
    shows: bool,
) -> Resource:
    """`shows`: whether this server shows custom values at all; where none are shown nobody can tell (OC-R118)."""
    tid, name, parent = _tid(record), _text(record, "name"), _text(record, "parent")
    path: list[Json] = list(chain) if chain is not None else [f"(unplaced) tid {tid}", name]
    fields: JsonObject = {"rnc": rnc, "path": path, "name": name, "parent": parent}
    if shows:
        fields["attributes"] = parsed(record)
    label = "/".join(map(str, path))
    one = Resource(tid, path, fields, label, parent=parent or None, contents=contents, scope=(rnc,))
    return replace(one, placed=chain is not None)


def _tid(record: Json) -> str:
    return _text(record, "tid")


def _text(record: Json, name: str) -> str:
    found = record.get(name) if isinstance(record, dict) else None
    return found if isinstance(found, str) else ""
