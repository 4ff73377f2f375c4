"""Folder: a tree known by names, listed per scope and owner, made level by level; only its permissions change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Document
from reconciler.model.forecast import Forecast, Sizes
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind, WriteCall
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.normalise import segments
from reconciler.model.place import Problem
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.providers.omni_analytics import folder_permissions
from reconciler.providers.omni_analytics.folder_grants import bound, grant_calls
from reconciler.providers.omni_analytics.folder_review import permission_problems, review, settled
from reconciler.providers.omni_analytics.folder_whom import details, showing
from reconciler.providers.rest.calls import create, delete
from reconciler.providers.rest.parse import contents, fields, proof, unique
from reconciler.providers.rest.reads import further, get, records, unasked

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "expected",
    "narrow",
    "parse",
    "reads",
    "review",
    "settled",
    "showing",
]

DEEPEST = 7  # OA-R32
RESTRICTED = "restricted"
OWNER_AT = ("/owner/id", "/ownerId")  # the second in the newer edition (OA-R35)


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Depth, one scope per branch, and scope and owner for whatever is restricted: they tell which listing shows
    it (OA-R31 to OA-R33). Nothing is granted to the owner, who has it all (OA-R62)."""
    by_path = {tuple(_chain(d)): d for d in documents}
    return [p for d in documents for p in (*_problems(d, by_path), *permission_problems(kind, d))]


def _problems(document: Document, by_path: Mapping[tuple[Json, ...], Document]) -> list[Problem]:
    chain, found = _chain(document), list[Problem]()
    if len(chain) > DEEPEST:
        place = document.at("spec", "path")
        found.append(Problem(place, f"{document.address}: {len(chain)} levels, at most {DEEPEST} are allowed"))
    above = [by_path[key] for n in range(1, len(chain)) if (key := tuple(chain[:n])) in by_path]
    scope = document.spec.get("scope")
    scopes = [d.spec["scope"] for d in above if "scope" in d.spec]
    if scope is not None and any(s != scope for s in scopes):
        place = document.at("spec", "scope")
        found.append(
            Problem(place, f"{document.address}: its parent's scope is {scopes[0]}; a child has the same")
        )
    if RESTRICTED in scopes and scope is None:
        hint = "add `scope: restricted`"
        found.append(Problem(document.at("spec"), f"{document.address}: the folder above it is restricted", hint))
    if RESTRICTED in (scope, *scopes) and "owner" not in document.spec:
        hint = "add `owner: <e-mail>`"
        found.append(
            Problem(document.at("spec"), f"{document.address}: a restricted folder is listed by owner only", hint)
        )
    return found


