"""Which requests read the components: the search, what its proof needs, the walk in its stead, the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.answers import folded
from reconciler.model.call import Request, quoted
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies
from reconciler.model.record import Record, field
from reconciler.providers.omni_cms.answers import SPACES, SPACES_AT, spaces, text_id
from reconciler.providers.omni_cms.codec import DOWNLOAD
from reconciler.providers.rest.reads import get

SEARCH = "/component/search"
CHECK = "/component/file/check/"
FILE = "/component/file/"
ROOT = "root"
LIMIT, LEVELS, CHILDREN = 1000, 7, 100_000
WALK = (("children", "content"), ("levels", str(LEVELS)), ("limit", str(CHILDREN)), ("order", "id"))
BEFORE, AFTER = "before", "after"
"""Readings of a run: just before its writes, and after them, when the key has proved itself."""


def asked(request: Request) -> str:
    """One text per question."""
    return canonical([request.path, [list(q) for q in request.query], request.body])


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """What is to be asked next (CM-R9 to CM-R16); the key is proved first (CM-R2). Raises ValueError."""
    known = _known(replies)
    return [r for r in _wanted(demand, replies) if asked(r) not in known]


def _known(replies: Replies) -> set[str]:
    """What has been asked."""
    return folded(replies, "known", set[str], lambda found, request, _: found.add(asked(request)))


def _wanted(demand: Demand, replies: Replies) -> list[Request]:
    if stage(demand) != AFTER and not any(r.path == SPACES_AT for r, _ in replies):
        return [get(demand.target, SPACES)]
    if demand.singly:
        return [_single(demand, i) for i in demand.fresh]
    managed = managed_spaces(demand, replies)
    if not managed:
        return []
    page = next_page(demand, managed, replies)
    if page is not None:
        return [page]
    seen = gathered(demand, replies)
    proving = [*(_single(demand, i) for i in seen.missing), *(_walk(demand, s) for s in seen.silent)]
    known = _known(replies)
    if any(asked(r) not in known for r in proving):
        return proving
    walking = [*(_walk(demand, s) for s in managed), *(_branch(demand, i) for i in seen.deepest)]
    return [*(walking if seen.disproved else []), *_files(demand, seen, replies)]


def stage(demand: Demand) -> str:
    """Which reading of a run this is; empty while a plan is made."""
    return next((str(d["run"]) for d in demand.details if "run" in d), "")


def managed_spaces(demand: Demand, replies: Replies) -> list[str]:
    """The managed spaces that are live, as far as that was asked; those that have come since the plan was made
    too."""
    named = [str(s) for d in demand.details for s in _list(d.get("spaces"))]
    if stage(demand) == AFTER:
        return named
    coming = {str(name) for d in demand.details for name in _list(d.get("coming"))}
    found = (i for i, name in spaces(replies) if i in named or name in coming)
    return sorted(found, key=lambda i: (len(i), i))


def next_page(demand: Demand, managed: Sequence[str], replies: Replies) -> Request | None:
    """The first page, or the one that the last answer says is left. The server may cap the pages (CM-R10).
    Raises ValueError for one that shows nothing that was not there before: it would never end."""
    paging = folded(replies, "search", _Paging, _paged)
    if paging.last is None:
        return _search(demand, managed, 0)
    request, body = paging.last
    offset = pick(request.body, "/offset")
    if not paging.goes_on:
        raise ValueError("a page of the search shows what another one has shown")
    if pick(body, "/more") is not True or not paging.received or not isinstance(offset, int):
        return None
    return _search(demand, managed, offset + paging.received)


class _Paging(Record):
    """The last page of the search, how many records it holds, and whether it goes on from those before it."""

    last: tuple[Request, Json] | None = None
    received: int = 0
    goes_on: bool = True
    shown: set[str] = field(default_factory=set)


def _paged(paging: _Paging, request: Request, body: Json) -> None:
    if request.path == SEARCH:
        came = {str(pick(one, "/id")) for one in found_in(body)}
        paging.goes_on = not paging.shown or not came <= paging.shown
        paging.last, paging.received = (request, body), len(found_in(body))
        paging.shown |= came


def _search(demand: Demand, managed: Sequence[str], offset: int) -> Request:
    """Ordered by id: the usual order has ties, over which pages skip and repeat."""
    body: JsonObject = {"limit": LIMIT, "offset": offset, "order": "id", "direction": "asc"}
    if len(managed) == 1:
        body["spaceId"] = int(managed[0])
    return Request(demand.target, "POST", SEARCH, body=body, safe=True)


def _single(demand: Demand, remote_id: str) -> Request:
    return get(demand.target, f"GET /component/{quoted(remote_id)}", may_be_gone=True)


def _walk(demand: Demand, space: str) -> Request:
    call = f"GET /component/{quoted(space)}/{ROOT}"
    return get(demand.target, call, dict(WALK), may_be_gone=True)


def _branch(demand: Demand, remote_id: str) -> Request:
    return get(demand.target, f"GET /component/{quoted(remote_id)}", dict(WALK), may_be_gone=True)


class Walked(Record, frozen=True):
    """A component of a walk: its record, its space and its parent, which the nesting tells."""

    record: JsonObject
    space: str
    parent: str | None


class Gathered(Record):
    """What the answers so far have shown. `missing`: recorded, and not found by the search; `singles`: those of
    them that are live all the same; `silent`: managed spaces of which the search shows nothing; `deepest`:
    components of a walk whose children it does not show; `full`: a list of children is as long as its limit."""

    found: dict[str, JsonObject] = field(default_factory=dict)
    singles: dict[str, JsonObject] = field(default_factory=dict)
    walked: dict[str, Walked] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    deepest: list[str] = field(default_factory=list)
    disproved: str = ""
    full: bool = False


def gathered(demand: Demand, replies: Replies) -> Gathered:
    """Everything the answers show, and whether they disprove the search (CM-R12). Raises ValueError."""
    seen = Gathered()
    for request, body in replies:
        if request.path == SEARCH:
            seen.found.update({text_id(pick(record, "/id")): record for record in found_in(body)})
    managed = managed_spaces(demand, replies)
    shown = {text_id(pick(record, "/spaceId")) for record in seen.found.values()}
    seen.missing = [i for i in demand.ids if i not in seen.found]
    seen.silent = [s for s in managed if s not in shown]
    answers = {asked(r): body for r, body in replies}
    for remote_id in seen.missing:
        if isinstance(record := answers.get(asked(_single(demand, remote_id))), dict):
            seen.singles[remote_id] = record
    for space in managed:
        _add_walk(seen, space, answers.get(asked(_walk(demand, space))), demand, answers)
    seen.disproved = _disproved(seen)
    return seen


def found_in(body: Json) -> list[JsonObject]:
    """The records of one page. Raises ValueError."""
    items = pick(body, "/components")
    records = [i for i in items if isinstance(i, dict)] if isinstance(items, list) else []
    if not isinstance(items, list) or len(records) != len(items):
        raise ValueError("the answer holds no list of components")
    return records


def _disproved(seen: Gathered) -> str:
    """Why the search cannot be trusted to find everything, or nothing."""
    for remote_id in seen.singles:
        return f"component {remote_id} is live, and the search does not find it"
    for record in seen.found.values():
        above = parent_of(record, seen.found)
        if above is not None and above[0] not in seen.found and above[1] != ROOT:
            return f"component {above[0]} contains others, and the search does not find it"
    for remote_id, walked in seen.walked.items():
        if walked.space in seen.silent and walked.record.get("key") != ROOT:
            return f"component {remote_id} is live, and the search does not find it"
    return ""


def parent_of(record: Mapping[str, Json], others: Mapping[str, JsonObject]) -> tuple[str, str] | None:
    """(id, key) of the closest parent, None at the root. Where several are named, the closest is the one that lies
    in all the others, in whatever order they come; `others` are records by id (CM-A5). Raises ValueError."""
    parents = _parents(record)
    for own, key in parents:
        besides = {i for i, _ in parents} - {own}
        if not besides or (own in others and besides <= {i for i, _ in _parents(others[own])}):
            return own, key
    if parents:
        raise ValueError("a component does not say which of several it lies in")
    return None


def _parents(record: Mapping[str, Json]) -> list[tuple[str, str]]:
    parents = record.get("parents")
    if not isinstance(parents, list):
        raise ValueError("a component does not say what it lies in")  # noqa: TRY004
    return [(text_id(pick(p, "/id")), str(pick(p, "/key"))) for p in parents]


def _add_walk(seen: Gathered, space: str, body: Json, demand: Demand, answers: Mapping[str, Json]) -> None:
    """A space's tree: seven levels at a time, each further branch from what stands on the lowest."""
    branches: list[tuple[Json, str | None]] = [(body, None)]
    for top, above in branches:
        if not isinstance(top, dict):
            continue
        level = [Walked(top, space, above)]
        for depth in range(LEVELS + 1):
            seen.walked.update({text_id(w.record.get("id")): w for w in level})
            seen.full = seen.full or any(len(_list(w.record.get("children"))) >= CHILDREN for w in level)
            if depth == LEVELS:
                branches += [(_deeper(seen, w, demand, answers), w.parent) for w in level]
            level = [c for w in level for c in _children(w)]


