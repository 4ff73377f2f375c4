"""From any grants that are live to any that are declared: apply, then plan, has nothing to do; others' stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.plan import Plan
from tests.contract.grants import looks, looks_needed
from tests.world import OMNI, World, check_log, doc, hasty_clock, lasting, world

PEOPLE = tuple(f"{name}@example.com" for name in ("ann", "ben", "cat", "dan"))
GROUPS = ("Red", "Green", "Blue")
NEW_GROUP = "fresh"
FOLDERS = ("Finance", "Finance/Reports", "Board")
NEW_FOLDER = "Legal"
ROLES = ("NO_ACCESS", "VIEWER", "EXPLORER", "EDITOR", "MANAGER")

FEWER = settings(max_examples=max(10, settings().max_examples // 2))

Wish = tuple[str, str, bool | None]
"""Who, role, boost (None: not declared)."""


@dataclass(frozen=True, slots=True)
class Stage:
    world: World
    saved: Mapping[str, Any]

    def begin(self, members: Mapping[str, Sequence[str]], grants: Sequence[tuple[str, str, str, bool]]) -> World:
        w = self.world
        w.omni.load(self.saved)
        w.omni.knobs.set("group-grants-hidden", "plain")
        w.clock = hasty_clock()
        w.ledger = lasting(ephemeral(whoami(), w.clock))
        w.documents = []
        for name in GROUPS:
            people = [{"value": people_ids(w)[m]} for m in members[name]]
            assert w.omni.edit("POST", "/scim/v2/groups", {"displayName": name, "members": people}).ok
        for folder, who, role, boost in grants:
            grant(w, folder, who, role, boost)
        return w


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with world(request.param, seed=False, twins=[OMNI]) as w:
        ids = [w.omni.add_user(one) for one in PEOPLE]
        finance = w.omni.edit("POST", "/v1/folders", {"name": "Finance"}).body
        assert isinstance(finance, dict)
        w.omni.edit("POST", "/v1/folders", {"name": "Reports", "parentFolderId": finance["id"]})
        w.omni.edit("POST", "/v1/folders", {"name": "Board", "scope": "restricted", "userId": ids[0]})
        w.expect_missing = frozenset({"analytics/Folder", "analytics/UserGroup"})
        yield Stage(w, w.omni.dump())


def table(w: World, name: str) -> dict[str, dict[str, Any]]:
    found = w.omni.dump()["state"]
    assert isinstance(found, dict)
    held = found[name]
    return held if isinstance(held, dict) else {}


def people_ids(w: World) -> dict[str, str]:
    return {u["user_name"]: i for i, u in table(w, "users").items()}


def group_ids(w: World) -> dict[str, str]:
    body = w.omni.edit("GET", "/scim/v2/groups").body
    listed = body["Resources"] if isinstance(body, dict) else []
    return {g["displayName"]: g["id"] for g in listed}


def folder_id(w: World, path: str) -> str | None:
    name = path.rpartition("/")[2]
    return next((i for i, f in table(w, "folders").items() if f["name"] == name), None)


def permits(w: World) -> dict[tuple[str, str], tuple[str, bool]]:
    return {(p["container"], p["principal"]): (p["role"], p["access_boost"]) for p in table(w, "permits").values()}


def grant(w: World, folder: str, who: str, role: str, boost: bool) -> None:
    """Somebody sets a grant in the product, or takes it away (no role)."""
    at, users, groups = folder_id(w, folder), people_ids(w), group_ids(w)
    if at is None or who not in {**users, **groups}:
        return
    named: dict[str, Json] = {"userIds": [users[who]]} if who in users else {"userGroupIds": [groups[who]]}
    path = f"/v1/folders/{at}/permissions"
    w.omni.edit("DELETE", path, dict(named))
    if role:
        w.omni.edit("POST", path, {"role": role, "accessBoost": boost, **named})


# What is declared

principals = st.sampled_from((*PEOPLE, *GROUPS))
boosts = st.sampled_from((None, None, False, True))


def wishes(*more: str) -> st.SearchStrategy[list[Wish]]:
    everybody = st.sampled_from((*PEOPLE, *GROUPS, *more))
    return st.lists(st.tuples(everybody, st.sampled_from(ROLES), boosts), max_size=5, unique_by=lambda w: w[0])


@st.composite
def declared(draw: st.DrawFn) -> list[Document]:
    """Folders with grants, and perhaps a new group that may be named in them."""
    fresh = draw(st.booleans())
    found = []
    if fresh:
        members = draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))
        found.append(doc("UserGroup", NEW_GROUP, {"name": "Fresh", "members": list[Json](members)}))
    for path in draw(st.lists(st.sampled_from((*FOLDERS, NEW_FOLDER)), max_size=3, unique=True)):
        spec: dict[str, Json] = {"path": path}
        if path == "Board":
            spec |= {"scope": "restricted", "owner": PEOPLE[0]}
        if draw(st.sampled_from((True, True, True, False))):
            names = [NEW_GROUP] if fresh else []
            found.append(_opened(path, spec, draw(wishes(*names)), together=draw(st.booleans())))
        else:
            found.append(doc("Folder", path.lower().replace("/", "-"), spec))
    return found


def _opened(path: str, spec: dict[str, Json], wanted: Sequence[Wish], *, together: bool) -> Document:
    """One entry per role and boost, or one per principal: it must not matter."""
    entries: dict[object, dict[str, Json]] = {}
    for who, role, boost in wanted:
        key = "users" if "@" in who else "groups"
        at = (role, boost) if together else who
        entry = entries.setdefault(at, {"role": role} | ({} if boost is None else {"accessBoost": boost}))
        named = entry.setdefault(key, [])
        assert isinstance(named, list)
        named.append(who)
    permissions = list[Json](entries.values())
    return doc(
        "Folder",
        path.lower().replace("/", "-"),
        {**spec, "permissionsMode": "additive", "permissions": permissions},
    )


groups = st.fixed_dictionaries({g: st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True) for g in GROUPS})
standing = st.lists(
    st.tuples(st.sampled_from(FOLDERS), principals, st.sampled_from(ROLES), st.booleans()),
    max_size=6,
    unique_by=lambda g: g[:2],
)
others = st.lists(
    st.one_of(
        st.tuples(st.just("grant"), st.sampled_from(FOLDERS), principals, st.sampled_from((*ROLES, ""))),
        st.tuples(st.just("members"), st.sampled_from(GROUPS), st.sampled_from(PEOPLE), st.just("")),
        st.tuples(st.just("disband"), st.sampled_from(GROUPS), st.just(""), st.just("")),
        st.tuples(st.just("hide"), st.just(""), st.just(""), st.just("")),
    ),
    max_size=3,
)


def disturb(w: World, deeds: Sequence[tuple[str, str, str, str]]) -> None:
    """What others do between two runs."""
    for deed, where, who, role in deeds:
        at = group_ids(w).get(where)
        if deed == "grant":
            grant(w, where, who, role, boost=False)
        elif deed == "hide":
            w.omni.knobs.set("group-grants-hidden", "adversarial")
        elif at is not None and deed == "members":
            body = {"displayName": where, "members": [{"value": people_ids(w)[who], "display": who}]}
            w.omni.edit("PUT", f"/scim/v2/groups/{at}", body)  # type: ignore[arg-type]
        elif at is not None and deed == "disband":
            w.omni.edit("DELETE", f"/scim/v2/groups/{at}")


# What must hold


def reconcile(w: World, documents: Sequence[Document]) -> Plan:
    """Plan and apply, with the request log as the oracle; a second plan has no calls."""
    w.documents = list(documents)
    w.omni.lag.show_all()
    wanted = sum(looks_needed(w, d) for d in documents if "permissions" in d.spec)
    before, ours = permits(w), _ours(w)
    plan = w.plan()
    assert len(looks(plan.reads)) == wanted
    assert len(plan.writes) == plan.bound
    w.omni.log.clear()
    report = w.apply(plan)
    check_log(w, plan, report)
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded", "held"}
    _nobody_else_is_touched(w, before, ours)
    w.omni.lag.show_all()
    again = w.plan()
    assert [(c.line, c.body) for c in again.calls if not c.held] == []
    return plan


def _ours(w: World) -> set[tuple[str, str]]:
    return {(b.id, i) for b in w.recorded.bonds.values() for i in b.entries.get("permissions", ())}


def entries(document: Document) -> list[Any]:
    found = document.spec.get("permissions")
    return found if isinstance(found, list) else []


def _nobody_else_is_touched(
    w: World, before: Mapping[tuple[str, str], tuple[str, bool]], ours: set[tuple[str, str]]
) -> None:
    """A grant that is gone was ours; one that is new or changed is declared, as it is now (OA-R53, OA-R62)."""
    after, ids = permits(w), {**people_ids(w), **group_ids(w), NEW_GROUP: group_ids(w).get("Fresh", "")}
    declared = {
        (folder_id(w, str(d.spec["path"])), ids.get(who, "")): (entry["role"], entry.get("accessBoost"))
        for d in w.documents
        for entry in entries(d)
        for who in (*entry.get("users", ()), *entry.get("groups", ()))
    }
    assert {at for at in before if at not in after} <= ours - declared.keys()
    for at, (role, boost) in after.items():
        if before.get(at) != (role, boost):
            assert declared[at][0] == role
            assert declared[at][1] in (None, boost)


@given(members=groups, grants=standing, data=st.data())
def test_one_round(
    stage: Stage, members: dict[str, list[str]], grants: list[tuple[str, str, str, bool]], data: st.DataObject
) -> None:
    w = stage.begin(members, grants)
    reconcile(w, _resolvable(w, data.draw(declared())))


@FEWER
@given(members=groups, grants=standing, data=st.data())
def test_three_rounds_with_others_at_work(
    stage: Stage, members: dict[str, list[str]], grants: list[tuple[str, str, str, bool]], data: st.DataObject
) -> None:
    w = stage.begin(members, grants)
    for _ in range(3):
        reconcile(w, _resolvable(w, data.draw(declared())))
        disturb(w, data.draw(others))


def _resolvable(w: World, documents: Sequence[Document]) -> list[Document]:
    """Without the groups that were disbanded: a name that leads nowhere is another story."""
    there = {*PEOPLE, *group_ids(w), NEW_GROUP}

    def left(entry: Any) -> dict[str, Json]:
        kept = {key: [who for who in entry.get(key, ()) if who in there] for key in ("users", "groups")}
        return {**{k: v for k, v in entry.items() if k not in kept}, **{k: v for k, v in kept.items() if v}}

    found = []
    for one in documents:
        permissions = one.spec.get("permissions")
        if isinstance(permissions, list):
            kept = [e for e in map(left, permissions) if {"users", "groups"} & e.keys()]
            found.append(doc(one.kind, one.address.name, {**one.spec, "permissions": list[Json](kept)}))
        else:
            found.append(one)
    return found
