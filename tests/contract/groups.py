"""Groups of people as stories tell them: what is declared, what is live, and one step of a story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.world import World, check_log, doc

ANN, BEN, CAT = "ann@example.com", "ben@example.com", "cat@example.com"


def group(name: str, *members: str, as_: str = "", **words: object) -> Document:
    """A group with exactly these members; `as_`: the document's own name where it is another one."""
    spec: dict[str, Json] = {"name": name, "members": list(members)}
    return doc("UserGroup", as_ or name.lower(), spec, **words)


def additive(name: str, *members: str, **words: object) -> Document:
    spec: dict[str, Json] = {"name": name, "members": list(members), "membersMode": "additive"}
    return doc("UserGroup", name.lower(), spec, **words)


def bare(name: str, *, as_: str = "", **words: object) -> Document:
    """A group whose members are not managed."""
    return doc("UserGroup", as_ or name.lower(), {"name": name}, **words)


def people(w: World) -> dict[str, str]:
    """The address of everybody -> their id."""
    found: dict[str, str] = {}
    for _ in range(100):
        body: Any = w.omni.edit("GET", f"/scim/v2/users?count=100&startIndex={len(found) + 1}").body
        listed = body["Resources"]
        found |= {u["userName"].casefold(): u["id"] for u in listed}
        if not listed:
            return found
    raise AssertionError("the list does not end")


def by_hand(w: World, name: str, *members: str) -> str:
    """A group that somebody makes in the product; its id."""
    ids = people(w)
    body = w.omni.edit(
        "POST", "/scim/v2/groups", {"displayName": name, "members": [{"value": ids[m]} for m in members]}
    )
    assert isinstance(body.body, dict)
    return str(body.body["id"])


def live(w: World) -> dict[str, set[str]]:
    """Name -> the addresses of the members, of every group there is."""
    names = {i: address for address, i in people(w).items()}
    body: Any = w.omni.edit("GET", "/scim/v2/groups?count=100").body
    return {g["displayName"]: {names[m["value"]] for m in g["members"]} for g in body["Resources"]}


@dataclass(frozen=True, slots=True)
class Step:
    plan: Plan
    report: Report
    sent: tuple[str, ...]


def carried_out(w: World, *documents: Document, overrides: Iterable[Override] = ()) -> Step:
    """Plan, apply with the request log as the oracle, plan again: nothing is left. One write per group that
    differs, one more per ring (OA-C12); one fresh read per PUT, one list if anything is made or deleted."""
    plan = w.plan(*documents)
    assert len(plan.writes) == plan.bound
    lifted = tuple(overrides)
    w.omni.log.clear()
    report = w.apply(plan, *lifted)
    going = released(plan, lifted)
    check_log(w, going, report)
    writes = tuple(e.call for e in w.omni.log if e.write)
    puts = {line.split(" ")[1] for line in writes if line.startswith("PUT")}
    listed = any(not line.startswith("PUT") for line in writes)
    assert len(report.requests.get("preconditions", ())) == len(puts) + listed
    assert report.requests.get("verify", ()) == ()
    assert {str(o.end) for o in report.outcomes} <= {"done", "held"}
    assert [c.line for c in w.plan().writes] == []
    return Step(plan, report, writes)


def rules(plan: Plan) -> set[str]:
    return {h.rule for a in plan.actions for h in a.holds}
