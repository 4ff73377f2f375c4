"""The workbook upload: a preview that changes nothing, and a commit (ST-R46 to ST-R49)."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.slug import slugify
from reconciler.twins.core.values import Answer, Json, Refused, Request
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.multipart import form_part
from reconciler.twins.studio_tracker.rows import JobRow, read_row
from reconciler.twins.studio_tracker.upsert import Job, team_by_slug, upsert
from reconciler.twins.studio_tracker.workbook import counted_rows

PATH = "/api/projects/bulk-import"
SHOWN_ROWS = 25


def upload(call: Call) -> Answer:
    call.require("PROJECT_CREATE")
    content = form_part(call.request, "file")
    if content is None:
        raise Refused(400, "No file uploaded")
    counted = counted_rows(content, skips_second=call.hard("ST-P18"))
    rows = [(row, read_row(row.cells, only_text_numbers=call.hard("ST-P17"))) for row in counted]
    told_places = call.hard("ST-P19")
    errors: list[Json] = [
        {"row": at.place if told_places else at.number, "reason": reason}
        for at, row in rows
        for reason in (*row.faults, *row.remarks)
    ]
    valid = [row for _, row in rows if not row.faults]
    if not is_commit(call.request):
        return Answer(200, _preview(len(rows), valid, errors))
    return Answer(200, {"preview": False, "totalRows": len(rows), **_commit(call, valid), "errors": errors})


def is_commit(request: Request) -> bool:
    """Does this upload ask to write? Anything but the literal `true` is a preview."""
    return request.parameter("commit") == "true"


def _preview(total: int, valid: Sequence[JobRow], errors: Json) -> Json:
    return {
        "preview": True,
        "totalRows": total,
        "validRows": len(valid),
        "errors": errors,
        "rows": [_shown(row) for row in valid[:SHOWN_ROWS]],
    }


def _shown(row: JobRow) -> Json:
    return {
        "omgNumber": row.number,
        "projectName": row.values["name"],
        "clientTeamSlug": slugify(row.team) or None,
        "status": row.values.get("status"),
        "priority": row.values.get("priority"),
        "externalDeadline": row.values.get("due_date"),
    }


def _commit(call: Call, valid: Sequence[JobRow]) -> dict[str, Json]:
    moment, org_id = call.moment(), call.user.org_id
    done = []
    for row in valid:
        team_id = team_by_slug(call, org_id, row.team)
        done.append(upsert(call, org_id, Job(row.number, row.values, team_id, row.outputs), moment))
    created = sum(one.created for one in done)
    return {
        "imported": len(done),
        "created": created,
        "updated": len(done) - created,
        "deliverablesCreated": sum(one.deliverables for one in done),
    }


KIND: Kind[TrackerRoute] = Kind(
    routes=(TrackerRoute(method="POST", path=PATH, answer=upload, safe_unless=is_commit),),
    questions=(
        Knob("ST-P17", "a number cell that is a number", "its decimal text if whole", "an error"),
        Knob("ST-P18", "the row skipped as the example", "the one below the header", "row 2 of the sheet"),
        Knob("ST-P19", "errors[].row", "the row of the sheet", "the place among the counted rows"),
        Knob("ST-P26", "an import row that changes nothing", "moves updatedAt", "leaves updatedAt"),
    ),
)
