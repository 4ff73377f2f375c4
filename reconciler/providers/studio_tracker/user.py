"""User: there is no list of people, so they are gathered from the lists that name them, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.rest.reads import get, unasked

TEAMS, PODS = "/api/client-teams", "/api/pods"
INVITATIONS, WORKLOAD = "/api/org/invitations", "/api/workload"
EMBEDDING: Final[Mapping[str, str]] = {"ClientTeam": TEAMS, "Pod": PODS}
"""Kind -> the list of it, which embeds people."""


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],  # noqa: ARG001
    bonds: Sequence[Bond],  # noqa: ARG001
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """The lists that are read anyway, and embed people (ST-R27, ST-R29)."""
    return read_anyway(others)


def read_anyway(others: Mapping[str, Collection]) -> tuple[JsonObject, ...]:
    """One detail `{embedded: path}` for each list of people that is read for its own sake."""
    read = (name for name in EMBEDDING if name in others and others[name].seen.get("listed") is not False)
    return tuple({"embedded": EMBEDDING[name]} for name in read)


def embedded(demand: Demand) -> list[Request]:
    """The requests of these lists: each is shared with the kind that it is the list of."""
    return [get(demand.target, f"GET {d['embedded']}") for d in demand.details if "embedded" in d]


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """One look-up for people who were invited meanwhile: the invitations, if they told user ids, else the workload
    (ST-R62)."""
    told = any(d.get("invitations") is True for d in demand.details)
    return replace(demand, details=({"only": INVITATIONS if told else WORKLOAD},))


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """Teams and pods, as far as they are read anyhow; then invitations, then the workload, each only while
    somebody is unresolved (ST-R27)."""
    if (only := next((d["only"] for d in demand.details if "only" in d), None)) is not None:
        query = {"numWeeks": "1"} if only == WORKLOAD else None
        return [] if replies else [get(demand.target, f"GET {only}", query)]
    first = unasked(embedded(demand), replies)
    known = {email.casefold() for email, user_id, _ in people(replies) if user_id}
    everybody = any("everybody" in d for d in demand.details)
    if first or (not everybody and all(w.casefold() in known for w in demand.wanted)):
        return first
    steps = [
        get(demand.target, f"GET {INVITATIONS}"),
        get(demand.target, f"GET {WORKLOAD}", {"numWeeks": "1"}),
    ]
    return unasked(steps, replies)[:1]


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
        elif request.path == PODS:
            for pod in _list(body):
                yield from (in_pod(m) for m in _list(pick(pod, "/members")))
        elif request.path == INVITATIONS:
            yield from (_person(i, "/email", ("/userId",)) for i in _list(body))
        elif request.path == WORKLOAD:
            rows = _list(body) or _list(pick(body, "/users"))
            yield from (_person(u, "/email", ("/id",)) for u in rows)


def in_pod(member: Json) -> tuple[str, str, str]:
    """(e-mail, user id, name) of an embedded member of a pod, empty where it does not say: the person as such, or
    as in a team (ST-A39)."""
    if isinstance(pick(member, "/user"), dict):
        return _person(member, "/user/email", ("/userId", "/user/id"))
    return _person(member, "/email", ("/userId", "/id"))


def _list(value: object) -> list[Json]:
    return value if isinstance(value, list) else []


def _person(record: Json, email_at: str, id_at: tuple[str, ...]) -> tuple[str, str, str]:
    email = pick(record, email_at)
    ids = [i for at in id_at if isinstance(i := pick(record, at), str)]
    name = pick(record, email_at.replace("email", "name"))
    return (email if isinstance(email, str) else "", ids[0] if ids else "", name if isinstance(name, str) else "")
