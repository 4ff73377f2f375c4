"""Steps of a story about projects and invitations: plan, apply, every request counted, and nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Plan
from reconciler.twins.studio_tracker.things import Deliverable, Project, Team
from reconciler.workflow import Override
from tests.world import TRACKER, World, doc

LIST = "GET /api/projects"
TEAMS = "GET /api/client-teams"
HEALTH = "GET /api/health?strict=1"
PREVIEW, COMMIT = (f"POST /api/projects/bulk-import?commit={word}" for word in ("false", "true"))
BOTH = (PREVIEW, COMMIT)
PENDING = "GET /api/org/invitations"
WORKLOAD = "GET /api/workload?numWeeks=1"
ALPHA: Mapping[str, Json] = {"name": "Alpha", "projectCode": "A-1", "team": "brand"}
META = (
    "lifecycle",
    "previous_key",
    "previous_name",
    "on_remove",
    "allow",
    "ignore",
    "protect",
    "manage",
    "pinned_id",
)


def job(number: str, /, **words: object) -> Document:
    """A project's document, named `job-<number>`: `words` are metadata, and fields of its spec."""
    metadata = {k: v for k, v in words.items() if k in META}
    spec = {k: v for k, v in words.items() if k not in META}
    return doc("Project", f"job-{number}", {"omgJobNumber": number, **spec}, **metadata)  # type: ignore[dict-item]


def alpha(number: str = "007", /, **words: object) -> Document:
    """A project with all that a create by POST needs."""
    return job(number, **{**ALPHA, **words})


def at(number: str) -> Address:
    return Address(TRACKER, "Project", f"job-{number}")


def invited(email: str, /, *, token: str | None = None, **words: object) -> Document:
    """An invitation's document, named by what stands before the `@`."""
    metadata = {k: v for k, v in words.items() if k in META}
    name = email.partition("@")[0].lower()
    link: Json = {"toFile": f"secrets/{name}.link"}
    own = {k: v for k, v in words.items() if k not in META and v is not None}
    spec: dict[str, Json] = {"email": email, "role": "PRODUCER", "link": link, **own}  # type: ignore[dict-item]
    if token is not None:
        metadata["once"] = {"reissue": token}
    return doc("Invitation", name, {k: v for k, v in spec.items() if v != ""}, **metadata)


@dataclass(frozen=True, slots=True)
class Deed:
    """A plan and what became of it, each request as `METHOD /path?query`. `bodies`: of the calls that are JSON."""

    plan: Plan
    report: Report
    bodies: tuple[str, ...]

    @property
    def reads(self) -> list[str]:
        return _lines(self.plan.reads)

    @property
    def before(self) -> list[str]:
        return _lines(self.report.requests.get("preconditions", ()))

    @property
    def calls(self) -> list[str]:
        return _lines(self.report.requests.get("calls", ()))

    @property
    def verified(self) -> list[str]:
        return _lines(self.report.requests.get("verify", ()))

    @property
    def ends(self) -> set[str]:
        return {str(o.end) for o in self.report.outcomes}

    def action(self, number: str) -> Action:
        return action(self.plan, number)


def _lines(said: Iterable[str]) -> list[str]:
    return [line.split(" ", 1)[1] for line in said]


def action(plan: Plan, name: str) -> Action:
    """The action on a project by its number, or on any other address by its name."""
    return next(a for a in plan.actions if a.address.name in (name, f"job-{name}"))


def rules(plan: Plan, name: str) -> set[str]:
    return {h.rule for h in action(plan, name).holds}


def planned(w: World, *documents: Document) -> Plan:
    """A plan that made the reads it names, and wrote nothing."""
    w.tracker.log.clear()
    plan = w.plan(*documents)
    asked = [f"{TRACKER}: {e.call}" for e in w.tracker.log]
    assert sorted(plan.reads) == sorted(asked)
    assert len(plan.writes) == plan.bound
    return plan


def done(
    w: World, *documents: Document, overrides: Iterable[Override] = (), ends: Iterable[str] = ("done",)
) -> Deed:
    """Planned and applied: the log is the plan, everything ended as said, and nothing is left to do."""
    deed = applied(w, planned(w, *documents))
    assert deed.ends <= {*ends, "held", "unneeded"}
    left = w.plan()
    assert [c.line for c in left.writes] == []
    assert left.bound == 0
    return deed


def applied(w: World, plan: Plan) -> Deed:
    report = w.checked_apply(plan)
    written = [e for e in w.tracker.log if e.write and not e.call.startswith("POST /api/projects/bulk-import")]
    return Deed(
        plan, report, tuple(e.call + (f" {canonical(e.body)}" if e.body is not None else "") for e in written)
    )


def uploads(w: World) -> list[object]:
    """What the log keeps of each workbook, in the order they came."""
    return [e.body for e in w.tracker.log if "bulk-import" in e.call]


def live(w: World, number: str) -> Project:
    """The one live project with this number."""
    (one,) = (p for p in w.tracker.state.of(Project).values() if p.omg_job_number == number)
    return one


def numbers(w: World) -> list[str]:
    """Of the projects that were not there from the beginning."""
    seeded = {"2337959", "2337960", "0040001"}
    return sorted(n for p in w.tracker.state.of(Project).values() if (n := p.omg_job_number) and n not in seeded)


def outputs(w: World, number: str) -> int:
    project = live(w, number).id
    return sum(d.project_id == project for d in w.tracker.state.of(Deliverable).values())


def teams(w: World) -> list[str]:
    return sorted(t.slug for t in w.tracker.state.of(Team).values())


def change(w: World, number: str, **fields: Json) -> None:
    """Somebody else changes a project, under the API's names."""
    answer = w.tracker.edit("PATCH", f"/api/projects/{live(w, number).id}", fields)
    assert answer.ok, answer


def make(w: World, number: str, **fields: Json) -> str:
    """Somebody else makes a project; its id."""
    team = next(t.id for t in w.tracker.state.of(Team).values() if t.slug == "brand")
    body = {"omgJobNumber": number, "name": f"{number} - Made", "projectCode": "X-1", "clientTeamId": team}
    answer = w.tracker.edit("POST", "/api/projects", {**body, **fields})
    assert answer.ok, answer
    assert isinstance(answer.body, dict)
    return str(answer.body["id"])
