"""DashboardFilters: what is declared of a dashboard's filters and controls, one PATCH for all of it (OA-R154 to
OA-R159)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from reconciler.model.call import Request
from reconciler.model.change import Change, FieldChange, Hold, Reason, Value, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.model.json import same as equal
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.place import Problem
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.endpoints import to
from reconciler.providers.omni_analytics.stays import seen_moved, staying, stood_for
from reconciler.providers.rest.calls import update
from reconciler.providers.rest.reads import get, unasked

FILTERS: Final = "filters"
CONTROLS: Final = "controls"
ORDER: Final = "order"
MAPS: Final[Mapping[str, str]] = {FILTERS: "filterIds", CONTROLS: "controlIds"}
"""What is declared by id -> the field that says which ids there are."""
UNSAID: Final[Mapping[str, Json]] = {"hidden": False, "required": False, "description": ""}
"""What a subfield means that an answer leaves out (OA-A66)."""
NO_RIGHT: Final = 403
MOST_NAMED: Final = 10
"""So many ids of a dashboard are said where another one is declared."""
CONTROLLED: Final = ("label", "description", "hidden")
FILTERED: Final = ("values", "left_side", "right_side", *CONTROLLED, "required")
"""What can be changed of a control, and of a filter."""


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """Nothing stands in an order twice (OA-R157)."""
    return [p for d in documents for p in _twice(d)]


def _twice(document: Document) -> Iterator[Problem]:
    order = document.spec.get(ORDER)
    seen = set[str]()
    for place, one in enumerate(order if isinstance(order, list) else []):
        if str(one) in seen:
            text = f"{document.address}: {one!r} stands in `order` twice"
            yield Problem(document.at("spec", ORDER, place), text, "remove one", rule="OA-R157")
        seen.add(str(one))


# Reading


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """The dashboards that are declared, each with the subfields that are: no others are compared (OA-R155)."""
    known = {b.address: b for b in bonds}
    found = ((d, str(d.spec[kind.key])) for d in sorted(documents, key=lambda d: d.address))
    return tuple({**_asked(own, d.spec), **stood_for(d, known.get(d.address), own, own)} for d, own in found)


def _asked(identifier: str, spec: Mapping[str, Json]) -> JsonObject:
    return {
        "key": identifier,
        "id": identifier,
        **{name: {i: list[Json](one) for i, one in _map(spec.get(name)).items()} for name in MAPS},
    }


def _map(value: Json) -> dict[str, dict[str, Json]]:
    return {i: one for i, one in value.items() if isinstance(one, dict)} if isinstance(value, dict) else {}


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One look per dashboard (OA-C29). That one may not be shown to this key is an answer too."""
    return unasked([_look(demand, i) for i in _wanted(demand)], replies)


def _wanted(demand: Demand) -> dict[str, JsonObject]:
    """Dashboard -> what is asked of it; where no document says that, as in an import, everything."""
    named: dict[str, JsonObject] = {b["document"]: {} for b in demand.by if "document" in b}
    return {str(d["id"]): d for d in demand.details} or named


def _look(demand: Demand, identifier: str) -> Request:
    request = get(demand.target, to("getDashboardFilters", identifier), may_be_gone=True)
    return replace(request, refusals=frozenset({NO_RIGHT}))


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """The dashboards that there are, of each what is declared, and the ids of all it has. Raises ValueError on an
    answer of another shape."""
    answers = {r.path: body for r, body in replies}
    asked = _wanted(demand)
    bodies = {i: answers.get(_look(demand, i).path) for i in asked}
    refused = [i for i, body in bodies.items() if not isinstance(pick(body, "/$refused"), Missing)]
    found = tuple(_dashboard(i, asked[i], b) for i, b in bodies.items() if b is not None and i not in refused)
    proof = Proof(complete=True, by="each asked for by its id")
    seen: JsonObject = {"refused": list[Json](refused), **seen_moved(demand.details)}
    return Collection(kind.name, found, proof, seen=seen)


