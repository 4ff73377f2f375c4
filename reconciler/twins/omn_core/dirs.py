"""The list of directories: what stands below one, or below a root node configuration (OC-P27, OC-P45, OC-P48)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.custom_values import shown_values
from reconciler.twins.omn_core.dam_things import Directory, Rnc
from reconciler.twins.omn_core.directories import Place, Tree, segments
from reconciler.twins.omn_core.requests import one_text
from reconciler.twins.omn_core.selectors import asked_level

PATH = "/dam/dirs/retrieve"
SELECTORS = ("rncTid", "dirTid", "dirPath")


def retrieve(call: Call) -> Answer:
    asked = {name: value for name in SELECTORS if (value := one_text(call, name)) is not None}
    levels = asked_level(call.body)
    if len(asked) != 1:
        raise Refused(400, "One of rncTid, dirTid and dirPath should be provided")
    tree = Tree(_as_listed(call))
    place = _place(call, tree, asked)
    found = [] if place is None else _found(call, tree, place, levels)
    return call.answered("dirs", [_shown(call, one) for one in found if call.caller.user not in one.denied])


def _as_listed(call: Call) -> dict[str, Directory]:
    """All directories, those that were moved of late at their old places."""
    table = dict(call.table(Directory))
    for tid, moved in list(call.traffic.moves.items()):
        there = moved.parent is None or moved.parent in table
        if tid in table and there:
            table[tid] = replace(table[tid], rnc=moved.rnc, parent=moved.parent)
        call.traffic.moves[tid] = replace(moved, reads=moved.reads - 1)
        if moved.reads <= 1:
            del call.traffic.moves[tid]
    return table


def _place(call: Call, tree: Tree, asked: Mapping[str, str]) -> Place | None:
    """Below what; None if nothing is there. Raises Refused."""
    ((name, value),) = asked.items()
    rnc = value if name == "rncTid" else _only(segments(value)) if name == "dirPath" else None
    if rnc is not None and rnc in call.table(Rnc):
        return rnc, None
    found = {"rncTid": lambda _: None, "dirTid": tree.get, "dirPath": tree.by_path}[name](value)
    if found is not None and call.caller.user not in found.denied:
        return None, found.tid
    if call.hard("OC-P42"):
        return None
    texts = {"rncTid": f"Cannot find RNC with identifier '{value}'", "dirPath": "The directory does not exist"}
    raise Refused(404, texts.get(name, f"Cannot find directory with tid '{value}'"))


def _only(parts: list[str]) -> str | None:
    return parts[0] if len(parts) == 1 else None


def _found(call: Call, tree: Tree, place: Place, levels: int | None) -> list[Directory]:
    """The directories asked for, parents first."""
    if levels is not None or place[0] is None or not call.hard("OC-P27"):
        return list(tree.branches(place, levels))
    every = [one for rnc in call.table(Rnc) for one in tree.branches((rnc, None))]
    return every[::-1]


def _shown(call: Call, directory: Directory) -> Json:
    above = {"rnc": directory.rnc} if directory.parent is None else {"parent": directory.parent}
    hides = call.hard("OC-P48") or not directory.vals
    vals = {} if hides else {"vals": shown_values(directory.vals)}
    return {
        "tid": directory.tid,
        **above,
        "name": directory.name,
        **vals,
        "meta": {
            "discriminator": "DIR",
            "identity": directory.id,
            "creationDate": call.date(directory.created),
            "modificationDate": call.date(directory.modified),
        },
    }


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=retrieve),),
    questions=(
        Knob("OC-P27", "everything beneath one RNC", "its directories", "those of every RNC, children first"),
        Knob("OC-P48", "custom values of directories in a list", "shown", "never shown"),
    ),
)
