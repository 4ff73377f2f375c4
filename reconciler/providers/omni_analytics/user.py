"""User: made and changed by one call each, deleted only where everybody agrees; just looked at where it is
observed (OA-R51, OA-R190 to OA-R195)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Document, Manage
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omni_analytics.asked_people import details
from reconciler.providers.omni_analytics.own import BY_HAND, OWN, PROTECTED, SAY_IT, account_of, protected
from reconciler.providers.omni_analytics.user_expected import expected
from reconciler.providers.omni_analytics.user_reads import guarding, narrow, parse, reads, sift, surely

__all__ = [
    "calls",
    "check",
    "details",
    "expected",
    "guarding",
    "narrow",
    "parse",
    "reads",
    "review",
    "sift",
    "surely",
]

ACTIVE: Final = "active"
NAME: Final = "name"
CONSENT: Final = "delete-person"
GOES_TOO: Final = (
    "memberships, grants, roles and deliveries to this person go with the account; schedules it owns stop"
)


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """An address stays what it is for good (OA-R191)."""
    return [p for d in documents for p in renamed(kind, d)]


def renamed(kind: Kind, document: Document) -> Iterator[Problem]:
    """A document that asks for another address."""
    if document.previous_key is not None:
        text = f"{document.address}: the address of {kind.name} cannot be changed"
        yield Problem(document.at("metadata", "previously"), text, kind.rename, rule="OA-R191")


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What is only compared is taken out (OA-R193); who cannot be made, or may not go, is held (OA-R192,
    OA-R194)."""
    return [_reviewed(c) for c in changes]


def _reviewed(change: Change) -> Change:
    if change.document is not None and change.document.lifecycle.manage is Manage.OBSERVE:
        return change
    if change.verb is Verb.DELETE:
        return replace(change, holds=(*change.holds, *_spared(change)), effects=(*change.effects, GOES_TOO))
    if change.verb is Verb.CREATE and NAME not in change.wire:
        place = change.document.at("spec") if change.document else ""
        reason = f"{place}: nobody has this address, and nobody is made without a name"
        change = replace(change, holds=(*change.holds, Hold("no-name", reason, "declare `name`", final=True)))
    return _but_for_active(change)


def _but_for_active(change: Change) -> Change:
    """No call says whether an account can be used: what differs is shown, and stays as it is."""
    wanted = change.wire.get(ACTIVE)
    if wanted is None:
        return change
    fixed = [h for h in change.holds if h.rule == "immutable" and f"`{ACTIVE}`" in h.reason]
    differs = bool(fixed) or (change.verb is Verb.CREATE and wanted is not True)
    reason = f"`{ACTIVE}` cannot be written: it stays {'true' if wanted is False else 'false'}"
    hold = Hold("not-writable", reason, "change it in the product, or leave it out", final=True, only=ACTIVE)
    return replace(
        change,
        wire={n: v for n, v in change.wire.items() if n != ACTIVE},
        changed=change.changed - {ACTIVE},
        digests={n: d for n, d in change.digests.items() if n != ACTIVE},
        fields=change.fields if differs else tuple(f for f in change.fields if f.path[0] != ACTIVE),
        holds=(*(h for h in change.holds if h not in fixed), *([hold] if differs else ())),
    )


def _spared(change: Change) -> Iterator[Hold]:
    """Whoever must never be deleted, and the second word that a deletion needs (OA-R194)."""
    email, own = str(change.live.key if change.live else change.key), account_of(change.settings)
    if not own:
        why = "the project does not say whose key this is, so nobody can tell who must stay"
        yield Hold("unknown-account", why, SAY_IT, final=True)
    elif own == email.casefold():
        yield Hold("own-account", OWN, BY_HAND, final=True)
    if email.casefold() in protected(change.settings):
        why = f"`{PROTECTED}` in reconciler.yaml names {email}"
        yield Hold("protected-user", why, "take the address out there, if it really is to go", final=True)
    if CONSENT not in (change.bond.allow if change.bond else ()):
        way_out = f"put the document back with `{CONSENT}` in lifecycle.allow, apply, then remove it"
        yield Hold(CONSENT, "an account is deleted with all that hangs on it", way_out)


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One call per person; a PUT names the address as it is live besides what differs (OA-R192, OA-R193)."""
    names = {c.address: c.live.key for c in changes if c.live is not None}
    return [_addressed(kind, call, names.get(call.address)) for call in rest.calls(kind, changes)]


def _addressed(kind: Kind, call: Call, address: Json) -> Call:
    if call.phase is not Phase.UPDATE or not isinstance(call.body, dict):
        return call
    return replace(call, body={kind.key_field.wire_name: address, **call.body})
