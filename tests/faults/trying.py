"""One cell of the fault matrix: the world before a change, one trouble at one call, and what comes of it."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reconciler.cli.exit_codes import of_report
from reconciler.model.document import Address, Document
from reconciler.model.faults import RemoteFault
from reconciler.model.json import Json
from reconciler.model.plan import Role
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.report.call_words import deed
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from reconciler.twins import Fault, LogEntry
from tests.faults.analytics import links, noted
from tests.faults.cells import Site
from tests.faults.door import Door, door
from tests.faults.estate import differences
from tests.faults.seen import far_ends
from tests.faults.stage import Moment, Stage, Tried
from tests.faults.troubles import Trouble
from tests.faults.undisturbed import FORGOTTEN
from tests.world import OMNI

TOKENS = {"User": "rotateKey", "ModelGit": "fetchSecret", "Invitation": "reissue"}
MADE = {"Brief": "briefs", "Task": "tasks", "Peo": "peos"}
"""Where the system keeps what a person is asked about."""
AT_ONCE, LATER, LIED_TO, REFUSED = (
    "converged at once",
    "an error, then converged",
    "lied to",
    "refused, as it should",
)
BELIEVED = "a yes that was none, believed or held"


class NotMade(AssertionError):
    """The trouble came to nothing: that call was not made this time. How often something is read again depends on
    how soon it shows."""


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence of a site's call in a run: `nth` among those that match, and what it is for."""

    phase: str
    nth: int


@dataclass(frozen=True, slots=True)
class Known:
    """A site without trouble: where it begins, what it leads to, and where its call is made on the way."""

    start: Moment
    before: Mapping[str, Any]
    after: dict[str, Any]
    places: tuple[Place, ...]


def known(stage: Stage, site: Site) -> Known:
    """Raises AssertionError where the site does not end as it should by itself."""
    stage.back_to(Moment(stage.empty, stage.beginning(), {}))
    for documents in (site.first, site.before, site.before) if site.first else (site.before,):
        done(stage.run(documents))
    start, before = stage.moment(), far_ends(stage.twins)
    stage.back_to(start)
    done(stage.run(site.after))
    found = tuple(places(stage, site))
    over(stage.run(site.after))
    after = stage.seen()
    if site.given:
        stage.back_to(start)
        stage.twins[site.target].faults.add(*site.given)
        done(stage.run(site.after))
        found = tuple(places(stage, site))
    assert found, "the call is never made"
    return Known(start, before, after, found)


def done(tried: Tried) -> None:
    assert tried.error is None, tried.error
    assert set(tried.ends) <= {"done"}, tried.report


def over(tried: Tried) -> None:
    """There was nothing left to do."""
    assert tried.error is None, tried.error
    assert tried.plan is not None
    held = [f"{a.address}: {h.rule}" for a in tried.plan.actions for h in a.holds]
    left = held + [c.line for c in tried.plan.writes]
    assert left == [], f"something is left to do: {left}"


def places(stage: Stage, site: Site) -> Iterator[Place]:
    """The first and the last in each part of a run: while it plans, before it writes, after it has written."""
    log = list(stage.twins[site.target].log)
    planned = stage.planned[site.target]
    wrote = next((i for i, e in enumerate(log) if e.write), len(log))
    ours = [(n, i) for n, i in enumerate((i for i, e in enumerate(log) if matches(site, e)), start=1)]
    phases = {n: "planning" if i < planned else "before a write" if i < wrote else "writing" for n, i in ours}
    for phase in dict.fromkeys(phases.values()):
        here = [n for n, p in phases.items() if p == phase]
        yield from (Place(phase, n) for n in dict.fromkeys((here[0], here[-1])))


def matches(site: Site, entry: LogEntry) -> bool:
    path = entry.call.partition(" ")[2].partition("?")[0]
    return re.fullmatch(site.method, entry.method) is not None and re.search(site.path, path) is not None


def trial(stage: Stage, site: Site, trouble: Trouble, wanted: Known, place: Place) -> str:
    """What came of it. Raises AssertionError where anything is not as it must be."""
    stage.back_to(wanted.start)
    stage.limits = trouble.limits
    twin = stage.twins[site.target]
    with _troubled(stage, site, trouble, place):
        first = stage.run(site.after)
        if not twin.faults.fired:
            raise NotMade("the call was never made")
        stage.calm()
    check_words(first)
    told = trouble.refused and trouble.status in site.answers
    broken = (trouble.broken and trouble.lasting) or trouble.door
    believed = site.advisory or told or (site.file and trouble.whole)
    if site.reads and broken and place.phase == "planning" and not believed:
        assert twin.log.writes() == [], "a write on the word of a broken reading"
    # Who is told twice by a whole list that a thing is not there believes it (OA-R14, ST-R8) and makes another.
    lied_to = (trouble.lies and (trouble.lasting or bool(trouble.looks))) or _said_to_be_gone(site, trouble)
    lied_to |= told and site.reads and (trouble.lasting or not site.pages)
    check_no_worse(wanted.before, far_ends(stage.twins), wanted.after["live"], doubled=lied_to, gone=site.anew)
    if lied_to:
        return LIED_TO
    return _ended(stage, site, trouble, wanted, first)


