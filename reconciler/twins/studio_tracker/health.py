"""Is the server up, and is it seeded (ST-R2)."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.things import Org, Template


def read(call: Call) -> Answer:
    strict = call.request.parameter("strict") == "1"
    database_up = not call.hard("database-down")
    orgs, templates = len(call.table(Org)), len(call.table(Template))
    healthy = database_up and not (strict and not (orgs and templates))
    missing = "error" if strict else "warn"
    checks: dict[str, Json] = {
        "database": {"status": "ok" if database_up else "error"},
        "pgvector": {"status": "ok", "detail": "v0.8.2"},
        "organization": {"status": "ok" if orgs else missing, "detail": f"{orgs} org(s)"},
        "pipeline_templates": {"status": "ok" if templates else missing, "detail": f"{templates} template(s)"},
        "dev_bypass": {"status": "ok"},
        "auth_secret": {"status": "ok"},
    }
    body: dict[str, Json] = {
        "status": "healthy" if healthy else "unhealthy",
        "mode": "strict" if strict else "liveness",
        "checks": checks,
        "timestamp": call.twin.clock.now(),
    }
    return Answer(200 if healthy else 503, body)


KIND: Kind[TrackerRoute] = Kind(
    routes=(TrackerRoute(method="GET", path="/api/health", answer=read),),
    questions=(Knob("database-down", "the database", "is up", "is down (ST-P15)", switch=True),),
)
