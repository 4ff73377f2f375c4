"""Documents as stories tell them: what is declared, what is live, and one step of a story with its counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.contract.grants import group_ids, state
from tests.contract.groups import people
from tests.world import World, check_log, doc

PATH: Final = "/v1/documents"
ACCESS: Final = "accessSource=direct&sortField=name&sortDirection=asc&pageSize=100"
METADATA: Final = frozenset(
    {"allow", "previous_key", "previous_name", "ignore", "pinned_id", "on_remove", "protect", "manage"}
)


def paper(identifier: str, as_: str = "sales", /, **words: Any) -> Document:
    """A document's manifest; what is no field is metadata."""
    metadata = {k: v for k, v in words.items() if k in METADATA}
    fields = {k: v for k, v in words.items() if k not in METADATA}
    return doc("Document", as_, {"identifier": identifier, **fields}, **metadata)


def listed(w: World) -> dict[str, dict[str, Any]]:
    """Every document as the list shows it, by its identifier."""
    body: Any = w.omni.edit("GET", f"{PATH}?include=labels&pageSize=100").body
    return {r["identifier"]: r for r in body["records"]}


def names_of(w: World) -> dict[str, str]:
    """Id -> address or name, of everybody and of every group."""
    return {i: n for n, i in (*people(w).items(), *group_ids(w).items())}


def holders(w: World, identifier: str) -> dict[str, tuple[str, bool]]:
    """Who has a grant in a document, the owner left out, whether the API lists it or not."""
    names, found = names_of(w), dict[str, tuple[str, bool]]()
    for principal in names:
        body: Any = w.omni.edit("GET", f"{PATH}/{identifier}/permissions?userId={principal}").body
        for permit in body.get("permits", ()):
            direct = permit.get("direct")
            if direct and permit["id"] in names and not direct["isOwner"]:
                found[names[permit["id"]]] = (direct["role"], direct["accessBoost"])
    return found


def owner_of(w: World, identifier: str) -> str:
    return names_of(w)[str(state(w, "documents")[identifier]["owner_id"])]


def folder_of(w: World, identifier: str) -> str | None:
    """The name of the folder that a document lies in."""
    found = state(w, "documents")[identifier]["folder_id"]
    return None if found is None else str(state(w, "folders")[found]["name"])


def labels_of(w: World, identifier: str) -> set[str]:
    known = state(w, "labels")
    return {str(known[name]["name"]) for name in state(w, "documents")[identifier]["labels"]}


def settings_of(w: World, identifier: str) -> dict[str, Any]:
    found: dict[str, Any] = state(w, "documents")[identifier]["settings"]
    return found


def by_hand(w: World, identifier: str, role: str, *who: str, boost: bool = False) -> None:
    """Somebody grants in the product, whoever has a grant already or not."""
    ids, groups = people(w), group_ids(w)
    for one in who:
        key = {"userIds": [ids[one]]} if one in ids else {"userGroupIds": [groups[one]]}
        body: dict[str, Json] = {"role": role, "accessBoost": boost, **key}  # type: ignore[dict-item]
        path = f"{PATH}/{identifier}/permissions"
        assert w.omni.edit("POST", path, body).ok or w.omni.edit("PATCH", path, body).ok


def taken_away(w: World, identifier: str, *who: str) -> None:
    """Somebody revokes in the product."""
    ids, groups = people(w), group_ids(w)
    body: dict[str, Json] = {
        "userIds": [ids[one] for one in who if one in ids],
        "userGroupIds": [groups[one] for one in who if one in groups],
    }
    assert w.omni.edit("DELETE", f"{PATH}/{identifier}/permissions", body).ok


def moved(w: World, identifier: str, folder: str | None) -> None:
    """Somebody moves it in the product."""
    assert w.omni.edit("PUT", f"{PATH}/{identifier}/move", {"folderPath": folder}).ok


@dataclass(frozen=True, slots=True)
class Step:
    """A plan and what became of it. `sent`: its calls as they went, without the path that all share."""

    plan: Plan
    report: Report
    sent: list[str]
    bodies: list[Any]

    def action(self, name: str = "sales") -> Action:
        return next(a for a in self.plan.actions if a.address.name == name)

    def asked(self, group: str) -> int:
        return len(self.report.requests.get(group, ()))


def short(text: str) -> str:
    return text.replace(f"{PATH}/", "").replace("00000001-0000-4000-8000-00000000000", "u")


def applied(w: World, plan: Plan, overrides: Iterable[Override] = ()) -> Step:
    lifted = tuple(overrides)
    w.omni.log.clear()
    report = w.apply(plan, *lifted)
    check_log(w, released(plan, lifted), report)
    sent = [short(line.split(": ", 1)[1]) for line in report.requests.get("calls", ())]
    bodies = [e.body for e in w.omni.log if e.write]
    return Step(plan, report, sent, bodies)


def carried_out(w: World, *documents: Document, overrides: Iterable[Override] = ()) -> Step:
    """Plan, apply with the request log as the oracle, plan again: nothing is left, and nothing new is held."""
    plan = w.plan(*documents)
    assert len(plan.writes) == plan.bound
    step = applied(w, plan, overrides)
    ends = {str(o.end) for o in step.report.outcomes}
    assert ends <= {"done", "held", "unneeded"}, [o for o in step.report.outcomes if str(o.end) not in "done"]
    left = w.plan()
    assert [c.line for c in left.writes] == []
    before = {(a.address, h.rule) for a in step.plan.actions for h in a.holds}
    assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= before
    return step


def rules(plan: Plan, name: str = "sales") -> list[str]:
    return [h.rule for a in plan.actions if a.address.name == name for h in a.holds]


def notes(plan: Plan, name: str = "sales") -> str:
    return "; ".join(n for a in plan.actions if a.address.name == name for n in a.notes)


def effects(plan: Plan, name: str = "sales") -> str:
    return "; ".join(e for a in plan.actions if a.address.name == name for e in a.effects)
