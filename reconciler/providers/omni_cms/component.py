"""Component: a tree per space, searched whole, changed from the top, ordered in one call, its file beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.catalog import Verdict
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.model.shows import find, shows
from reconciler.providers import rest
from reconciler.providers.omni_cms.counts import bound
from reconciler.providers.omni_cms.records import parse
from reconciler.providers.omni_cms.review import review
from reconciler.providers.omni_cms.search import AFTER, BEFORE, reads, stage
from reconciler.providers.omni_cms.writes import calls

FEW = 2
"""So many components of spaces that were not there yet are read one by one rather than searched for."""

__all__ = ["bound", "calls", "check", "details", "narrow", "parse", "reads", "review", "settled", "verdicts"]


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """No `sequence` beneath a parent that says `order: listed` (CM-R28)."""
    keyed = {(d.spec.get("space"), d.spec.get(kind.key)): d for d in documents}
    named = {d.address.name: d for d in documents}
    return [p for d in documents for p in _problems(d, named.get(str(d.spec.get("parent"))), keyed)]


def _problems(
    document: Document, named: Document | None, keyed: Mapping[tuple[Json, Json], Document]
) -> Iterator[Problem]:
    parent = named or keyed.get((document.spec.get("space"), document.spec.get("parent")))
    if parent is not None and parent.spec.get("order") == "listed" and "sequence" in document.spec:
        place = document.at("spec", "sequence")
        text = f"{document.address}: `order: listed` of {parent.address} says its place already"
        yield Problem(place, text, "take `sequence` out", rule="CM-R28")


def details(
    kind: Kind, documents: Sequence[Document], bonds: Sequence[Bond], others: Mapping[str, Collection]
) -> tuple[JsonObject, ...]:
    """Which spaces are managed, and which components' files are looked at (CM-R10, CM-R16)."""
    spaces_read = others.get("Space", Collection("Space"))
    ids = {**_space_ids(others), **spaces_read.names}
    managed = {i for d in documents if (i := ids.get(str(d.spec.get("space")))) is not None}
    managed |= {b.by["space"] for b in bonds if "space" in b.by}
    names, meant = {str(d.spec.get("space")) for d in documents}, spaces_read.seen.get("meant")
    managed |= {str(meant[name]) for name in names & meant.keys()} if isinstance(meant, dict) else set()
    recorded = {b.address: b.id for b in bonds}
    files = (_file(kind, d, ids, recorded) for d in documents if "file" in d.spec)
    spaces = sorted(managed, key=lambda i: (len(i), i))
    told: JsonObject = {"spaces": list[Json](spaces), "declared": spaces_read.seen.get("ours", [])}
    if listed := spaces_read.seen.get("listed"):
        told["listed"] = listed
    coming = spaces_read.seen.get("coming")
    if isinstance(coming, dict) and (made := names & coming.keys()):
        told["coming"] = [coming[name] for name in sorted(made)]
    return (told, *files)


def _space_ids(others: Mapping[str, Collection]) -> dict[str, str]:
    """Name -> id of the spaces that have their name for themselves (CM-R17)."""
    live = others.get("Space", Collection("Space")).resources
    names = [str(r.key) for r in live]
    return {str(r.key): r.id for r in live if names.count(str(r.key)) == 1}


def _file(kind: Kind, document: Document, ids: Mapping[str, str], recorded: Mapping[Address, str]) -> JsonObject:
    return {
        "file": True,
        "verify": document.spec.get("verifyFiles") is True,
        "id": document.pinned_id or recorded.get(document.address),
        "scope": [ids.get(str(document.spec.get("space")))],
        "key": document.spec.get(kind.key),
        "previous": document.previous_key,
    }


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """Without the files: the things themselves, or the search where that takes fewer requests, and shows what is
    made in a space that was not there when the plan was made (CM-C6, CM-C7). The first reading of a run proves
    the key, the others need not (CM-R2)."""
    files = sum("file" in d for d in demand.details)
    searching = pages - 1 - files
    kept = [d for d in demand.details if "file" not in d and "run" not in d]
    least = replace(demand, details=(*kept, {"run": AFTER if stage(demand) else BEFORE}))
    if stage(demand) and any("coming" in d for d in demand.details):
        searching, least = FEW, demand if len(set(ids)) > FEW else least  # how many pages, nobody could know
    if demand.singly or len(set(ids)) <= searching:
        return replace(least, singly=True, fresh=tuple(sorted(set(ids))), ids=())
    return least


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A create is ours only if all it sent is there (CM-R34). What holds absolute values and cannot be read back
    is sent again: nothing is lost by that."""
    if call.phase is Phase.CREATE:
        found = find(kind, live, call.effect.key, call.effect.scope)
        if found or not live.proof.complete:
            return any(shows(kind, call.effect, one) is not False for one in found) if found else None
        return False
    if call.phase in (Phase.ADD, Phase.REMOVE):
        return False
    return rest.settled(kind, call, live)


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:  # noqa: ARG001 - the verb's shape
    """One answer for all of them; the reading afterwards is the proof (CM-R27, CM-R36)."""
    return {rider.id: Verdict(done=True) for rider in riders}
