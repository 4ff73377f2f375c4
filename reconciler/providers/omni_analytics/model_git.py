"""ModelGit: the repository of a shared model, read model by model, changed field by field (OA-R170 to OA-R175)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.change import Change, FieldChange, Hold, Reason, Value, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, digest
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS, to
from reconciler.providers.omni_analytics.of_model import held_twice, misled, model_of, of_path, twice
from reconciler.providers.rest.bodies import sink
from reconciler.providers.rest.calls import create, delete, update
from reconciler.providers.rest.parse import fields, unique
from reconciler.providers.rest.reads import get, unasked

__all__ = ["bound", "calls", "details", "guarding", "parse", "reads", "review", "same", "showing"]

PATH: Final = "modelPath"
AUTO: Final = "auto"
OWN_PLACE: Final = ("connection", "model")
"""The fields that say where it is, and are in no body."""
FETCH: Final = "fetchSecret"


# Reading.


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """The model of each document, as far as it is live; and each recorded one, which may be another."""
    found: list[JsonObject] = []
    for one in documents:
        connection, model = model_of(one.spec, others)
        found.append(
            {"address": str(one.address), "id": model, "scope": connection, "key": one.spec.get(kind.key)}
        )
    known = {d["id"] for d in found}
    scopes = {r.id: r.scope for r in others["Model"].resources} if "Model" in others else {}
    for bond in bonds:
        if bond.id not in known:
            scope = scopes.get(bond.id, (bond.by.get("connection"),))[0]
            found.append({"address": str(bond.address), "id": bond.id, "scope": scope, "key": bond.key})
    return tuple(found)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One look per model; a 404 says that it has no configuration (OA-R170)."""
    return unasked([_look(demand, str(d["id"])) for d in demand.details if d["id"] is not None], replies)


def _look(demand: Demand, model: str) -> Request:
    return get(demand.target, to("getModelGitConfig", model), may_be_gone=True)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """The configuration of each model that has one, under the id of the model. `seen.models`: those looked at.
    Raises ValueError on an answer of another shape."""
    bodies = {r.path: body for r, body in replies}
    found, asked = list[Resource](), list[Json]()
    for detail in demand.details:
        if detail["id"] is not None and (path := _look(demand, str(detail["id"])).path) in bodies:
            asked.append(detail["id"])
            if bodies[path] is not None:
                found.append(_resource(kind, detail, bodies[path]))
    return Collection(kind.name, unique(found), Proof(True, "each model asked for by its id"), {"models": asked})


def _resource(kind: Kind, detail: JsonObject, body: Json) -> Resource:
    held = fields(kind, body)
    if not isinstance(held.get("sshUrl"), str):
        raise ValueError("a git configuration has no sshUrl")  # noqa: TRY004 - an answer's shape
    held |= {"connection": detail["scope"], "model": detail["id"]}
    if isinstance(path := held.get(PATH), str):
        held[PATH] = expanded(path)
    if held.get("publicKey") is None:
        held.pop("publicKey", None)
    return Resource(str(detail["id"]), detail["key"], held, str(detail["key"]), scope=(detail["scope"],))


def expanded(path: str) -> str:
    """A plain name stands for a folder of `omni`; what begins with a slash, or holds one, is a path (OA-R173)."""
    return path if "/" in path else f"omni/{path}"


def same(field: Field, before: Json, after: Json) -> bool:
    """`auto` is never read back; paths compare as they are meant (OA-R173)."""
    if field.name == "gitServiceProvider" and after == AUTO:
        return True
    if field.name == PATH and isinstance(after, str):
        return before == expanded(after)
    return rest.same_value(field, before, after)


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Nothing but the models that are written to."""
    return of_path(demand, calls)


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    return of_path(demand, calls)


# Judging.


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What stands in the way, and what it means to make or delete one (OA-R174, OA-R175)."""
    asked = live.seen.get("models")
    models = [str(m) for m in asked] if isinstance(asked, list) else []
    doubled = twice(changes, ("model",))
    found = (held_twice(c) if str(c.address) in doubled else c for c in changes)
    return [_reviewed(change, models) for change in found]


