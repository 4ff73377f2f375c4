"""What a test does to the tracker's world without asking the API: set-up, and deeds of other people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from reconciler.twins.core.clock import instant, parse_instant
from reconciler.twins.core.slug import slugify
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json, JsonObject, Request, encode
from reconciler.twins.studio_tracker.bulk_import import PATH as BULK_IMPORT
from reconciler.twins.studio_tracker.call import Feed
from reconciler.twins.studio_tracker.feed import PATH as FEED
from reconciler.twins.studio_tracker.feed import SIGNATURE, sign
from reconciler.twins.studio_tracker.invitations import invite
from reconciler.twins.studio_tracker.multipart import form
from reconciler.twins.studio_tracker.things import (
    Booking,
    Deliverable,
    Invitation,
    Org,
    Pod,
    Project,
    Session,
    Team,
    Template,
    User,
)
from reconciler.twins.studio_tracker.view import view


class SetUp(Twin):
    """The tracker's twin, as far as it is moved by hand."""

    org_id: str

    @cached_property
    def feed(self) -> Feed:
        """How the server knows the job feed; may be changed in place."""
        return Feed()

    def add_org(self, name: str, *, first: bool = False) -> str:
        """Add an organisation with an administrator of its own; its id. `first` puts it before the others."""
        with self.lock:
            org_id = self._new_id("org")
            orgs = self.state.of(Org)
            before = {} if first else dict(orgs)
            after = dict(orgs) if first else {}
            orgs.clear()
            orgs.update({**before, org_id: Org(org_id, name), **after})
            if before or after:
                self.add_user(f"admin@{org_id}.example.com", f"Admin of {name}", "ADMIN", org_id=org_id)
            return org_id

    def add_template(self, stages: Sequence[str] = ()) -> str:
        """Add a pipeline template, with stages of these names or the usual ones; its id."""
        with self.lock:
            template_id = self._new_id("tmpl")
            made = Template(template_id, "Default pipeline")
            self.state.of(Template)[template_id] = replace(made, stages=tuple(stages)) if stages else made
            return template_id

    def add_user(self, email: str, name: str, role: str = "CREATIVE", *, org_id: str | None = None) -> str:
        """Add a person to an organisation (the twin's own one by default); the user's id."""
        with self.lock:
            user_id = self._new_id("user")
            self.state.of(User)[user_id] = User(user_id, org_id or self.org_id, email, name, role)
            return user_id

    def set_password(self, user_id: str, password: str) -> None:
        """Let a person log in with this password. Raises KeyError for an unknown one."""
        with self.lock:
            users = self.state.of(User)
            users[user_id] = replace(users[user_id], password=password)

    def add_session(self, user_id: str) -> str:
        """Log a person in; the value of the cookie `authjs.session-token`."""
        with self.lock:
            token = f"session{self.counters.next('session')}"
            self.state.of(Session)[token] = Session(token, user_id)
            return token

    def add_pod(self, name: str, slug: str = "", lead_id: str | None = None) -> str:
        """Add a pod, by default with the slug its name makes; its id. Raises KeyError for an unknown lead."""
        with self.lock:
            if lead_id is not None and lead_id not in self.state.of(User):
                raise KeyError(lead_id)
            pod = Pod(self._new_id("pod"), self.org_id, name, slug or slugify(name), lead_id)
            self.state.of(Pod)[pod.id] = pod
            return pod.id

    def set_home_pod(self, user_id: str, pod_id: str | None) -> None:
        """Put a person into a pod, or into none. Raises KeyError for an unknown one."""
        with self.lock:
            if pod_id is not None and pod_id not in self.state.of(Pod):
                raise KeyError(pod_id)
            users = self.state.of(User)
            users[user_id] = replace(users[user_id], home_pod_id=pod_id)

    def add_booking(self, user_id: str, date: str, job_number: str, hours: float, note: str | None = None) -> str:
        """Book hours of a person, beside whatever is booked already; the booking's id.

        `date` is `YYYY-MM-DD`. Raises KeyError for an unknown person, ValueError for what is no date.
        """
        with self.lock:
            user = self.state.of(User)[user_id]
            day = instant(parse_instant(date))
            booking = Booking(self._new_id("book"), user.org_id, user_id, day, job_number, hours, note)
            self.state.of(Booking)[booking.id] = booking
            return booking.id

    def add_invitation(self, email: str, role: str, *, is_external: bool = False) -> str:
        """Invite somebody: a pending invitation, and the placeholder user behind it; the invitation's id."""
        with self.lock:
            return invite(self, self.org_id, email, role, is_external).id

    def accept_invitation(self, invitation_id: str) -> str:
        """The person accepts: the invitation leaves the list, the user stays; the user's id.

        Raises KeyError if there is no such pending invitation.
        """
        with self.lock:
            user_id = self.state.of(Invitation).pop(invitation_id).user_id
            users = self.state.of(User)
            users[user_id] = replace(users[user_id], invitation="accepted")
            return user_id

    def add_project(self, name: str, number: str | None = None, team_id: str | None = None) -> str:
        """Add a project that the API could not make, without a number or a team; its id."""
        with self.lock:
            if team_id is not None and team_id not in self.state.of(Team):
                raise KeyError(team_id)
            project_id, now = self._new_id("proj"), self.clock.now()
            project = Project(project_id, self.org_id, number, name, now, now, team_id)
            self.state.of(Project)[project_id] = project
            return project_id

    def add_deliverable(self, project_id: str, name: str, stages: Sequence[str] = ()) -> str:
        """Add a deliverable with stages of these names to a project; its id."""
        with self.lock:
            made = tuple({"id": self._new_id("stage"), "name": stage, "status": "PENDING"} for stage in stages)
            deliverable = Deliverable(self._new_id("deliv"), project_id, name, made)
            self.state.of(Deliverable)[deliverable.id] = deliverable
            return deliverable.id

    def edit(self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Answer:
        """As every twin's; a call of the job feed is signed, where no `headers` are given."""
        if headers is None and path == FEED:
            headers = {SIGNATURE: sign(self.feed.secret, b"" if body is None else encode(body))}
        return super().edit(method, path, body, headers)

    def fire_feed(self, job: JsonObject, event: str = "job.updated", raw: JsonObject | None = None) -> Answer:
        """The job feed writes a job now: `{"number": …, "name": …, "team": …}`, in the first organisation.

        Raises ValueError if the twin refuses what is sent.
        """
        payload: JsonObject = {"event": event, "timestamp": self.clock.now(), "job": job}
        answer = self.edit("POST", FEED, payload if raw is None else {**payload, "raw": raw})
        if not answer.ok:
            raise ValueError(f"the feed was refused: {answer.body}")
        return answer

    def fire_feed_before(
        self, k: int, job: JsonObject, *, method: str = "", path: str = "", writes: bool = False
    ) -> None:
        """The job feed writes a job just before the k-th request from now on that matches, as in `on_request`."""
        self.on_request(k, "before-effect", lambda _: self.fire_feed(job), method=method, path=path, writes=writes)

    def upload(self, workbook: bytes, *, commit: bool = True) -> Answer:
        """Somebody uploads a workbook behind the client's back: neither logged nor counted, as with `edit`."""
        content_type, body = form("file", "upload.xlsx", workbook)
        lower = {name.lower(): value for name, value in self.default_headers.items()}
        headers = {**lower, "content-type": content_type}
        query = f"commit={str(commit).lower()}"
        with self.lock:
            return self.perform(Request("POST", self.base_path + BULK_IMPORT, query, headers, body))

    def view(self) -> dict[str, Json]:
        """What there is, without ids, times and secrets: two worlds that look the same are equal in it."""
        with self.lock:
            return view(self, self.org_id)

    def _new_id(self, kind: str) -> str:
        return f"cmo7{kind}{self.counters.next(kind)}"
