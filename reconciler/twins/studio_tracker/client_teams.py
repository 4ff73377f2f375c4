"""Client teams: identified by a slug, never deleted while they have projects (ST-R10 to ST-R17)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import text
from reconciler.twins.studio_tracker.slugs import check_free, new_slug
from reconciler.twins.studio_tracker.things import Project, Team, User

ALL = "/api/client-teams"
ONE = "/api/client-teams/{teamId}"


def list_all(call: Call) -> Answer:
    teams = [team for team in call.table(Team).values() if team.org_id == call.user.org_id]
    if call.hard("ST-P1"):
        teams.reverse()
    projects = Counter(project.client_team_id for project in call.table(Project).values())
    return Answer(200, [shown_team(call, team, projects[team.id]) for team in teams])


def create(call: Call) -> Answer:
    call.require_admin()
    body = call.body("name", "slug")
    name = text(body, "name")
    slug = new_slug(call, body, name, _slugs(call))
    call.moment()
    team = Team(call.new_id("team"), call.user.org_id, name, slug)
    call.table(Team)[team.id] = team
    return Answer(201, _written(call, team))


def update(call: Call) -> Answer:
    team = asked_team(call)
    call.require_admin()
    body = call.body("name", "slug")
    name = text(body, "name") if "name" in body else team.name
    slug = text(body, "slug") if "slug" in body else team.slug
    if slug != team.slug:
        check_free(call, slug, _slugs(call))
    call.moment()
    changed = replace(team, name=name, slug=slug)
    call.table(Team)[team.id] = changed
    return Answer(200, _written(call, changed))


def delete(call: Call) -> Answer:
    team = asked_team(call)
    call.require_admin()
    if _projects(call, team):
        raise Refused(409 if call.hard("ST-P5") else 400, "Client team has projects")
    call.moment()
    del call.table(Team)[team.id]
    return call.deleted()


def asked_team(call: Call) -> Team:
    """The team that the path names, if it is one of the caller's organisation. Raises Refused."""
    team = call.table(Team).get(call.ids["teamId"])
    if team is None or team.org_id != call.user.org_id:
        raise Refused(404, "Not found")
    return team


def _slugs(call: Call) -> set[str]:
    return {team.slug for team in call.table(Team).values() if team.org_id == call.user.org_id}


def _projects(call: Call, team: Team) -> int:
    return sum(project.client_team_id == team.id for project in call.table(Project).values())


def _written(call: Call, team: Team) -> Json:
    if call.hard("ST-P2"):
        return {"id": team.id, "name": team.name, "slug": team.slug}
    return shown_team(call, team, _projects(call, team))


def shown_team(call: Call, team: Team, projects: int) -> Json:
    """A team as the list shows it."""
    shown: dict[str, Json] = {"id": team.id, "name": team.name, "slug": team.slug}
    if not call.hard("members-hidden"):
        shown["members"] = [_shown_member(call, user_id, primary) for user_id, primary in team.members.items()]
    if not call.hard("ST-P1"):
        shown["_count"] = {"projects": projects, "members": len(team.members)}
    return shown


def _shown_member(call: Call, user_id: str, primary: bool) -> Json:
    user = call.table(User)[user_id]
    person = {"id": user.id, "name": user.name, "email": user.email}
    return {"userId": user_id, "isPrimary": primary, "user": person}


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="GET", path=ALL, answer=list_all),
        TrackerRoute(method="POST", path=ALL, answer=create),
        TrackerRoute(method="PATCH", path=ONE, answer=update),
        TrackerRoute(method="DELETE", path=ONE, answer=delete),
    ),
    questions=(
        Knob("ST-P1", "the team list", "with _count, oldest first", "without _count, newest first"),
        Knob("ST-P2", "answer of team POST and PATCH", "the team as listed", "id, name and slug only"),
        Knob("ST-P3", "a slug that is taken", "400", "accepted"),
        Knob("ST-P4", "a team without slug", "slugify(name)", "the same, numbered if taken"),
        Knob("ST-P5", "deleting a team with projects", "400", "409"),
        Knob("members-hidden", "the team list", "embeds members", "does not", switch=True),
    ),
)
