"""A small believable world: people, teams, pods, projects and a week's bookings that were there before anyone
wrote a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reconciler.twins.core.values import Json

if TYPE_CHECKING:
    from reconciler.twins.studio_tracker.twin import TrackerTwin

PEOPLE = (
    ("jane@example.com", "Jane Smith", "PRODUCER"),
    ("bob@example.com", "Bob Stone", "CREATIVE"),
    ("maria@example.com", "María López", "CREATIVE"),
    ("chen@example.com", "Chen Wei", "CLIENT"),
    ("tom.weber@example.com", "Tom Weber", "CREATIVE"),
    ("olga.petrova@example.com", "Olga Petrova", "CREATIVE"),
    ("sofia.rossi@example.com", "Sofia Rossi", "PRODUCER"),
    ("kenji.sato@example.com", "Kenji Sato", "CREATIVE"),
    ("aisha.khan@example.com", "Aisha Khan", "CREATIVE"),
    ("lucas.moreau@example.com", "Lucas Moreau", "CREATIVE"),
    ("priya.nair@example.com", "Priya Nair", "PRODUCER"),
    ("emma.larsen@example.com", "Emma Larsen", "CREATIVE"),
    ("david.cohen@example.com", "David Cohen", "PRODUCER"),
)
TEAMS = (("Brand", "brand"), ("Brand Safety", "brand-safety"), ("Retail Media", "retail-media"))
NUMBERS = ("2337959", "2337960", "0040001")
# Lead and members by their place among the people.
PODS = (("Pod A", "pod-a", 0, (0, 1)), ("Pod B", "pod-b", 2, (2,)))
# Whose, which day, for which number, how long, and why.
BOOKINGS: tuple[tuple[int, str, str, float, str], ...] = (
    (0, "2026-04-20", "2337959", 4, "Client review prep"),
    (0, "2026-04-21", "2337960", 7.5, ""),
    (1, "2026-04-20", "2337959", 8, "Layouts"),
    (1, "2026-04-21", "2337959", 3, ""),
    (2, "2026-04-23", "0040001", 6, "Safety check"),
)


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
    _plan_capacity(twin, people)


def _plan_capacity(twin: TrackerTwin, people: Sequence[str]) -> None:
    """Pods, and one week of bookings."""
    for name, slug, lead, members in PODS:
        pod = _made(twin, "/api/pods", {"name": name, "slug": slug, "leadUserId": people[lead]})
        for member in members:
            _made(twin, f"/api/pods/{pod}/members", {"userId": people[member]})
    for who, date, number, hours, note in BOOKINGS:
        body: dict[str, Json] = {"userId": people[who], "date": date, "jobNumber": number, "hours": hours}
        _made(twin, "/api/resources/bookings", {**body, "note": note} if note else body)


def _made(twin: TrackerTwin, path: str, body: dict[str, Json]) -> str:
    answer = twin.edit("POST", path, body)
    if not isinstance(answer.body, dict) or not answer.ok:
        raise RuntimeError(f"the seed of the world was refused: {answer}")
    return str(answer.body.get("id", ""))
