"""What answers about users show, whatever the order they came in (OP-R35)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.call import Request
from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies
from reconciler.model.normalise import normal
from reconciler.model.record import Record, field
from reconciler.providers.omg_platform.brief import as_text
from reconciler.providers.rest.reads import get, one


def address(kind: Kind, email: Json) -> Json:
    """Addresses compare without case."""
    return normal(kind.key_field, email)


def listing(kind: Kind, demand: Demand) -> Request:
    """The list of all active users."""
    return get(demand.target, kind.rest.list.call if kind.rest.list else "")


class Seen(Record):
    """What the answers so far show. `people`: id -> record; `listed`: id -> record as the list has it; `emails`:
    address in normal form -> id; `staff`: staff id -> id; `questions`: what was asked."""

    people: dict[str, JsonObject] = field(default_factory=dict)
    listed: dict[str, JsonObject] = field(default_factory=dict)
    emails: dict[Json, str] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    questions: set[tuple[str, str, tuple[tuple[str, str], ...]]] = field(default_factory=set)

    @classmethod
    def of(cls, kind: Kind, demand: Demand, replies: Replies) -> Seen:
        """Raises ValueError where an answer does not hold what was asked for."""
        found = cls()
        for request, body in replies:
            found.questions.add(_question(request))
            if request.path == listing(kind, demand).path:
                found._list(kind, request, body)
            elif body is not None:
                found._single(kind, request, body)
            else:
                found._gone(request)
        return found

    def asked(self, request: Request) -> bool:
        return _question(request) in self.questions

    def meant(self, kind: Kind, wanted: Mapping[str, Json]) -> str | None:
        """The id of the person that a detail asks about, if anything has shown it."""
        if isinstance(remote_id := wanted.get("id"), str) and remote_id in self.people:
            return remote_id
        if (staff := wanted.get("staffId")) is not None:
            return self.staff.get(str(staff))
        known = (
            self.emails.get(address(kind, wanted.get(n))) for n in ("key", "email", "former") if wanted.get(n)
        )
        return next((i for i in known if i is not None), None)

    def lacks(self, kind: Kind, remote_id: str, names: Json) -> bool:
        """Whether the list showed this person, but not all of these fields."""
        record = self.listed.get(remote_id)
        wires = [kind.fields[str(n)].wire for n in names if n in kind.fields] if isinstance(names, list) else []
        return record is not None and any(isinstance(pick(record, at), Missing) for at in wires)

    def _list(self, kind: Kind, request: Request, body: Json) -> None:
        items = pick(body, kind.rest.list.items) if kind.rest.list else None
        if isinstance(items, dict):  # an object that holds exactly one list (OP-R3)
            lists = [v for v in items.values() if isinstance(v, list)]
            items = lists[0] if len(lists) == 1 else items
        if not isinstance(items, list):
            raise ValueError(f"{request}: the answer holds no list")  # noqa: TRY004 - of the answer, not of its type
        for record in items:
            remote_id = self._add(kind, request, _certain(record))
            self.listed[remote_id] = self.people[remote_id]

    def _single(self, kind: Kind, request: Request, body: Json) -> None:
        remote_id = self._add(kind, request, pick(body, "/data"))
        asked = dict(request.query)
        if not asked and one(kind, Demand(request.target, kind.name), remote_id).path != request.path:
            raise ValueError(f"{request}: the answer holds another user, {remote_id}")
        if "staffid" in asked:
            self.staff[asked["staffid"]] = remote_id

    def _add(self, kind: Kind, request: Request, record: Json | Missing) -> str:
        remote_id = as_text(record.get("id")) if isinstance(record, dict) else ""
        if not isinstance(record, dict) or not remote_id:
            raise ValueError(f"{request}: a user without an id")
        whole = {**self.people.get(remote_id, {}), **record}
        self.people[remote_id] = whole
        email = pick(whole, kind.key_field.wire)
        if isinstance(email, str):
            self.emails[address(kind, email)] = remote_id
        return remote_id

    def _gone(self, request: Request) -> None:
        """Who was listed, and is not there when asked for alone."""
        at = request.path.rpartition("/")[2]
        if not request.query and at in self.people:
            del self.people[at]


def _certain(record: Json) -> Json:
    """What a short record says for sure: without a name beside it, `job_role` may be the id or the name."""
    if not isinstance(record, dict) or "job_role_name" in record:
        return record
    return {name: value for name, value in record.items() if name != "job_role"}


def _question(request: Request) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return request.method, request.path, request.query