def _chain(document: Document) -> list[Json]:
    path = segments(document.spec.get("path"))
    return path if isinstance(path, list) else []


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One listing of the organisation, one per owner of restricted folders, each to its end (OA-R12, OA-R13); then
    whom the permissions concern, in the folders that are live (OA-R54)."""
    pages = [] if demand.singly else unasked([*_firsts(kind, demand), *further(kind, replies)], replies)
    if pages or not demand.details:
        return pages
    details = demand.details if demand.singly else _found(kind, demand, _tree(kind, replies), replies)
    return folder_permissions.reads(demand, replies, details)


def _firsts(kind: Kind, demand: Demand) -> list[Request]:
    listing = kind.rest.list
    if listing is None:
        return []
    owners = sorted({b["owner"] for b in demand.by if b.get("scope") == RESTRICTED and "owner" in b})
    firsts = [
        get(demand.target, listing.call, {**listing.query, "scope": RESTRICTED, "ownerId": o}) for o in owners
    ]
    if not owners or any(b.get("scope") != RESTRICTED for b in demand.by):
        firsts.insert(0, get(demand.target, listing.call, {**listing.query, "scope": "organization"}))
    return firsts


def expected(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
    """The listings, page by page, and everybody who is asked about in folders that are live (OA-C2, OA-C13)."""
    lists = Forecast() if demand.singly else sizes.of(*_firsts(kind, demand))
    return lists + folder_permissions.expected(demand, sizes)


def _found(kind: Kind, demand: Demand, folders: Sequence[Resource], replies: Replies) -> tuple[JsonObject, ...]:
    """The details, each with the id of the live folder it is about."""
    ids = [folder_permissions.meant(kind, d, folders) for d in demand.details]
    return folder_permissions.known(demand.details, ids, replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """The folders of the listings, with their grants as far as these were asked for. Raises ValueError on answers
    of another shape."""
    if demand.singly:
        found = replace(demand, details=folder_permissions.known(demand.details, _ids(demand), replies))
        folders = tuple(folder_permissions.alone(kind, found, replies))
        return Collection(kind.name, folders, proof(kind, demand, replies))
    folders = _tree(kind, replies)
    details = _found(kind, demand, folders, replies) if demand.details else ()
    about = {d["id"]: d for d in details}
    held = (folder_permissions.with_permissions(f, about[f.id], replies) if f.id in about else f for f in folders)
    return Collection(kind.name, tuple(held), proof(kind, demand, replies), details=details)


def _ids(demand: Demand) -> list[str | None]:
    return [i if isinstance(i := d["id"], str) else None for d in demand.details]


def _tree(kind: Kind, replies: Replies) -> tuple[Resource, ...]:
    """The tree, rebuilt from the server's own paths; a folder whose parent was not read is keyed by its path,
    which matches no declared chain of names (OA-R27, OA-R28)."""
    distinct = {str(pick(record, "/id")): record for record in records(kind, replies)}.values()
    by_path: dict[str, list[Json]] = {}
    for record in distinct:
        by_path.setdefault(_slug_path(record), []).append(record)
    found = unique(_folder(kind, record, by_path) for record in distinct)
    children = Counter(f.parent for f in found)
    return tuple(_with_children(f, children[f.id]) for f in found)


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """The listings again, unless nothing but permissions is written; and who tells of those (OA-C7, OA-C14)."""
    return folder_permissions.least(demand, ids, pages)


def _folder(kind: Kind, record: Json, by_path: Mapping[str, list[Json]]) -> Resource:
    remote_id, name = pick(record, "/id"), pick(record, "/name")
    if not isinstance(remote_id, str) or not isinstance(name, str) or not remote_id:
        raise ValueError("a folder record has no usable id and name")
    chain, parent, placed = _names(record, by_path)
    held = {**fields(kind, record), "path": chain}
    owners = [owner for at in OWNER_AT if isinstance(owner := pick(record, at), str)]
    if owners:
        held["owner"] = owners[0]
    return Resource(remote_id, chain, held, "/".join(map(str, chain)), parent, contents(kind, record), placed)


def _names(record: Json, by_path: Mapping[str, list[Json]]) -> tuple[list[Json], str | None, bool]:
    """The chain of names from the root, the parent's id, and whether the chain reaches the root. At most seven
    levels exist; ten are followed."""
    chain: list[Json] = [str(pick(record, "/name"))]
    path, parent_id = _slug_path(record), None
    for _ in range(10):
        path = path.rpartition("/")[0]
        if not path:
            return chain, parent_id, True
        above = by_path.get(path, [])
        if len(above) != 1:
            break
        chain.insert(0, str(pick(above[0], "/name")))
        parent_id = parent_id or str(pick(above[0], "/id"))
    return [f"(unplaced) {_slug_path(record)}", *chain], parent_id, False


def _slug_path(record: Json) -> str:
    path = pick(record, "/path")
    if not isinstance(path, str) or not path:
        raise ValueError("a folder record has no path")
    return "/" + path.strip("/")


def _with_children(folder: Resource, children: int) -> Resource:
    held = {**folder.contents, "children": children}
    return replace(folder, contents=held)


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Creates, permissions and deletes; the plan's edges put parents first and, for deletes, children first."""
    made = kind.rest.create
    gone = kind.rest.delete
    writing = [c for c in changes if c.writes]
    found = [_create(kind, c, made) for c in writing if made and c.verb is Verb.CREATE]
    found += [call for c in writing if not c.removes for call in grant_calls(kind, c)]
    return found + [delete(c, gone) for c in writing if gone and c.verb is Verb.DELETE]


def _create(kind: Kind, change: Change, endpoint: WriteCall) -> Call:
    """The answer shows the last name, the owner's id and the scope, inherited or sent (OA-R40)."""
    body = _body(change)
    expect = {"/name": body["name"]}
    shown = (("|".join(OWNER_AT), "owner"), ("/scope", "scope"))
    expect |= {at: change.wire[n] for at, n in shown if n in change.wire}
    return replace(create(kind, change, endpoint, body), expect=expect)


def _body(change: Change) -> dict[str, Value]:
    """`scope` only at a root, a child inherits it; `userId` only where an owner is declared (OA-R31)."""
    chain = change.key if isinstance(change.key, list) else [change.key]
    body: dict[str, Value] = {"name": chain[-1]}
    if change.parent is not None:
        body["parentFolderId"] = change.parent
    elif "scope" in change.wire:
        body["scope"] = change.wire["scope"]
    if "owner" in change.wire:
        body["userId"] = change.wire["owner"]
    return body
