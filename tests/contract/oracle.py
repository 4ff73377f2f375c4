"""The call formulas of docs/apis, reckoned from the twins' own state: what a plan should have cost at least.

Written from the pages alone. Never looks at a plan, at a call, or at anything the engine worked out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from reconciler.model.document import Document
from reconciler.model.recorded import Bond
from reconciler.twins.core.state import State
from reconciler.twins.omni_analytics.things import Folder, Label, fold
from reconciler.twins.omni_analytics.things import User as OmniUser
from reconciler.twins.studio_tracker.things import Invitation, Team, User
from tests.world import TRACKER, World

Paths = Counter[str]

LABELS, FOLDERS, PEOPLE = "/v1/labels", "/v1/folders", "/scim/v2/users"
EMBEDDED = "/scim/v2/embed/users"
TEAMS, PROJECTS = "/api/client-teams", "/api/projects"
INVITATIONS, WORKLOAD = "/api/org/invitations", "/api/workload"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Both worlds at one moment; every label carries a mark of its own, which a rename keeps."""

    omni: State
    tracker: State


def marked(world: World) -> Snapshot:
    """Both worlds as they are now. Labels have no id, so the name of their creator is made to serve as one."""
    with world.omni.lock:
        labels = world.omni.state.of(Label)
        for key, label in list(labels.items()):
            labels[key] = replace(label, created_by=f"mark of {key}")
    return snapshot(world)


def snapshot(world: World) -> Snapshot:
    """Both worlds as they are now."""
    with world.omni.lock, world.tracker.lock:
        return Snapshot(world.omni.state.copy(), world.tracker.state.copy())


def writes_needed(before: Snapshot, after: Snapshot) -> int:
    """OA-C4 + OA-C5 + ST-C2: the least number of writes that lead from one state to the other."""
    return _labels(before, after) + _folders(before, after) + _teams(before, after)


def _labels(before: Snapshot, after: Snapshot) -> int:
    """OA-C4: one per label created, changed or deleted, one more per ring of names."""
    old = {label.created_by: label for label in before.omni.of(Label).values()}
    new = {label.created_by: label for label in after.omni.of(Label).values()}
    created = len(after.omni.of(Label)) - len(old.keys() & new.keys())
    changed = [(old[mark], new[mark]) for mark in old.keys() & new.keys() if old[mark] != new[mark]]
    rings = ring_count({fold(a.name): fold(b.name) for a, b in changed if fold(a.name) != fold(b.name)})
    return created + len(changed) + len(old.keys() - new.keys()) + rings


def ring_count(names: Mapping[str, str]) -> int:
    """How many rings there are in a map of old names to new ones."""
    left, rings = dict(names), 0
    while left:
        start, here = left.popitem()
        while here in left:
            here = left.pop(here)
        rings += here == start
    return rings


def _folders(before: Snapshot, after: Snapshot) -> int:
    """OA-C5: one per folder created or deleted."""
    return len(before.omni.of(Folder).keys() ^ after.omni.of(Folder).keys())


def _teams(before: Snapshot, after: Snapshot) -> int:
    """ST-C2: new + patched + deleted + added + removed + flagged; a ring of slugs takes one more."""
    old, new = before.tracker.of(Team), after.tracker.of(Team)
    count = len(old.keys() ^ new.keys())
    count += ring_count({old[i].slug: new[i].slug for i in old.keys() & new.keys() if old[i].slug != new[i].slug})
    for team in new.values():
        was = old.get(team.id) or replace(team, members={})
        count += team.id in old and (was.name, was.slug) != (team.name, team.slug)
        count += len(was.members.keys() ^ team.members.keys())
        count += sum(was.members[u] != team.members[u] for u in was.members.keys() & team.members.keys())
    return count


def reads_needed(world: World, documents: Iterable[Document]) -> Paths:
    """OA-C1, OA-C2, OA-C3, ST-C1: the requests one planning makes, by path."""
    declared = list(documents)
    bonds = _relevant(world, declared)
    found = Paths()
    for part in (_label_reads, _folder_reads, _user_reads, _team_reads):
        found += part(world, declared, bonds)
    return found


def _relevant(world: World, declared: list[Document]) -> list[Bond]:
    """What is recorded and has to be looked at: declared still, or to be deleted. A release needs no reading."""
    if world.ledger is None:
        return []
    known = {d.address for d in declared}
    known |= {d.address._replace(name=d.previous_name) for d in declared if d.previous_name}
    return [b for a, b in world.recorded.bonds.items() if a in known or b.on_remove != "release"]


def _of(kind: str, declared: list[Document], bonds: list[Bond]) -> tuple[list[Document], list[Bond]]:
    return [d for d in declared if d.kind == kind], [b for b in bonds if b.address.kind == kind]


def _label_reads(world: World, declared: list[Document], bonds: list[Bond]) -> Paths:
    """OA-C1: the list, and each recorded label that it lacks."""
    documents, recorded = _of("Label", declared, bonds)
    live = world.omni.state.of(Label)
    missing = [b for b in recorded if fold(b.id) not in live]
    return Paths({LABELS: int(bool(documents or recorded))}) + Paths(f"{LABELS}/*" for _ in missing)


Listings = dict[tuple[str, "str | None"], bool]
"""(scope, owner of restricted ones) -> whether a recorded folder is missing in it."""


