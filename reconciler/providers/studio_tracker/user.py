"""User: there is no list of people, so they are gathered from the lists that name them, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reconciler.model.call import Request
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.providers.rest.reads import get

TEAMS, INVITATIONS, WORKLOAD = "/api/client-teams", "/api/org/invitations", "/api/workload"


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """One look-up for people who were invited meanwhile: the invitations, if they told user ids, else the workload
    (ST-R62)."""
    told = any(d.get("invitations") is True for d in demand.details)
    return replace(demand, details=({"only": INVITATIONS if told else WORKLOAD},))


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """Teams, which are read anyhow; then invitations, then the workload, each only while somebody is unresolved
    (ST-R27)."""
    if (only := next((d["only"] for d in demand.details if "only" in d), None)) is not None:
        query = {"numWeeks": "1"} if only == WORKLOAD else None
        return [] if replies else [get(demand.target, f"GET {only}", query)]
    steps = [
        get(demand.target, f"GET {TEAMS}"),
        get(demand.target, f"GET {INVITATIONS}"),
        get(demand.target, f"GET {WORKLOAD}", {"numWeeks": "1"}),
    ]
    known = {email.casefold() for email, user_id, _ in people(replies) if user_id}
    if len(replies) == len(steps) or (replies and all(w.casefold() in known for w in demand.wanted)):
        return []
    return [steps[len(replies)]]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Everybody any list named. One address with two ids stays twice, and is refused as ambiguous (ST-R28)."""
    seen: dict[tuple[str, str], Resource] = {}
    for email, user_id, name in people(replies):
        if not email or not user_id:
            continue
        fields: dict[str, Json] = {"email": email, "name": name}
        seen.setdefault((user_id, email.casefold()), Resource(user_id, email, fields, name or email))
    proof = Proof(complete=True, by="every list that names people, as far as needed")
    told = any(user_id for _, user_id, _ in people(tuple(r for r in replies if r[0].path == INVITATIONS)))
    return Collection(kind.name, tuple(seen.values()), proof, {"invitations": told})


def people(replies: Replies) -> Iterator[tuple[str, str, str]]:
    """(e-mail, user id, name) of everybody named in the answers. An invitation's own id is no user id (ST-R28)."""
    for request, body in replies:
        if request.path == TEAMS:
            for team in _list(body):
                yield from (
                    _person(m, "/user/email", ("/userId", "/user/id")) for m in _list(pick(team, "/members"))
                )
        elif request.path == INVITATIONS:
            yield from (_person(i, "/email", ("/userId",)) for i in _list(body))
        elif request.path == WORKLOAD:
            rows = _list(body) or _list(pick(body, "/users"))
            yield from (_person(u, "/email", ("/id",)) for u in rows)


def _list(value: object) -> list[Json]:
    return value if isinstance(value, list) else []


def _person(record: Json, email_at: str, id_at: tuple[str, ...]) -> tuple[str, str, str]:
    email = pick(record, email_at)
    ids = [i for at in id_at if isinstance(i := pick(record, at), str)]
    name = pick(record, email_at.replace("email", "name"))
    return (email if isinstance(email, str) else "", ids[0] if ids else "", name if isinstance(name, str) else "")
