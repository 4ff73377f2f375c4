"""Grants in folders as stories tell them, and what they should cost, reckoned from the twin's own state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.normalise import segments
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from tests.contract.groups import people
from tests.world import World, check_log, doc

ADMIN, PAT = "admin@example.com", "pat@example.com"
JANE, BOB, MARIA, CHEN = "jane@example.com", "bob@example.com", "maria.lopez@example.com", "chen@example.com"
FINANCE, REPORTS, MARKETING = (f"00000002-0000-4000-8000-{n:012}" for n in (1, 2, 3))

Grants = Mapping[str, tuple[str, bool]]
"""Who (an address, or the name of a group) -> role and boost."""


def to(role: str, *users: str, groups: Iterable[str] = (), **more: Json) -> dict[str, Json]:
    """One entry of `permissions`."""
    named: dict[str, Json] = {"users": list[Json](users)} if users else {}
    named |= {"groups": list[Json](groups)} if groups else {}
    return {"role": role, **named, **more}


def opened(name: str, *permissions: dict[str, Json], path: str = "Finance", **words: Any) -> Document:
    """A folder that declares its path and permissions."""
    spec: dict[str, Json] = {"path": path, "permissionsMode": "additive", "permissions": list[Json](permissions)}
    return doc("Folder", name, spec | words.pop("more", {}), **words)


def by_hand(w: World, role: str, *who: str, folder: str = FINANCE, boost: bool = False) -> None:
    """Somebody grants in the product."""
    ids = people(w)
    users, groups = [ids[p] for p in who if p in ids], [group_ids(w)[g] for g in who if g not in ids]
    body: dict[str, Json] = {"role": role, "accessBoost": boost, "userIds": list[Json](users)}
    done = w.omni.edit("POST", f"/v1/folders/{folder}/permissions", body | {"userGroupIds": list[Json](groups)})
    assert done.ok, done


def taken_away(w: World, *who: str, folder: str = FINANCE) -> None:
    """Somebody revokes in the product."""
    ids = people(w)
    users, groups = [ids[p] for p in who if p in ids], [group_ids(w)[g] for g in who if g not in ids]
    body: dict[str, Json] = {"userIds": list[Json](users), "userGroupIds": list[Json](groups)}
    assert w.omni.edit("DELETE", f"/v1/folders/{folder}/permissions", body).ok


def state(w: World, name: str) -> dict[str, dict[str, Any]]:
    dumped: Any = w.omni.dump()
    found: dict[str, dict[str, Any]] = dumped["state"][name]
    return found


def group_ids(w: World) -> dict[str, str]:
    body = w.omni.edit("GET", "/scim/v2/groups?count=100").body
    listed = body["Resources"] if isinstance(body, dict) else []
    return {str(g["displayName"]): str(g["id"]) for g in listed}


def live(w: World, folder: str = FINANCE) -> dict[str, tuple[str, bool]]:
    """The grants there are, whether the API shows them or not."""
    names = {i: n for n, i in (*people(w).items(), *group_ids(w).items())}
    held = [p for p in state(w, "permits").values() if p["container"] == folder]
    return {names[p["principal"]]: (p["role"], p["access_boost"]) for p in held}


def members(w: World) -> dict[str, set[str]]:
    """Group id -> ids of its members."""
    body = w.omni.edit("GET", "/scim/v2/groups?count=100").body
    listed = body["Resources"] if isinstance(body, dict) else []
    return {g["id"]: {m["value"] for m in g["members"]} for g in listed}


def chain(w: World, folder: Mapping[str, Any]) -> tuple[str, ...]:
    above = state(w, "folders").get(folder["parent_id"] or "")
    return (*(chain(w, above) if above else ()), folder["name"])


def looks_needed(w: World, document: Document) -> int:
    """OA-C13 of one folder: u distinct users, and k picked for groups to which none of them belongs."""
    want = segments(document.spec["path"])
    if not any([*chain(w, f)] == want for f in state(w, "folders").values()):
        return 0
    ids, groups = people(w), group_ids(w)
    known = {d.address.name: str(d.spec["name"]) for d in w.documents if d.kind == "UserGroup"}
    groups |= {name: groups[shown] for name, shown in known.items() if shown in groups}
    bond = w.recorded.bonds.get(document.address)
    recorded = (
        {d.removeprefix("permissions/") for d in bond.digests if d.startswith("permissions/")} if bond else set()
    )
    recorded |= set(bond.entries.get("permissions", ())) if bond else set()
    asked = {i for i in recorded if i in ids.values()}
    open_ = {i for i in recorded if i in groups.values()}
    for entry in document.spec["permissions"]:  # type: ignore[union-attr]
        asked |= {ids[u.casefold()] for u in entry.get("users", ()) if u.casefold() in ids}  # type: ignore[union-attr]
        open_ |= {groups[g] for g in entry.get("groups", ()) if g in groups}  # type: ignore[union-attr]
    left = [m for g, m in members(w).items() if g in open_ and m and not m & asked]
    count = len(asked)
    while left:
        best = min({p for m in left for p in m}, key=lambda p: (-sum(p in m for m in left), p))
        left, count = [m for m in left if best not in m], count + 1
    return count


@dataclass(frozen=True, slots=True)
class Step:
    plan: Plan
    report: Report
    sent: tuple[str, ...]

    def asked(self, group: str) -> list[str]:
        """The looks at permissions of one group of requests."""
        return looks(self.report.requests.get(group, ()))


def looks(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if "/permissions?userId=" in line]


def planned(w: World, *documents: Document) -> Plan:
    """A plan, after looking at what it cost to make (OA-C13)."""
    w.documents = list(documents)
    w.omni.lag.show_all()
    expected = sum(looks_needed(w, d) for d in documents if "permissions" in d.spec)
    plan = w.plan()
    assert len(looks(plan.reads)) == expected
    assert len(plan.writes) == plan.bound
    return plan


def carried_out(w: World, *documents: Document) -> Step:
    """Plan, apply with the request log as the oracle, plan again: nothing is left (OA-C14)."""
    plan = planned(w, *documents)
    w.omni.log.clear()
    report = w.apply(plan)
    check_log(w, plan, report)
    sent = tuple(f"{e.method} {_body(e.body)}" for e in w.omni.log if e.write)
    assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}
    assert [c.line for c in planned(w, *documents).writes] == []
    return Step(plan, report, sent)


def _body(body: Any) -> str:
    """A body of the API in a few words: `EDITOR+ 1u 2g`."""
    if not isinstance(body, dict) or not {"userIds", "userGroupIds"} & body.keys():
        return str(body)
    boost = "+" if body.get("accessBoost") else ""
    users, groups = (len(body.get(name, ())) for name in ("userIds", "userGroupIds"))
    return f"{body.get('role', '')}{boost} {users}u {groups}g".strip()


def rules(plan: Plan) -> set[str]:
    return {h.rule for a in plan.actions for h in a.holds}


def notes(plan: Plan, name: str) -> str:
    return "; ".join(n for a in plan.actions if a.address.name == name for n in a.notes)
