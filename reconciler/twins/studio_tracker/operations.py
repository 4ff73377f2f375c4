"""Every operation of the API: one that is not served answers 501 instead of pretending to be unknown."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.twins.studio_tracker.call import TrackerRoute

_TABLE = """
/api/calendar GET
/api/client-teams GET POST
/api/client-teams/{teamId} DELETE PATCH
/api/client-teams/{teamId}/members DELETE POST
/api/dashboard/stats GET
/api/health GET
/api/local-auth/login POST
/api/my-work GET
/api/org/invitations GET POST
/api/org/invitations/{id} DELETE
/api/pods GET POST
/api/pods/{podId} DELETE PATCH
/api/pods/{podId}/members DELETE POST
/api/projects GET POST
/api/projects/bulk-import POST
/api/projects/{projectId} DELETE GET PATCH
/api/reports/weekly GET
/api/resources/bookings GET POST
/api/resources/bookings/{id} DELETE
/api/resources/job-numbers GET
/api/search/semantic POST
/api/webhooks/omg POST
/api/workload GET
"""
PUBLIC = frozenset({"/api/health", "/api/local-auth/login"})
SIGNED = "/api/webhooks/"
SAFE = frozenset({"/api/search/semantic"})


def is_public(path: str) -> bool:
    """Does this path, below the base path, skip authentication?"""
    return path in PUBLIC or path.startswith(SIGNED)


def known_operations() -> Iterator[TrackerRoute]:
    """A route without an answer for each operation of the API."""
    for line in _TABLE.split("\n"):
        path, *methods = line.split() or [""]
        yield from (
            TrackerRoute(method=method, path=path, public=is_public(path), safe=path in SAFE) for method in methods
        )
