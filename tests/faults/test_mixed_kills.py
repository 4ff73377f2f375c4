"""Killed (-9) at the borders of every write of one apply over all five systems, then simply run again.

Whatever a reading can tell of converges by itself. A brief whose create is in doubt, and an invitation whose link was
lost, are asked about once each, and one answer ends the matter.
"""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import Any

import pytest

from reconciler.ledger import open_ledger, whoami
from reconciler.model.plan import Phase
from reconciler.model.plan_from_json import from_json
from reconciler.twins import OmgTwin
from reconciler.wire.clock import real_clock
from tests.faults.conftest import Benches, long
from tests.faults.trials import Bench, Point
from tests.faults.undisturbed import assert_converged, boundaries, undisturbed
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER

KILLED = {"killed": signal.SIGKILL}
PROFILES = [pytest.param(p, marks=pytest.mark.xdist_group(f"mixed-{p}")) for p in ("plain", "adversarial")]
IN_DOUBT, FINE = 7, 0
ADOPT = re.compile(r"`(reconciler resume --adopt ([^=`]+)=)ID`")
FORGET = re.compile(r"`(reconciler resume --forget ([^=`]+))`")
TOKEN = "once: {reissue: …}"
SAMPLE = [
    Point(OMNI, 4, "after-effect"),
    Point(TRACKER, 2, "after-effect"),
    Point(CORE, 2, "after-effect"),
    Point(CMS, 3, "after-effect"),
    Point(PLATFORM, 2, "after-effect"),
]


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the killed run had intended and not seen answered, of what no reading can wholly tell."""

    briefs: frozenset[str]
    invitations: frozenset[str]


def doubts(bench: Bench) -> Doubts:
    """As the ledger has them."""
    with open_ledger(bench.ledger, who=whoami(), clock=real_clock()) as ledger:
        runs = ledger.unfinished(tuple(bench.twins))
        sent = [c for run in runs for c in from_json(run.plan).calls if c.id in run.sent and c.phase is Phase.CREATE]
    found = {
        kind: frozenset(str(c.address) for c in sent if c.kind == kind and c.method == "POST")
        for kind in ("Brief", "Invitation")
    }
    return Doubts(found["Brief"], found["Invitation"])


def trial(bench: Bench, *kills: Point, concurrency: int = 8) -> bool:
    """Die at each point in turn, then run once more, answering what is asked. False where the last point is never
    reached."""
    undisturbed(bench)
    bench.rewind()
    told: dict[str, Any] = {}
    for point in kills:
        told = bench.dies_at(point, concurrency=concurrency)
        assert told == KILLED or "error" not in told, told
    if told != KILLED:
        assert_converged(bench, told)
        return False
    open_ = doubts(bench)
    told = bench.program.run(bench.job(concurrency=concurrency))
    if not open_.briefs and not open_.invitations:
        assert_converged(bench, told)
        return True
    asked(told, open_)
    answer_briefs(bench, told["text"])
    tokens, twice = answer_invitations(bench, open_.invitations)
    assert_converged(bench, bench.program.run(bench.job(concurrency=concurrency, once=tokens)), tokens, twice)
    return True


def asked(told: dict[str, Any], open_: Doubts) -> None:
    """The run has stopped with one question for each, and with none besides."""
    assert (told.get("error"), told.get("code")) == ("CallInDoubt", IN_DOUBT), told
    text = told["text"]
    made, not_made = ([at for _, at in words.findall(text)] for words in (ADOPT, FORGET))
    assert sorted(made) == sorted(not_made)
    assert {a for a in made if "/Brief/" in a} == open_.briefs
    assert {a for a in made if "/Brief/" not in a} <= open_.invitations
    assert len(made) == len(set(made))
    assert text.count(TOKEN) == len(open_.invitations)
    assert all(address in text for address in open_.invitations)


def answer_briefs(bench: Bench, text: str) -> None:
    """A person looks into the product, and types one of the commands that the question names."""
    twin = bench.twins[PLATFORM]
    assert isinstance(twin, OmgTwin)
    ids = {str(b.fields["brief_title"]).lower(): str(b.id) for b in twin.briefs()}
    no = {address: command for command, address in FORGET.findall(text)}
    for command, address in ADOPT.findall(text):
        found = ids.get(address.rpartition("/")[2])
        words = f"{command}{found}" if found else no[address]
        if "/Brief/" in address:
            told = bench.program.run(bench.job("answer", words=words.split()[1:]))
            assert "1 answered" in told["text"], told


def answer_invitations(bench: Bench, lost: frozenset[str]) -> tuple[dict[str, dict[str, str]], int]:
    """The tokens by which a person asks for other links, and how many of the invitations had been made."""
    rows = bench.seen()["live"][f"{TRACKER}/invitations"]
    pending = {str(email).partition("@")[0].replace(".", "-") for email, _ in rows}
    tokens = {address: {"reissue": "1"} for address in lost}
    return tokens, sum(address.rpartition("/")[2] in pending for address in lost)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("point", SAMPLE, ids=str)
def test_a_killed_run_over_all_systems_is_repeated(mixed: Benches, profile: str, point: Point) -> None:
    assert trial(mixed[profile], point, concurrency=1 if point.n % 2 else 8)