def _dashboard(identifier: str, asked: JsonObject, body: Json) -> Resource:
    filters, controls, order = (pick(body, f"/{name}") for name in ("filters", "controls", "filterOrder"))
    if not isinstance(filters, dict) or not isinstance(controls, list):
        raise ValueError(f"dashboard {identifier}: no filters and controls in the answer")  # noqa: TRY004
    by_id = {str(one["id"]): one for one in controls if isinstance(one, dict) and "id" in one}
    fields: JsonObject = {
        FILTERS: _declared(asked[FILTERS] if asked else _everything(filters, FILTERED), filters),
        CONTROLS: _declared(asked[CONTROLS] if asked else _everything(by_id, CONTROLLED), by_id),
        MAPS[FILTERS]: list[Json](filters),
        MAPS[CONTROLS]: list[Json](by_id),
    }
    if isinstance(order, list):
        fields[ORDER] = order
    return Resource(identifier, identifier, fields, identifier)


def _everything(there: Mapping[str, Json], names: Sequence[str]) -> JsonObject:
    """All that could be declared of what is there."""
    return {i: [n for n in names if n in one] for i, one in there.items() if isinstance(one, dict)}


def _declared(asked: Json, there: Mapping[str, Json]) -> JsonObject:
    """Of each declared filter the declared subfields; those that an answer leaves out have a meaning, or none."""
    found: JsonObject = {}
    for one, names in asked.items() if isinstance(asked, dict) else ():
        live = there.get(one)
        if isinstance(live, dict) and isinstance(names, list):
            known = {str(n): live.get(str(n), UNSAID.get(str(n))) for n in names}
            found[one] = {n: UNSAID.get(n) if v is None else v for n, v in known.items()}
    return found


# What a PATCH would be refused for


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Holds for dashboards that are not there, and for ids that they do not have (OA-R156, OA-R157); a word where
    somebody's draft would be discarded (OA-R158)."""
    refused = live.seen.get("refused")
    hidden = {str(i) for i in refused} if isinstance(refused, list) else set[str]()
    changes = [staying(kind, c, live) for c in changes]
    return [_reviewed(c, hidden) if c.document and c.verb is not Verb.RELEASE else c for c in changes]


def _reviewed(change: Change, hidden: set[str]) -> Change:
    spec = change.document.spec if change.document else {}
    if change.live is None:
        why, way_out = _absent(str(change.key), hidden)
        return replace(change, holds=(*change.holds, Hold("no-dashboard", why, way_out, final=True)))
    holds = [h for name, ids in MAPS.items() for h in _unknown(name, _map(spec.get(name)), _ids(change, ids))]
    holds += _out_of_order(spec.get(ORDER), [*_ids(change, "filterIds"), *_ids(change, "controlIds")])
    clears = spec.get("clearExistingDraft") is True and bool(change.changed)
    effect = "discards a draft that somebody has of this dashboard, with all the work in it"
    effects = (*change.effects, effect) if clears else change.effects
    fields = tuple(_reasoned(f) for f in change.fields)
    return replace(change, fields=fields, holds=(*change.holds, *holds), effects=tuple(dict.fromkeys(effects)))


def _reasoned(told: FieldChange) -> FieldChange:
    """Only what is declared is read, and that may be more than it was: nobody can tell that somebody else has
    changed it, too (OA-R155)."""
    doubtful = told.path[0] in MAPS and told.reason is Reason.BOTH
    return replace(told, reason=Reason.INTENT) if doubtful else told


def _absent(identifier: str, hidden: set[str]) -> tuple[str, str]:
    if identifier in hidden:
        return f"this key may not see the dashboard of '{identifier}'", "give its user a role there"
    why = f"'{identifier}' is no document with a dashboard, or this key does not see it"
    return why, "correct the identifier; it stands in the dashboard's URL"


