"""A small believable world: people, teams and projects that were there before anyone wrote a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.twins.core.values import Json

if TYPE_CHECKING:
    from reconciler.twins.studio_tracker.twin import TrackerTwin

PEOPLE = (
    ("jane@example.com", "Jane Smith", "PRODUCER"),
    ("bob@example.com", "Bob Stone", "CREATIVE"),
    ("maria@example.com", "María López", "CREATIVE"),
    ("chen@example.com", "Chen Wei", "CLIENT"),
)
TEAMS = (("Brand", "brand"), ("Brand Safety", "brand-safety"), ("Retail Media", "retail-media"))
NUMBERS = ("2337959", "2337960", "0040001")


def seed(twin: TrackerTwin) -> None:
    """Fill the world by the API's own rules, so that it could have come about."""
    if twin.knobs.hard("ST-P14"):
        twin.add_org("Somebody Else", first=True)
    people = [twin.add_user(address, name, role) for address, name, role in PEOPLE]
    teams = [_made(twin, "/api/client-teams", {"name": name, "slug": slug}) for name, slug in TEAMS]
    _made(twin, f"/api/client-teams/{teams[0]}/members", {"userId": people[0], "isPrimary": True})
    _made(twin, f"/api/client-teams/{teams[0]}/members", {"userId": people[1]})
    _made(twin, f"/api/client-teams/{teams[1]}/members", {"userId": people[2]})
    for number, team in zip(NUMBERS, (teams[0], teams[0], teams[1]), strict=True):
        body: dict[str, Json] = {
            "projectCode": f"EX-{number}",
            "name": f"{number} - Launch",
            "omgJobNumber": number,
        }
        _made(twin, "/api/projects", {**body, "clientTeamId": team, "dueDate": "2026-06-30"})
    twin.add_invitation("new.producer@example.com", "PRODUCER")


def _made(twin: TrackerTwin, path: str, body: dict[str, Json]) -> str:
    answer = twin.edit("POST", path, body)
    if not isinstance(answer.body, dict) or not answer.ok:
        raise RuntimeError(f"the seed of the world was refused: {answer}")
    return str(answer.body.get("id", ""))
