"""The calls that grant, change and revoke in folders, what is doubtful there, and the price of it all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from reconciler.model.change import Change, Verb
from reconciler.model.kind import Kind
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.providers.omni_analytics import grants
from reconciler.providers.omni_analytics.endpoints import of_one
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS, SEEN
from reconciler.providers.omni_analytics.grants import Container, Grant, one_by_one, shown

FOLDERS: Final = Container(of_one("grantFolderPermissions").partition(" ")[2], "id")


def doubtful(change: Change, grant: Grant) -> bool:
    """A grant that may be there all the same, though nothing shows it (OA-R60). In a folder made in this run, and
    for a group made in this run, nothing can be."""
    if change.live is None or not isinstance(grant.entry.id, str):
        return False
    return grants.unknown(change, grant) or (grant.key == "groups" and change.live.fields.get(SEEN) is not True)


def grant_calls(kind: Kind, change: Change) -> list[Call]:
    """Grants, then changes, then revokes; calls on one folder follow one another (OA-R85)."""
    one = kind.fields[PERMISSIONS]
    needed = grants.work(one, change, shown(one, change))
    found = grants.chains(FOLDERS, change, needed, partial(doubtful, change))
    given = frozenset(c.id for c in (*(chain[0] for chain in found.grants), *found.changes))
    revokes = [replace(c, waits=given) for c in found.revokes]
    return one_by_one([*(call for chain in found.grants for call in chain), *found.changes, *revokes])


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """OA-C5 and OA-C14: a call per folder created or deleted, and per folder one for each role and boost to grant
    and to change to, one for what is shown and revoked, and one for each unknown one that is."""
    writing = [c for c in changes if c.writes]
    return sum(c.verb in (Verb.CREATE, Verb.DELETE) for c in writing) + sum(price(kind, c) for c in writing)


def price(kind: Kind, change: Change) -> int:
    """How many writes the permissions of one folder take."""
    one = kind.fields[PERMISSIONS]
    return grants.price(change, shown(one, change))