def _ids(change: Change, name: str) -> list[str]:
    listed = change.live.fields.get(name) if change.live else None
    return [str(i) for i in listed] if isinstance(listed, list) else []


def _unknown(name: str, declared: Iterable[str], there: Sequence[str]) -> Iterator[Hold]:
    for one in sorted(set(declared) - set(there)):
        yield _no_such(name, one, there)


def _no_such(name: str, one: str, there: Sequence[str]) -> Hold:
    near = get_close_matches(one, there, n=3, cutoff=0.4)
    known = f"did you mean {' or '.join(near)}? Filters" if near else f"it has {_some(there)}; filters"
    reason = f"`{name}`: the dashboard has no '{one}'"
    return Hold("unknown-filter", reason, f"{known} and controls are made in the product", final=True)


def _some(there: Sequence[str]) -> str:
    """Which ids there are, as far as a line holds them."""
    left = len(there) - MOST_NAMED
    return (", ".join(sorted(there)[:MOST_NAMED]) or "none") + (f" and {left} more" if left > 0 else "")


def _out_of_order(order: Json, there: Sequence[str]) -> Iterator[Hold]:
    """An order names everything that there is, and nothing else."""
    if not isinstance(order, list):
        return
    for one in sorted({str(i) for i in order} - set(there)):
        yield _no_such(ORDER, one, there)
    if missing := sorted(set(there) - {str(i) for i in order}):
        reason = f"`order` leaves out {', '.join(missing)}, and nobody knows where that would then stand"
        yield Hold("order-incomplete", reason, "name every filter and control once", final=True)


# Calls


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One PATCH per dashboard, with nothing in it but what differs (OA-R155, OA-C29)."""
    return [_patch(kind, c) for c in changes if c.changed and c.live is not None and not c.removes]


def _patch(kind: Kind, change: Change) -> Call:
    endpoint = kind.rest.update
    if endpoint is None or change.document is None:
        raise ValueError("dashboards are changed by one endpoint")
    maps = {n: _differing(change, n) for n in MAPS if n in change.changed}
    body: dict[str, Value] = {n: dict[str, Json](one) for n, one in maps.items()}
    if ORDER in change.changed:
        body["filterOrder"] = change.wire[ORDER]
    if change.document.spec.get("clearExistingDraft") is True:
        body["clearExistingDraft"] = True
    count = sum(len(one) for one in maps.values())
    what = [f"{count} of its filters and controls"] if count else []
    what += ["their order"] if ORDER in change.changed else []
    text = f"change {' and '.join(what)} on dashboard {change.key}"
    call = update(kind, change, endpoint)
    return replace(call, body=body, expect=_expected(change, maps), summary=text)


def _differing(change: Change, name: str) -> dict[str, JsonObject]:
    """By id, the declared subfields that live has otherwise."""
    wanted = _map(change.wire.get(name))
    there = _map(change.live.fields.get(name)) if change.live else {}
    found = {
        i: {n: v for n, v in one.items() if not (n in there.get(i, {}) and equal(there[i][n], v))}
        for i, one in wanted.items()
    }
    return {i: one for i, one in found.items() if one}


def _expected(change: Change, maps: Mapping[str, Mapping[str, JsonObject]]) -> dict[str, Value]:
    """The answer is the new state; controls stand there in a list, as they were read (OA-R155)."""
    places = {i: n for n, i in enumerate(_ids(change, "controlIds"))}
    found: dict[str, Value] = {}
    for name, entries in maps.items():
        for one, values in entries.items():
            at = f"/filters/{_escaped(one)}" if name == FILTERS else f"/controls/{places[one]}"
            found |= {f"{at}/id": one} if name == CONTROLS else {}
            found |= {f"{at}/{sub}": value for sub, value in values.items()}
    if ORDER in change.changed:
        found["/filterOrder"] = change.wire[ORDER]
    return found


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """OA-C29: one per dashboard where anything differs."""
    return sum(bool(c.changed) for c in changes if c.live is not None and not c.removes)
