"""ModelFile: texts of a model, each written by a call with the checksum it was read with (OA-R183 to OA-R187)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Value, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.providers.omni_analytics.file_reads import TEXT, details, parse, place, reads
from reconciler.providers.omni_analytics.model_check import SCHEMA
from reconciler.providers.omni_analytics.of_model import misled, of_path
from reconciler.providers.omni_analytics.validation import validation, verdicts

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "guarding",
    "parse",
    "reads",
    "review",
    "settled",
    "showing",
    "verdicts",
]

EXTENSION: Final = "extension"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A text, written here or in a file of the project."""
    return [
        Problem(
            d.at("spec"),
            f"{d.address}: there is no text",
            "add `text: …` or `contentFrom: <path>`",
            rule="OA-R183",
        )
        for d in documents
        if not d.spec.get(TEXT)
    ]


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The models that are written to, once more."""
    return of_path(demand, calls)


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    return of_path(demand, calls)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """As for every kind; where the files of its model cannot be read nobody can tell (OA-R184)."""
    body = call.body if isinstance(call.body, dict) else {}
    where = place(str(call.args["modelId"]), str(body.get("branchId") or ""))
    return None if where in _object(live.seen.get("refused")) else rest.settled(kind, call, live)


# Judging.


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What keeps a file from being written, and what deleting one means (OA-R184, OA-R186)."""
    return [_reviewed(change, live.seen) for change in changes]


def _reviewed(change: Change, seen: Mapping[str, Json]) -> Change:
    if change.verb is Verb.OBSERVE or not (change.document or change.removes):
        return change
    own = change.live.fields.get("model") if change.live else None
    wire = change.wire.get("model", own)
    listed = seen.get("models")
    models = [str(m) for m in listed] if isinstance(listed, list) else []
    holds = [*_misled(change, wire, models)] if change.document else []
    if not holds and (change.writes or not change.live):
        holds += _forbidden(change, str(wire), seen)
    effects = (
        (*change.effects, "deletes the file from the model") if change.verb is Verb.DELETE else change.effects
    )
    return replace(change, holds=(*change.holds, *holds), effects=effects)


def _misled(change: Change, model: Value, models: Sequence[str]) -> Iterator[Hold]:
    """A file stays in its model and on its branch: elsewhere it is another one (OA-R183)."""
    if change.live is None or not isinstance(model, str):
        return misled(model, models, None)
    branch = str(change.document.spec.get("branchId") or "") if change.document else ""
    return misled(place(model, branch), models, change.live.id.removesuffix(f"/{change.live.key}"))


def _forbidden(change: Change, model: str, seen: Mapping[str, Json]) -> Iterator[Hold]:
    spec: Mapping[str, Json] = change.document.spec if change.document else {}
    refers = change.refers.get("model")
    if refers and refers.now and refers.now.fields.get("modelKind") == SCHEMA:
        text = "a schema model's files cannot be written"
        yield Hold("schema-model", text, "name a shared model of this connection", final=True)
    branch = str(spec.get("branchId") or "")
    refused, git = _object(seen.get("refused")), _object(_object(seen.get("git")).get(model))
    if (status := refused.get(place(model, branch))) is not None:
        way_out = "take `branchId` out once its branch is merged" if branch else "look at the model in the product"
        yield Hold("unreadable", f"its files cannot be read: the API answers {status}", way_out, final=True)
    if git.get("follows") is True:
        yield Hold("git-follower", "its model follows git alone", "change the file in the repository", final=True)
    if git.get("pulls") is True and not branch:
        text = "its model demands pull requests for every change"
        yield Hold("pull-request", text, "add `branchId: …`, or change the file in the repository", final=True)
    if git and change.document and "commitMessage" not in spec:
        text = "its model has a repository, and a change needs a message there"
        yield Hold("commit-message", text, "add `commitMessage: …`", final=True)


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


# Writing.


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """A POST per file, those of one model one after the other; then one validation of each model that asks for it
    (OA-R185, OA-R187)."""
    by_model: dict[str, list[Change]] = {}
    for change in changes:
        if change.writes:
            by_model.setdefault(canonical(_model(change)), []).append(change)
    found: list[Call] = []
    for model in sorted(by_model):
        row = [_call(kind, c) for c in sorted(by_model[model], key=lambda c: c.removes)]
        row = [replace(c, follows=c.follows | {b.id}) if b else c for c, b in zip(row, [None, *row], strict=False)]
        found += [*row, *_validation(kind, by_model[model], row)]
    return found


def _model(change: Change) -> Value:
    return change.live.fields.get("model") if change.live else change.wire.get("model")


def _call(kind: Kind, change: Change) -> Call:
    """The whole text; the checksum it was read with, so that the server refuses it if somebody else was faster.
    An empty text deletes (OA-R185, OA-R186)."""
    method, path = ENDPOINTS["updateModelYaml"].split(" ", 1)
    spec: Mapping[str, Json] = change.document.spec if change.document else {}
    gone = change.removes
    body: dict[str, Value] = {
        "fileName": change.live.key if gone and change.live else change.wire[kind.key],
        "yaml": "" if gone else change.wire[TEXT],
        "mode": EXTENSION if gone else spec.get("mode", EXTENSION),
    }
    optional = {"commitMessage": spec.get("commitMessage"), "branchId": spec.get("branchId")}
    if gone:
        optional = {"commitMessage": f"Delete {body['fileName']}", "branchId": _branch(change)}
    optional["previousChecksum"] = change.live.fields.get("checksum") if change.live else None
    body |= {name: value for name, value in optional.items() if value is not None}
    word, phase = ("delete", Phase.DELETE) if gone else ("update", Phase.UPDATE)
    word, phase = ("create", Phase.CREATE) if change.live is None else (word, phase)
    effect = (
        Effect(gone=True) if gone else Effect(key=change.key, fields={TEXT: change.wire[TEXT]}, scope=change.scope)
    )
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={"modelId": _model(change)},
        phase=phase,
        body=body,
        summary=f"{word} {kind.name} {change.label}",
        effect=effect,
        verify=True,
        live_id=change.live.id if change.live else None,
    )


def _branch(change: Change) -> str | None:
    at = change.live.id.partition("/")[0] if change.live else ""
    return at.partition("@")[2] or None


def _validation(kind: Kind, changes: Sequence[Change], row: Sequence[Call]) -> Iterator[Call]:
    asking = [c for c in changes if c.document and c.document.spec.get("validate") is True]
    if asking:
        label = asking[0].refers["model"].label if "model" in asking[0].refers else "the model"
        branch = asking[0].document.spec.get("branchId") if asking[0].document else None
        look = validation(kind, asking[0].address, _model(asking[0]), label, frozenset(c.id for c in row))
        yield replace(look, query={"branchId": branch} if branch else {})


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """One per file written or deleted, and one per model that is validated (OA-C33)."""
    writing = [c for c in changes if c.writes]
    asking = {canonical(_model(c)) for c in writing if c.document and c.document.spec.get("validate") is True}
    return len(writing) + len(asking)
