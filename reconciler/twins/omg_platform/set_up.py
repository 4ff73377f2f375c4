"""What a test does to the world of OMG Platform without asking the API: set-up, and deeds of other people.

Ids are taken and given as text. Where no tenant is named, it is that of the twin's base path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json, Request, encode
from reconciler.twins.omg_platform.call import place
from reconciler.twins.omg_platform.things import Agency, Brief, JobRole, Key, Task, User


class SetUp(Twin):
    """The twin of OMG Platform, as far as it is moved by hand."""

    @property
    def tenant(self) -> str:
        """The tenant of the base path."""
        return self.base_path.split("/")[1]

    def add_tenant(self, tenant: str, key: str) -> None:
        """Add a tenant with an API key, or another key to a tenant."""
        with self.lock:
            self.state.of(Key)[key] = Key(key, tenant)

    def revoke_key(self, key: str) -> None:
        """Make a key worth nothing. Raises KeyError for an unknown one."""
        with self.lock:
            del self.state.of(Key)[key]

    def add_agency(self, name: str, *, tenant: str = "") -> str:
        """Add an agency; its id."""
        with self.lock:
            at, number = self._next("agency", tenant)
            self.state.of(Agency)[place(at, number)] = Agency(at, number, name)
            return str(number)

    def add_job_role(self, name: str, *, tenant: str = "") -> str:
        """Add a job role; its id."""
        with self.lock:
            at, number = self._next("jobRole", tenant)
            self.state.of(JobRole)[place(at, number)] = JobRole(at, number, name)
            return str(number)

    def add_user(
        self,
        email: str,
        first_name: str,
        last_name: str,
        *,
        staffid: str | None = None,
        agency_id: str | None = None,
        job_role: str | None = None,
        active: bool = True,
        tenant: str = "",
    ) -> str:
        """Add a person; the user's id."""
        with self.lock:
            at, number = self._next("user", tenant)
            self.state.of(User)[place(at, number)] = User(
                tenant=at,
                id=number,
                created_at=self.clock.now(),
                email=email,
                first_name=first_name,
                last_name=last_name,
                staffid=staffid,
                owning_agency_id=None if agency_id is None else int(agency_id),
                job_role=None if job_role is None else int(job_role),
                active=active,
            )
            return str(number)

    def set_active(self, user_id: str, *, active: bool, tenant: str = "") -> None:
        """Deactivate a person, or bring one back. Raises KeyError for an unknown one."""
        with self.lock:
            users, at = self.state.of(User), place(tenant or self.tenant, user_id)
            users[at] = replace(users[at], active=active)

    def add_brief(self, title: str, *, status: str = "draft", tenant: str = "", **fields: str) -> str:
        """Add a brief in any status; `fields` are those of the API. Its id."""
        with self.lock:
            at, number = self._next("brief", tenant)
            made = Brief(at, number, self.clock.now(), {"brief_title": title, **fields}, status)
            self.state.of(Brief)[place(at, number)] = made
            return str(number)

    def set_status(self, brief_id: str, status: str, *, tenant: str = "") -> None:
        """People move a brief on, to any status. Raises KeyError for an unknown one."""
        with self.lock:
            briefs, at = self.state.of(Brief), place(tenant or self.tenant, brief_id)
            briefs[at] = replace(briefs[at], status=status)

    def remove_brief(self, brief_id: str, *, tenant: str = "") -> None:
        """Somebody deletes a brief. Raises KeyError for an unknown one."""
        with self.lock:
            del self.state.of(Brief)[place(tenant or self.tenant, brief_id)]

    def transitions(self, brief_id: str, *, tenant: str = "") -> int:
        """How often the change request of a brief fired. Raises KeyError for an unknown one."""
        with self.lock:
            return self.state.of(Brief)[place(tenant or self.tenant, brief_id)].transitions

    def briefs(self, *, tenant: str = "") -> list[Brief]:
        """All briefs of a tenant, oldest first, which no call of the API can tell."""
        with self.lock:
            return [brief for brief in self.state.of(Brief).values() if brief.tenant == (tenant or self.tenant)]

    def tasks(self, *, tenant: str = "") -> list[Task]:
        """All tasks of a tenant, oldest first, which no call of the API can tell."""
        with self.lock:
            return [task for task in self.state.of(Task).values() if task.tenant == (tenant or self.tenant)]

    def users(self, *, tenant: str = "") -> list[User]:
        """All users of a tenant, oldest first, the inactive ones too."""
        with self.lock:
            return [user for user in self.state.of(User).values() if user.tenant == (tenant or self.tenant)]

    def edit_in(self, tenant: str, method: str, path: str, body: Json = None) -> Answer:
        """As `edit`, in another tenant and with its key. Raises KeyError for a tenant without one."""
        target, _, query = path.partition("?")
        content = b"" if body is None else encode(body)
        with self.lock:
            headers = {"x-api-key": self._key_of(tenant)}
            return self.perform(Request(method, f"/{tenant}/v2{target}", query, headers, content))

    def _key_of(self, tenant: str) -> str:
        by_tenant: Mapping[str, str] = {key.tenant: key.token for key in self.state.of(Key).values()}
        return by_tenant[tenant]

    def _next(self, kind: str, tenant: str) -> tuple[str, int]:
        at = tenant or self.tenant
        return at, self.counters.next(place(at, kind))
