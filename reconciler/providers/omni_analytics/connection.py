"""Connection: made once with all that is declared, changed in two things alone (OA-R130 to OA-R137)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Value, Verb
from reconciler.model.json import Json, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omni_analytics.connection_check import check
from reconciler.providers.rest.calls import create, update
from reconciler.providers.rest.reads import records

__all__ = ["bound", "calls", "check", "parse", "review"]

ATTRIBUTE: Final = "environmentUserAttribute"
NAMES: Final = ("/userAttributeNameForConnectionEnvironments", "/userAttributeNameForConnectionsEnvironments")
VALUES: Final = "/userAttributeValuesForDefaultEnvironment"
ADOPT: Final = "adopt"
"""The one-shot token that takes what is declared for what the product has (OA-R134)."""


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """All connections that are not deleted (OA-R131). Raises ValueError on an answer of another shape."""
    found = rest.parse(kind, demand, replies)  # first: it says what is wrong with a record that has no usable id
    by_id = {pick(record, kind.rest.id): record for record in records(kind, replies)}
    living = (r for r in found.resources if not _deleted(by_id[r.id]))
    return replace(found, resources=tuple(_with_attribute(r, by_id[r.id]) for r in living))


def _deleted(record: Json) -> bool:
    at = pick(record, "/deletedAt")
    return not isinstance(at, Missing) and at is not None


def _with_attribute(resource: Resource, record: Json) -> Resource:
    """The environment's attribute as a manifest has it, however a record spells it, and the base role in this
    kind's own words (OA-R132)."""
    fields = dict(resource.fields)
    if fields.get("baseRole") == "QUERY_TOPICS":
        fields["baseRole"] = "RESTRICTED_QUERIER"
    said = [name for at in NAMES if not isinstance(name := pick(record, at), Missing)]
    values = pick(record, VALUES)
    if said and not isinstance(values, Missing):
        name = next((n for n in said if n), None)
        fields[ATTRIBUTE] = {"attribute": name, "defaultValues": list[Json](listed(values))} if name else None
    return replace(resource, fields=fields)


def listed(values: Json) -> list[str]:
    """Values that an API gives as a list, or as one text with commas; none where there are none (OA-R132)."""
    if isinstance(values, list):
        return [str(value) for value in values]
    return [part.strip() for part in values.split(",") if part.strip()] if isinstance(values, str) else []


# What can be compared with the ledger alone


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What no read shows and nothing can change: refused where another value was recorded, taken as declared where
    none was, or where a token says so (OA-R133, OA-R134)."""
    return [_reviewed(kind, c) for c in changes]


def _reviewed(kind: Kind, change: Change) -> Change:
    if change.live is None or change.document is None or change.verb is Verb.OBSERVE:
        return change
    unseen = {n for n in change.changed if _fixed(kind, n)}
    sent = change.bond.digests if change.bond and change.bond.id == change.live.id else {}
    wrong = set() if ADOPT in change.once else {n for n in unseen if n in sent}
    taken = sorted(unseen - wrong)
    found = replace(
        change,
        changed=change.changed - unseen,
        digests={**change.digests, **{n: sent[n] for n in wrong}},  # what is refused is not recorded as sent
        fields=tuple(f for f in change.fields if f.path[0] not in taken),
        holds=(*change.holds, *(_refused(kind, n) for n in sorted(wrong))),
        notes=(*change.notes, *([f"not verifiable: {', '.join(taken)} (taken as declared)"] if taken else [])),
    )
    idle = found.verb is Verb.UPDATE and not (found.changed or found.fields or found.once)
    return replace(found, verb=Verb.MOVE if found.previous is not None else Verb.NONE) if idle else found


def _fixed(kind: Kind, name: str) -> bool:
    return kind.fields[name].immutable is not None


def _refused(kind: Kind, name: str) -> Hold:
    """A secret by another version, a value by another digest."""
    field = kind.fields[name]
    what = f"`{name}` has another version" if field.write_only else f"`{name}` was sent as something else"
    return Hold("immutable", f"{what}, and is fixed once created", field.immutable or "", final=True)


# Calls


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """A POST per connection made, and a PATCH for what no POST takes; a PATCH per connection changed (OA-C26)."""
    return [call for change in changes if change.writes for call in _calls(kind, change)]


def _calls(kind: Kind, change: Change) -> Iterator[Call]:
    if change.verb is Verb.CREATE and kind.rest.create:
        at_once = replace(change, wire={n: v for n, v in change.wire.items() if n != ATTRIBUTE})
        made = create(kind, at_once, kind.rest.create, _body(kind, at_once))
        yield made
        if change.wire.get(ATTRIBUTE) is not None:
            patch = _patch(kind, replace(change, changed=frozenset({ATTRIBUTE})))
            text = f"set the environment attribute of {change.label}"
            yield replace(patch, after=patch.after | {made.id}, summary=text)
    elif change.changed and not change.removes:
        yield _patch(kind, change)


def _body(kind: Kind, change: Change) -> dict[str, Value]:
    """Everything declared; lists as one text with commas."""
    values = {kind.fields[n].wire_name: v for n, v in change.wire.items()}
    return {n: ",".join(map(str, v)) if isinstance(v, list) else v for n, v in values.items()}


def _patch(kind: Kind, change: Change) -> Call:
    endpoint = kind.rest.update
    if endpoint is None:
        raise ValueError("a connection is changed by one endpoint")
    return update(kind, change, endpoint)


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """OA-C26, without looking at the calls."""
    writing = [c for c in changes if c.writes]
    made = [c for c in writing if c.verb is Verb.CREATE]
    return (
        sum(c.wire.get(ATTRIBUTE) is not None for c in made)
        + len(made)
        + sum(bool(c.changed) for c in writing if c.verb is not Verb.CREATE and not c.removes)
    )
