"""Live things, bonds and comparisons as short expressions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reconciler.diff import compare
from reconciler.model.catalog import Catalog
from reconciler.model.change import Change
from reconciler.model.document import Address, Desired, Document, Target
from reconciler.model.json import Json, digest
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Live, Proof, Resource
from reconciler.model.normalise import normal
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from tests.kept import changes_text, keep_in_test
from tests.world import OMNI, PROVIDERS, TRACKER, catalog

TARGETS = {name: Target(name, provider) for name, provider in PROVIDERS.items()}
WHOLE = Proof(complete=True, by="a sample")
PART = Proof(complete=False, by="some of it")
JANE, BOB, ANN = "jane@example.com", "bob@example.com", "ann@example.com"

At = tuple[str, Resource]
"""A live thing and its kind."""


def label(name: str, *, uses: Any = 0, **flags: Any) -> At:
    return "Label", Resource(name, name, {"name": name, **flags}, name, contents={"uses": uses})


def folder(remote_id: str, *chain: str, parent: Any = None, placed: Any = True, **fields: Any) -> At:
    held: dict[str, Json] = {"path": [*chain], "scope": "organization", "owner": "id of jane", **fields}
    counts = {"documents": 0, "children": 0}
    return "Folder", Resource(remote_id, [*chain], held, "/".join(chain), parent, counts, placed)


def team(remote_id: str, slug: str, name: str = "Brand", members: Json = None, projects: int | None = 0) -> At:
    """`members`: person -> flag; None where the API does not show them."""
    held: dict[str, Json] = {"slug": slug, "name": name}
    if isinstance(members, dict):
        held["members"] = [{"user": f"id of {who}", "isPrimary": flag} for who, flag in members.items()]
    return "ClientTeam", Resource(remote_id, slug, held, name, contents={"projects": projects})


PEOPLE = tuple(Resource(f"id of {one.split('@')[0]}", one, {"email": one}) for one in (JANE, BOB, ANN))


def address(kind: str, name: str) -> Address:
    return Address(TRACKER if kind == "ClientTeam" else OMNI, kind, name)


def bond(kind: str, name: str, remote_id: str, key: Any = None, **words: Any) -> Bond:
    """As the ledger has it after an apply; `key` is the id where it is not said."""
    return Bond(address(kind, name), remote_id, remote_id if key is None else key, **words)


def applied(kind: str, spec: dict[str, Json]) -> dict[str, str]:
    """The digests the ledger has of plain fields that were applied as in this spec."""
    fields = kind_of(kind).fields
    return {name: digest(normal(fields[name], value)) for name, value in spec.items()}


def kind_of(name: str) -> Kind:
    return catalog().kind(PROVIDERS[address(name, "").target], name)


def live_of(things: Iterable[At], proofs: dict[str, Proof] | None = None) -> Live:
    found: dict[tuple[str, str], Collection] = {}
    for target in (OMNI, TRACKER):
        for kind in catalog().of(PROVIDERS[target]):
            own = PEOPLE if kind.name == "User" else tuple(r for k, r in things if k == kind.name)
            proof = (proofs or {}).get(kind.name, WHOLE)
            found[target, kind.name] = Collection(kind.name, own, proof)
    return Live(found)


def desired_of(*documents: Document, **words: object) -> Desired:
    return Desired(documents, TARGETS, "sha256:0", **words)  # type: ignore[arg-type]


def compared(
    documents: Iterable[Document],
    things: Iterable[At] = (),
    bonds: Iterable[Bond] = (),
    *,
    ledger: bool = True,
    proofs: dict[str, Proof] | None = None,
    desired: Desired | None = None,
    known: Catalog | None = None,
) -> dict[str, Change]:
    """Changes by the names of their addresses. All of them, in full, are kept beside this file."""
    wanted = replace(desired or desired_of(), documents=tuple(documents))
    recorded = Recorded({b.address: b for b in bonds}, exists=ledger)
    changes = compare(wanted, live_of([*things], proofs), recorded, known or catalog())
    assert list(changes.changes) == sorted(changes.changes, key=lambda c: c.address)
    keep_in_test(Path(__file__).with_name("changes.txt"), changes_text(changes.changes))
    return {c.address.name: c for c in changes.changes}


def rules(change: Change) -> set[str]:
    return {h.rule for h in change.holds}
