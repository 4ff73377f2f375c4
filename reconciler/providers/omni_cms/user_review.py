"""What may not be done to accounts: to the reconciler's own, to the last active one, or while nobody knows which
is which; and when a password is sent (CM-R46, CM-R47, CM-R51, CM-R52)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.json import Json, digest
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.normalise import normal
from reconciler.model.record import replace
from reconciler.providers.omni_cms import ACCOUNT
from reconciler.providers.omni_cms.user_check import KEY, PASSWORD, PRESENT, ROTATE

ACTIVE: Final = "active"
SAY_IT: Final = "name the account whose key this is in reconciler.yaml, beneath the target: `account: <e-mail>`"
OWN: Final = "it is the account whose key the reconciler uses"
BY_HAND: Final = "do it by hand, or with the key of another account and its name as `account:`"
KEY_DIES: Final = "the key in use stops working at once"


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """The changes with passwords that are not to be sent taken out, and everything that locks out held."""
    found = [_deactivated_already(_password(c)) for c in changes]
    own, why = _own_account(kind, changes, live)
    if why:
        found = [_held(c, Hold("unknown-account", why, SAY_IT, final=True)) if c.writes else c for c in found]
    found = [_spared(c) if c.live is not None and c.live.id in own else c for c in found]
    return [_worded(c) for c in _last_active(found, live)]


def _held(change: Change, hold: Hold) -> Change:
    return replace(change, holds=(*change.holds, hold))


# Passwords.


def _password(change: Change) -> Change:
    """An account is made with a password (CM-R46). One that was there before keeps its own: the version that was
    declared then is remembered as never sent, and another one is sent (CM-R47)."""
    if change.verb is Verb.CREATE and change.document is not None:
        whole = PASSWORD in change.wire or _stopped(change, for_good=True)
        return change if whole else _held(change, _missing(change))
    if PASSWORD not in change.changed or change.document is None:
        return change
    unsent = _unsent(change.document.spec.get(PASSWORD))
    if _ours(change) and (change.bond.digests if change.bond else {}).get(PASSWORD) != unsent:
        return change
    note = f"not verifiable: {PASSWORD} (the account was there before and keeps its own; a new `version` is sent)"
    return replace(
        change,
        changed=change.changed - {PASSWORD},
        fields=tuple(f for f in change.fields if f.path[0] != PASSWORD),
        digests={**change.digests, PASSWORD: unsent},
        notes=(*change.notes, note),
    )


def _ours(change: Change) -> bool:
    """Whether we made the account, or have managed it to the end of an apply."""
    return change.bond is not None and (change.bond.made or bool(change.bond.digests))


def _missing(change: Change) -> Hold:
    place = change.document.at("spec") if change.document else ""
    reason = f"{place}: the account is not live, and none is made without a password"
    return Hold("no-password", reason, "declare `password: {fromEnv: NAME, version: 1}`, or fromFile", final=True)


def _unsent(reference: Json) -> str:
    """What the ledger keeps of a version that was declared and never sent."""
    version = reference.get("version") if isinstance(reference, dict) else None
    return digest({"unsent": version})


# Who is who.


def _own_account(kind: Kind, changes: Sequence[Change], live: Collection) -> tuple[AbstractSet[str], str]:
    """The ids of the account that the target names as the reconciler's own, and why that cannot be it (CM-R51)."""
    named = next((c.settings.get(ACCOUNT) for c in changes), None)
    if not isinstance(named, str) or not named:
        return frozenset(), "the project does not say whose key this is, so nobody can tell what locks us out"
    found = [r for r in live.resources if normal(kind.key_field, r.key) == normal(kind.key_field, named)]
    ids = frozenset(r.id for r in found)
    if not found:
        return frozenset(), f"`account: {named}` is no live account, so nobody can tell what locks us out"
    if not any(_opens(r) for r in found):
        return frozenset(), f"`account: {named}` has no API key or is not active, so the key in use is another's"
    return ids, ""


def _opens(account: Resource) -> bool:
    return account.fields.get(KEY) == PRESENT and account.fields.get(ACTIVE) is True


