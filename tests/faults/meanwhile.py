"""Somebody else writes too, at a moment of the worst kind. What was changed after the plan was made, and before
its preconditions are read again, is never overwritten; what is changed later is lost only where a request that is
under way, or waits for its turn, writes that same field.

    python -m tests.faults.meanwhile --count 200 --seed 1

Somebody is a second set of manifests without a past, applied in full at that moment.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from reconciler import workflow
from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.outcome import End, Outcome, Report
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from tests.faults.stage import Moment, Stage, staged
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER, TWINS, doc, hasty_clock

JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria", "chen"))
REFUSED, KEPT, LOST, LATE = "refused", "kept", "lost", "too late"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing and the values that its fields may have. Those of a set only ever gain entries. `unread`: what it
    needs besides, and no reading shows."""

    kind: str
    name: str
    same: Mapping[str, Json]
    varied: Mapping[str, Sequence[Json]]
    pinned: str = ""
    unread: Mapping[str, Json] = field(default_factory=dict)

    def document(self, values: Mapping[str, Json], *, only: bool = False) -> Document:
        """With these values and, unless `only`, the first of every other field. Where that is asked, a set need
        hold no more than is said."""
        first = {} if only else {**self.unread, **{n: choices[0] for n, choices in self.varied.items()}}
        modes = {f"{n}Mode": "additive" for n in values if only and self.adds(n)}
        more = {"pinned_id": self.pinned} if self.pinned else {}
        return doc(
            self.kind, self.name, {**self.same, **first, **values, **modes}, allow=["first-removals"], **more
        )

    def adds(self, name: str) -> bool:
        return isinstance(self.varied[name][0], list)


def _entries(*texts: str) -> list[Json]:
    return [[{"locale": "en_GB", "text": texts[0]}, {"locale": "de_DE", "text": text}] for text in texts]


_EMAIL: Mapping[str, Json] = {
    "document": "d0c00002",
    "format": "pdf",
    "destination": "email",
    "recipients": [JANE],
}
_SUBJECT: Mapping[str, Json] = {"subject": "Sales"}
THINGS: Mapping[str, Sequence[Thing]] = {
    OMNI: (
        Thing("UserGroup", "fin", {"name": "Fin"}, {"members": [[JANE], [JANE, BOB], [JANE, CHEN]]}),
        Thing("UserGroup", "law", {"name": "Law"}, {"members": [[BOB], [BOB, JANE], [BOB, CHEN]]}),
        Thing(
            "Schedule",
            "weekly",
            {**_EMAIL, "name": "Weekly"},
            {
                "cron": ["0 9 ? * MON *", "0 8 ? * MON *", "0 7 ? * TUE *"],
                "timezone": ["UTC", "Europe/Paris", "Asia/Tokyo"],
            },
            unread=_SUBJECT,
        ),
        Thing(
            "Schedule",
            "daily",
            {**_EMAIL, "name": "Daily", "timezone": "UTC"},
            {"cron": ["0 9 * * ? *", "0 8 * * ? *", "0 7 * * ? *"]},
            unread=_SUBJECT,
        ),
    ),
    TRACKER: (
        Thing(
            "ClientTeam",
            "crew",
            {"slug": "crew"},
            {
                "name": ["Crew", "The crew", "Crews"],
                "members": [[{"user": JANE}], [{"user": JANE}, {"user": BOB}]],
            },
        ),
        Thing("ClientTeam", "acme", {"slug": "acme"}, {"name": ["Acme", "ACME", "Acme Global"]}),
        Thing("Pod", "red", {"slug": "red"}, {"name": ["Red", "Reds", "The reds"]}),
        Thing(
            "Project",
            "job",
            {"omgJobNumber": "3000001", "projectCode": "P-1", "team": "crew"},
            {"name": ["One", "The one", "Number one"], "priority": ["LOW", "MEDIUM", "HIGH", "URGENT"]},
        ),
    ),
    CORE: (
        Thing("Keyword", "warm", {"path": "Warm"}, {"labels": _entries("Warm", "Heiß", "Lau")}),
        Thing("Keyword", "cold", {"path": "Cold"}, {"labels": _entries("Kalt", "Kühl", "Eisig")}),
        Thing(
            "core/AttributeDefinition",
            "care",
            {"identifier": "care", "type": "text"},
            {"labels": _entries("Pflege", "Waschen", "Putzen")},
        ),
    ),
    CMS: (
        Thing(
            "Component",
            "hub",
            {"space": "Website", "key": "hub", "type": "page"},
            {"name": ["Hub", "The hub", "Hubs"], "content": ["<p>1</p>", "<p>2</p>", "<p>3</p>"]},
        ),
        Thing(
            "Component",
            "leaf",
            {"space": "Website", "key": "leaf", "type": "block"},
            {"name": ["Leaf", "Leaves", "A leaf"], "sequence": [1, 2, 3]},
        ),
    ),
    PLATFORM: (
        Thing(
            "platform/User",
            "bob",
            {"email": BOB},
            {"firstName": ["Bob", "Rob", "Robert"], "lastName": ["A", "B", "C"]},
        ),
        Thing("platform/User", "jane", {"email": JANE}, {"lastName": ["J", "K", "L"]}),
        Thing(
            "Brief",
            "one",
            {"deadline": "2026-09-01", "businessArea": "UK/Retail"},
            {"title": ["One", "Two", "Three"], "summary": ["A", "B", "C"]},
            pinned="1",
        ),
    ),
}
"""Per system, what there is."""


