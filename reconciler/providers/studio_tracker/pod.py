"""Pod: everybody has one home, so whoever is to be in another pod is never taken out of the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.change import Change
from reconciler.model.document import Document
from reconciler.model.entries import entry_text
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import rest
from reconciler.providers.rest.reads import get, unasked
from reconciler.providers.rest.renames import through_temporary
from reconciler.providers.studio_tracker.pod_review import LEAD, MEMBERS, inside, review
from reconciler.providers.studio_tracker.pod_slugs import set_aside
from reconciler.providers.studio_tracker.user import PODS, WORKLOAD, in_pod

__all__ = ["bound", "calls", "check", "details", "parse", "reads", "review", "settled"]


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """Nobody is in two declared pods, whatever the spelling of the address or under whatever id (ST-R66)."""
    return [*_in_two_pods(documents)]


def _in_two_pods(documents: Sequence[Document]) -> Iterator[Problem]:
    first: dict[str, Document] = {}
    for document in documents:
        for i, member in _members(document):
            person, pinned = (
                (member.get("user"), member.get("userId")) if isinstance(member, dict) else (member, None)
            )
            names = [str(person).casefold(), *([f"id {pinned}"] if pinned else [])]
            others = [other for name in names if (other := first.setdefault(name, document)) is not document]
            for other in others[:1]:
                text = f"{document.address}: {person} is in {other.address} too"
                place = document.at("spec", MEMBERS, i)
                yield Problem(place, text, "everybody has one home pod: take one of the two out", rule="ST-R66")


def _members(document: Document) -> Iterator[tuple[int, Json]]:
    members = document.spec.get(MEMBERS)
    yield from enumerate(members if isinstance(members, list) else [])


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001
) -> tuple[JsonObject, ...]:
    """Whether it matters who is in the pods: members are declared, or a pod is to be deleted (ST-R70)."""
    declared = {d.address for d in documents}
    matters = any(MEMBERS in d.spec for d in documents) or any(b.address not in declared for b in bonds)
    return ({"homes": True},) if matters else ()


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The pod list; where it embeds nobody and that matters, the workload, which may tell homes (ST-R70)."""
    first = rest.reads(kind, replace(demand, details=()), replies)
    if first or not demand.details or all(map(_shows_members, _pods(replies))):
        return first
    return unasked([replace(get(demand.target, f"GET {WORKLOAD}", {"numWeeks": "1"}), may_fail=True)], replies)


def _pods(replies: Replies) -> list[Json]:
    lists = (body for request, body in replies if request.path == PODS and isinstance(body, list))
    return [pod for pods in lists for pod in pods]


def _shows_members(pod: Json) -> bool:
    """Whether a listed pod says who is in it: everybody by an id."""
    members = pick(pod, f"/{MEMBERS}")
    return isinstance(members, list) and all(in_pod(m)[1] for m in members)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """The pods, each with the ids of its members where anything that was read tells them (ST-R70)."""
    homes = _homes(replies)
    listed = [_with_members(pod, homes) for pod in _pods(replies)]
    found = rest.parse(kind, replace(demand, details=()), _relisted(replies, listed))
    people = {pick(pod, "/id"): _names(pod) for pod in _pods(replies)}
    return replace(found, resources=tuple(replace(r, names=people.get(r.id, {})) for r in found.resources))


def _relisted(replies: Replies, pods: list[Json]) -> Replies:
    """The list as it is understood; an answer that is none stays as it is, for the shape to be refused."""
    return tuple((r, pods if isinstance(body, list) else body) for r, body in replies if r.path == PODS)


def _with_members(pod: Json, homes: Mapping[str, list[str]] | None) -> Json:
    if not isinstance(pod, dict):
        return pod
    members, bare = pod.get(MEMBERS), {name: value for name, value in pod.items() if name != MEMBERS}
    if _shows_members(pod) and isinstance(members, list):
        return {**bare, MEMBERS: [{"user": in_pod(m)[1]} for m in members]}
    return bare if homes is None else {**bare, MEMBERS: [{"user": i} for i in homes.get(str(pod.get("id")), [])]}


