"""Live components out of all answers, with their parents and files, and the proof that these are all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_cms.answers import text_id
from reconciler.providers.omni_cms.search import (
    ROOT,
    SEARCH,
    Gathered,
    asked,
    file_details,
    file_requests,
    found_in,
    gathered,
    managed_spaces,
    parent_of,
)

WALKED = "the search finds not everything, so the spaces were walked"
ABSENT_FILE = "absent"


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every component, the roots too. `seen` says which root each space has, whether the reading was a walk, and
    what the spaces say. Raises ValueError on an answer of another shape."""
    if demand.singly:
        records = {text_id(pick(b, "/id")): b for r, b in replies if r.may_be_gone and isinstance(b, dict)}
        found = tuple(_listed(kind, r, records) for r in records.values())
        return Collection(kind.name, found, Proof(True, "asked for one by one"))
    if not managed_spaces(demand, replies):
        said = {"listed": _told(demand, "listed")}
        return Collection(kind.name, (), Proof(bool(replies), "no space of theirs is live"), said)
    seen = gathered(demand, replies)
    walk = bool(seen.disproved)
    listed = {i: _walked(kind, seen, i) for i in seen.walked}
    records = {**seen.found, **seen.singles}
    listed |= {i: _listed(kind, r, records) for i, r in records.items() if i not in listed}
    roots = dict(_roots(listed))
    for at, one in _unseen_roots(kind, seen).items():
        if roots.setdefault(at, one.id) == one.id:
            listed.setdefault(one.id, one)
    files = _files(demand, seen, replies)
    children = Counter(r.parent for r in listed.values())
    placed = tuple(_complete(r, children[r.id], files) for r in listed.values())
    told: dict[str, Json] = {"roots": dict[str, Json](roots), "walked": walk}
    told |= {word: _told(demand, word) for word in ("declared", "listed")}
    return Collection(kind.name, placed, _proof(seen, replies), told)


def _told(demand: Demand, word: str) -> Json:
    """What the reading of the spaces has told."""
    return next((d[word] for d in demand.details if word in d), [])


def _proof(seen: Gathered, replies: Replies) -> Proof:
    """By count (CM-R11), unless what it holds disproves the search (CM-R12): then by a walk, in which no list of
    children may be as long as was asked for (CM-R13)."""
    if seen.disproved:
        return Proof(not seen.full, "a list of children is as long as its limit" if seen.full else WALKED)
    pages = [body for r, body in replies if r.path == SEARCH]
    totals = {t for body in pages if isinstance(t := pick(body, "/total"), int) and not isinstance(t, bool)}
    came = sum(len(found_in(body)) for body in pages)
    if pick(pages[-1], "/more") is not False or len(totals) != 1 or {came, len(seen.found)} != totals:
        counts = " or ".join(map(str, sorted(totals))) or "none"
        return Proof(False, f"{len(seen.found)} distinct components came, the API counts {counts}")
    return Proof(True, "count equals total, and nothing that is known is missing")


def _listed(kind: Kind, record: JsonObject, others: Mapping[str, JsonObject]) -> Resource:
    """A record of the search, or of a single read."""
    above = parent_of(record, others)
    return component(kind, record, text_id(record.get("spaceId")), above[0] if above else None)


def _walked(kind: Kind, seen: Gathered, remote_id: str) -> Resource:
    walked = seen.walked[remote_id]
    return component(kind, walked.record, walked.space, walked.parent)


def component(kind: Kind, record: JsonObject, space: str, parent: str | None) -> Resource:
    """One record under the schema's names. The server's own `mimeType` is kept apart from the metadata (CM-R24).
    Raises ValueError."""
    remote_id, key, name = text_id(record.get("id")), record.get("key"), record.get("name")
    if not isinstance(key, str):
        raise ValueError(f"component {remote_id} has no key")  # noqa: TRY004
    plain = (f for f in kind.fields.values() if f.name not in ("space", "parent", "file", "hasFile"))
    picked = {f.name: value for f in plain if not isinstance(value := pick(record, f.wire), Missing)}
    held: dict[str, Json] = {**picked, "space": space}
    if isinstance(metadata := held.get("metadata"), dict):
        held["metadata"] = {k: v for k, v in metadata.items() if k != "mimeType"}
    if parent is not None:
        held["parent"] = parent
    label = name if isinstance(name, str) and name else key
    return Resource(remote_id, key, held, label, parent, scope=(space,))


def _roots(listed: Mapping[str, Resource]) -> Iterator[tuple[str, str]]:
    for one in listed.values():
        if one.key == ROOT:
            yield str(one.scope[0]), one.id


def _unseen_roots(kind: Kind, seen: Gathered) -> dict[str, Resource]:
    """The roots that the search left out, as their children name them (CM-R14)."""
    found = {}
    for record in seen.found.values():
        above, space = parent_of(record, seen.found), text_id(record.get("spaceId"))
        if above is not None and above[1] == ROOT:
            known = {"space": space, kind.key: ROOT}
            found[space] = Resource(above[0], ROOT, known, ROOT, scope=(space,))
    return found


def _complete(one: Resource, children: int, files: Mapping[str, JsonObject]) -> Resource:
    return replace(one, contents={"children": children}, fields={**one.fields, **files.get(one.id, {})})


def _files(demand: Demand, seen: Gathered, replies: Replies) -> dict[str, JsonObject]:
    """What was learnt of files: that there is none, that there is one, or what it holds (CM-R16, CM-R33)."""
    answers = {asked(r): body for r, body in replies}
    found: dict[str, JsonObject] = {}
    for _, remote_id in file_details(demand, seen):
        check, download = map(asked, file_requests(demand, remote_id))
        if answers.get(download) is not None:
            found[remote_id] = {"hasFile": True, "file": answers[download]}
        elif check in answers:
            there = _is_there(answers[check])
            found[remote_id] = {"hasFile": True} if there else {"hasFile": False, "file": ABSENT_FILE}
    return found


def _is_there(body: Json) -> bool:
    """A 404 is no file, and so is `success: false`, which the provider lets pass for that one code."""
    said = pick(body, "/success") if body is not None else False
    if not isinstance(said, bool):
        raise ValueError("the answer does not say whether there is a file")  # noqa: TRY004
    return said
