"""Comparisons with the real kinds of every system, as short expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reconciler.diff import compare
from reconciler.model.change import Change
from reconciler.model.document import Address, Document
from reconciler.model.live import Collection, Live, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from tests.kept import changes_text, keep_in_test
from tests.unit.diff.samples import WHOLE, desired_of
from tests.world import catalog

Held = Mapping[str, Sequence[Resource]]
"""`target/Kind` -> what is live of it; all else was read, and there is none."""


def at(path: str) -> Address:
    """`target/Kind/name`."""
    return Address.parse(path)


def known(path: str, remote_id: str, **words: Any) -> Bond:
    """As the ledger has it after an apply."""
    return Bond(at(path), remote_id, **words)


def told(
    documents: Iterable[Document],
    live: Held,
    bonds: Iterable[Bond] = (),
    *,
    ledger: bool = True,
    aside: Sequence[Document] = (),
) -> dict[str, Change]:
    """Changes by the names of their addresses; in full they are kept beside this file."""
    wanted = replace(desired_of(declared=(*documents, *aside)), documents=(*documents,))
    found: dict[tuple[str, str], Collection] = {}
    for name, target in wanted.targets.items():
        for kind in catalog().of(target.provider):
            found[name, kind.name] = Collection(kind.name, (*live.get(f"{name}/{kind.name}", ()),), WHOLE)
    recorded = Recorded({b.address: b for b in bonds}, exists=ledger)
    changes = compare(wanted, Live(found), recorded, catalog()).changes
    keep_in_test(Path(__file__).with_name("changes.txt"), changes_text(changes))
    return {c.address.name: c for c in changes}
