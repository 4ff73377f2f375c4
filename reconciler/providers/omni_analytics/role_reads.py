"""Which roles somebody has been given himself, subject by subject (OA-R176 to OA-R179)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.entries import entry_text
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.endpoints import to
from reconciler.providers.omni_analytics.of_model import MODEL, model_of, names_of
from reconciler.providers.rest.parse import unique
from reconciler.providers.rest.reads import get, unasked

ROLES: Final = "roles"
USER, GROUP = "user", "group"
KINDS: Final[Mapping[str, str]] = {USER: "User", GROUP: "UserGroup"}
READ: Final[Mapping[str, str]] = {USER: "getUserModelRoles", GROUP: "getUserGroupModelRoles"}
OWN: Final = frozenset({"user role", "user"})
"""What `from.type` calls a role that a person has been given himself, in both editions, whatever the case."""
ALIAS: Final = "RESTRICTED_QUERIER"
SENT: Final = "QUERY_TOPICS"
"""One role under two names: the first in manifests and some answers, the second in requests (OA-R179)."""


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """Each document's subject, as far as it is live, and what it wants; each recorded one, if it is another."""
    found = [_of_document(one, others) for one in documents]
    known = {d["id"] for d in found}
    left = (b for b in bonds if b.id not in known)
    return (*found, *({"address": str(b.address), "recorded": b.id, "key": b.key} for b in left))


def _of_document(one: Document, others: Mapping[str, Collection]) -> JsonObject:
    subject = one.spec.get("subject")
    word, name = next(iter(subject.items())) if isinstance(subject, dict) and subject else (USER, None)
    wanted: list[list[Json]] = []
    entries = [e for e in _list(one.spec.get(ROLES)) if isinstance(e, dict)]
    for entry in entries:
        connection, model = model_of(entry, others)
        if entry.get("model") is None or model is not None:
            wanted.append([connection, model if entry.get("model") is not None else None, entry.get("role")])
    own = names_of(others, KINDS.get(word, "")).get(str(name))
    there = others[KINDS[word]].resources if KINDS.get(word) in others else ()
    return {
        "address": str(one.address),
        "id": own,
        "called": next((r.key for r in there if r.id == own), None),
        "word": word,
        "key": subject,
        "wanted": [*wanted],
        "alias": any(entry.get("role") == ALIAS for entry in entries),
        "bare": [*sorted({str(c) for c, *_ in wanted if c is not None} - _modelled(others))],
    }


def _modelled(others: Mapping[str, Collection]) -> set[str]:
    """The connections that have models on which a role could show."""
    return {str(r.scope[0]) for r in others[MODEL].resources if r.scope} if MODEL in others else set()


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One look per subject (OA-R176)."""
    return unasked([_look(demand, d) for d in demand.details if d.get("id") is not None], replies)


def _look(demand: Demand, detail: JsonObject) -> Request:
    call = to(READ[str(detail["word"])], str(detail["id"]))
    return get(demand.target, call, may_be_gone=True)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every subject that was looked at, with the roles it has been given itself. `seen`: the `subjects`, and id ->
    key of each (`called`). Raises ValueError on an answer of another shape."""
    bodies = {r.path: body for r, body in replies}
    found, asked = list[Resource](), list[Json]()
    for detail in demand.details:
        if (recorded := detail.get("recorded")) is not None:
            found.append(Resource(str(recorded), detail["key"], {}, canonical(detail["key"])))
        elif detail["id"] is not None and (path := _look(demand, detail).path) in bodies:
            asked.append(detail["id"])
            if (body := bodies[path]) is not None:
                roles = [*_roles(detail, body)]
                held: JsonObject = {"subject": detail["key"], ROLES: list[Json](roles)}
                unknown = {ROLES: tuple(_untold(detail, roles))}
                found.append(
                    Resource(str(detail["id"]), detail["key"], held, label(detail["key"]), unknown=unknown)
                )
    proof = Proof(True, "each subject asked for by its id")
    called: JsonObject = {str(d["id"]): d.get("called") for d in demand.details if d.get("id") is not None}
    return Collection(kind.name, unique(found), proof, {"subjects": asked, "called": called})


