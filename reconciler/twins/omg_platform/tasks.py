"""Planning tasks: made once, and never seen again. Their parents belong to a part that no reference describes."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.clock import parse_instant
from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omg_platform.call import Call, OmgRoute, success
from reconciler.twins.omg_platform.checks import Check, check_fields, identifier, moment, text
from reconciler.twins.omg_platform.showing import shown, written
from reconciler.twins.omg_platform.things import Task

ALL = "/tasks"
FIELDS: Mapping[str, Check] = {
    "name": text,
    "start_date": moment,
    "end_date": moment,
    "parent_planning_id": identifier,
}
REQUIRED = ("name", "start_date", "end_date")
REQUIRED_HARD = (*REQUIRED, "parent_planning_id")


def create(call: Call) -> Answer:
    body = call.body()
    check_fields(body, FIELDS, REQUIRED_HARD if call.hard("OP-P17") else REQUIRED)
    name, start, end = (str(body[field]) for field in REQUIRED)
    if parse_instant(end) < parse_instant(start):
        raise Refused(422, "end_date is before start_date")
    parent = body.get("parent_planning_id")
    now = call.moment()
    task = Task(
        tenant=call.tenant,
        id=call.twin.counters.next(call.place("task")),
        created_at=now,
        name=name,
        start_date=start,
        end_date=end,
        parent_planning_id=parent if isinstance(parent, str | int) else None,
    )
    call.table(Task)[call.place(task.id)] = task
    return success("Task created", written(call, _shown(call, task)), 201)


def _shown(call: Call, task: Task) -> dict[str, Json]:
    parent = task.parent_planning_id
    fields: dict[str, Json] = {
        "name": task.name,
        "start_date": task.start_date,
        "end_date": task.end_date,
        "parent_planning_id": str(parent) if parent is not None and call.hard("OP-P1") else parent,
    }
    return shown(call, ALL, task.id, task.created_at, fields)


KIND: Kind[OmgRoute] = Kind(
    routes=(OmgRoute(method="POST", path=ALL, answer=create),),
    questions=(Knob("OP-P17", "required of a new task", "name and both dates", "the parent as well"),),
)