@dataclass(slots=True)
class Clash:
    """Two wishes for the same things. `ours`: thing -> the values that we want of it; `theirs`: what somebody else
    does to one of them, at our n-th write (0: before our preconditions are read)."""

    things: Sequence[Thing]
    ours: Mapping[str, Mapping[str, Json]]
    thing: Thing
    theirs: Mapping[str, Json]
    n: int

    def documents(self) -> list[Document]:
        return [t.document(self.ours.get(t.name, {})) for t in self.things]

    @property
    def fields(self) -> set[str]:
        return self.theirs.keys() & self.ours[self.thing.name].keys()

    def __str__(self) -> str:
        when = f"at write {self.n}" if self.n else "before the preconditions"
        return f"ours {dict(self.ours)}; theirs {self.thing.name} {dict(self.theirs)}, {when}"


def drawn(rng: random.Random, things: Sequence[Thing]) -> Clash:
    chosen = rng.sample(things, min(len(things), rng.randint(2, 3)))
    ours = {t.name: _altered(rng, t, {}) for t in chosen}
    thing = rng.choice(chosen)
    return Clash(things, ours, thing, _altered(rng, thing, ours[thing.name]), rng.choice([0, 0, 1, 2, 3]))


def _altered(rng: random.Random, thing: Thing, not_these: Mapping[str, Json]) -> dict[str, Json]:
    """Other values for at least one field, none of them one of `not_these`."""
    found: dict[str, Json] = {}
    for name in rng.sample(sorted(thing.varied), rng.randint(1, len(thing.varied))):
        free = [v for v in thing.varied[name][1:] if v != not_these.get(name)]
        found |= {name: rng.choice(free)} if free else {}
    return found or _altered(rng, thing, not_these)


@dataclass(slots=True)
class Meeting:
    """What came of a clash. `done`: the addresses whose writes had ended when somebody wrote; `late`: our run came
    to its end before that."""

    plan: Plan
    report: Report
    done: list[Address] = field(default_factory=list)
    kept: bool = False
    late: bool = False
    left: list[str] = field(default_factory=list)

    def ends(self, name: str) -> set[End]:
        by_call = {c.id: c.address.name for c in self.plan.calls}
        return {o.end for o in self.report.outcomes if by_call[o.call] == name} - {End.UNNEEDED}

    def written(self, name: str) -> set[str]:
        """The fields that the requests for a thing overwrite, as declared or as they were."""
        own = [c for c in self.plan.calls if c.address.name == name]
        return {f for c in own for f in (*c.effect.fields, *c.clobbers, c.set_field or "")}


def meet(stage: Stage, base: Moment, clash: Clash) -> Meeting:
    """Let it happen, from the same beginning; then apply once more, which is to end the matter."""
    stage.back_to(base)
    setup = stage.setup(clash.documents())
    plan = asyncio.run(workflow.make_plan(setup))
    done: list[Address] = []
    if clash.n == 0:
        somebody(stage, clash)
    with _at_write(stage, clash, done) as met_at:
        report = asyncio.run(workflow.apply_plan(setup, plan))
    met = Meeting(plan, report, done, kept=_there(stage, clash), late=clash.n > 0 and not met_at)
    stage.run(clash.documents())
    met.left = stage.left(clash.documents())
    return met


def _there(stage: Stage, clash: Clash) -> bool:
    """Whether all that somebody wrote is live."""
    wanted = [clash.thing.document(clash.theirs, only=True)]
    plan = asyncio.run(workflow.make_plan(_without_past(stage, wanted)))
    return not plan.writes