def _reviewed(change: Change, models: Sequence[str]) -> Change:
    if change.verb is Verb.DELETE:
        text = f"the deploy key and the webhook of {change.label} are lost; another one gets others"
        return replace(change, effects=(*change.effects, text))
    if change.document is None or change.verb is Verb.OBSERVE:
        return change
    own = change.live.id if change.live else None
    holds = [*misled(change.wire.get("model"), models, own)]
    if FETCH in change.once and "webhookSecret" not in change.document.spec:
        way_out = "add `webhookSecret: {toFile: …}`, or take the token out"
        holds.append(Hold("no-sink", "nothing says where the webhook's secret goes", way_out, final=True))
    effects = list(change.effects)
    if change.verb is Verb.CREATE:
        effects.append(
            "the apply says a public key and a webhook URL: enter both at the git host, or nothing syncs"
        )
    fields = tuple(_reasoned(change, f) for f in change.fields)
    return replace(change, fields=fields, holds=(*change.holds, *holds), effects=tuple(effects))


def _reasoned(change: Change, told: FieldChange) -> FieldChange:
    """A plain name that was applied reads as the path it stands for, and is nobody else's change (OA-R173)."""
    recorded = change.bond.digests.get(PATH) if change.bond else None
    if told.path != (PATH,) or recorded is None or not isinstance(told.before, str):
        return told
    as_applied = digest(told.before.removeprefix("omni/")) == recorded
    return replace(told, reason=Reason.INTENT) if as_applied and told.reason is Reason.BOTH else told


# Writing.


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """A POST, a PATCH of what differs, or a DELETE; and the look that fetches the webhook's secret (OA-R172)."""
    return [call for change in changes if change.writes for call in _calls(kind, change)]


def _calls(kind: Kind, change: Change) -> Iterator[Call]:
    endpoints = kind.rest
    if change.verb is Verb.CREATE and endpoints.create:
        made = create(kind, change, endpoints.create, _body(kind, change, change.wire))
        yield _at(change, replace(made, new_id="{modelId}", once=dict(change.once)))
    elif change.removes and endpoints.delete:
        yield _at(change, delete(change, endpoints.delete))
    else:
        if change.changed and endpoints.update:
            put = update(kind, change, endpoints.update)
            yield _at(change, replace(put, body=_body(kind, change, {n: change.wire[n] for n in change.changed})))
        if FETCH in change.once:
            yield _fetch(kind, change)


def _body(kind: Kind, change: Change, values: Mapping[str, Value]) -> dict[str, Value]:  # noqa: ARG001
    return {kind.fields[n].wire_name: v for n, v in sorted(values.items()) if n not in OWN_PLACE}


def _at(change: Change, call: Call) -> Call:
    """The call at its model. What the server shows in another form is not looked for in its answer; a path that it
    spells out is looked at again."""
    own = change.live.id if change.live else change.wire["model"]
    plain = {"/gitServiceProvider": AUTO, "/connection": None, "/model": None}
    path = call.effect.fields.get(PATH)
    respelled = isinstance(path, str) and expanded(path) != path
    expect = {at: v for at, v in call.expect.items() if at not in ("/connection", "/model", f"/{PATH}")}
    expect = {at: v for at, v in expect.items() if not (at in plain and v == plain[at])}
    if isinstance(path, str) and not respelled:
        expect[f"/{PATH}"] = path
    shown = {n: v for n, v in call.effect.fields.items() if n not in OWN_PLACE and v != AUTO}
    shown |= {PATH: expanded(path)} if isinstance(path, str) else {}
    effect = replace(call.effect, fields=shown)
    return replace(call, args={"modelId": own}, expect=expect, effect=effect, verify=call.verify or respelled)


def _fetch(kind: Kind, change: Change) -> Call:
    """A look that changes nothing, whose answer goes into the sink and nowhere else (OA-R172)."""
    method, path = ENDPOINTS["getModelGitConfig"].split(" ", 1)
    return Call(
        id=f"{change.address}#secret",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={"modelId": change.live.id if change.live else change.wire["model"]},
        query={"include": "webhookSecret"},
        phase=Phase.CHANGE,
        summary=f"fetch the webhook's secret of {change.label}",
        effect=Effect(),
        live_id=change.live.id if change.live else None,
        sink=sink(kind, change),
        once=dict(change.once),
        follows=frozenset({f"{change.address}#update"}),
    )


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """One per configuration made, changed or deleted, and one per secret fetched (OA-C31)."""
    return sum(_least(change) for change in changes if change.writes)


def _least(change: Change) -> int:
    if change.verb is Verb.CREATE or change.removes:
        return 1
    return bool(change.changed) + (FETCH in change.once)
