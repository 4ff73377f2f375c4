"""Where the targets are: ids that the ledger holds mean nothing, or something else, in another tenant (OP-R45)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.model.faults import GuardRefused
from reconciler.model.recorded import Recorded
from reconciler.workflow.asking import base_urls
from reconciler.workflow.setup import Setup

if TYPE_CHECKING:
    from reconciler.ledger import Ledger


def places(setup: Setup) -> dict[str, str]:
    """Target -> its URL, and its tenant where several share one; for the targets the operator has opened. A port
    of this machine tells nothing: whoever serves there takes a free one."""
    from reconciler.wire.url import Base

    found = {}
    for name, url in base_urls(setup).items():
        target, base = setup.desired.targets[name], Base.parse(url)
        tenant = setup.catalog.providers[target.provider].tenant(target)
        where = f"{base.scheme}://{base.host}{base.path}" if base.loopback else f"{base.origin}{base.path}"
        found[name] = f"{where} ({tenant})" if tenant else where
    return found


def check_places(setup: Setup, recorded: Recorded) -> None:
    """Raises GuardRefused where something is recorded of a target that is somewhere else now."""
    known = {bond.address.target for bond in recorded.bonds.values()} | {a.target for a in recorded.doubts}
    bases = base_urls(setup)
    for name, place in sorted(places(setup).items()):
        before = recorded.places.get(name, place)
        if name in known and before != place and name not in setup.expect_moved:
            raise GuardRefused(
                f"{name} is {_in_full(place, bases[name])} now; what the ledger holds of it was made at {before}",
                hint="another tenant needs a target name, or a ledger, of its own; "
                f"if {name} only moved, with all its ids, add --expect-moved {name}",
            )


def _in_full(place: str, url: str) -> str:
    """The place for people: with the port, which is left out where places are compared."""
    _, space, tenant = place.partition(" ")
    return f"{url}{space}{tenant}"


def remember_places(setup: Setup, ledger: Ledger) -> None:
    """What an apply records from now on is about where the targets are now."""
    for name, place in places(setup).items():
        ledger.settle_down(name, place)
