"""The list of keywords: a branch or the whole forest, so many levels deep (OC-R12 to OC-R16)."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.forest import ROOT, Forest
from reconciler.twins.omn_core.things import Keyword

PATH = "/common/keywords/retrieve"
ALL = -1


def retrieve(call: Call) -> Answer:
    path, level, links = _asked(call)
    table = call.table(Keyword)
    hidden = call.traffic.hidden()
    forest = Forest({key: keyword for key, keyword in table.items() if key not in hidden})
    found = _found(call, forest, path, level)
    if call.hard("OC-P4"):
        found.reverse()
    shown = [
        _shown(call, forest, keyword, links=links) for keyword in found if call.caller.user not in keyword.denied
    ]
    return call.answered("kwds", shown)


def _asked(call: Call) -> tuple[str, int, bool]:
    path, level, links = (call.body.get(name) for name in ("path", "level", "retrieveLinks"))
    if not isinstance(path, str | None) or not isinstance(links, bool | None):
        raise Refused(400, "Malformed request body")
    if not path:
        raise Refused(400, "path should be provided")
    if level is None:
        level = 1
    if type(level) is not int:
        raise Refused(400, "Malformed request body")
    if level == 0:
        raise Refused(400, "The level should not be 0")
    if level < ALL:
        raise Refused(400, "The level should be -1 or more than 0")
    return path, level, bool(links)


def _found(call: Call, forest: Forest, path: str, level: int) -> list[Keyword]:
    """The keywords asked for, parents first."""
    if path == ROOT:
        begin = forest.children(None)
        if level == ALL and call.hard("OC-P1"):
            return begin
    else:
        addressed = forest.find(path)
        if addressed is None or call.caller.user in addressed.denied:
            if call.hard("OC-P3"):
                return []
            raise Refused(404, f"No keyword by path '{path}'")
        begin = [addressed]
    levels = None if level == ALL else level + call.hard("OC-P2")
    return [keyword for one in begin for keyword in forest.branch(one, levels)]


def _shown(call: Call, forest: Forest, keyword: Keyword, *, links: bool) -> Json:
    above = forest.get(keyword.parent_id) if keyword.parent_id is not None else None
    shown: dict[str, Json] = {"id": keyword.id}
    meta: dict[str, Json] = {"creationDate": call.date(keyword.created), "orderNumber": "0"}
    if above is not None:
        shown["parentId"] = above.id
        shown["parentPath"] = forest.path(above)
        meta |= {"orderNumber": str(forest.place(keyword)), "parent": above.value}
    shown |= {"path": forest.path(keyword), "name": _name(keyword), "meta": meta}
    if links and keyword.assets:
        shown["links"] = {"itms": [{"type": "asset", "itm": list(keyword.assets)}]}
    return shown


def _name(keyword: Keyword) -> Json:
    labels = [{"loc": loc, "value": label} for loc, label in keyword.labels.items()]
    return {"itm": [*([keyword.value] if keyword.value else []), *labels]}


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=retrieve),),
    questions=(
        Knob("OC-P1", "all levels from the root", "the whole forest", "the roots alone"),
        Knob("OC-P2", "level n of a list", "the keyword is level 1", "n levels beneath the keyword"),
        Knob("OC-P3", "a list of an unknown path", "404", "200, empty"),
        Knob("OC-P4", "order of a list", "parents first, by creation", "newest first, children first"),
    ),
)
