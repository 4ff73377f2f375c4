"""The teams that rows of a workbook name, looked at once more before it goes: its commit would make one that is
gone, and the preview shows the slug of any text (ST-R48)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.call import Request
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.providers.rest.reads import get
from reconciler.providers.studio_tracker.client_team import TEAMS, in_projects, slugify
from reconciler.providers.studio_tracker.project_rows import COLUMNS, TEAM


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """The reading, and which team each row relies on, by id and slug. One that the same plan makes cannot have
    gone. `fields`: none that is written, so no later reading asks for it."""
    return replace(demand, details=(*demand.details, *(d for c in calls if (d := _relied_on(c)) is not None)))


def _relied_on(call: Call) -> JsonObject | None:
    cell, team = pick(call.body, f"/{COLUMNS[TEAM]}"), call.effect.fields.get(TEAM)
    if call.carrier is None or not isinstance(cell, str) or not isinstance(team, str):
        return None
    return {"row": call.id, "team": team, "slug": slugify(cell), "fields": []}


def team_list(demand: Demand, replies: Replies) -> list[Request]:
    """The team list, if a row relies on a team that no project shows."""
    shown = {team for team, _ in _pairs(in_projects(replies))}
    asked = any(d["team"] not in shown for d in _rows(demand))
    return [get(demand.target, f"GET {TEAMS}")] if asked else []


def amiss(demand: Demand, replies: Replies) -> dict[str, str]:
    """Row -> why it may not go: its team is gone, or has another slug by now. Raises ValueError on an answer that
    is no list of teams."""
    lists = [body for r, body in replies if r.path == TEAMS]
    if not all(isinstance(body, list) for body in lists):
        raise ValueError(f"GET {TEAMS}: the answer is no list")
    listed = (team for body in lists if isinstance(body, list) for team in body)
    live = dict([*_pairs(in_projects(replies)), *_pairs(listed)])
    found: dict[str, str] = {}
    for row in _rows(demand):
        slug, now = row["slug"], live.get(str(row["team"]))
        if now is None:
            found[str(row["row"])] = f"its team '{slug}' is live no more, and the workbook would make it"
        elif now != slug:
            found[str(row["row"])] = (
                f"its team '{slug}' is now called '{now}', and the workbook would make '{slug}'"
            )
    return found


def _rows(demand: Demand) -> list[JsonObject]:
    return [d for d in demand.details if "row" in d]


def _pairs(teams: Iterator[Json]) -> Iterator[tuple[str, str]]:
    for team in teams:
        own, slug = pick(team, "/id"), pick(team, "/slug")
        if isinstance(own, str) and isinstance(slug, str):
            yield own, slug
