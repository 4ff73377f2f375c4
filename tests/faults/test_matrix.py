"""Every fault at every call, in both profiles: the run converges, or it says in words what happened, to what, and
what to do next; nothing is ever doubled or worse than planned, and one plain run afterwards ends the matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from reconciler.model.faults import RemoteFault
from reconciler.model.plan import Role
from reconciler.report.call_words import deed
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from reconciler.twins import PROFILES, LogEntry
from tests.faults.analytics import links, noted
from tests.faults.analytics_cells import SITES as ANALYTICS
from tests.faults.cells import SITES, TROUBLES, Site, Trouble
from tests.faults.conftest import LONG
from tests.faults.core_cells import SITES as CORE_SITES
from tests.faults.estate import differences
from tests.faults.stage import Stage, Tried, staged
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER

SHARE = 1 if LONG else 37
"""One of so many cells is tried outside the long campaign; every call and every fault is among them."""
PEOPLE, DAM = ", people", ", dam"
WORLDS = {PLATFORM: PEOPLE, CMS: PEOPLE, CORE: DAM}
TOKENS = {"User": "rotateKey", "ModelGit": "fetchSecret"}
BROKEN = {
    "status",
    "drop",
    "cut",
    "slow",
    "html",
    "truncated",
    "wrong_type",
    "redirect",
    "huge",
    "deep",
    "throttle",
}


def cells() -> list[Any]:
    found = []
    for p, profile in enumerate(PROFILES):
        for s, site in enumerate((*SITES, *ANALYTICS, *CORE_SITES)):
            for t, trouble in enumerate(TROUBLES):
                if (5 * s + t + 8 * p) % SHARE == 0 and not _senseless(site, trouble):
                    mark = pytest.mark.xdist_group(f"matrix-{profile}")
                    name = f"{profile}: {site.name}: {trouble.name}"
                    found.append(pytest.param(profile, site, trouble, id=name, marks=mark))
    return found


def _senseless(site: Site, trouble: Trouble) -> bool:
    """Only lists have pages, and those of OMN Core one each: what repeats it shows a world that stands still."""
    if trouble.act == "repeat_page" and site.reading:
        return True
    return trouble.act in ("short_page", "repeat_page") and not (site.reads and site.pages)


def _said_to_be_gone(site: Site, trouble: Trouble) -> bool:
    """404 to a delete means gone (ST-R82), and what is to stand in its place is then made besides it."""
    return site.anew and site.method == "DELETE" and trouble.status == 404 and trouble.refused


@pytest.fixture(scope="module")
def stages() -> Iterator[dict[str, Stage]]:
    """Profile -> the systems of most sites; `<profile>, people` -> those of people; `<profile>, dam`."""
    with ExitStack() as stack:
        yield {
            profile + more: stack.enter_context(staged(profile, names))
            for profile in PROFILES
            for more, names in (("", (OMNI, TRACKER)), (PEOPLE, (TRACKER, PLATFORM, CMS)), (DAM, (TRACKER, CORE)))
        }


_WANTED: dict[tuple[str, str], dict[str, Any]] = {}


def wanted(stage: Stage, site: Site) -> dict[str, Any]:
    """What the site's change leads to when nothing goes wrong."""
    at = (stage.tracker.knobs.profile, site.name)
    if at not in _WANTED:
        begin(stage, site)
        assert set(stage.run(site.after).ends) <= {"done"}
        assert stage.left(site.after) == []
        known(stage, site)
        _WANTED[at] = stage.seen()
    return _WANTED[at]


def known(stage: Stage, site: Site) -> None:
    """One run more: what a plan knew by promises alone, the ledger knows by values then."""
    if site in (*ANALYTICS, *CORE_SITES):
        assert stage.run(site.after).ends == []


def begin(stage: Stage, site: Site) -> dict[str, Any]:
    """The world before the change; the logs begin here."""
    stage.rewind()
    assert set(stage.run(site.before).ends) <= {"done"}
    for twin in stage.twins.values():
        twin.log.clear()
    return stage.seen()