def _children(walked: Walked) -> Iterator[Walked]:
    own = text_id(walked.record.get("id"))
    for child in _list(walked.record.get("children")):
        if not isinstance(child, dict):
            raise ValueError("a child is no component")  # noqa: TRY004
        yield Walked(child, walked.space, own)


def _deeper(seen: Gathered, walked: Walked, demand: Demand, answers: Mapping[str, Json]) -> Json:
    remote_id = text_id(walked.record.get("id"))
    seen.deepest.append(remote_id)
    return answers.get(asked(_branch(demand, remote_id)))


def _list(value: object) -> list[Json]:
    return value if isinstance(value, list) else []


# Files.


def _files(demand: Demand, seen: Gathered, replies: Replies) -> list[Request]:
    """One look for each live component that declares a file; a download where that was asked for (CM-R16)."""
    answers = {asked(r): body for r, body in replies}
    found = []
    for detail, remote_id in file_details(demand, seen):
        check, download = file_requests(demand, remote_id)
        wants = download if detail.get("verify") is True else check
        found.append(wants)
        if wants is download and asked(download) in answers and answers[asked(download)] is None:
            found.append(check)  # an empty file, or none
    return found


def file_requests(demand: Demand, remote_id: str) -> tuple[Request, Request]:
    """The look at whether there is a file, and its download."""
    check = get(demand.target, f"GET {CHECK}{quoted(remote_id)}", may_be_gone=True)
    path = f"{FILE}{quoted(remote_id)}"
    return check, Request(demand.target, "GET", path, safe=True, may_be_gone=True, media=DOWNLOAD)


def file_details(demand: Demand, seen: Gathered) -> Iterator[tuple[JsonObject, str]]:
    """Each document that declares a file, with its live component: by id, else by key, else by its former key."""
    placed = dict(_keyed(seen))
    live = set(placed.values())
    for detail in demand.details:
        if "file" not in detail:
            continue
        space = next(iter(_list(detail.get("scope"))), None)
        keys = [(str(space), str(detail.get(name))) for name in ("key", "previous")]
        known = [str(detail.get("id")), *(placed.get(at, "") for at in keys)]
        remote_id = next((i for i in known if i in live), None)
        if remote_id is not None:
            yield detail, remote_id


def _keyed(seen: Gathered) -> Iterator[tuple[tuple[str, str], str]]:
    for remote_id, record in seen.found.items():
        yield (text_id(record.get("spaceId")), str(record.get("key"))), remote_id
    for remote_id, walked in seen.walked.items():
        yield (walked.space, str(walked.record.get("key"))), remote_id
