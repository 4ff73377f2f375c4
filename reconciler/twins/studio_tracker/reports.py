"""What the user interface draws its pages from. Nothing of it is documented, so nothing of it is shown."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import text

PATHS = ("/api/dashboard/stats", "/api/my-work", "/api/calendar", "/api/reports/weekly")
SEARCH = "/api/search/semantic"


def nothing(_: Call) -> Answer:
    return Answer(200, {})


def search(call: Call) -> Answer:
    text(call.body("query"), "query")
    return Answer(200, [])


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        *(TrackerRoute(method="GET", path=path, answer=nothing) for path in PATHS),
        TrackerRoute(method="POST", path=SEARCH, answer=search, safe=True),
    )
)
