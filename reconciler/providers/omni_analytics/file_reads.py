"""The files of models, all of one model in one answer (OA-R183, OA-R184)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, digest, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.endpoints import to
from reconciler.providers.omni_analytics.of_model import model_of
from reconciler.providers.rest.parse import unique
from reconciler.providers.rest.reads import get, unasked

TEXT: Final = "text"
UNREADABLE: Final = frozenset({400, 403, 404, 405})
"""Refusals that are an answer: no model, no branch, no right, not this kind of model, or the beta is off."""
BRANCHED: Final = "@"


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """Each file that is declared, with its model as far as that is live; each recorded one, if it is another."""
    found = [_of_document(kind, one, others) for one in documents]
    known = {own_id(str(d["id"]), str(d["branch"] or ""), str(d["key"])) for d in found}
    scopes = {r.id: r.scope for r in others["Model"].resources} if "Model" in others else {}
    for bond in bonds:
        if bond.id not in known:
            place, _, file = bond.id.partition("/")
            model, _, branch = place.partition(BRANCHED)
            scope = scopes.get(model, (None,))[0]
            at: JsonObject = {"address": str(bond.address), "id": model, "branch": branch or None}
            found.append({**at, "scope": scope, "key": file, "sum": None})
    return tuple(found)


def _of_document(kind: Kind, one: Document, others: Mapping[str, Collection]) -> JsonObject:
    connection, model = model_of(one.spec, others)
    return {
        "address": str(one.address),
        "id": model,
        "scope": connection,
        "branch": one.spec.get("branchId"),
        "key": one.spec.get(kind.key),
        "sum": digest(one.spec.get(TEXT)),
    }


def own_id(model: str, branch: str, file: str) -> str:
    """What stands for the id of a file, which has none."""
    return f"{model}{BRANCHED}{branch}/{file}" if branch else f"{model}/{file}"


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One look per model and branch; then, where a file is to be written, one at the model's repository, which
    says whether that can be (OA-R184)."""
    known = [d for d in demand.details if d["id"] is not None]
    looks = unasked([files_of(demand, d) for d in known], replies)
    if looks:
        return looks
    bodies = {(r.path, r.query): body for r, body in replies}
    writing = [d for d in known if _differs(d, bodies[(q := files_of(demand, d)).path, q.query])]
    return unasked([repository(demand, str(d["id"])) for d in writing], replies)


def files_of(demand: Demand, detail: JsonObject) -> Request:
    query = {"mode": "extension", "includeChecksums": "true"}
    branch = {"branchId": str(detail["branch"])} if detail["branch"] else {}
    request = get(demand.target, to("getModelYaml", str(detail["id"])), {**query, **branch})
    return replace(request, refusals=UNREADABLE)


def repository(demand: Demand, model: str) -> Request:
    return get(demand.target, to("getModelGitConfig", model), may_be_gone=True)


def _differs(detail: JsonObject, body: Json) -> bool:
    """Whether this file is to be written, as far as texts tell: what is to be deleted always is."""
    if refused(body):
        return False
    texts = {written(name): text for name, text in _files(body).items()}
    return detail["sum"] is None or digest(texts.get(str(detail["key"]))) != detail["sum"]


def refused(body: Json) -> int:
    status = pick(body, "/$refused")
    return status if isinstance(status, int) else 0


def _files(body: Json) -> JsonObject:
    files = pick(body, "/files")
    if not isinstance(files, dict):
        raise ValueError("the answer about a model's files holds no files")  # noqa: TRY004 - an answer's shape
    return files


def written(name: str) -> str:
    """A file's name as it is written, from the one it is read under: `views/orders.yaml` is `orders.view`
    (OA-R183)."""
    bare = name.removesuffix(".yaml").removesuffix(".yml")
    for folder, ending in (("views/", ".view"), ("topics/", ".topic")):
        if bare.startswith(folder):
            return bare.removeprefix(folder).removesuffix(ending) + ending
    return bare


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every file of every model that was looked at. `seen`: `models` looked at, `refused` (model -> status) and
    `git` (model -> its repository, as far as it matters here). Raises ValueError on an answer of another shape."""
    bodies = {(r.path, r.query): body for r, body in replies}
    found, no, asked = list[Resource](), dict[str, Json](), list[Json]()
    for detail in demand.details:
        if detail["id"] is None or ((q := files_of(demand, detail)).path, q.query) not in bodies:
            continue
        body = bodies[q.path, q.query]
        asked.append(detail["id"])
        if status := refused(body):
            no[place(str(detail["id"]), str(detail["branch"] or ""))] = status
        else:
            found += _resources(kind, detail, body)
    git = {str(d["id"]): _git(demand, str(d["id"]), bodies) for d in demand.details if d["id"] is not None}
    seen: JsonObject = {"models": asked, "refused": no, "git": {m: g for m, g in git.items() if g is not None}}
    return Collection(kind.name, unique(found), Proof(True, "each model asked for by its id"), seen)


def place(model: str, branch: str) -> str:
    return f"{model}{BRANCHED}{branch}" if branch else model


def _resources(kind: Kind, detail: JsonObject, body: Json) -> Iterator[Resource]:
    model, branch = str(detail["id"]), str(detail["branch"] or "")
    sums = pick(body, "/checksums")
    checksums = sums if isinstance(sums, dict) else {}
    for name, text in _files(body).items():
        if isinstance(text, str):
            key = written(name)
            held: JsonObject = {"connection": detail["scope"], "model": model, kind.key: key, TEXT: text}
            if isinstance(checksum := checksums.get(name, checksums.get(key)), str):
                held["checksum"] = checksum
            yield Resource(own_id(model, branch, key), key, held, key, scope=(detail["scope"], model))


def _git(
    demand: Demand, model: str, bodies: Mapping[tuple[str, tuple[tuple[str, str], ...]], Json]
) -> JsonObject | None:
    """What a model's repository forbids or demands; none where it was not looked at, empty where it has none."""
    request = repository(demand, model)
    if (request.path, request.query) not in bodies:
        return None
    body = bodies[request.path, request.query]
    if body is None:
        return {}
    return {"follows": pick(body, "/gitFollower") is True, "pulls": pick(body, "/requirePullRequest") == "always"}
