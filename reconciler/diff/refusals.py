"""Why a document is not simply taken to mean a live thing, each with a way out."""

from __future__ import annotations

from reconciler.model.change import Hold
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import REPLACE, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import spoken


def renamable(kind: Kind) -> bool:
    """Whether its things can get another key from here at all; else `kind.rename` says what to do instead."""
    return kind.rename in ("yes", "consent")


def rename_holds(kind: Kind, document: Document) -> tuple[Hold, ...]:
    """Whether this kind can be renamed, and whether the document consents where the API makes it risky."""
    if kind.rename in ("yes", REPLACE):
        return ()
    if not renamable(kind):
        return (Hold("no-rename", f"the API cannot rename a {kind.name}", kind.rename, final=True),)
    if "rename" in document.lifecycle.allow:
        return ()
    reason = f"others find a {kind.name} by its {kind.key}; a change of it can make them create the old one again"
    return (Hold("rename", reason, "add `rename` to lifecycle.allow"),)


def unconfirmed(kind: Kind, document: Document, resource: Resource) -> Hold:
    """Nobody says that it had another key, or somebody says another one than it had: of a chain maybe just its
    last name."""
    reason, line = f"the ledger knows it live as '{spoken(resource.key)}'", f"{{key: {spoken(resource.key)}}}"
    said = document.previous_key
    if said is None:
        return Hold("rename-unconfirmed", reason, f"add to its metadata: previously: {line}")
    whole = " from the root on, nested or not" if kind.tree else ""
    reason += f", `previously.key` says '{spoken(said)}'"
    return Hold("rename-unconfirmed", reason, f"write the key it had{whole}: previously: {line}")


def ambiguous(kind: Kind, key: Json, found: list[Resource]) -> Hold:
    ids = ", ".join(sorted(r.id for r in found))
    return Hold(
        "ambiguous",
        f"more than one {kind.name} '{spoken(key)}' is live: {ids}",
        "say which one with metadata.id",
        final=True,
    )


def taken_by(holder: Document, resource: Resource) -> Hold:
    return Hold(
        "taken",
        f"the live thing with this key (id {resource.id}) belongs to {holder.address}",
        "give one of the two another key, or say `previously` where it moves",
        final=True,
    )


def name_taken(kind: Kind, document: Document, other: Resource) -> Hold:
    reason = f"'{spoken(document.spec.get(kind.key))}' is already live as another {kind.name} (id {other.id})"
    return Hold("name-taken", reason, "choose another name, or remove or rename the other one first", final=True)


def undecided(document: Document, kind: Kind) -> Hold:
    key = spoken(document.spec.get(kind.key))
    reason = f"both '{key}' and '{spoken(document.previous_key)}' are live and declared; is the rename over?"
    return Hold("rename-undecided", reason, "apply with a ledger, which knows, or take `previously` out")


def no_such_id(pinned: str, kind: Kind) -> Hold:
    return Hold(
        "no-such-id",
        f"no live {kind.name} has the pinned id {pinned}",
        "correct metadata.id or leave it out",
        final=True,
    )