def listings(world: World, documents: Iterable[Document]) -> Listings:
    """The listings of folders that declared and recorded ones make necessary (OA-R12)."""
    declared = list(documents)
    declared, recorded = _of("Folder", declared, _relevant(world, declared))
    live = world.omni.state.of(Folder)
    ids = {user.user_name.casefold(): user.id for user in world.omni.state.of(OmniUser).values()}
    found: Listings = {}
    for document in declared:
        restricted = document.spec.get("scope") == "restricted"
        owner = ids.get(str(document.spec.get("owner")).casefold()) if restricted else None
        if owner is not None or not restricted:
            found.setdefault(("restricted" if restricted else "organization", owner), False)
    for bond in recorded:
        restricted = bond.by.get("scope") == "restricted"
        at = ("restricted", bond.by["owner"]) if restricted else ("organization", None)
        found[at] = found.get(at, False) or bond.id not in live
    return found


def _folder_reads(world: World, declared: list[Document], bonds: list[Bond]) -> Paths:
    """OA-C2: the pages of every listing, once more if a recorded folder is missing."""
    wanted = listings(world, declared)
    pages = sum(_pages(world, world.omni.state, *at) for at in wanted)
    return Paths({FOLDERS: pages * (2 if any(wanted.values()) else 1)})


def _pages(world: World, state: State, scope: str, owner: str | None) -> int:
    shown = [f for f in state.of(Folder).values() if f.scope == scope and owner in (None, f.owner_id)]
    return max(1, ceil(len(shown) / page_size(world)))


def page_size(world: World) -> int:
    """OA-P4: 100 are asked for."""
    return 50 if world.omni.knobs.hard("OA-P4") else 100


def _user_reads(world: World, declared: list[Document], bonds: list[Bond]) -> Paths:
    """OA-C3: nobody, one address by a filter, several by the first page and then whatever is less. OA-C36: two
    questions for embed users where nobody has an address."""
    addresses = {str(d.spec["owner"]).casefold() for d in declared if d.kind == "Folder" and "owner" in d.spec}
    people = [u.user_name.casefold() for u in world.omni.state.of(OmniUser).values() if u.kind == "standard"]
    strangers = Paths({EMBEDDED: 2 * len(addresses - {*people})})
    if len(addresses) < 2:
        return strangers + Paths({PEOPLE: len(addresses)})
    size = page_size(world)
    open_ = [a for a in addresses if a not in people[:size]]
    return strangers + Paths({PEOPLE: 1 + min(ceil(len(people) / size) - 1, len(open_))})


def _team_reads(world: World, declared: list[Document], bonds: list[Bond]) -> Paths:
    """ST-C1: teams, projects where a team may be deleted, and the lists of people as far as needed."""
    documents, recorded = _of("ClientTeam", declared, bonds)
    if not documents and not recorded:
        return Paths()
    known = {d.address for d in documents}
    known |= {d.address._replace(name=d.previous_name) for d in documents if d.previous_name}
    found = Paths({TEAMS: 1, PROJECTS: int(any(b.address not in known for b in recorded))})
    twin = world.tracker
    emails = {u.id: u.email.casefold() for u in twin.state.of(User).values() if u.org_id == twin.org_id}
    open_ = _members(documents) - _remembered(world)
    if not twin.knobs.hard("members-hidden"):
        open_ -= {emails[u] for team in twin.state.of(Team).values() for u in team.members}
    if open_:
        found[INVITATIONS] += 1
        if not twin.knobs.hard("ST-P12") and not twin.knobs.hard("no-people"):
            open_ -= {i.email.casefold() for i in twin.state.of(Invitation).values()}
    found[WORKLOAD] += int(bool(open_))
    return found


def _remembered(world: World) -> set[str]:
    """ST-R27: whom a declared thing that was applied named, by address in lower case."""
    bonds = world.recorded.bonds.values() if world.ledger is not None else ()
    return {name.removeprefix("User/") for b in bonds for name in b.names if b.address.target == TRACKER}


def _members(documents: list[Document]) -> set[str]:
    found: set[str] = set()
    for document in documents:
        members = document.spec.get("members")
        for member in members if isinstance(members, list) else []:
            found |= {str(member["user"]).casefold()} if isinstance(member, dict) else set()
    return found


def preconditions_needed(
    world: World, before: Snapshot, after: Snapshot, lists: Listings, lines: Iterable[str], waiting: Iterable[str]
) -> Paths:
    """OA-C7, ST-C5: one label list for all labels written, one listing per scope of folders written (of restricted
    ones one per owner), one team list for all teams written, one project list for all deletes, held ones included:
    they may be lifted. `lists`: those of planning; `lines`: every write that is not held, as `METHOD /path`;
    `waiting`: those that are."""
    tried = [line.split(" ", 1) for line in lines]
    found = Paths({at: int(any(path.startswith(at) for _, path in tried)) for at in (LABELS, TEAMS)})
    gone = [path for method, path in tried if method == "DELETE" and "/members" not in path]
    maybe = [line for line in waiting if line.startswith(f"DELETE {TEAMS}") and "/members" not in line]
    found[PROJECTS] += int(bool(found[TEAMS] and maybe) or any(path.startswith(TEAMS) for path in gone))
    old, new = before.omni.of(Folder), after.omni.of(Folder)
    written = (old.keys() ^ new.keys()) | ({path.rpartition("/")[2] for path in gone} & old.keys())
    scopes = {(old.get(i) or new[i]).scope for i in written}
    found[FOLDERS] += sum(_pages(world, before.omni, *at) for at in lists if at[0] in scopes)
    return found