def _names(pod: Json) -> dict[str, str]:
    members = pick(pod, f"/{MEMBERS}")
    people = (in_pod(m) for m in members) if isinstance(members, list) else ()
    return {user_id: email for email, user_id, _ in people if email}


def _homes(replies: Replies) -> dict[str, list[str]] | None:
    """Pod -> the ids of whose home it is, by the workload; None where that does not tell everybody's home."""
    answer = next((body for request, body in replies if request.path == WORKLOAD), None)
    rows = answer if isinstance(answer, list) else pick(answer, "/users")
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) and "homePodId" in r for r in rows):
        return None
    homes: dict[str, list[str]] = {}
    for row in rows:
        homes.setdefault(str(pick(row, "/homePodId")), []).append(str(pick(row, "/id")))
    return homes


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """The ordinary calls. A pod is deleted once the last who moves out of it has moved, and while the rest of what
    was seen of its members holds; a move waits for nothing but its new pod (ST-R67, ST-R69)."""
    ordinary = _by_way_of_others(kind, changes, [_without_null_lead(c) for c in rest.calls(kind, changes)])
    gone = {c.address: c for c in changes if c.removes and c.live is not None}
    moves = {_who(c): c.id for c in ordinary if c.phase is Phase.ADD}
    needed = {at: frozenset(moves[p] for p in inside(c.live) if p in moves) for at, c in gone.items()}
    early = frozenset[str]().union(*needed.values())
    live = {c.address for c in changes if c.live is not None}
    found = []
    for call in ordinary:
        if call.phase is Phase.DELETE:
            call = replace(call, after=call.after | needed.get(call.address, frozenset()), clobbers=(MEMBERS,))  # noqa: PLW2901
        elif call.id in early and call.address in live:
            call = replace(call, waits=frozenset())  # noqa: PLW2901 - a slug that the deleted pod frees comes later
        found.append(call)
    return found


def _by_way_of_others(kind: Kind, changes: Sequence[Change], ordinary: Sequence[Call]) -> list[Call]:
    """Who has to leave a slug before its next one is free goes by a temporary one (ST-R69)."""
    found = [*ordinary]
    for new, leaver in set_aside(kind, changes).items():
        own = next(i for i, c in enumerate(found) if c.address == leaver and c.phase is Phase.UPDATE)
        change = next(c for c in changes if c.address == leaver)
        aside, final = through_temporary(kind, [change], found[own])
        made = {f"{new}#create"}
        found[own : own + 1] = [aside, final]
        found = [replace(c, after=(c.after - {final.id}) | {aside.id}) if c.id in made else c for c in found]
    return found


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """ST-C13."""
    return rest.bound(kind, changes) + len(set_aside(kind, changes))


def _who(call: Call) -> str:
    return entry_text(call.body.get("userId")) if isinstance(call.body, dict) else ""


def _without_null_lead(call: Call) -> Call:
    """A new pod has no lead, and whether null may be sent is not documented: it is not said at a create."""
    wire = "leadUserId"
    if call.phase is not Phase.CREATE or not isinstance(call.body, dict) or call.body.get(wire, "") is not None:
        return call
    return replace(
        call,
        body={name: value for name, value in call.body.items() if name != wire},
        expect={at: value for at, value in call.expect.items() if at != f"/{wire}"},
        effect=replace(call.effect, fields={n: v for n, v in call.effect.fields.items() if n != LEAD}),
    )


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """As ever; where nobody can tell who is in a pod, a membership counts as not sent: it says where somebody
    belongs, and may be said again (ST-R70)."""
    verdict = rest.settled(kind, call, live)
    return False if verdict is None and call.set_field == MEMBERS and live.proof.complete else verdict