def _ended(stage: Stage, site: Site, trouble: Trouble, wanted: Known, first: Tried) -> str:
    after, adopted = wanted.after, _told_by_a_person(stage, wanted.start)
    again = stage.run(site.after)
    if any(address.kind in MADE for address in stage.doubts()):
        # What the first run left open the second may ask; what was not made is made once that is told.
        adopted += _told_by_a_person(stage, wanted.start)
        again = stage.run(site.after)
    if trouble.believed and not site.reads and taken_at_its_word(stage, site, after):
        return BELIEVED
    if site.untold and "failed" in again.ends:
        check_words(again)
        assert_same(after["live"], far_ends(stage.twins))
        return REFUSED
    asked, after = answered(stage, site, after)
    check_end(stage, asked, trouble, after, adopted)
    if not adopted and asked is site:
        check_sends(site, [e for t in stage.twins.values() for e in t.log], first)
    return AT_ONCE if first.error is None and set(first.ends) <= {"done"} else LATER


@contextmanager
def _troubled(stage: Stage, site: Site, trouble: Trouble, place: Place) -> Iterator[None]:
    """The trouble armed, and what it needs besides."""
    twin = stage.twins[site.target]
    twin.faults.add(*site.given, trouble.fault(site, place.nth))
    if trouble.looks:
        looks = Fault(**{"reads": True, **trouble.looks})  # type: ignore[arg-type]
        stale = trouble.looks["act"] == "stale"
        arm, phase = (lambda _: twin.faults.add(looks)), "before-effect" if stale else "after-effect"
        twin.on_request(place.nth, phase, arm, method=site.method, path=site.path)  # type: ignore[arg-type]
    if trouble.silent:
        twin.on_request(0, "after-effect", stage.hurry.now, method=site.method, path=site.path)
    if not trouble.door:
        try:
            yield
        finally:
            stage.hurry.rest()
        return
    with door(trouble.door, stage.urls[site.target], stage.root) as way:
        twin.on_request(place.nth, "after-effect", lambda _: way.shut(), method=site.method, path=site.path)
        with _through(stage, site.target, way):
            yield


@contextmanager
def _through(stage: Stage, target: str, way: Door) -> Iterator[None]:
    inside, stage.urls[target] = stage.urls[target], way.outside
    stage.authority = str(way.papers[0]) if way.papers else None
    try:
        yield
    finally:
        stage.urls[target], stage.authority = inside, None


def _said_to_be_gone(site: Site, trouble: Trouble) -> bool:
    """404 to a delete means gone (ST-R82), and what is to stand in its place is then made besides it."""
    return site.anew and site.method == "DELETE" and trouble.status == 404 and trouble.refused


def _told_by_a_person(stage: Stage, start: Moment) -> list[Address]:
    """What no reading can tell a person looks up in the product, and answers (OP-R14, OC-R132)."""
    adopted = []
    for address, doubt in stage.doubts().items():
        if address.kind not in MADE:
            continue
        rows = (worlds[address.target]["state"][MADE[address.kind]] for worlds in (stage.worlds(), start.worlds))
        made, there = rows
        new = [i for i in made if i not in there]
        bond = (
            Bond(address, _id(made[new[0]], new[0]), key=doubt.key, made=True, label=doubt.label) if new else None
        )
        stage.ledger.answer(address, bond)
        adopted += [address] if new else []
    return adopted


def _id(record: Mapping[str, Json], key: str) -> str:
    return str(record.get("id", key))


def answered(stage: Stage, site: Site, after: dict[str, Any]) -> tuple[Site, dict[str, Any]]:
    """The site with another key, link or secret asked for where nobody saw it (CM-R50, OA-R172, ST-R61), and its
    end."""
    recorded = stage.ledger.recorded().bonds
    lost = {a: {TOKENS[a.kind]: "again"} for a, bond in recorded.items() if bond.lost}
    lost |= {a: {TOKENS[a.kind]: "again"} for a in stage.doubts() if a.kind in TOKENS}
    if "link" in site.name and OMNI in stage.twins:
        write_ids_down(stage, site)
    if not lost:
        return site, after
    again = tuple(replace(d, once=lost.get(d.address, d.once)) for d in site.after)
    stage.run(again)
    named = {str(a): once for a, once in lost.items()}
    bonds = {at: b | ({"once": named[at]} if at in named else {}) for at, b in after["bonds"].items()}
    return dataclasses.replace(site, after=again), {**after, "bonds": bonds}


def write_ids_down(stage: Stage, site: Site) -> None:
    """Where a link was made and nobody saw its id, and the API has said so, a person looks it up (OA-R146)."""
    shown = links(stage.omni)
    if stage.left(site.after):
        stage.run([_noted(d, shown) for d in site.after])