def somebody(stage: Stage, clash: Clash) -> None:
    """Apply what somebody else wants of that one thing, in a thread of its own: we may be in a run."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            setup = _without_past(stage, [clash.thing.document(clash.theirs, only=True)])
            plan = asyncio.run(workflow.make_plan(setup))
            asyncio.run(workflow.apply_plan(setup, plan))
            assert plan.writes, clash
            assert _there(stage, clash), clash
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    if failed:
        raise failed[0]


def _without_past(stage: Stage, documents: Sequence[Document]) -> workflow.Setup:
    book = ephemeral(replace(whoami(), host="elsewhere.example.com"), hasty_clock())
    return replace(stage.setup(documents), ledger=book)


@contextmanager
def _at_write(stage: Stage, clash: Clash, done: list[Address]) -> Iterator[list[Address]]:
    """Somebody writes when the intent of our n-th write is on disk, and nothing has been sent of it. Yields the
    address of that write, once it has come."""
    ledger, count, ended, met = stage.ledger, 0, list[Address](), list[Address]()
    intend, conclude = ledger.intend, ledger.conclude

    def intended(run: str, call: str, address: Address, payload: str) -> None:
        nonlocal count
        intend(run, call, address, payload)
        count += 1
        if count == clash.n:
            done.extend(ended)
            met.append(address)
            somebody(stage, clash)

    def concluded(run: str, address: Address, outcome: Outcome) -> None:
        conclude(run, address, outcome)
        ended.append(address)

    ledger.intend, ledger.conclude = intended, concluded  # type: ignore[method-assign]
    try:
        yield met
    finally:
        ledger.intend, ledger.conclude = intend, conclude  # type: ignore[method-assign]


def judged(clash: Clash, met: Meeting) -> tuple[str, str]:
    """What became of what somebody wrote, and what is wrong with that (nothing, if empty)."""
    name = clash.thing.name
    ends = met.ends(name)
    what = REFUSED if End.STALE in ends else KEPT if met.kept else LOST
    seen = clash.n == 0 or name in {a.name for a in met.done} or not (clash.theirs.keys() & met.written(name))
    if any("changed-by-server" not in line for line in met.left):
        return what, f"a plain run did not end the matter: {met.left}"
    if met.late:
        return LATE, ""
    if what == LOST and seen:
        return what, "it was overwritten, and that could be seen"
    if clash.n == 0 and what != REFUSED and any(not clash.thing.adds(f) for f in clash.fields):
        return what, "a change older than the preconditions was not refused"
    if what == REFUSED and not met.kept:
        return what, "it was refused, and overwritten all the same"
    return what, ""


@dataclass(slots=True)
class Tally:
    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def campaign(stage: Stage, systems: Sequence[str], count: int, seed: int, say: Callable[[str], None]) -> Tally:
    """So many clashes per system."""
    tally = Tally()
    for system in systems:
        stage.rewind()
        things = THINGS[system]
        beginning = [t.document({}) for t in things]
        first = stage.run(beginning)
        assert first.report is not None, first.error
        assert {o.end for o in first.report.outcomes} <= {End.DONE, End.UNNEEDED}, first.report.outcomes
        assert stage.left(beginning) == [], stage.left(beginning)
        base, seen = stage.moment(), Counter[str]()
        for i in range(count):
            clash = drawn(random.Random(f"{seed} {system} {i}"), things)
            what, wrong = judged(clash, meet(stage, base, clash))
            when = "older" if clash.n == 0 else "younger"
            seen[f"{when}: {what}"] += 1
            tally.wrong += [f"{system} {i}: {wrong}: {clash}"] if wrong else []
        tally.tried += seen
        say(f"{system}: " + ", ".join(f"{what} {n}" for what, n in sorted(seen.items())))
    return tally


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="clashes per system")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", default="plain", choices=["plain", "adversarial"])
    asked = parser.parse_args(words)
    began = time.monotonic()
    with staged(asked.profile, tuple(TWINS)) as stage:
        tally = campaign(stage, tuple(THINGS), asked.count, asked.seed, print)
    print("\n".join(tally.wrong))
    counts = ", ".join(f"{what} {n}" for what, n in sorted(tally.tried.items()))
    print(f"meanwhile: {counts}; {len(tally.wrong)} wrong; {time.monotonic() - began:.0f} s; seed {asked.seed}")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