def label(subject: Json) -> str:
    """What people call a subject: its name."""
    return str(next(iter(subject.values()), "")) if isinstance(subject, dict) else str(subject)


def _untold(detail: JsonObject, roles: Sequence[JsonObject]) -> Iterator[str]:
    """A declared role on a whole connection that does not show, where that has no model on which it could
    (OA-R178)."""
    shown = {r["connection"] for r in roles if r["model"] is None}
    bare = {str(c) for c in _list(detail.get("bare"))}
    for connection in sorted({str(w[0]) for w in _list(detail["wanted"]) if isinstance(w, list) and w[1] is None}):
        if connection in bare and connection not in shown:
            yield entry_text([connection, None])


def _roles(detail: JsonObject, body: Json) -> Iterator[JsonObject]:
    """What is the subject's own: one entry per connection and model. A role on a whole connection may come once,
    without a model, or once for each shared model of it: where such a role is declared and comes at all, it is
    there, and the models that have the same one are part of it (OA-R178). It does not come by a model that is to
    have another one and has it not yet: that may be the model's own, and goes."""
    direct = [*_direct(detail, body)]
    wanted = [w for w in _list(detail["wanted"]) if isinstance(w, list)]
    whole = {str(c): spelled(detail, str(role)) for c, model, role in wanted if model is None}
    declared = {(str(c), str(m)): spelled(detail, str(role)) for c, m, role in wanted if m is not None}
    settled = {(c, m) for c, m, role in direct if declared.get((c, str(m)), role) == role}
    for connection, role in sorted(whole.items()):
        own = [r for c, model, r in direct if c == connection and model is None]
        if own or any(c == connection and r == role and (c, m) in settled for c, m, r in direct):
            yield {"connection": connection, "model": None, "role": own[0] if own else role}
    for connection in sorted({c for c, model, _ in direct if model is None} - {*whole}):
        own = [r for c, model, r in direct if c == connection and model is None]
        yield {"connection": connection, "model": None, "role": own[0]}
    models: dict[tuple[str, str], list[str]] = {}
    for connection, model, role in direct:
        if model is not None:
            models.setdefault((connection, model), []).append(role)
    for (connection, model), roles in sorted(models.items()):
        wished = declared.get((connection, model))
        others = [r for r in roles if r != whole.get(connection)]
        if wished in roles:
            others = [str(wished)]
        if others:
            yield {"connection": connection, "model": model, "role": others[0]}


def _direct(detail: JsonObject, body: Json) -> Iterator[tuple[str, str | None, str]]:
    """(connection, model, role) of what neither a group nor a connection's base role gives (OA-R177)."""
    results = pick(body, "/results")
    if not isinstance(results, list):
        raise ValueError("the answer about roles holds no list of results")  # noqa: TRY004 - an answer's shape
    for one in results:
        connection, model, role = (pick(one, at) for at in ("/connectionId", "/modelId", "/roleName"))
        if isinstance(role, str) and isinstance(connection, str) and _own(str(detail["word"]), one):
            yield connection, model if isinstance(model, str) else None, spelled(detail, role)


def _own(word: str, result: Json) -> bool:
    """A person's by its type; a group's at depth 0, which the older edition does not say, since it lists no
    other."""
    source, depth = pick(result, "/from/type"), pick(result, "/from/depth")
    if word == USER:
        return isinstance(source, str) and source.casefold() in OWN
    return depth in (0, "0") if isinstance(depth, int | str) else True


def spelled(detail: JsonObject, role: str) -> str:
    """A role in the spelling of the document: one has two names."""
    return (ALIAS if detail["alias"] else SENT) if role in (ALIAS, SENT) else role