@pytest.mark.parametrize(("profile", "site", "trouble"), cells())
def test_a_cell(stages: dict[str, Stage], profile: str, site: Site, trouble: Trouble) -> None:
    stage = stages[profile + WORLDS.get(site.target, "")]
    after = wanted(stage, site)
    before = begin(stage, site)
    stage.limits = trouble.limits
    twin = stage.twins[site.target]
    twin.faults.add(trouble.fault(site))

    first = stage.run(site.after)

    assert twin.faults.fired, "the call was never made"
    stage.calm()
    check_words(first, site)
    told = trouble.refused and trouble.status in site.answers
    # Who is told twice by a whole list that a thing is not there believes it (OA-R14, ST-R8) and makes another.
    lied_to = (trouble.lasting and trouble.lies) or _said_to_be_gone(site, trouble)
    lied_to |= told and site.reading and (trouble.lasting or not site.pages)
    check_no_worse(before["live"], stage.seen()["live"], after["live"], doubled=lied_to, gone=site.anew)
    if site.reads and not (site.advisory or told) and trouble.lasting and trouble.act in BROKEN:
        assert twin.log.writes() == [], "a write on the word of a broken reading"
    if lied_to:
        return
    again = stage.run(site.after)
    if site.untold and "failed" in again.ends:
        check_words(again, site)
        assert differences(after["live"], stage.seen()["live"]) == []
        return
    site, after = answered(stage, site, after)
    known(stage, site)
    check_end(stage, site, trouble, after)
    check_sends(site, [e for t in stage.twins.values() for e in t.log])


def answered(stage: Stage, site: Site, after: dict[str, Any]) -> tuple[Site, dict[str, Any]]:
    """The site with another key or secret asked for where nobody saw it (CM-R50, OA-R172), and its end."""
    recorded = stage.ledger.recorded().bonds
    lost = {a: {TOKENS[a.kind]: "again"} for a, bond in recorded.items() if bond.lost}
    if "link" in site.name and OMNI in stage.twins:
        write_ids_down(stage, site)
    if not lost:
        return site, after
    again = tuple(replace(d, once=lost.get(d.address, d.once)) for d in site.after)
    stage.run(again)
    named = {str(a): once for a, once in lost.items()}
    bonds = {at: b | ({"once": named[at]} if at in named else {}) for at, b in after["bonds"].items()}
    return replace(site, after=again), {**after, "bonds": bonds}


def write_ids_down(stage: Stage, site: Site) -> None:
    """Where a link was made and nobody saw its id, and the API has said so, a person looks it up (OA-R146)."""
    shown = links(stage.omni)
    if stage.left(site.after):
        stage.run([noted(d, shown.get(d.address.name, {})) for d in site.after])


def check_words(tried: Tried, site: Site) -> None:
    """Whatever did not work is said with its object, its call and a next step."""
    if tried.error is not None:
        assert tried.error.exit_code in (4, 5, 7, 8)
        assert tried.error.hint, tried.error
        if isinstance(tried.error, RemoteFault):
            assert f"{tried.error.target}: {site.method} /" in str(tried.error)
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
        assert call.line in text or told
        assert call.address.name in text or call.role is Role.FIND
    assert not bad or "next: " in text


def check_no_worse(
    before: dict[str, Any], now: dict[str, Any], after: dict[str, Any], *, doubled: bool, gone: bool
) -> None:
    """Nothing but the planned things has come or gone, and nothing is there twice. `gone`: what is made anew is
    away in between."""
    for kind in before:
        was, is_, will = ([str(item[0]) for item in world[kind]] for world in (before, now, after))
        assert doubled or len(is_) == len(set(is_)), f"{kind}: {is_}"
        assert set(is_) <= {*was, *will}, kind
        assert gone or set(was) & set(will) <= set(is_), kind


def check_end(stage: Stage, site: Site, trouble: Trouble, after: dict[str, Any]) -> None:
    found = stage.seen()
    if trouble.status == 404 and trouble.refused and site.removes and site.name != "remove a member":
        assert len(found["bonds"]) == len(after["bonds"])  # 404 to a delete means gone (OA-R36, ST-R16)
        return
    assert stage.left(site.after) == []
    assert differences(after, found) == []
    assert stage.ledger.unfinished(tuple(stage.twins)) == ()


def check_sends(site: Site, log: list[LogEntry]) -> None:
    """A create takes effect once; and where an answer was lost, two lists come before it is sent again."""
    if not site.creates:
        return
    sends = [i for i, e in enumerate(log) if e.method == "POST" and e.write]
    by_body: dict[str, list[int]] = {}
    for i in sends:
        by_body.setdefault(f"{log[i].call} {log[i].body}", []).append(i)
    for places in by_body.values():
        assert sum(log[i].changed for i in places) <= 1, "it was made twice"
        for one, two in pairwise(places):
            if log[one].status != 429 and log[one].fault:
                looks = [e for e in log[one + 1 : two] if not e.write]
                assert len(looks) >= 2, "it was sent again blindly"
