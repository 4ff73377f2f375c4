"""Who can do what in the twin, worked out from its state alone (docs/access.md)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.twins.omg_platform.things import Agency, JobRole, Key, User
from reconciler.twins.omg_platform.twin import OmgTwin

Row = tuple[str, str, str, str]


def who_can(twin: OmgTwin) -> set[Row]:
    """(person's address, role, kind, name of the object) in the tenant of the twin's own key."""
    with twin.lock:
        tenant = twin.state.of(Key)[twin.default_key].tenant
        people = [user for user in twin.state.of(User).values() if user.tenant == tenant]
        return {row for user in people for row in _of_person(twin, user)}


def _of_person(twin: OmgTwin, user: User) -> Iterator[Row]:
    """An agency or a role that has no name is called by its id."""
    who = user.email.casefold()
    agencies = {a.id: a.name for a in twin.state.of(Agency).values() if a.tenant == user.tenant}
    roles = {r.id: r.name for r in twin.state.of(JobRole).values() if r.tenant == user.tenant}
    if (agency := user.owning_agency_id) is not None:
        yield who, "MEMBER", "Agency", agencies.get(agency, str(agency))
    if (role := user.job_role) is not None:
        yield who, roles.get(role, str(role)), "*", "*"