def _noted(document: Document, shown: Mapping[str, Any]) -> Document:
    return noted(document, shown.get(document.address.name, {}))


def check_words(tried: Tried) -> None:
    """Whatever did not work is said with its object, its call and a next step, and the run ends with a code of its
    own."""
    if tried.error is not None:
        assert tried.error.exit_code in (4, 5, 7, 8)
        assert tried.error.hint, tried.error
        if isinstance(tried.error, RemoteFault):
            assert re.match(rf"{tried.error.target}: [A-Z]+ /", str(tried.error)), tried.error
        return
    assert tried.report is not None
    assert tried.plan is not None
    # Of a carrier its riders speak, and of a repair the refusal that it was for.
    silent = {c.carrier for c in tried.plan.calls} | {c.id for c in tried.plan.calls if c.contingent and c.carrier}
    bad = [o for o in tried.report.outcomes if o.end not in ("done", "unneeded") and o.call not in silent]
    text = report_text(tried.report, tried.plan, Style(width=400), command="reconciler apply plan.json")
    for outcome in bad:
        call = next(c for c in tried.plan.calls if c.id == outcome.call)
        assert outcome.message, outcome
        told = f"{call.id}  {deed(call)}" in text or (
            call.carrier is not None and f"(in call {call.carrier})" in text
        )
        assert call.line in text or told, f"{call.line} is not in {text}"
        assert call.address.name in text or call.role in (Role.FIND, Role.GATE), text
    assert not bad or "next: " in text, text
    assert not bad or of_report(tried.report, tried.plan) != 0, text


def check_no_worse(
    before: Mapping[str, Any], now: Mapping[str, Any], after: Mapping[str, Any], *, doubled: bool, gone: bool
) -> None:
    """Nothing but the planned things has come or gone, and nothing is there twice. `gone`: what is made anew is
    away in between."""
    for kind in before:
        was, is_, will = ([str(item[0]) for item in world[kind]] for world in (before, now, after))
        assert doubled or len(is_) == len(set(is_)), f"{kind}: {is_}"
        assert set(is_) <= {*was, *will}, f"{kind}: what nobody planned is there: {set(is_) - {*was, *will}}"
        assert gone or set(was) & set(will) <= set(is_), f"{kind}: lost {set(was) & set(will) - set(is_)}"


def check_end(stage: Stage, site: Site, trouble: Trouble, after: dict[str, Any], adopted: list[Address]) -> None:
    last = stage.run(site.after)
    found = stage.seen()
    if trouble.status == 404 and trouble.refused and site.removes and site.name != "remove a member":
        assert len(found["bonds"]) == len(after["bonds"])  # 404 to a delete means gone (OA-R36, ST-R16)
        return
    over(last)
    assert_same(_forgotten(after, adopted), _forgotten(found, adopted))
    assert stage.ledger.unfinished(tuple(stage.twins)) == ()


def _forgotten(seen: dict[str, Any], adopted: list[Address]) -> dict[str, Any]:
    """Of what a person told, nobody knows any more what was sent."""
    names = {str(address) for address in adopted}
    return {**seen, "bonds": {at: b | (FORGOTTEN if at in names else {}) for at, b in seen["bonds"].items()}}


def taken_at_its_word(stage: Stage, site: Site, after: dict[str, Any]) -> bool:
    """Whether a yes was believed that was none, as of a delete, which is answered with nothing; or what live shows
    instead is held, and said, from then on, or a person is asked. Nothing else is left, and nothing is lost."""
    held = {line.rpartition(": ")[2] for line in stage.left(site.after)}
    same = differences(after, stage.seen()) == []
    assert same or held <= {"changed-by-server", "in-doubt"}, held
    return not same


def assert_same(wanted: Any, found: Any) -> None:
    wrong = differences(wanted, found)
    assert wrong == [], "; ".join(wrong)


def check_sends(site: Site, log: list[LogEntry], first: Tried) -> None:
    """A create takes effect once; and where an answer was lost, two lists come before it is sent again, or a
    person has said that it was not made. Of requests whose bodies were never read nobody can tell which of several
    they were: they are not held against each other."""
    if not site.creates:
        return
    sends = [i for i, e in enumerate(log) if e.method == "POST" and e.write]
    by_body: dict[str, list[int]] = {}
    for i in sends:
        by_body.setdefault(f"{log[i].call} {log[i].body}", []).append(i)
    several = Counter(c.line for c in first.plan.calls if c.sent) if first.plan else Counter[str]()
    for here in by_body.values():
        assert sum(log[i].changed for i in here) <= 1, "it was made twice"
        if log[here[0]].body is None and several[log[here[0]].call] > 1:
            continue
        for one, two in pairwise(here):
            refused = 400 <= (log[one].status or 0) < 500  # which is no doubt
            if log[one].fault and not refused and not site.asks:
                looks = [e for e in log[one + 1 : two] if not e.write]
                assert len(looks) >= 2, "it was sent again blindly"
