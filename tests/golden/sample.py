"""One plan with everything in it, and how its apply ended: what the golden files show."""

from __future__ import annotations

from reconciler.model.access import AccessChange, Sort, Step
from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import ABSENT
from reconciler.model.live import Demand
from reconciler.model.outcome import End, Outcome, Report
from reconciler.model.place import Place
from reconciler.model.plan import Action, Call, Check, Phase, Plan, PlanTarget, Precondition, Role, Trigger
from reconciler.model.record import replace

PLAN_ID = "sha256:" + "0123456789abcdef" * 4
HEAD = "fe" * 32
HOSTILE = "x\x1b[31m\u202e\u200b<img src=x>|`@all`\n# y"


def label(name: str) -> Address:
    return Address("analytics", "Label", name)


def folder(name: str) -> Address:
    return Address("analytics", "Folder", name)


def team(name: str) -> Address:
    return Address("studio", "ClientTeam", name)


def created(name: str, line: int, call: str) -> Action:
    title = name.replace("-", " ").title()
    fields = (
        FieldChange(("name",), ABSENT, title, Reason.INTENT),
        FieldChange(("verified",), ABSENT, True, Reason.INTENT),
    )
    place = Place("manifests/labels.yaml", line, 1)
    return Action(Verb.CREATE, label(name), title, place, fields, calls=(call,))


def actions() -> list[Action]:
    held = Hold(
        "not-ours",
        "it was adopted, not created here",
        "delete it by hand, or set `onRemove: release` in its metadata",
    )
    return [
        Action(
            Verb.RENAME,
            label("month-end"),
            "Month end",
            Place("manifests/labels.yaml", 3, 1),
            (FieldChange(("name",), "Monthly", "Month end", Reason.INTENT),),
            calls=("2",),
        ),
        Action(
            Verb.UPDATE,
            label("draft"),
            "Draft",
            Place("manifests/labels.yaml", 9, 1),
            (
                FieldChange(("verified",), True, False, Reason.DRIFT),
                FieldChange(("homepage",), False, True, Reason.BOTH),
            ),
            calls=("3",),
        ),
        *(created(f"region-{n:02}", 10 + 6 * n, str(n + 10)) for n in range(17)),
        Action(Verb.DELETE, label("obsolete"), "Obsolete", None, notes=("left git",), calls=("8",)),
        Action(Verb.DELETE, label("legacy"), "Legacy", None, holds=(held,), calls=("9",)),
        Action(
            Verb.RELEASE, label("q1"), "Q1 2024", None, notes=("left git; it stays as it is, and is ours no more",)
        ),
        Action(
            Verb.CREATE,
            folder("board-minutes"),
            "Board/Minutes",
            Place("manifests/folders.yaml", 14, 1),
            (FieldChange(("path",), ABSENT, "Board/Minutes", Reason.INTENT),),
            holds=(
                Hold(
                    "depends-on",
                    "analytics/Folder/board is held, and this needs its id",
                    "mend it first",
                    final=True,
                ),
            ),
        ),
        Action(
            Verb.OBSERVE,
            folder("shared"),
            "Shared",
            Place("manifests/folders.yaml", 22, 1),
            (FieldChange(("scope",), "restricted", "organization", Reason.UNKNOWN),),
            notes=("lifecycle.manage is observe: not changed",),
        ),
        Action(
            Verb.UPDATE,
            team("brand"),
            "Brand & Design",
            Place("manifests/teams.yaml", 4, 1),
            (
                FieldChange(
                    ("members", "jane@example.com"), ABSENT, {"isPrimary": True}, Reason.INTENT, access=True
                ),
                FieldChange(("members", "bob@example.com", "isPrimary"), True, False, Reason.DRIFT, access=True),
                FieldChange(("members", "eve@example.com"), {"userId": "u-7"}, ABSENT, Reason.DRIFT, access=True),
                FieldChange(("name",), HOSTILE, "Brand & Design", Reason.DRIFT),
            ),
            effects=("chen@example.com is outside the team for a moment",),
            calls=("4", "5", "6", "7"),
            access=True,
        ),
        Action(Verb.NONE, team("social"), "Social", Place("manifests/teams.yaml", 30, 1)),
        Action(Verb.ADOPT, team("media"), "Media", Place("manifests/teams.yaml", 36, 1)),
    ]


def call(number: str, address: Address, line: str, body: dict[str, object] | None = None, **more: object) -> Call:
    method, path = line.split(" ", 1)
    phase = Phase.DELETE if method == "DELETE" else Phase.CREATE
    return Call(number, address.target, address.kind, address, method, path, phase, body=body, **more)  # type: ignore[arg-type]


def calls() -> list[Call]:
    members = "/api/client-teams/t-1/members"
    return [
        call("2", label("month-end"), "PUT /v1/labels/Monthly", {"name": "Month end"}, summary="rename the label"),
        call("3", label("draft"), "PUT /v1/labels/Draft", {"verified": False, "homepage": True}, summary="update"),
        call("4", team("brand"), f"POST {members}", {"userId": "u-1", "isPrimary": True}, after=frozenset({"5"})),
        call("5", team("brand"), f"POST {members}", {"userId": "u-2", "isPrimary": False}, verify=True),
        call(
            "6",
            team("brand"),
            f"DELETE {members}",
            query={"userId": "u-2"},
            role=Role.CONTINGENT,
            trigger=Trigger("5"),
        ),
        call("7", team("brand"), f"DELETE {members}", query={"userId": "u-7"}, after=frozenset({"4", "5"})),
        call("8", label("obsolete"), "DELETE /v1/labels/Obsolete", waits=frozenset({"2", "3"})),
        call("9", label("legacy"), "DELETE /v1/labels/Legacy", held=("not-ours",)),
        *(
            call(
                str(n + 10),
                label(f"region-{n:02}"),
                "POST /v1/labels",
                {"name": f"Region {n:02}", "verified": True},
                summary="create the label",
            )
            for n in range(17)
        ),
    ]


