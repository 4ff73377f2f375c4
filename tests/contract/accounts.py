"""Steps of a story about users of OMG Platform: plan, count by OP-C1 to OP-C5, apply, find nothing left to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical
from reconciler.model.plan import Plan
from reconciler.twins.omg_platform.things import User
from tests.contract.briefs import Deed
from tests.world import PLATFORM, World, check_log, doc

JPEG = b"\xff\xd8\xff\xe0 a picture"
FIELDS = {
    "email", "staffId", "firstName", "lastName", "owningAgency", "owningAgencyId", "jobRole", "jobRoleName",
    "avatar",
}  # fmt: skip
IDS = {"owningAgency", "owningAgencyId", "jobRole", "jobRoleName"}


@dataclass(frozen=True, slots=True)
class House:
    """A tenant with two agencies, two job roles and some people, all in the UK and producers. Ids as texts."""

    p: World
    uk: str
    us: str
    producer: str
    director: str
    people: Mapping[str, str]

    @property
    def lists_ids(self) -> bool:
        return not self.p.platform.knobs.hard("OP-P14")

    def live(self, name: str) -> User:
        return next(u for u in self.p.platform.users() if str(u.id) == self.people[name])


def house(p: World, *names: str) -> House:
    """People called so, at `<name>@example.com` with the staff id `S-<name>`."""
    p.platform.reset()
    t = p.platform
    uk, us = t.add_agency("House UK"), t.add_agency("House US")
    producer, director = t.add_job_role("House Producer"), t.add_job_role("House Director")
    people = {
        n: t.add_user(f"{n}@example.com", n.title(), "Doe", staffid=f"S-{n}", agency_id=uk, job_role=producer)
        for n in names
    }
    return House(p, uk, us, producer, director, people)


def user(name: str, /, **words: object) -> Document:
    """A user's document: `words` are fields of its spec, all else metadata. Known by the address, else as said."""
    spec = {k: v for k, v in words.items() if k in FIELDS}
    metadata = {k: v for k, v in words.items() if k not in FIELDS}
    known = "staffId" in spec or "pinned_id" in metadata
    own = {} if known else {"email": f"{name}@example.com"}
    return doc("platform/User", name, {**own, **spec}, **metadata)  # type: ignore[dict-item]


def at(name: str) -> Address:
    return Address(PLATFORM, "User", name)


def picture(p: World, folder: Path, name: str, data: bytes = JPEG) -> Json:
    """A file of the project, as the loader puts it into a spec."""
    p.root = folder
    (folder / name).write_bytes(data)
    return {"$file": {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}


def planned(h: House, *documents: Document) -> Plan:
    """A plan, and what it cost to make (OP-C1)."""
    p = h.p
    p.documents = list(documents)
    p.platform.log.clear()
    plan = p.plan()
    assert sorted(plan.reads) == sorted(f"{PLATFORM}: {e.call}" for e in p.platform.log)
    assert len(plan.reads) == reads_needed(h, documents)
    assert (len(plan.writes), plan.contingent) == (plan.bound, ())
    return plan


def reads_needed(h: House, documents: Iterable[Document]) -> int:
    """OP-C1: 1 for one user, the list for several; one per listed user of whom it lacks a declared field; one per
    id or address that has not shown, and per staff id whose person the ledger does not know."""
    known, people = h.p.recorded.bonds, list(documents)
    active = {str(u.id): u.email.casefold() for u in h.p.platform.users() if u.active}
    every = {str(u.id): u.email.casefold() for u in h.p.platform.users()}
    several = sum("staffId" not in d.spec or d.address in known for d in people) > 1
    count, shown = int(several), dict(active) if several else {}
    singly: set[str] = set()
    for document in people:
        former = document.address._replace(name=document.previous_name or document.address.name)
        bond = known.get(document.address) or known.get(former)
        one = document.pinned_id or (bond.id if bond else None)
        if one is not None and one not in shown:
            count, singly = count + 1, singly | {one}
            shown |= {one: every[one]} if one in every else {}
        if one is None and "staffId" in document.spec:
            count += 1
            singly |= {str(u.id) for u in h.p.platform.users() if u.staffid == document.spec["staffId"]}
        for email in _addresses(document, bond.key if bond else None):
            if email not in shown.values():
                count += 1
                there = next((i for i, e in every.items() if e == email), None)
                if there is not None and (there in active or not h.p.platform.knobs.hard("OP-P15")):
                    shown, singly = {**shown, there: email}, singly | {there}
        asks = not h.lists_ids and IDS & document.spec.keys()
        meant = one or next((i for i, e in shown.items() if e == str(document.spec.get("email")).casefold()), None)
        meant = meant or next((i for i, e in shown.items() if e == document.previous_key), None)
        if several and asks and meant in active and meant not in singly:
            count, singly = count + 1, singly | {str(meant)}
    return count


def _addresses(document: Document, applied: Json) -> Iterator[str]:
    email, former = document.spec.get("email"), document.previous_key
    if isinstance(email, str):
        yield email.casefold()
    if isinstance(former, str) and str(applied).casefold() != str(email).casefold():
        yield former.casefold()


def applied(h: House, plan: Plan) -> Deed:
    """Apply a plan: the log is the plan, and its counts are those of OP-C2, OP-C4 and OP-C5."""
    p = h.p
    p.platform.log.clear()
    report = p.apply(plan)
    check_log(p, plan, report)
    writes = [e for e in p.platform.log if e.write]
    touched = {c.live_id for c in plan.writes}
    puts = {c.live_id for c in plan.writes if c.method == "PUT"}
    lacking = {c.live_id for c in plan.writes if not h.lists_ids and c.effect.fields.keys() & IDS}
    active = {str(u.id) for u in p.platform.users() if u.active}
    alone = lacking | (touched - active)
    assert len(report.requests.get("preconditions", ())) == min(len(touched), 1 + len(alone)) * bool(touched)
    if all(o.end == "done" for o in report.outcomes):
        silent = p.platform.knobs.hard("OP-P6")
        least = min(len(puts), 1 + len(alone & puts)) * bool(puts and silent)
        assert len(report.requests.get("verify", ())) == least
    sent = [e.call if "avatar" in e.call else f"{e.call} {canonical(e.body)}" for e in writes]
    return Deed(plan, report, sent)


def carried_out(h: House, *documents: Document) -> Deed:
    """Plan and apply, all of it done; a second plan has no call."""
    plan = planned(h, *documents)
    deed = applied(h, plan)
    assert set(deed.ends) <= {"done"}
    left = planned(h, *documents)
    assert [c.line for c in left.writes] == []
    return deed


def rules(plan: Plan) -> dict[str, list[str]]:
    """Name -> the rules that hold it."""
    return {a.address.name: sorted(h.rule for h in a.holds) for a in plan.actions if a.holds}
