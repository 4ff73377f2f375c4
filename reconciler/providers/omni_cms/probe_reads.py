"""Which safe calls the probes of Omni-CMS make, and what their answers show together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.call import Request, quoted
from reconciler.model.doctor import Heard, Known
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.record import Record, field
from reconciler.providers.omni_cms.answers import SPACES
from reconciler.providers.omni_cms.search import LIMIT, ROOT, SEARCH, WALK
from reconciler.providers.probing import get, rows

NOWHERE = "reconciler-doctor-asks-for-nothing"
NO_SPACE = 2_147_483_646
PAGES, WALKS = 2, 2


def spaces_read(known: Known) -> Request:
    return get(known.target, SPACES)


def page_read(known: Known, offset: int) -> Request:
    body: JsonObject = {"limit": LIMIT, "offset": offset, "order": "id", "direction": "asc"}
    return Request(known.target, "POST", SEARCH, body=body, safe=True)


def walk_read(known: Known, space: str) -> Request:
    return get(known.target, f"GET /component/{quoted(space)}/{ROOT}", dict(WALK))


def number_text(value: Json) -> str:
    """An id as text; empty for what is none."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


class Pages(Record):
    """What the pages of the search have shown, in their order. `whole`: the last one says that no more follow."""

    pages: list[list[JsonObject]] = field(default_factory=list)
    totals: list[Json] = field(default_factory=list)
    whole: bool = False

    @property
    def all(self) -> dict[str, JsonObject]:
        return {number_text(one.get("id")): one for page in self.pages for one in page}


def pages_shown(known: Known, heard: Heard) -> Pages:
    found = Pages()
    for _ in range(PAGES):
        request = page_read(known, sum(map(len, found.pages)))
        answer, page = heard.of(request), rows(heard, request, "/components")
        if answer is None or page is None:
            break
        found.pages.append(page)
        found.totals.append(value_at(answer.body, "/total"))
        found.whole = pick(answer.body, "/more") is False
        if found.whole or not page:
            break
    return found


def value_at(body: Json, pointer: str) -> Json:
    found = pick(body, pointer)
    return found if isinstance(found, int | float | str | bool | list | dict) else None


def search_asks(known: Known, heard: Heard) -> Sequence[Request]:
    """The pages, at most two: the key is proved first (CM-R2)."""
    if not (spaces := heard.of(spaces_read(known))) or not spaces.good:
        return [spaces_read(known)]
    found = pages_shown(known, heard)
    further = bool(found.pages) and not found.whole and bool(found.pages[-1]) and len(found.pages) < PAGES
    wanted = [page_read(known, sum(map(len, found.pages[:n]))) for n in range(len(found.pages) + further)]
    return wanted or [page_read(known, 0)]


def shifted_asks(known: Known, heard: Heard) -> Sequence[Request]:
    """The pages, and the first of them once more without its first item."""
    found = pages_shown(known, heard)
    more = [page_read(known, 1)] if found.pages and len(found.pages[0]) > 1 else []
    return [*search_asks(known, heard), *more]


def walk_asks(known: Known, heard: Heard) -> Sequence[Request]:
    """Beside the pages a walk of one space; of a second one where the first holds nothing."""
    wanted = [*search_asks(known, heard)]
    for space in candidates(known, heard)[:WALKS]:
        wanted.append(walk_read(known, space))
        if heard.of(wanted[-1]) is None or len(nested(known, heard, space)) > 1:
            break
    return wanted


def candidates(known: Known, heard: Heard) -> list[str]:
    """Spaces to walk: those that the search shows most of, then ours, then any."""
    live = [number_text(s.get("id")) for s in rows(heard, spaces_read(known), "/spaces") or []]
    shown = [number_text(one.get("spaceId")) for one in pages_shown(known, heard).all.values()]
    ours = known.of("Space")
    return sorted(filter(None, live), key=lambda s: (-shown.count(s), s not in ours, live.index(s)))


def nested(known: Known, heard: Heard, space: str) -> dict[str, tuple[str, JsonObject]]:
    """The components of a walk by their ids, each with its parent's id; the root's is empty."""
    answer = heard.of(walk_read(known, space))
    top = answer.body if answer and answer.good else None
    return {i: (above, one) for i, above, one in branch(top, "")}


def branch(top: Json, above: str) -> Iterator[tuple[str, str, JsonObject]]:
    if isinstance(top, dict) and (own := number_text(top.get("id"))):
        yield own, above, top
        children = top.get("children")
        for child in children if isinstance(children, list) else []:
            yield from branch(child, own)


def walks_shown(known: Known, heard: Heard) -> dict[str, tuple[str, JsonObject]]:
    return {i: at for s in candidates(known, heard) for i, at in nested(known, heard, s).items()}