def access() -> tuple[AccessChange, ...]:
    """People who gain, who lose, several alike, one held, one unknown before, one named as only the API would."""
    brand, reports = Step(Sort.OBJECT, "brand", "ClientTeam"), Step(Sort.OBJECT, "Finance/Reports", "Folder")
    finance = (Step(Sort.GROUP, "Finance Team", "UserGroup"),)
    crowd = tuple(f"person{n:02}@example.com" for n in range(12))
    board, everything = Step(Sort.OBJECT, "Board", "Folder"), Step(Sort.OBJECT, "*", "*")
    titled = Step(Sort.OBJECT, "d0c00019", "Document", "Withholding overview")
    return (
        AccessChange("studio", True, ("jane@example.com",), "MEMBER", brand, flags=("isPrimary",)),
        AccessChange("studio", False, ("eve@example.com",), "MEMBER", brand, within=3),
        AccessChange("studio", False, (HOSTILE,), "PRODUCER", everything),
        AccessChange("analytics", True, crowd, "EDITOR", reports, path=finance, within=12),
        AccessChange("analytics", True, ("bob@example.com", "chen@example.com"), "VIEWER", board, unknown=True),
        AccessChange("analytics", True, ("bob@example.com", "chen@example.com"), "VIEWER", reports, unknown=True),
        AccessChange("analytics", True, ("everybody",), "SEES", board, sort=Sort.EVERYBODY, held=True),
        AccessChange("analytics", True, ("everybody",), "VIEWER", titled, sort=Sort.EVERYBODY),
    )


def rich_plan() -> Plan:
    """Creates to fold, a rename, updates, deletes, access changes, holds, foreign text that bites."""
    return Plan(
        stamp=PLAN_ID,
        tool="0.1.0",
        manifests="sha256:aa",
        targets=(
            PlanTarget("analytics", "omni-analytics", "https://acme.example.com/api", 10),
            PlanTarget("studio", "studio-tracker", "https://studio.example.com/acme"),
        ),
        actions=tuple(actions()),
        calls=tuple(calls()),
        preconditions=(
            Precondition(Demand("analytics", "Label"), (Check(label("draft"), ("3",), id="Draft"),)),
            Precondition(Demand("studio", "ClientTeam"), (Check(team("brand"), ("4",), id="t-1"),)),
        ),
        reads=(
            "analytics: GET /v1/labels",
            "analytics: GET /v1/folders?pageSize=100",
            "studio: GET /api/client-teams",
        ),
        bound=23,
        commit="8f2c0de",
        made_at="2026-03-01T12:00:00+00:00",
        ledger_head=HEAD,
        left_out=tuple(label(f"other-{n}") for n in range(12)),
        access=access(),
        warnings=("manifests/teams.yaml:4:3: warning: the slug is not what the name would give (brand-design)",),
    )


def large_plan() -> Plan:
    """So many changes that a table by kind comes first."""
    return replace(rich_plan(), actions=(*actions(), *(created(f"country-{n:02}", 200 + n, "") for n in range(9))))


def quiet_plan() -> Plan:
    """Everything is as declared."""
    same = tuple(
        Action(Verb.NONE, label(f"l{n}"), f"L{n}", Place("manifests/l.yaml", n + 1, 1)) for n in range(34)
    )
    return Plan(
        PLAN_ID, "0.1.0", "sha256:aa", (), same, (), reads=("analytics: GET /v1/labels",), ledger_head=HEAD
    )


def rich_report() -> Report:
    """One apply of the rich plan in which everything that can happen to a call happens once."""
    special = {
        "3": Outcome("3", End.FAILED, f"the server says: {HOSTILE}", 409),
        "4": Outcome("4", End.BLOCKED, "call 5 is in doubt"),
        "5": Outcome("5", End.IN_DOUBT, "no answer came; nobody knows whether it happened"),
        "6": Outcome("6", End.UNNEEDED),
        "7": Outcome("7", End.BLOCKED, "call 5 is in doubt"),
        "8": Outcome("8", End.STALE, "usageCount was 0, is 3"),
        "9": Outcome("9", End.HELD),
        "26": Outcome("26", End.NOT_SENT, "the run was interrupted"),
        "10": Outcome("10", End.DONE, "", 201, settled=True),
    }
    return Report(
        plan_id=PLAN_ID,
        run="run-412",
        outcomes=tuple(special.get(c.id, Outcome(c.id, End.DONE, "", 200)) for c in calls()),
        notes=("the server cleared isPrimary of chen@example.com in team social by itself",),
        requests={
            "preconditions": ("analytics: GET /v1/labels",),
            "calls": ("analytics: PUT /v1/labels/Monthly",),
        },
        head=HEAD,
        seconds=61.25,
        interrupted=True,
    )
