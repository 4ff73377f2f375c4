"""What an answer says of translations that are to be deleted as the entries they are (OC-R99)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.catalog import Verdict
from reconciler.model.json import Json, digest
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core import answers
from reconciler.providers.omn_core.translations import mark


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:
    """As for every kind. A translation that was not deleted is looked at, since what is gone already is refused,
    too; one that is still there then has been kept by the server, which the ledger remembers."""
    found = answers.verdicts(kind, carrier, riders, body)
    kept = {r.id: r for r in riders if r.phase is Phase.REMOVE}
    return {i: _kept(kept[i], v) if i in kept and v.done is False else v for i, v in found.items()}


def _kept(rider: Call, verdict: Verdict) -> Verdict:
    locales = [str(locale) for locale in rider.effect.absent]
    differs = {mark(locale): digest(rider.args.get("link")) for locale in locales}
    return replace(verdict, done=None, differs=differs)
