"""The number of calls, reckoned from the numbers of things alone, against the twin's log (ST-C1 to ST-C17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import ceil

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from tests.contract.bookings import LAUNCH, NUMBERS, RELAUNCH, booking, week
from tests.contract.bookings import plan as bookings
from tests.contract.homes import PODS, pod
from tests.contract.jobs import (
    HEALTH,
    LIST,
    PENDING,
    TEAMS,
    WORKLOAD,
    alpha,
    applied,
    invited,
    job,
    live,
    planned,
)
from tests.contract.studio import BOB, CHEN, JANE, team
from tests.contract.uploads import GONE
from tests.world import World, doc

SIZES = [0, 1, 3, 10, 60]


def asked(w: World, *documents: Document) -> list[str]:
    """What a plan reads, sorted: the log is the plan's reads, and not one of them writes."""
    w.documents = [*documents]
    w.tracker.log.clear()
    plan = w.plan()
    seen = [e.call for e in w.tracker.log]
    assert sorted(r.split(" ", 1)[1] for r in plan.reads) == sorted(seen)
    assert [e.call for e in w.tracker.log if e.write] == []
    return sorted(seen)


def crowd(w: World, count: int, word: str = "p") -> list[str]:
    """So many more people with an account."""
    people = [f"{word}{i}@example.com" for i in range(count)]
    for person in people:
        w.tracker.add_user(person, person)
    return people


# Reads.


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("going", [0, 1, 3])
def test_st_c1_teams_are_one_read_and_projects_one_more_where_a_team_may_go(
    studio: World, count: int, going: int
) -> None:
    """`t + p`; the reference has p = 1 wherever teams are managed (a departure, ST-R31)."""
    gone = [team(f"gone-{i}", JANE, **GONE) for i in range(going)]
    kept = [team(f"kept-{i}", JANE) for i in range(count)]
    studio.converge(*kept, *gone)

    assert asked(studio, *kept, *gone) == [TEAMS] * min(count + going, 1)
    assert asked(studio, *kept) == sorted([TEAMS] * min(count + going, 1) + [LIST] * min(going, 1))


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("share", [0, 2, 1])
def test_st_c7_projects_are_one_read_and_one_for_each_description(studio: World, count: int, share: int) -> None:
    """`1 + d`."""
    described = count // share if share else 0
    documents = [alpha(f"{i:03}", **({"statusDetails": "Soon"} if i < described else {})) for i in range(count)]
    studio.converge(*documents)

    singles = [f"{LIST}/{live(studio, f'{i:03}').id}" for i in range(described)]
    assert asked(studio, *documents) == sorted([LIST] * min(count, 1) + singles)


@pytest.mark.parametrize(
    ("missing", "makes", "hidden"),
    [(0, 0, 1), (0, 1, 0), (1, 0, 0), (3, 0, 3), (0, 10, 3), (3, 10, 0), (3, 10, 3)],
)
def test_st_c7_what_is_missing_made_by_workbook_or_in_a_team_without_projects_costs_more(
    studio: World, missing: int, makes: int, hidden: int
) -> None:
    """`1 + h + m + t'`."""
    old = [alpha(f"{i:03}") for i in range(missing + 1)]
    studio.converge(*old)
    for i in range(missing):
        assert studio.tracker.edit("DELETE", f"/api/projects/{live(studio, f'{i:03}').id}").ok
    for i in range(hidden):
        assert studio.tracker.edit("POST", "/api/client-teams", {"name": f"Empty {i}", "slug": f"empty-{i}"}).ok

    made = [job(f"m{i}", name="Beta", outputs=1) for i in range(makes)]
    seen = asked(studio, *old, *made, *(alpha(f"h{i}", team=f"empty-{i}") for i in range(hidden)))

    assert len(seen) == 1 + min(makes, 1) + missing + min(hidden, 1)
    assert (seen.count(HEALTH), seen.count(TEAMS)) == (min(makes, 1), min(hidden, 1))


@pytest.mark.parametrize("count", SIZES)
def test_st_c14_pods_are_one_read(studio: World, count: int) -> None:
    people = crowd(studio, count)
    documents = [pod(f"pod-{i}x", p, lead=JANE) for i, p in enumerate(people)]
    studio.converge(*documents)

    assert asked(studio, *documents) == [PODS] * min(count, 1)


@pytest.mark.parametrize("count", SIZES)
def test_st_c11_invitations_are_one_read_and_one_more_while_somebody_is_not_recorded(
    studio: World, count: int
) -> None:
    documents = [invited(f"p{i}@example.com") for i in range(count)]

    assert asked(studio, *documents) == [PENDING, WORKLOAD] * min(count, 1)
    studio.converge(*documents)
    assert asked(studio, *documents) == [PENDING] * min(count, 1)


