"""Who can do what in the twin, worked out person by person from its state alone (docs/access.md)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.twins.studio_tracker.things import Invitation, Pod, Project, Team, User
from reconciler.twins.studio_tracker.twin import TrackerTwin

Row = tuple[str, str, str, str]
ALL = "*"


def who_can(twin: TrackerTwin) -> set[Row]:
    """(person's address, role, kind, name of the object) in the twin's first organisation, through teams and pods
    as well; both names `*` for everything."""
    with twin.lock:
        people = [user for user in twin.state.of(User).values() if user.org_id == twin.org_id]
        invited = [one for one in twin.state.of(Invitation).values() if one.org_id == twin.org_id]
        return {row for user in people for row in (*_in_teams(twin, user), *_in_pods(twin, user))} | {
            (one.email.casefold(), one.role, ALL, ALL) for one in invited
        }


def _in_teams(twin: TrackerTwin, user: User) -> Iterator[Row]:
    """What stands in a team is seen by its members."""
    who = user.email.casefold()
    for team in twin.state.of(Team).values():
        if user.id in team.members:
            yield who, "MEMBER", "ClientTeam", team.slug
            yield from ((who, "MEMBER", "Project", number) for number in _projects(twin, team))


def _in_pods(twin: TrackerTwin, user: User) -> Iterator[Row]:
    who = user.email.casefold()
    for pod in twin.state.of(Pod).values():
        if pod.lead_user_id == user.id:
            yield who, "LEAD", "Pod", pod.slug
        if user.home_pod_id == pod.id:
            yield who, "MEMBER", "Pod", pod.slug


def _projects(twin: TrackerTwin, team: Team) -> list[str]:
    """The job numbers of a team's projects; one without a number has no name to be called by."""
    return [
        one.omg_job_number
        for one in twin.state.of(Project).values()
        if one.client_team_id == team.id and one.omg_job_number
    ]
