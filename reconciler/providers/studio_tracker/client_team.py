"""ClientTeam: projects are read before a delete, and one person's primary flags are set in a safe order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.change import Change
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies
from reconciler.model.place import Problem, Severity
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.rest.reads import get, unasked

PROJECTS = "GET /api/projects"
TEAMS = "/api/client-teams"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """One primary team per person; a name that leads back to its slug (ST-R11, ST-R20)."""
    return [*_two_primaries_of_one_person(documents), *_warnings(documents)]


def _members(document: Document) -> Iterator[tuple[int, Mapping[str, Json]]]:
    members = document.spec.get("members")
    for i, member in enumerate(members if isinstance(members, list) else []):
        if isinstance(member, dict):
            yield i, member


def _primaries(documents: Sequence[Document]) -> Iterator[tuple[str, Document, int]]:
    for document in documents:
        for i, member in _members(document):
            if member.get("isPrimary") is True:
                yield str(member.get("user")).casefold(), document, i


def _two_primaries_of_one_person(documents: Sequence[Document]) -> Iterator[Problem]:
    first: dict[str, Document] = {}
    for person, document, i in _primaries(documents):
        other = first.setdefault(person, document)
        if other is not document:
            place = document.at("spec", "members", i, "isPrimary")
            yield Problem(place, f"{document.address}: {person} is primary in {other.address} too", rule="ST-R20")


def _warnings(documents: Sequence[Document]) -> Iterator[Problem]:
    primaries = Counter(str(d.address) for _, d, _ in _primaries(documents))
    for document in documents:
        name, slug = document.spec.get("name"), document.spec.get("slug")
        if isinstance(name, str) and slugify(name) != slug:
            text = f"{document.address}: the name {name!r} does not lead to the slug {slug!r}"
            hint = "the job feed finds teams by name and would make another one"
            yield Problem(document.at("spec", "name"), text, hint, Severity.WARNING, "ST-R11")
        if primaries[str(document.address)] > 1:
            text = f"{document.address}: more than one primary member"
            yield Problem(document.at("spec", "members"), text, "", Severity.WARNING, "ST-R20")


def slugify(name: str) -> str:
    """How the server makes a slug of a name (ST-R11)."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001
) -> tuple[JsonObject, ...]:
    """Teams that are only referred to show in the project list, which is read for the projects anyway (ST-R34)."""
    return () if documents or bonds else ({"in": "projects"},)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The team list; the project list only where a team may be deleted (ST-R31), or where teams are only referred
    to: then the team list is read only if a slug does not show there (ST-R34)."""
    projects = get(demand.target, PROJECTS)
    if demand.details:
        shown = {pick(team, "/slug") for team in in_projects(replies)}
        if not replies or all(name in shown for name in demand.wanted):
            return unasked([projects], replies)
    teams = rest.reads(kind, replace(demand, details=()), ())
    return unasked([*teams, *([projects] if demand.removing else [])], replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Teams, each with the number of its projects where these were read (ST-R8, ST-R16). `seen.listed`: whether
    the team list was read."""
    listed = any(r.path == TEAMS for r, _ in replies)
    if demand.details and not listed:
        replies = ((get(demand.target, f"GET {TEAMS}"), list(in_projects(replies))), *replies)
    teams = rest.parse(kind, replace(demand, details=()), replies)
    projects = next((body for r, body in replies if r.path == PROJECTS.split(" ")[1]), None)
    counts: Counter[str | None] | None = None
    if isinstance(projects, list):
        counts = Counter(_team_of(p) for p in projects)
    seen = tuple(
        replace(t, contents={"projects": counts[t.id] if counts is not None else None}) for t in teams.resources
    )
    return replace(teams, resources=seen, seen={"listed": listed})


def in_projects(replies: Replies) -> Iterator[Json]:
    """The teams that projects name, each once."""
    lists = (body for r, body in replies if r.path == PROJECTS.split(" ")[1] and isinstance(body, list))
    teams = (pick(project, "/clientTeam") for body in lists for project in body)
    found = {str(t.get("id")): {n: t.get(n) for n in ("id", "name", "slug")} for t in teams if isinstance(t, dict)}
    yield from found.values()


def _team_of(project: Json) -> str | None:
    """The id of a project's team, None where it has none. Raises ValueError where the record does not say: it
    might be any team's."""
    team = pick(project, "/clientTeam")
    remote_id = pick(team, "/id") if isinstance(team, dict) else team
    if remote_id is not None and not isinstance(remote_id, str):
        raise ValueError("a project record does not say whose it is")
    return remote_id


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """The ordinary calls; every call that sends a flag is verified, and for one person and within one team false
    goes before true (ST-R20, ST-R22, ST-R26)."""
    ordinary = [replace(c, verify=c.verify or _flag(c) is not None) for c in rest.calls(kind, changes)]
    lowered: defaultdict[str, set[str]] = defaultdict(set)
    for call in ordinary:
        if call.phase is Phase.CHANGE and _flag(call) is False and not call.trigger:
            lowered[_who(call)].add(call.id)
            lowered[str(call.address)].add(call.id)
    raising = {c.id for c in ordinary if _flag(c) is True and not c.trigger}
    return [
        replace(c, waits=c.waits | lowered[_who(c)] | lowered[str(c.address)]) if c.id in raising else c
        for c in ordinary
    ]


def _flag(call: Call) -> bool | None:
    flag = call.body.get("isPrimary") if isinstance(call.body, dict) and call.set_field else None
    return flag if isinstance(flag, bool) else None


def _who(call: Call) -> str:
    return canonical(call.body.get("userId")) if isinstance(call.body, dict) else ""
