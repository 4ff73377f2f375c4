"""The fewest calls for projects: on small worlds no shorter way exists, by PATCH, by POST or by any workbook."""

from __future__ import annotations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Live
from reconciler.model.plan import Plan, Role
from reconciler.model.recorded import Bond
from tests.laws.planned import plan_of, read
from tests.laws.small_projects import (
    Goal,
    Job,
    Row,
    State,
    Wanted,
    cheapest,
    committed,
    delete,
    listed,
    patch,
    post,
)
from tests.world import TRACKER, doc

MOST = 5
NUMBERS = ("1", "2", "3")
STATUSES = ("PIPELINE", "ACTIVE", "COMPLETED")
CELLS = {"Brief in Review": "PIPELINE", "In production": "ACTIVE", "On hold": "ON_HOLD"}
MORE = settings(max_examples=settings().max_examples * 3)
"""Nothing is served here."""

names = st.sampled_from(("Alpha", "Beta"))
codes = st.sampled_from(("A-1", "B-2"))
statuses = st.sampled_from(STATUSES)
jobs = st.builds(Job, names, st.none() | codes, statuses, st.integers(0, 1), known=st.just(True))
wanted = st.builds(Wanted, names, st.none() | codes, st.none() | statuses, st.none() | st.integers(1, 2))


@st.composite
def goals(draw: st.DrawFn) -> Goal:
    start: State = tuple(draw(st.tuples(*[st.none() | jobs] * len(NUMBERS))))
    said: dict[int, Wanted] = {}
    gone = set[int]()
    for place, job in enumerate(start):
        fate = draw(st.sampled_from(("said", "said", "said", "nothing", "gone")))
        if fate == "said":
            one = draw(wanted)
            said[place] = one if job or one.outputs else one._replace(code=one.code or "A-1")
        elif fate == "gone" and job is not None and job.outputs == 0:
            gone.add(place)
    return Goal(start, said, frozenset(gone))


def planned(goal: Goal) -> Plan:
    documents = [_document(place, one) for place, one in goal.wanted.items()]
    bonds = [
        Bond(Address(TRACKER, "Project", f"p{n}"), f"id-{NUMBERS[n]}", NUMBERS[n], made=True, on_remove="delete")
        for n, job in enumerate(goal.start)
        if job is not None and (n in goal.gone or n in goal.wanted)
    ]
    return plan_of(documents, _live(goal.start), bonds)


def _document(place: int, one: Wanted) -> Document:
    said: dict[str, Json] = {
        "omgJobNumber": NUMBERS[place], "name": one.name, "projectCode": one.code, "team": "brand",
        "status": one.status, "outputs": one.outputs,
    }  # fmt: skip
    return doc("Project", f"p{place}", {n: v for n, v in said.items() if v is not None})


def _live(state: State) -> Live:
    team: Json = {"id": "t1", "name": "Brand", "slug": "brand"}
    shown: list[Json] = [
        {
            "id": f"id-{number}", "omgJobNumber": number, "name": job.name, "projectCode": job.code,
            "status": job.status, "priority": "LOW", "clientTeam": team, "_count": {"deliverables": job.outputs},
        }
        for number, job in zip(NUMBERS, state, strict=True)
        if job is not None
    ]  # fmt: skip
    return read(TRACKER, {"Project": {"/api/projects": shown}, "ClientTeam": {"/api/client-teams": [team]}})


def carried_out(plan: Plan, state: State) -> State:
    """What the API makes of the plan, call by call."""
    previewed: object = None
    for call in plan.writes:
        after: State | None
        body = call.body if isinstance(call.body, dict) else {}
        if call.role is Role.FIND:
            after = listed(state)
        elif "bulk-import" in call.path:
            carrier = str(body["rows"][0]["$riders"])  # type: ignore[index,call-overload]
            bodies = [r.body for r in plan.riders(carrier) if isinstance(r.body, dict)]
            rows = {NUMBERS.index(str(cells["Number"])): _row(cells) for cells in bodies}
            after = committed(state, rows) if call.role is not Role.GATE else state
            assert call.role is Role.GATE or previewed == rows, "a commit follows the preview of the same rows"
            previewed = rows
        elif call.method == "POST":
            place = NUMBERS.index(str(body["omgJobNumber"]))
            status = body.get("status")
            after = post(
                state, place, str(body["name"]), str(body["projectCode"]), str(status) if status else None
            )
        else:
            place = _place(call.args["id"])
            after = delete(state, place) if call.method == "DELETE" else patch(state, place, _fields(body))
        assert after is not None, call.line
        state = after
    return state


def _place(own: Json) -> int:
    found = own["$find"] if isinstance(own, dict) else None
    return NUMBERS.index(str(found["key"]) if isinstance(found, dict) else str(own).removeprefix("id-"))


def _row(cells: dict[str, Json]) -> Row:
    outputs = cells.get("# of outputs")
    assert outputs is None or isinstance(outputs, int)
    return Row(str(cells["Project Name"]), CELLS[str(cells["Status"])] if "Status" in cells else None, outputs)


def _fields(body: dict[str, Json]) -> dict[str, str]:
    wire = {"name": "name", "projectCode": "code", "status": "status"}
    return {wire[n]: str(v) for n, v in body.items() if n in wire}


@MORE
@given(goals())
@example(Goal((Job("Alpha", "A-1", "ACTIVE", 0),) * 3, dict.fromkeys(range(3), Wanted("Beta")), frozenset()))
@example(
    Goal((None,) * 3, {0: Wanted("Alpha", "A-1", "COMPLETED", 2), 1: Wanted("Beta", None, None, 1)}, frozenset())
)
@example(
    Goal(
        (None, Job("Alpha", None, "ACTIVE", 0), None),
        {0: Wanted("Beta", None, None, 1), 1: Wanted("Beta")},
        frozenset(),
    )
)
def test_no_shorter_way_to_these_projects(goal: Goal) -> None:
    """For teams that are what they are: the walk leaves them out, since a row says them as it says a status."""
    plan = planned(goal)
    assume(not any(a.holds for a in plan.actions) and len(plan.writes) <= MOST)

    assert goal.reached(carried_out(plan, goal.start))
    assert cheapest(goal, len(plan.writes)) == len(plan.writes) == plan.bound


def test_st_c8_n_expressible_updates_cost_two_calls_at_most() -> None:
    for count in (1, 2, 3):
        start: State = tuple(Job("Alpha", None, "ACTIVE", 0) if n < count else None for n in range(3))
        goal = Goal(start, {n: Wanted("Beta") for n in range(count)}, frozenset())
        assert cheapest(goal, 3) == len(planned(goal).writes) == min(count, 2)
