"""What the answers to a workbook say of its rows (ST-R48, ST-R49)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.catalog import Verdict
from reconciler.model.json import Json, JsonObject, pick, same
from reconciler.model.kind import Kind
from reconciler.model.normalise import instant
from reconciler.model.plan import Call, Phase
from reconciler.providers.studio_tracker.client_team import slugify
from reconciler.providers.studio_tracker.project_rows import SHOWN, WORDS

_MEANINGS: Final = {
    column: {text: value for value, text in WORDS[field].items()}
    for field, column in (("status", "Status"), ("priority", "Risk"))
}


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:  # noqa: ARG001 - the verb's shape
    """Of a preview: every row shown as it was written, or what of it is not. Of a commit: all of it done where the
    counts say so, though a list has yet to show it; anything else is for that list to tell."""
    if pick(body, "/preview") is True:
        return _previewed(riders, body)
    making = sum(r.phase is Phase.CREATE for r in riders)
    counts = {"/preview": False, "/created": making, "/updated": len(riders) - making, "/errors": []}
    clean = all(same(pick(body, at), value) for at, value in counts.items())
    return {r.id: Verdict(True if clean else None) for r in riders}


def _previewed(riders: Sequence[Call], body: Json) -> dict[str, Verdict]:
    """`errors[].row` names nobody: rows are known by their job number."""
    rows = pick(body, "/rows")
    shown = {str(pick(row, "/omgNumber")): row for row in rows} if isinstance(rows, list) else {}
    expected = min(SHOWN, len(riders))
    if not isinstance(rows, list) or not len(rows) == len(shown) == expected:
        text = f"the preview shows {len(shown)} projects, not the first {expected}"
        return {r.id: Verdict(False, text) for r in riders}
    found: dict[str, Verdict] = {}
    for i, rider in enumerate(riders):
        cells = rider.body if isinstance(rider.body, dict) else {}
        wrong = list(_differences(cells, shown.get(str(cells.get("Number"))))) if i < SHOWN else []
        text = f"{cells.get('Number')}: {', '.join(wrong)}"
        found[rider.id] = Verdict(False, text) if wrong else Verdict(None)
    return found


def _differences(cells: JsonObject, row: Json) -> Iterator[str]:
    """What the preview makes of a row, where it is not what was meant. A blank cell says nothing but of the team:
    one that is shown there would be made."""
    if not isinstance(row, dict):
        yield "not shown"
        return
    team = cells.get("Team")
    meant: dict[str, Json] = {
        "projectName": cells.get("Project Name"),
        "clientTeamSlug": slugify(team) if isinstance(team, str) else None,
    }
    for column, name in (("Status", "status"), ("Risk", "priority")):
        if column in cells:
            meant[name] = _MEANINGS[column].get(str(cells[column]))
    if "External Deadline" in cells:
        meant["externalDeadline"] = instant(cells["External Deadline"])
    for name, value in meant.items():
        seen = row.get(name)
        if not same(instant(seen) if name == "externalDeadline" else seen, value):
            yield f"{name} is {seen!r}, not {value!r}"
