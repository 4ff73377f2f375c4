"""User: read where somebody is named or observed; one by address, several by the list (OA-R16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.model.call import Request, quoted
from reconciler.model.change import Change
from reconciler.model.document import Document, Manage
from reconciler.model.json import Json, JsonObject, Missing, canonical, pick
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.model.place import Problem
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.rest.parse import resource, unique
from reconciler.providers.rest.reads import get, records, unasked

ATTRIBUTES = "attributes"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A person is observed and nothing else (OA-R51)."""
    hint = "add `lifecycle: {manage: observe}` to its metadata"
    return [
        Problem(d.at("metadata"), f"{d.address}: a User can only be observed", hint, rule="OA-R51")
        for d in documents
        if d.lifecycle.manage is not Manage.OBSERVE
    ]


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],  # noqa: ARG001 - the verb's shape
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> tuple[JsonObject, ...]:
    """Everybody observed, by address, and whether attributes are declared (OA-R52)."""
    return tuple({"email": str(d.spec[kind.key]), ATTRIBUTES: ATTRIBUTES in d.spec} for d in documents)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """Nobody named: nothing; everybody: the list. One address: one filter. Several: the first page, then
    the other pages or one filter per address still open, whichever is less (OA-C3); then the attributes that
    these did not show (OA-C11)."""
    if any("everybody" in d for d in demand.details):
        return rest.reads(kind, replace(demand, details=()), replies)
    wanted = _wanted(demand)
    found = _people(kind, demand, wanted, replies) if wanted else []
    return found or unasked(list(_attributes(kind, demand, replies)), replies)


def _wanted(demand: Demand) -> list[str]:
    observed = (d["email"] for d in demand.details if "email" in d)
    by_text = {str(w).casefold(): str(w) for w in (*demand.wanted, *observed)}
    return [by_text[text] for text in sorted(by_text)]


def _people(kind: Kind, demand: Demand, wanted: Sequence[str], replies: Replies) -> list[Request]:
    if len(wanted) == 1:
        return unasked([_by_address(demand, wanted[0])], replies)
    listed = tuple((r, body) for r, body in replies if not r.may_be_gone)
    pages = rest.reads(kind, replace(demand, ids=(), details=()), listed)
    if not replies:
        return pages
    shown = {str(pick(r, kind.key_field.wire)).casefold() for r in records(kind, replies)}
    open_ = [w for w in wanted if w.casefold() not in shown]
    if any("filter" in dict(r.query) for r, _ in replies) or len(open_) < len(pages):
        return unasked([_by_address(demand, w) for w in open_], replies)
    return pages if open_ else []


def _attributes(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """A look at each observed person whose declared attributes the list did not show."""
    asking = {str(d["email"]).casefold() for d in demand.details if d[ATTRIBUTES]}
    for record in records(kind, replies):
        shown = not isinstance(pick(record, kind.fields[ATTRIBUTES].wire), Missing)
        remote_id = pick(record, kind.rest.id)
        if (
            str(pick(record, kind.key_field.wire)).casefold() in asking
            and not shown
            and isinstance(remote_id, str)
        ):
            yield get(demand.target, f"GET /scim/v2/users/{quoted(remote_id)}", may_be_gone=True)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Whoever came. Only the people asked for are looked up, so absence is proven for them and nobody else. Whose
    attributes nothing shows has none."""
    singles = [body for r, body in replies if r.may_be_gone and body is not None]
    people = unique(resource(kind, record) for record in (*singles, *records(kind, replies)))
    people = tuple(replace(p, fields={ATTRIBUTES: {}, **p.fields}) for p in people)
    return Collection(kind.name, people, Proof(complete=True, by="every address asked for"))


def same(field: Field, before: Json, after: Json) -> bool:
    """Attributes: the declared names alone, as texts; none, null and an empty list are one (OA-R52)."""
    if field.name != ATTRIBUTES or not isinstance(before, dict) or not isinstance(after, dict):
        return rest.same_value(field, before, after)
    return all(_text(before.get(name)) == _text(value) for name, value in after.items())


def _text(value: Json) -> str:
    if isinstance(value, list):
        return canonical([_text(v) for v in value]) if value else ""
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical(value)


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Attributes that no manifest names, or that mean the same, are no differences."""
    return [replace(c, fields=tuple(f for f in c.fields if not _undeclared(c, f.path))) for c in changes]


def _undeclared(change: Change, path: tuple[str, ...]) -> bool:
    declared = change.document.spec.get(ATTRIBUTES) if change.document else None
    if path[0] != ATTRIBUTES or len(path) < 2 or not isinstance(declared, dict):
        return False
    held = change.live.fields.get(ATTRIBUTES) if change.live else None
    there = held.get(path[1]) if isinstance(held, dict) else None
    return path[1] not in declared or _text(there) == _text(declared[path[1]])


def _by_address(demand: Demand, address: str) -> Request:
    return get(demand.target, "GET /scim/v2/users", {"filter": f'userName eq "{address}"'})
