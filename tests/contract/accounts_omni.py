"""People of Omni Analytics as stories tell them: who is declared, who is live, and what a plan costs."""

from __future__ import annotations

from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan, Role
from tests.world import OMNI, World, doc

ACCOUNT = "admin@example.com"
"""The user whom the twin's organisation key acts for."""
CONSENTS: dict[str, Any] = {"on_remove": "delete", "allow": ["delete", "delete-person"]}
ATTRIBUTES = "urn:omni:params:1.0:UserAttribute"


def person(address: str, name: str = "Somebody", *, as_: str = "", **words: Any) -> Document:
    """A person with an account; keyword arguments are fields but for those of `doc`."""
    known = ("on_remove", "protect", "ignore", "allow", "manage", "previous_key", "pinned_id")
    metadata = {k: words.pop(k) for k in known if k in words}
    spec: dict[str, Json] = {"email": address, **({"name": name} if name else {}), **words}
    return doc("User", as_ or address.partition("@")[0].lower(), spec, **metadata)


def recipient(address: str, attributes: dict[str, Json] | None = None, **metadata: object) -> Document:
    """Somebody who gets mail and has no account."""
    spec: dict[str, Json] = {"email": address, **({"attributes": attributes} if attributes is not None else {})}
    return doc("EmailOnlyUser", address.partition("@")[0].lower(), spec, **metadata)


def stepped(w: World, *documents: Document) -> tuple[Plan, Report]:
    """Plan and apply with the log as the oracle: as many writes as the formulas allow, and then none are left."""
    plan = w.plan(*documents)
    assert len(plan.writes) == plan.bound
    report = w.checked_apply(plan)
    left = w.plan()
    assert [c.line for c in left.writes] == []
    assert left.bound == 0
    return plan, report


def sent(plan: Plan) -> list[str]:
    """`METHOD path` of every write of a plan."""
    return [f"{c.method} {c.path}" for c in plan.writes if c.role is Role.WRITE]


def rules(plan: Plan) -> set[str]:
    return {h.rule for a in plan.actions for h in a.holds}


def live(w: World, address: str) -> dict[str, Any]:
    """Somebody with an account, as a single read shows the person; empty where there is nobody."""
    body: Any = w.omni.edit("GET", f'/scim/v2/users?filter=userName eq "{address}"').body
    for one in body["Resources"]:
        found: Any = w.omni.edit("GET", f"/scim/v2/users/{one['id']}").body
        return dict(found)
    return {}


def recipients(w: World) -> dict[str, dict[str, Json]]:
    """The address of everybody without an account -> the attributes that people set."""
    found: dict[str, dict[str, Json]] = {}
    query = "pageSize=20&sortDirection=asc"
    cursor = ""
    for _ in range(50):
        body: Any = w.omni.edit("GET", f"/v1/users/email-only?{query}{cursor}").body
        for one in body["records"]:
            held = {k: v for k, v in one["user_attributes"].items() if not k.startswith("omni_")}
            found[one["email"].casefold()] = held
        if not body["pageInfo"]["hasNextPage"]:
            return found
        cursor = f"&cursor={body['pageInfo']['nextCursor']}"
    raise AssertionError("the list does not end")


def reads_of(plan: Plan, path: str) -> int:
    return sum(f" {path}" in r for r in plan.reads)


def named(w: World) -> None:
    """The project says whose key this is."""
    w.settings[OMNI] = {"account": ACCOUNT}
