"""What the ledger remembers of a reference: the digest of an id, and with it what has that id now.

Systems give ids in the order in which things are made, and no two runs need to make them in the same one. So a
digest is read back as the name of what is live under the id; that of an id under which nothing is live stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.json import Json, digest
from reconciler.model.recorded import Bond
from tests.world import PROVIDERS, catalog

Names = Mapping[str, str]
"""Remote id -> the name of the live thing."""


def by_name(bond: Bond, known: Mapping[str, Names]) -> dict[str, str]:
    """The digests of a bond, with names in place of those of ids. `known`: the live things of each kind."""
    fields = catalog().kind(PROVIDERS[bond.address.target], bond.address.kind).fields
    live = {name: known[one.ref] for name, one in fields.items() if one.ref is not None and one.ref in known}
    return {name: _name(of, live.get(name, {})) for name, of in bond.digests.items()}


def _name(of: str, live: Names) -> str:
    return next((name for i, name in live.items() if of in map(digest, _values(i))), of)


def _values(i: str) -> Iterator[Json]:
    """The id as it may be sent: some systems have numbers."""
    yield i
    if i.isdecimal():
        yield int(i)