def _spared(change: Change) -> Change:
    """The reconciler's own account keeps its existence, its activity, its password and its key (CM-R51)."""
    if change.removes:
        return _held(change, Hold("own-account", OWN, BY_HAND, final=True))
    kept = {n for n in (ACTIVE, PASSWORD, KEY) if n in change.changed}
    kept -= {ACTIVE} if change.wire.get(ACTIVE) is True else set()
    kept |= {KEY} if change.once else set()
    document = change.document
    known = change.bond.digests if change.bond else {}
    digests = {n: d for n, d in change.digests.items() if n not in kept}
    if document is not None and "email" in change.changed:
        note = f"from then on, `account: {change.key}` is what reconciler.yaml has to say"
        change = replace(change, notes=(*change.notes, note))
    return replace(
        change,
        changed=change.changed - kept,
        digests=digests | {n: known[n] for n in kept if n in known},
        once={} if kept else change.once,
        document=replace(document, once=_acted(change)) if document is not None and KEY in kept else document,
        holds=(*change.holds, *(Hold("own-account", OWN, BY_HAND, final=True, only=n) for n in sorted(kept))),
    )


def _acted(change: Change) -> dict[str, str]:
    """The declared tokens without the one that is not to act: it must not count as used."""
    known = change.bond.once if change.bond else {}
    return {ROTATE: known[ROTATE]} if ROTATE in known else {}


# Who is left.


def _deactivated_already(change: Change) -> Change:
    """What is inactive needs no call to become so."""
    if change.verb is not Verb.DEACTIVATE or change.live is None or change.live.fields.get(ACTIVE) is not False:
        return change
    return replace(change, verb=Verb.RELEASE, live=None, notes=(*change.notes, "left git; it is inactive already"))


def _stopped(change: Change, *, for_good: bool) -> bool:
    return any((h.final or not for_good) and not h.only for h in change.holds)


def made_active(change: Change) -> bool:
    """Whether the change leaves an account active that is not so now."""
    if change.verb is Verb.CREATE:
        return change.wire.get(ACTIVE, True) is True
    return ACTIVE in change.changed and change.wire.get(ACTIVE) is True


def made_inactive(change: Change) -> bool:
    """Whether the change takes an active account away, or its activity."""
    if change.live is None or change.live.fields.get(ACTIVE) is not True:
        return False
    return change.removes or (ACTIVE in change.changed and change.wire.get(ACTIVE) is False)


def _last_active(changes: Sequence[Change], live: Collection) -> list[Change]:
    """At least one account stays active at every moment, whatever holds are lifted (CM-R52). One that takes the
    address of an account that goes comes too late to count."""
    leaving = [c for c in changes if made_inactive(c) and not _stopped(c, for_good=True)]
    ids = {c.live.id for c in leaving if c.live}
    freed = {str(c.live.key).casefold() for c in leaving if c.live}
    staying = [r for r in live.resources if r.fields.get(ACTIVE) is True and r.id not in ids]
    coming = [c for c in changes if made_active(c) and not _stopped(c, for_good=False)]
    if not leaving or staying or any(str(c.key).casefold() not in freed for c in coming):
        return list(changes)
    reason = "no active account would be left"
    hold = Hold("last-active", reason, "keep one active, or activate another", final=True)
    gone = {c.address for c in leaving}
    return [_held(c, hold) if c.address in gone else c for c in changes]


# The words for it.


def _worded(change: Change) -> Change:
    """The verb and the effects, now that all that is to be done is known."""
    had = change.live is not None and change.live.fields.get(KEY) == PRESENT
    anew = (KEY in change.changed or bool(change.once)) and not _stopped(change, for_good=True)
    if had and anew and not change.removes:
        change = replace(change, effects=(*change.effects, KEY_DIES))
    if change.verb not in (Verb.NONE, Verb.UPDATE, Verb.MOVE):
        return change
    if change.fields or change.changed or change.once:
        return replace(change, verb=Verb.UPDATE)
    return replace(change, verb=Verb.MOVE if change.previous is not None else Verb.NONE)