@pytest.mark.parametrize("weeks", [1, 2, 3, 10, 60])
@pytest.mark.parametrize("count", [0, 1, 10])
def test_st_c15_bookings_are_one_read_a_week_and_one_while_something_is_to_be_booked(
    studio: World, weeks: int, count: int
) -> None:
    """`W + j`, besides who is who. The reference has no j (a departure, ST-R78)."""
    booked = [booking(JANE, i, hours=1) for i in range(min(count, 7 * weeks))]
    one = bookings(*booked, days=(0, 7 * weeks - 1), users=(JANE,))
    mondays = [week(n) for n in range(weeks)]

    first = asked(studio, one)
    studio.converge(one)
    again = asked(studio, one)

    assert first == sorted([PENDING, WORKLOAD, *mondays, *([NUMBERS] if count else [])])
    assert [c for c in again if c not in (PENDING, WORKLOAD)] == mondays


def test_st_c15_who_is_booked_is_asked_for_once(studio: World) -> None:
    """The ledger remembers the id of each address of a document that was applied (ST-R27)."""
    one = bookings(booking(JANE, 0), days=(0, 6), users=(JANE, BOB))
    studio.converge(one)

    assert asked(studio, one) == [week(0)]


@pytest.mark.parametrize("days", [(0, 6), (0, 7), (6, 7), (3, 3), (6, 13), (6, 14)])
def test_st_c15_weeks_are_counted_by_their_mondays(studio: World, days: tuple[int, int]) -> None:
    first, last = days
    seen = asked(studio, bookings(days=days), bookings(days=days, name="again", users=(CHEN,)))

    assert [c for c in seen if "bookings" in c] == [week(n) for n in range(first // 7, last // 7 + 1)]


@pytest.mark.parametrize("strangers", SIZES)
@pytest.mark.parametrize("pending", [0, 1])
def test_st_c1_who_is_who_is_two_reads_at_most(studio: World, strangers: int, pending: int, firm: bool) -> None:
    """`v + w`: the invitations, and, while they do not tell all, the workload."""
    people = crowd(studio, strangers) + ["new.producer@example.com"] * pending

    seen = asked(studio, team("social", JANE, *people))

    told = strangers or not firm
    assert seen == sorted([TEAMS, *([PENDING] if people else []), *([WORKLOAD] if people and told else [])])


@pytest.mark.parametrize("count", [1, 3, 10])
@pytest.mark.parametrize("weeks", [1, 4])
def test_the_reads_of_everything_are_those_of_the_reference(studio: World, count: int, weeks: int) -> None:
    """`R = 4 + d + w`, independent of how many teams, pods, people and projects there are."""
    people = crowd(studio, count)
    documents = [
        *(team(f"t{i}", p) for i, p in enumerate(people)),
        *(pod(f"h{i}", p) for i, p in enumerate(people)),
        *(invited(f"new{i}@example.com") for i in range(count)),
        *(alpha(f"{i:03}", team="brand", statusDetails="Soon") for i in range(count)),
        bookings(booking(JANE, 0), days=(0, 7 * weeks - 1), users=(JANE,)),
    ]
    studio.converge(*documents)

    assert len(asked(studio, *documents)) == 4 + count + weeks


# Writes.


@dataclass(frozen=True, slots=True)
class Mix:
    """How many things of each sort change. `invited_placed`: people who are put into a team, besides; `coded`:
    creates by workbook that a PATCH follows, besides; `flagged` counts whose POST may be refused."""

    invited: int = 0
    invited_placed: int = 0
    revoked: int = 0
    reissued: int = 0
    teams_made: int = 0
    teams_changed: int = 0
    teams_gone: int = 0
    members_added: int = 0
    members_gone: int = 0
    flagged: int = 0
    pods_made: int = 0
    pods_changed: int = 0
    pods_gone: int = 0
    housed: int = 0
    moved: int = 0
    unhoused: int = 0
    uploaded: int = 0
    coded: int = 0
    posted: int = 0
    expressible: int = 0
    patched: int = 0
    projects_gone: int = 0
    booked: int = 0
    rebooked: int = 0
    unbooked: int = 0

    @property
    def projects(self) -> int:
        """`2 + [X_F > 0] + I + X` with a workbook, else `G + I + X`."""
        made, x = self.uploaded + self.coded, self.patched + self.coded
        workbook = bool(made) or self.expressible >= 3
        return (2 + min(self.coded, 1) if workbook else self.expressible) + self.posted + x

    @property
    def writes(self) -> int:
        """`inv + inv' + team + pod + memAdd + memDel + memFlag + podAdd + podDel + projects + projDel + bookNew +
        2·bookChanged + bookDel`."""
        people = self.invited + self.invited_placed + self.revoked + self.reissued + min(self.invited_placed, 1)
        teams = self.teams_made + self.teams_changed + self.teams_gone
        members = self.members_added + self.invited_placed + self.members_gone + self.flagged
        pods = self.pods_made + self.pods_changed + self.pods_gone
        homes = self.housed + self.moved + self.unhoused
        booked = self.booked + 2 * self.rebooked + self.unbooked
        return people + teams + members + pods + homes + self.projects + self.projects_gone + booked

    def refused(self, w: World) -> int:
        """A flag that the server does not take costs a DELETE and a POST more (ST-C3); the reference counts 2 for
        it in all, without the refused call (a departure)."""
        return 2 * self.flagged if w.tracker.knobs.hard("ST-P7") else 0


NAMES = [f.name for f in fields(Mix)]
MIXES = {
    "nothing": Mix(),
    **{f"3 {name}": Mix(**{name: 3}) for name in NAMES},
    **{f"{n} expressible": Mix(expressible=n) for n in (2, 4, 10, 24, 25, 26, 60)},
    **{f"60 {name}": Mix(**{name: 60}) for name in ("members_added", "moved", "uploaded", "patched", "booked")},
    "updates ride along": Mix(uploaded=1, expressible=1),
    "two updates and more": Mix(expressible=2, patched=1, posted=1),
    "a bit of all": Mix(*[1] * len(NAMES)),
    "some of all": Mix(3, 2, 1, 1, 2, 3, 1, 4, 2, 3, 1, 2, 1, 3, 2, 1, 3, 2, 2, 4, 3, 2, 3, 2, 1),
    "many of all": Mix(*[6] * len(NAMES)),
}
SLOTS = [(who, n, number) for n in range(14) for who in (JANE, BOB) for number in (LAUNCH, RELAUNCH, "2337960")]


@dataclass(frozen=True, slots=True)
class Story:
    """The documents of a mix before and after its changes."""

    mix: Mix

    def before(self) -> Iterator[Document]:
        m = self.mix
        yield team("anchor", JANE)
        yield pod("pod-anchor", mode="additive")
        yield alpha("anchor")
        yield from (invited(f"revoked{i}@example.com", **GONE) for i in range(m.revoked))
        yield from (invited(f"again{i}@example.com") for i in range(m.reissued))
        yield from (team(f"changed-{i}", JANE) for i in range(m.teams_changed))
        yield from (team(f"gone-{i}", JANE, **GONE) for i in range(m.teams_gone))
        gone, flagged = people("gone", m.members_gone), people("flag", m.flagged)
        yield team("crew", *gone, *((p, True) for p in flagged))
        yield from (pod(f"pod-c{i}") for i in range(m.pods_changed))
        yield from (pod(f"pod-g{i}", **GONE) for i in range(m.pods_gone))
        yield pod("pod-from", *people("moved", m.moved), *people("unhoused", m.unhoused))
        yield pod("pod-to")
        yield from (alpha(f"g{i:02}") for i in range(m.expressible))
        yield from (alpha(f"x{i:02}") for i in range(m.patched))
        yield from (alpha(f"d{i:02}", **GONE) for i in range(m.projects_gone))
        yield bookings(*slots(m.rebooked, 4), *slots(m.unbooked, 1, m.rebooked))

    def after(self) -> Iterator[Document]:
        m = self.mix
        yield team("anchor", JANE)
        yield pod("pod-anchor", mode="additive")
        yield alpha("anchor")
        yield from (invited(f"new{i}@example.com") for i in range(m.invited))
        placed = people("placed", m.invited_placed)
        yield from (invited(p) for p in placed)
        for i in range(m.reissued):
            yield invited(f"again{i}@example.com", token="once", allow=["effects"])
        yield from (team(f"made-{i}", mode="additive") for i in range(m.teams_made))
        for i in range(m.teams_changed):
            yield doc("ClientTeam", f"changed-{i}", {"slug": f"changed-{i}", "name": "Another"})
        added, flagged = people("added", m.members_added), people("flag", m.flagged)
        yield team("crew", *added, *placed, *((p, False) for p in flagged))
        yield from (pod(f"pod-m{i}", mode="additive") for i in range(m.pods_made))
        yield from (pod(f"pod-c{i}", name="Another", lead=JANE) for i in range(m.pods_changed))
        yield pod("pod-from")
        yield pod("pod-to", *people("housed", m.housed), *people("moved", m.moved))
        yield from (job(f"f{i:02}", name="Beta", outputs=1) for i in range(m.uploaded))
        yield from (job(f"c{i:02}", name="Beta", outputs=1, projectCode="C-1") for i in range(m.coded))
        yield from (alpha(f"i{i:02}") for i in range(m.posted))
        yield from (alpha(f"g{i:02}", name=f"Name {i}", owner="Ann") for i in range(m.expressible))
        yield from (alpha(f"x{i:02}", name=f"Name {i}", projectCode="A-2") for i in range(m.patched))
        yield bookings(*slots(m.rebooked, 5), *slots(m.booked, 1, m.rebooked + m.unbooked))

    def people(self) -> list[str]:
        """Whoever has an account before."""
        m = self.mix
        words = {"gone": m.members_gone, "flag": m.flagged, "added": m.members_added, "housed": m.housed}
        words |= {"moved": m.moved, "unhoused": m.unhoused}
        return [p for word, n in words.items() for p in people(word, n)]


def slots(count: int, hours: int, first: int = 0) -> list[JsonObject]:
    """So many bookings, of those from the first slot on."""
    return [booking(*slot, hours=hours) for slot in SLOTS[first : first + count]]


def people(word: str, count: int) -> list[str]:
    return [f"{word}{i}@example.com" for i in range(count)]


def test_every_number_of_a_mix_is_in_some_story() -> None:
    assert {n for n in NAMES if not any(getattr(m, n) > 1 for m in MIXES.values())} == set()


@pytest.mark.parametrize("name", MIXES)
def test_st_c2_c8_c12_c13_c16_the_writes_are_the_formula(studio: World, name: str) -> None:
    mix = MIXES[name]
    story = Story(mix)
    for person in story.people():
        studio.tracker.add_user(person, person)
    studio.converge(*story.before())

    deed = applied(studio, planned(studio, *story.after()))

    assert deed.ends <= {"done", "unneeded"}
    assert len(deed.calls) == mix.writes + mix.refused(studio)
    assert deed.plan.bound == mix.writes
    reads = min(mix.invited_placed, 1) + min(mix.coded, 1)
    previews = sum("commit=false" in c for c in deed.calls)
    seen = [e for e in studio.tracker.log if e.write]
    assert len(seen) == len(deed.calls) - reads - previews, "the log has the rest as writes"
    left = studio.plan()
    assert left.calls == (), "in sync: 0"


@pytest.mark.parametrize("teams", [1, 18, 25, 26, 30, 51])
def test_st_c8_more_teams_than_a_preview_shows_take_more_workbooks(studio: World, teams: int) -> None:
    """`2 · w`: a preview vouches for what its 25 rows show."""
    for i in range(teams):
        studio.tracker.edit("POST", "/api/client-teams", {"name": f"Team {i}", "slug": f"team-{i}"})
    studio.converge(*(alpha(f"{i:03}") for i in range(60)))

    deed = applied(studio, planned(studio, *(alpha(f"{i:03}", team=f"team-{i % teams}") for i in range(60))))

    assert deed.ends == {"done"}
    assert len(deed.calls) == deed.plan.bound == 2 * ceil(teams / 25)


@pytest.mark.parametrize("count", [1, 3, 10, 60])
def test_st_c5_c10_c14_c17_what_is_looked_at_before_and_after_does_not_grow(
    studio: World, count: int, firm: bool
) -> None:
    """Preconditions and verifying reads, however many things of each kind are changed."""
    people = crowd(studio, count)
    documents = [
        team("crew", *people),
        pod("pod-c", *people),
        *(alpha(f"{i:03}") for i in range(count)),
        bookings(*(booking(who, n, number) for who, n, number in SLOTS[:count])),
    ]

    deed = applied(studio, planned(studio, *documents))

    weeks = sorted({week(n // 7) for _, n, _ in SLOTS[:count]})
    assert sorted(deed.before) == sorted([TEAMS, PODS, LIST, *weeks])
    assert sorted(deed.verified) == ([] if firm else sorted([PODS, *weeks]))


def test_st_c4_flags_are_looked_at_once(studio: World) -> None:
    flags: list[Json] = [{"user": p, "isPrimary": True} for p in crowd(studio, 10)]
    spec: dict[str, Json] = {"slug": "crew", "name": "Crew", "members": flags}

    deed = applied(studio, planned(studio, doc("ClientTeam", "crew", spec)))

    assert deed.verified == [TEAMS]
