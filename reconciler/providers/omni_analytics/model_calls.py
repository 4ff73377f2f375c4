"""The calls that make models, in the order that the API asks for (OA-R163 to OA-R166)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Value, Verb
from reconciler.model.json import canonical
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.providers.omni_analytics.model_check import SCHEMA
from reconciler.providers.omni_analytics.validation import validation
from reconciler.providers.rest.calls import create

BODY: Final = {
    "connection": "connectionId",
    "modelKind": "modelKind",
    "name": "modelName",
    "extends": "baseModelId",
    "accessGrants": "accessGrants",
    "allowAsWorkbookBase": "allowAsWorkbookBase",
}
"""Field -> its name in the body of a create, which is not that of a record (OA-R163)."""
SHOWN: Final = ("connection", "modelKind", "name", "extends")
"""What the answer shows, in the older edition; the newer one is looked at again."""
REFRESHED: Final = "refreshOnCreate"
"""Under what name the ledger remembers that the reading of the schema has been asked for."""
ID: Final = "/id|/model/id"
"""Where the answer has the id, in the older and the newer edition."""


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """A POST per model; its refresh and its validation, where these are asked for; shared models after the schema
    model of their connection. What extends another one waits for that one's id."""
    making = [c for c in changes if c.verb is Verb.CREATE]
    schemas = {_connection(c): c for c in making if c.wire.get("modelKind") == SCHEMA}
    late = [_refresh(kind, c, c.live.id) for c in changes if c.live and owes_refresh(c)]
    return [*(call for c in making for call in _calls(kind, c, schemas.get(_connection(c)))), *late]


def _calls(kind: Kind, change: Change, schema: Change | None) -> Iterator[Call]:
    made = _create(kind, change)
    if schema is not None and schema is not change:
        follows = frozenset({f"{schema.address}#refresh"}) if refreshes(schema) else frozenset[str]()
        made = replace(made, after=made.after | {f"{schema.address}#create"}, follows=made.follows | follows)
    yield made
    own: Value = {"$id": str(change.address)}
    before = frozenset({made.id})
    if refreshes(change):
        refresh = _refresh(kind, change, own)
        before |= {refresh.id}
        yield refresh
    if validates(change):
        look = validation(kind, change.address, own, f"{kind.name} {change.label}", before)
        yield replace(look, after=frozenset({made.id}))


def refreshes(change: Change) -> bool:
    return change.document is not None and change.document.spec.get("refreshOnCreate") is True


def owes_refresh(change: Change) -> bool:
    """Whether the run that made it was cut short before it asked for the reading of the schema: the ledger knows
    that we made it, and nothing more (OA-R164)."""
    bond = change.bond
    if bond is None or not bond.made or change.live is None or bond.id != change.live.id:
        return False
    unasked = not bond.digests and REFRESHED not in bond.once
    return refreshes(change) and change.verb is not Verb.OBSERVE and unasked


def validates(change: Change) -> bool:
    return change.document is not None and change.document.spec.get("validate") is True


def _connection(change: Change) -> str:
    return canonical(change.wire.get("connection"))


def _create(kind: Kind, change: Change) -> Call:
    """A schema model goes without a name, an extension with the id of what it extends (OA-R163). What the answer
    does not show is looked at by a reading."""
    endpoint = kind.rest.create
    if endpoint is None:
        raise ValueError("a model is made by one endpoint")
    unnamed = change.wire.get("modelKind") == SCHEMA
    body = {BODY[n]: v for n, v in change.wire.items() if n in BODY and not (n == "name" and unnamed)}
    call = create(kind, change, endpoint, body)
    expect = {
        kind.fields[n].wire: v for n, v in change.wire.items() if n in SHOWN and not (n == "name" and unnamed)
    }
    return replace(call, expect=expect, new_id=ID, summary=f"create {kind.name} {_label(change)}")


def _label(change: Change) -> str:
    connection = change.refers.get("connection")
    of = f" of {connection.label}" if connection and change.wire.get("modelKind") == SCHEMA else ""
    return f"{change.label}{of}"


def _refresh(kind: Kind, change: Change, own: Value) -> Call:
    """It is started, and nobody waits for it: the older edition gives no job to ask about (OA-R164)."""
    method, path = ENDPOINTS["refreshSchema"].split(" ", 1)
    return Call(
        id=f"{change.address}#refresh",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={"modelId": own},
        phase=Phase.UPDATE,
        summary=f"start reading the schema of {_label(change)}",
        after=frozenset() if change.live else frozenset({f"{change.address}#create"}),
        expect={"/modelId": own},
        live_id=change.live.id if change.live else None,
        once={REFRESHED: "done"},
    )
