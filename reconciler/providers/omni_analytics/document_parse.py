"""Documents out of lists, access lists and single reads, each with what came of it (OA-R101 to OA-R107)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import Record, field, replace
from reconciler.providers.omni_analytics.document_asked import (
    ACCESS,
    PLACE,
    asked_about,
    known,
    of_all,
    parts,
)
from reconciler.providers.omni_analytics.document_lists import (
    access_list,
    identifier,
    of_main,
    pages_of_all,
    proven,
    single,
)
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS, TYPES, refused
from reconciler.providers.rest.parse import proof
from reconciler.providers.rest.reads import by_path, of_list, records

UNLISTED: Final = "unlisted"
UNPROVEN: Final = "unproven"
FORBIDDEN: Final = "forbidden"
ADDRESSES: Final = "addresses"
"""What a reading tells besides (`Collection.seen`): documents that no list shows, those whose access list did not
come whole, those whose grants the key may not see; people's addresses, by id."""


class Seen(Record):
    """What the reading of all documents has brought to light besides their fields."""

    unlisted: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)

    def told(self) -> JsonObject:
        return {
            UNLISTED: list[Json](self.unlisted),
            UNPROVEN: list[Json](self.unproven),
            FORBIDDEN: list[Json](self.forbidden),
            ADDRESSES: dict[str, Json](self.addresses),
        }


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Every document that is listed or answers by itself. Raises ValueError on answers of another shape."""
    listed = {identifier(r): r for r in records(kind, replies)}
    answers = {(r.path, r.query): body for r, body in replies}
    seen, found = Seen(), dict[str, Resource]()
    for own, record in listed.items():
        if not _deleted(record):
            found[own] = _from_list(own, record)
    for own in asked_about(demand):
        if own in listed and own not in found:
            continue  # in the trash
        if (one := _alone(demand, own, found.get(own), answers, seen)) is not None:
            found[own] = _with_access(demand, one, replies, seen)
    details = known(
        demand, {i: _folder(r) for i, r in found.items()}, pages_of_all(of_main(of_list(kind, replies)))
    )
    told = _proof(kind, demand, replies, seen, listed)
    return Collection(kind.name, tuple(found.values()), told, seen.told(), details=details)


def _proof(kind: Kind, demand: Demand, replies: Replies, seen: Seen, listed: Mapping[str, Json]) -> Proof:
    """Each document that is asked about was listed, or answered by itself; what no list shows is believed where
    the list of all is complete (OA-R104)."""
    if of_all(demand):
        return proof(kind, demand, of_list(kind, replies))
    if seen.unproven:
        return Proof(False, f"the access list of {', '.join(seen.unproven)} does not come whole")
    placed = {p.id for p in parts(demand, PLACE)}
    if placed <= listed.keys() or proven(kind, demand, replies):
        return Proof(True, "each document was shown, or asked for")
    return Proof(False, "the list of documents is shorter than it says")


def _deleted(record: Json) -> bool:
    """In the trash: such a thing is never matched (OA-R104)."""
    return pick(record, "/deleted") is True or isinstance(pick(record, "/deletedAt"), str)


def _from_list(own: str, record: Json) -> Resource:
    """What a list shows of a document; the folder of one at the root is None."""
    name, owner, scope = (pick(record, at) for at in ("/name", "/owner/id", "/scope"))
    folder = pick(record, "/folder")
    held: dict[str, Json] = {"identifier": own}
    held |= {n: v for n, v in (("name", name), ("owner", owner), ("scope", scope)) if isinstance(v, str)}
    if folder is None or isinstance(folder, dict):
        inside = pick(folder, "/id")
        held["folder"] = inside if isinstance(inside, str) else None
    labels = pick(record, "/labels")
    if isinstance(labels, list):
        held["labels"] = [*dict.fromkeys(_label(one) for one in labels)]
    names = (
        {owner: shown} if isinstance(owner, str) and isinstance(shown := pick(record, "/owner/name"), str) else {}
    )
    return Resource(own, own, held, name if isinstance(name, str) else "", names=names)


def _label(one: Json) -> Json:
    """A label as text, or as an object that names it (OA-R107). Raises ValueError on anything else."""
    text = pick(one, "/name") if isinstance(one, dict) else one
    if not isinstance(text, str):
        raise ValueError("a label of a document has no name")  # noqa: TRY004 - the API's mistake
    return text


Answers = Mapping[tuple[str, tuple[tuple[str, str], ...]], Json]


def _alone(demand: Demand, own: str, listed: Resource | None, answers: Answers, seen: Seen) -> Resource | None:
    """The document with what it says of itself. None where it is not there; where nobody was asked, and it is
    about to be written, it is taken for being there (OA-R103)."""
    alone, access = single(demand, own), access_list(demand, own)
    body = answers.get((alone.path, alone.query))
    asked = (alone.path, alone.query) in answers
    let_in = (access.path, access.query) in answers
    if listed is None and asked and body is None:
        return None
    if listed is None and not asked and let_in and answers[access.path, access.query] is None:
        return None
    if listed is None and not asked and not let_in:
        return Resource(own, own, {"identifier": own}) if own in demand.fresh else None
    if listed is None and any(p.id == own for p in parts(demand, PLACE)):
        seen.unlisted.append(own)
    found = listed or Resource(own, own, {"identifier": own})
    name, model = pick(body, "/name"), pick(body, "/modelId")
    held = {n: v for n, v in (("name", name), ("model", model)) if isinstance(v, str)}
    label = found.label or (name if isinstance(name, str) else "")
    return replace(found, fields={**held, **found.fields}, label=label)


def _folder(resource: Resource) -> str | None:
    folder = resource.fields.get("folder")
    return folder if isinstance(folder, str) else None


# Who may do what


def _with_access(demand: Demand, one: Resource, replies: Replies, seen: Seen) -> Resource:
    """The document with the grants of its access list; the owner's entry tells the owner and is no grant
    (OA-R105)."""
    first = access_list(demand, one.id)
    bodies = [body for _, body in by_path(replies).get(first.path, ()) if body is not None]
    if not bodies:
        return one
    if any(map(refused, bodies)):
        seen.forbidden.append(one.id)
        return one
    principals = {(str(pick(p, "/type")), str(pick(p, "/id"))): p for b in bodies for p in _principals(b)}
    if not _whole(bodies, len(principals)):
        seen.unproven.append(one.id)
        return one
    shown: dict[str, Json] = {}
    owner: str | None = None
    names = dict(one.names)
    for (word, principal), entry in principals.items():
        _note(entry, principal, names, seen)
        if pick(entry, "/isOwner") is True:
            owner = principal
        elif word in TYPES and pick(entry, "/accessSource") in ("direct", None):
            shown[principal] = _entry(TYPES[word], principal, entry)
    told = {"owner": owner, **one.fields} if owner is not None else dict(one.fields)
    hidden = next((p.hidden for p in parts(demand, ACCESS) if p.id == one.id), ())
    unknown = tuple(p for p in hidden if p not in shown and p != owner)
    held: dict[str, Json] = {**told, PERMISSIONS: [shown[p] for p in sorted(shown)]}
    return replace(one, fields=held, names=names, unknown={PERMISSIONS: unknown})


def _principals(body: Json) -> Iterator[Json]:
    """Raises ValueError where the answer holds none."""
    found = pick(body, "/principals")
    if not isinstance(found, list):
        raise ValueError("the answer about access holds no list of principals")  # noqa: TRY004 - the API's mistake
    yield from found


def _whole(bodies: Sequence[Json], count: int) -> bool:
    total = pick(bodies[-1], "/pageInfo/totalRecords")
    return pick(bodies[-1], "/pageInfo/hasNextPage") is False and total == count


def _note(entry: Json, principal: str, names: dict[str, str], seen: Seen) -> None:
    name, address = pick(entry, "/name"), pick(entry, "/email")
    if isinstance(name, str) and name:
        names[principal] = name
    if isinstance(address, str):
        seen.addresses[principal] = address


def _entry(key: str, principal: str, entry: Json) -> JsonObject:
    role = pick(entry, "/role")
    if not isinstance(role, str):
        raise ValueError(f"a grant of {principal} has no role")  # noqa: TRY004 - the API's mistake
    return {
        key: principal,
        "role": "EXPLORER" if role == "INTERACTOR" else role,
        "accessBoost": pick(entry, "/accessBoost") is True,
    }
