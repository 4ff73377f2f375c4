"""Random documents in random places, of random owners, with random grants and labels, and people at work on them:
apply, then plan: 0 calls; what nobody declares stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.world import OMNI, World, check_log, doc, hasty_clock, lasting, world

PEOPLE = tuple(f"{name}@example.com" for name in ("ann", "ben", "cat", "dan"))
GROUPS = ("Red", "Green")
FOLDERS: tuple[str | None, ...] = (None, "Finance", "Finance/Reports")
LABELS = ("Hot", "Cold", "In Review")
ROLES = ("NO_ACCESS", "VIEWER", "EXPLORER", "EDITOR", "MANAGER")
NAMES = ("sales", "stock")
SETTINGS = ({"canDownload": False}, {"canDownload": True, "organizationRole": "EDITOR"})

who = st.sampled_from([*PEOPLE, *GROUPS])
grant = st.tuples(st.sampled_from(ROLES), st.booleans())
grants = st.dictionaries(who, grant, max_size=4)
labels = st.sets(st.sampled_from(LABELS))
lives = st.fixed_dictionaries(
    {"folder": st.sampled_from(FOLDERS), "owner": st.sampled_from(PEOPLE), "grants": grants, "labels": labels}
)
modes = st.sampled_from(["exact", "additive"])
specs = st.fixed_dictionaries(
    {},
    optional={
        "folder": st.sampled_from(FOLDERS),
        "owner": st.sampled_from(PEOPLE),
        "permissions": grants,
        "permissionsMode": modes,
        "labels": labels,
        "labelsMode": modes,
        "settings": st.sampled_from(SETTINGS),
        "name": st.sampled_from(["One", "Two ✓"]),
    },
)
consents = st.sets(st.sampled_from(["first-removals", "last-manager"]))
at_work = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(FOLDERS)),
        st.tuples(st.just("grant"), st.tuples(who, grant)),
        st.tuples(st.just("revoke"), who),
        st.tuples(st.just("label"), st.sampled_from(LABELS)),
        st.tuples(st.just("unlabel"), st.sampled_from(LABELS)),
    ),
    max_size=4,
)
Live = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    world: World
    saved: Mapping[str, Any]

    def begin(self) -> World:
        w = self.world
        w.omni.load(self.saved)
        w.clock, w.documents = hasty_clock(), []
        w.ledger = lasting(ephemeral(whoami(), w.clock))
        return w


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with world(request.param, seed=False, twins=[OMNI]) as w:
        ids = {one: w.omni.add_user(one) for one in PEOPLE}
        for name, members in (("Red", PEOPLE[:2]), ("Green", PEOPLE[2:])):
            people: list[Json] = [{"value": ids[m], "display": m} for m in members]
            assert w.omni.edit("POST", "/scim/v2/groups", {"displayName": name, "members": people}).ok
        finance: Any = w.omni.edit("POST", "/v1/folders", {"name": "Finance"}).body
        w.omni.edit("POST", "/v1/folders", {"name": "Reports", "parentFolderId": finance["id"]})
        for name in LABELS:
            w.omni.edit("POST", "/v1/labels", {"name": name})
        yield Stage(w, w.omni.dump())


def state(w: World, name: str) -> dict[str, dict[str, Any]]:
    dumped: Any = w.omni.dump()
    found: dict[str, dict[str, Any]] = dumped["state"][name]
    return found


def ids(w: World) -> dict[str, str]:
    found = {u["user_name"]: i for i, u in state(w, "users").items()}
    body: Any = w.omni.edit("GET", "/scim/v2/groups").body
    return found | {g["displayName"]: g["id"] for g in body["Resources"]}


def make(w: World, live: Live) -> str:
    at = None if live["folder"] is None else live["folder"].rpartition("/")[2]
    folder = next((i for i, f in state(w, "folders").items() if f["name"] == at), None)
    known = ids(w)
    own = w.omni.add_document(
        "Paper", folder_id=folder, owner_id=known[live["owner"]], labels=sorted(live["labels"])
    )
    for one, (role, boost) in sorted(live["grants"].items()):
        give(w, own, one, role, boost)
    return own


def give(w: World, own: str, one: str, role: str, boost: bool) -> None:
    key = "userIds" if "@" in one else "userGroupIds"
    if ids(w)[one] == state(w, "documents")[own]["owner_id"]:
        return
    body: dict[str, Json] = {"role": role, "accessBoost": boost, key: [ids(w)[one]]}
    if not w.omni.edit("POST", f"/v1/documents/{own}/permissions", body).ok:
        assert w.omni.edit("PATCH", f"/v1/documents/{own}/permissions", body).ok


def work(w: World, own: str, deeds: Sequence[tuple[str, Any]]) -> None:
    """What people do in the product meanwhile."""
    slugs = {None: None, "Finance": "/finance", "Finance/Reports": "/finance/reports"}
    for deed, what in deeds:
        path = f"/v1/documents/{own}"
        match deed:
            case "move":
                w.omni.edit("PUT", f"{path}/move", {"folderPath": slugs[what]})
            case "grant":
                give(w, own, what[0], *what[1])
            case "revoke":
                key = "userIds" if "@" in what else "userGroupIds"
                w.omni.edit("DELETE", f"{path}/permissions", {key: [ids(w)[what]]})
            case "label":
                w.omni.edit("PUT", f"{path}/labels/{what}".replace(" ", "%20"))
            case _:
                w.omni.edit("DELETE", f"{path}/labels/{what}".replace(" ", "%20"))


def manifest(name: str, own: str, wanted: Live, allow: set[str]) -> Document:
    spec: dict[str, Json] = {"identifier": own, **wanted}
    if "labels" in wanted:
        spec["labels"] = sorted(wanted["labels"])
    if "permissions" in wanted:
        key = {True: "users", False: "groups"}
        given_ = {n: g for n, g in wanted["permissions"].items() if n != wanted.get("owner")}
        spec["permissions"] = [
            {"role": role, "accessBoost": boost, key["@" in n]: [n]} for n, (role, boost) in sorted(given_.items())
        ]
    return doc("Document", name, spec, allow=sorted(allow))


def seen(w: World, own: str) -> tuple[Any, ...]:
    one = state(w, "documents")[own]
    kept = ("name", "owner_id", "folder_id", "scope", "labels", "settings")
    permits = sorted(str(p) for p in state(w, "permits").values() if own in str(p))
    return (*(str(one[n]) for n in kept), *permits)


@given(
    live=st.lists(lives, min_size=3, max_size=3),
    rounds=st.lists(
        st.tuples(st.dictionaries(st.sampled_from(NAMES), st.tuples(specs, consents), max_size=2), at_work),
        min_size=1,
        max_size=3,
    ),
)
def test_apply_then_plan_has_no_calls(
    stage: Stage, live: Sequence[Live], rounds: Sequence[tuple[Mapping[str, tuple[Live, set[str]]], Any]]
) -> None:
    w = stage.begin()
    papers = dict(zip((*NAMES, "other"), [make(w, one) for one in live], strict=True))
    other = seen(w, papers["other"])
    for wanted, deeds in rounds:
        for name in NAMES:
            work(w, papers[name], deeds)
        undeclared = {n: seen(w, papers[n]) for n in NAMES if n not in wanted}
        w.documents = [manifest(n, papers[n], spec, allow) for n, (spec, allow) in sorted(wanted.items())]
        plan = w.plan()
        assert len(plan.writes) == plan.bound
        w.omni.log.clear()
        report = w.apply(plan)
        check_log(w, plan, report)
        said = [(o.message, o.status) for o in report.outcomes]
        assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, said
        left = w.plan()
        assert [c.line for c in left.writes] == []
        held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
        assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= held
        assert {n: seen(w, papers[n]) for n in undeclared} == undeclared
        assert seen(w, papers["other"]) == other
        if not held:
            for name, (spec, _) in wanted.items():
                as_declared(w, papers[name], spec)


def as_declared(w: World, own: str, spec: Live) -> None:
    one, known = state(w, "documents")[own], ids(w)
    if "owner" in spec:
        assert one["owner_id"] == known[spec["owner"]]
    if "folder" in spec:
        folder = state(w, "folders").get(one["folder_id"] or "", {}).get("name")
        assert folder == (spec["folder"].rpartition("/")[2] if spec["folder"] else None)
    if "labels" in spec:
        wanted, there = {n.casefold() for n in spec["labels"]}, set(one["labels"])
        assert wanted == there if spec.get("labelsMode", "exact") == "exact" else wanted <= there
    if "settings" in spec:
        assert spec["settings"].items() <= one["settings"].items()
