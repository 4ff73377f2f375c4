"""Project: one list, descriptions read singly where declared, and a workbook where that saves calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.json import same as equal
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Replies
from reconciler.model.place import Problem, Severity
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.rest.reads import get, is_single, one, unasked
from reconciler.providers.studio_tracker.client_team import TEAMS
from reconciler.providers.studio_tracker.project_answers import verdicts
from reconciler.providers.studio_tracker.project_calls import bound, calls
from reconciler.providers.studio_tracker.project_review import review
from reconciler.providers.studio_tracker.project_rows import OUTPUTS
from reconciler.providers.studio_tracker.project_teams import amiss, guarding, team_list

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "guarding",
    "narrow",
    "parse",
    "reads",
    "review",
    "same",
    "verdicts",
]

HEALTH: Final = "/api/health"
LIST: Final = "/api/projects"
CATEGORIES: Final = ("Copywriting", "Display", "GIF", "PDF", "Print", "Social", "Static", "Video")


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A category nobody has heard of is worth a word."""
    return [
        Problem(
            d.at("spec", "category"),
            f"{d.address}: '{category}' is none of the known categories",
            f"known: {', '.join(CATEGORIES)}; the tracker may refuse others",
            Severity.WARNING,
            "ST-A36",
        )
        for d in documents
        if isinstance(category := d.spec.get("category"), str) and category not in CATEGORIES
    ]


def details(
    kind: Kind, documents: Sequence[Document], bonds: Sequence[Bond], others: Mapping[str, Collection]
) -> tuple[JsonObject, ...]:
    """Descriptions, one by one; and which projects a workbook makes if they are not there: then the server has to
    be seeded (ST-R33, ST-R48)."""
    made: tuple[JsonObject, ...] = tuple({"makes": d.spec[kind.key]} for d in documents if OUTPUTS in d.spec)
    return (*rest.details(kind, documents, bonds, others), *made)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The list, then the descriptions that are asked for, whether the server is seeded where a workbook is to make
    something, and the teams that its rows rely on (ST-R33, ST-R48)."""
    found = [r for r in rest.reads(kind, _singly(demand), _bare(replies)) if _asked(kind, demand, r)]
    shown = next((body for r, body in replies if r.path == LIST), None)
    numbers = [pick(record, "/omgJobNumber") for record in shown] if isinstance(shown, list) else None
    if numbers is not None and any(d["makes"] not in numbers for d in demand.details if "makes" in d):
        found.append(replace(get(demand.target, f"GET {HEALTH}", {"strict": "1"}), may_fail=True))
    found += team_list(demand, replies) if numbers is not None else []
    return unasked(found, replies)


def _singly(demand: Demand) -> Demand:
    """With the details that the list's own reading knows: what is read thing by thing."""
    return replace(demand, details=tuple(d for d in demand.details if d.get("fields")))


def _asked(kind: Kind, demand: Demand, request: Request) -> bool:
    """Whether a single read is wanted: in a narrowed reading of some things only, and of what is missing."""
    only = [str(i) for d in demand.details if isinstance(ids := d.get("only"), list) for i in ids]
    narrowed = any("only" in d for d in demand.details)
    return not (narrowed and is_single(kind, request)) or any(
        request.path == one(kind, demand, i).path for i in (*only, *demand.ids)
    )


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Projects with a number; one without is nobody's, and `unmanaged` (ST-R32). `seen`: whether the server is
    seeded, where that was asked; `amiss`: rows whose team is not as it was. Raises ValueError where the server
    must be seeded and is not: nothing may be written then."""
    health = [body for r, body in replies if r.path == HEALTH]
    seeded = bool(health) and isinstance(health[0], dict)
    if health and not seeded and any(d.get("must") is True for d in demand.details):
        raise ValueError("GET /api/health?strict=1: the server is not seeded, deliverables would have no stages")
    found = rest.parse(kind, _singly(demand), _bare(replies))
    seen: JsonObject = {"seeded": seeded} if health else {}
    return replace(found, seen=seen, unmanaged=_numberless(replies), amiss=amiss(demand, replies))


def _numberless(replies: Replies) -> tuple[tuple[str, str], ...]:
    """The names of projects that no manifest can mean."""
    lists = (body for r, body in replies if r.path == LIST and isinstance(body, list))
    bare = [p for projects in lists for p in projects if pick(p, "/omgJobNumber") is None]
    names = (pick(p, "/name") for p in bare)
    return tuple((n if isinstance(n, str) else "without a name", "it has no job number") for n in names)


def _bare(replies: Replies) -> Replies:
    """The answers about projects, each project as the schema knows it."""
    return tuple((r, _shaped(body)) for r, body in replies if r.path not in (HEALTH, TEAMS))


def _shaped(body: Json) -> Json:
    if isinstance(body, list):
        return [_with_team(record) for record in body if pick(record, "/omgJobNumber") is not None]
    return _with_team(body)


def _with_team(record: Json) -> Json:
    """The team's id where a write has it; it is read as an object (ST-R34)."""
    if not isinstance(record, dict) or "clientTeam" not in record:
        return record
    team = record["clientTeam"]
    return {**record, "clientTeamId": team.get("id") if isinstance(team, dict) else None}


def same(field: Field, before: Json, after: Json) -> bool:
    """The number of outputs is a matter of the create alone (ST-R37)."""
    return field.name == OUTPUTS or equal(before, after)


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """The list again, and the descriptions of these alone. Before a workbook that makes projects the server must
    be seeded, or nothing is sent; that is asked once."""
    again = [d for d in demand.details if d.get("fields")]
    again += [{**d, "must": True} for d in demand.details if "makes" in d and "must" not in d]
    return replace(demand, details=(*again, {"only": [*sorted(set(ids))]}))
