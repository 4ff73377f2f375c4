"""How many calls reading and writing take, by the twin's log: OP-C1, OP-C2, OP-C4, OP-C5 in worlds of every size;
and deletes that are held while everything else goes on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from reconciler.model.document import Document
from tests.contract import accounts, briefs, estates
from tests.contract.accounts import house, user
from tests.contract.briefs import TRANSITION, brief
from tests.contract.estates import CLEAN
from tests.contract.tasks import task
from tests.world import World

SIZES = [0, 1, 3, 10, 60]


def people(count: int) -> list[str]:
    return [f"u{n:02}" for n in range(count)]


# Reads.


def reads(documents: list[Document], p: World) -> int:
    """The requests of a plan, as the twin saw them."""
    p.platform.log.clear()
    plan = p.plan(*documents)
    assert sorted(plan.reads) == sorted(f"platform: {e.call}" for e in p.platform.log)
    assert plan.writes == ()
    return len(p.platform.log)


USERS = [
    (0, 0),
    (1, 0),
    (1, 1),
    (2, 0),
    (2, 1),
    (2, 2),
    (3, 0),
    (3, 2),
    (10, 0),
    (10, 4),
    (10, 10),
    (60, 0),
    (60, 7),
]


@pytest.mark.parametrize(("declared", "asking"), [*USERS, (60, 60)])
def test_op_c1_users_in_sync(p: World, declared: int, asking: int) -> None:
    """U users of whom X declare what the list lacks: min(U, 1 + X); all of several lacking something is one more,
    since only the list tells."""
    h = house(p, *people(declared), "somebody", "else")
    documents = [user(n, firstName=n.title()) for n in people(declared)[asking:]]
    documents += [user(n, owningAgencyId=h.uk, lastName="Doe") for n in people(declared)[:asking]]
    estates.done(p, *documents)
    lacking = 0 if h.lists_ids else asking

    least = min(declared, 1 + lacking) if declared else 0
    told = least + int(declared == lacking > 1)

    assert reads(documents, p) == told
    p.ledger = None
    assert reads(documents, p) == told, "and the same if nothing is recorded"


@pytest.mark.parametrize("missing", [0, 1, 3, 10])
@pytest.mark.parametrize("declared", [10, 60])
def test_op_c1_one_more_for_each_who_is_not_listed(p: World, declared: int, missing: int) -> None:
    h = house(p, *people(declared))
    documents = [user(n, firstName=n.title()) for n in people(declared)]
    estates.done(p, *documents)
    for name in people(missing):
        p.platform.set_active(h.people[name], active=False)

    assert reads(documents, p) == 1 + missing


@pytest.mark.parametrize("users", [0, 1, 10])
@pytest.mark.parametrize("count", SIZES)
def test_op_c1_briefs_tasks_and_users(p: World, count: int, users: int) -> None:
    """B + min(U, 1 + X); tasks: nothing, whatever their number."""
    house(p, *people(users))
    documents = [brief(f"b{n}") for n in range(count)] + [user(n, lastName="Doe") for n in people(users)]
    documents += [task(f"t{n}") for n in range(count)]
    estates.done(p, *documents)

    assert reads(documents, p) == count + min(users, 1)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_op_c1_what_left_git_is_read_where_it_may_be_deleted_and_else_not(p: World, count: int) -> None:
    stay, leave = [brief("stays")], [brief(f"l{n}") for n in range(count)]
    go = [brief(f"g{n}", **CLEAN) for n in range(count)]
    estates.done(p, *stay, *leave, *go)
    estates.done(p, *stay, *leave, *go)
    p.platform.log.clear()

    plan = p.plan(*stay)

    assert len(p.platform.log) == 1 + count
    assert len(plan.writes) == count


def test_op_c1_a_new_address_and_a_new_role_of_one_among_several(p: World) -> None:
    """Who has no record yet is found by the former address, and what the list lacks is asked of that person."""
    h = house(p, "jane", "bob")
    new = user("jane", email="j@example.com", previous_key="jane@example.com", jobRole=h.director)
    p.platform.log.clear()

    plan = p.plan(new, user("bob"))

    single = [] if h.lists_ids else [f"GET /user/{h.people['jane']}"]
    assert [e.call for e in p.platform.log] == ["GET /users", "GET /user?email=j%40example.com", *single]
    assert [c.body for c in plan.writes] == [{"email_address": "j@example.com", "job_role": int(h.director)}]
    assert len(estates.done(p, new, user("bob")).sent) == 1


# Writes.

TERMS = ["Bc", "Bc with a token", "Bf", "Bs", "Bf and Bs", "Bd", "Tc", "T anew", "Uu", "A", "Uu and A"]
CALLS = {
    "Bc": ["POST /briefs"],
    "Bc with a token": ["POST /briefs", "transition"],
    "Bf": ["PATCH"],
    "Bs": ["transition"],
    "Bf and Bs": ["PATCH", "transition"],
    "Bd": ["DELETE"],
    "Tc": ["POST /tasks"],
    "T anew": ["POST /tasks"],
    "Uu": ["PUT"],
    "A": ["avatar"],
    "Uu and A": ["PUT", "avatar"],
}
"""One change of this sort -> what it takes."""


def documents_of(term: str, count: int, h: accounts.House, folder: Path) -> tuple[list[Document], list[Document]]:
    """So many things before and after a change of this sort."""
    names = [f"{term.lower().replace(' ', '-')}-{n}" for n in range(count)]
    mine = [n for n in h.people if n.startswith(f"{term}-")][:count]
    face = accounts.picture(h.p, folder, "face.jpg")
    before, after = {
        "Bc": ([], [brief(n) for n in names]),
        "Bc with a token": ([], [brief(n, token="r1") for n in names]),
        "Bf": ([brief(n) for n in names], [brief(n, title="T", summary="S") for n in names]),
        "Bs": ([brief(n) for n in names], [brief(n, token="r1") for n in names]),
        "Bf and Bs": ([brief(n) for n in names], [brief(n, summary="S", token="r1") for n in names]),
        "Bd": ([brief(n, **CLEAN) for n in names], []),
        "Tc": ([], [task(n) for n in names]),
        "T anew": ([task(n) for n in names], [task(n, token="s1", name="N") for n in names]),
        "Uu": ([user(n) for n in mine], [user(n, firstName="F", lastName="L", owningAgencyId=h.us) for n in mine]),
        "A": ([user(n) for n in mine], [user(n, avatar=face) for n in mine]),
        "Uu and A": ([user(n) for n in mine], [user(n, firstName="F", avatar=face) for n in mine]),
    }[term]
    return list(before), list(after)


def sort_of(line: str) -> str:
    if line.endswith(TRANSITION):
        return "transition"
    method, path = line.split(" ")[:2]
    return "avatar" if path.endswith("/avatar") else f"POST {path}" if method == "POST" else method


def written(p: World, sizes: dict[str, int], folder: Path) -> tuple[Counter[str], dict[str, int], int]:
    """What an apply of changes of these sorts wrote, beside things in sync; its other requests by what they were
    for; and what the formula says."""
    h = house(p, "sync", *(f"{term}-{n}" for term, count in sizes.items() if "U" in term or "A" in term
                           for n in range(count)))  # fmt: skip
    sync = [brief("sync"), task("sync"), user("sync", firstName="Sync")]
    before, after = [*sync], [*sync]
    for term, count in sizes.items():
        was, will = documents_of(term, count, h, folder)
        before, after = before + was, after + will
    estates.done(p, *before)
    if "Bd" in sizes:
        estates.done(p, *before)  # only now a delete knows the status that it compares with

    deed = estates.done(p, *after)

    formula = sum(len(CALLS[term]) * count for term, count in sizes.items())
    assert len(deed.plan.writes) == deed.plan.bound == formula
    asked = {group: len(lines) for group, lines in deed.report.requests.items()}
    assert asked.get("calls", 0) == formula
    return Counter(map(sort_of, deed.sent)), asked, formula


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("term", TERMS)
def test_op_c2_each_sort_of_change_alone(p: World, term: str, count: int, tmp_path: Path) -> None:
    sent, asked, formula = written(p, {term: count}, tmp_path)

    assert sent == Counter(CALLS[term] * count)
    assert sum(sent.values()) == formula
    old_briefs = count if term in ("Bf", "Bs", "Bf and Bs", "Bd") else 0
    changed_users = count if term in ("Uu", "A", "Uu and A") else 0
    alone = changed_users if p.platform.knobs.hard("OP-P14") and term == "Uu" else 0
    looks = old_briefs + (min(changed_users, 1 + alone) if changed_users else 0)
    assert asked.get("preconditions", 0) == looks, "OP-C5"
    silent = p.platform.knobs.hard("OP-P6")
    shown = count if "B" in term and term != "Bd" else 0
    put = changed_users if term != "A" else 0
    proof = shown + (min(put, 1 + alone) if put else 0) if silent else 0
    assert asked.get("verify", 0) == proof, "OP-C4"


MIXES = [
    dict.fromkeys(TERMS, 1),
    dict.fromkeys(TERMS, 3),
    {"Bc": 10, "Bf and Bs": 3, "Bd": 10, "Tc": 3, "Uu and A": 10},
    {"Bc with a token": 3, "Bf": 20, "Bs": 10, "T anew": 10, "Uu": 30, "A": 3},
]


@pytest.mark.parametrize("mix", MIXES)
def test_op_c2_all_sorts_at_once(p: World, mix: dict[str, int], tmp_path: Path) -> None:
    """W = Bc + Bf + Bs + Bd + Tc + Uu + A, each counting only what differs."""
    sent, _, formula = written(p, mix, tmp_path)

    assert sent == sum((Counter(CALLS[term] * count) for term, count in mix.items()), Counter())
    assert sum(sent.values()) == formula


# Deletes that are held.


def test_a_delete_that_is_held_says_why_and_keeps_nothing_else_back(p: World) -> None:
    """Of five briefs that left git two may go: one has moved on, one is not ours, one was seen but once."""
    h = house(p, "jane")
    theirs = p.platform.add_brief("Theirs", brief_summary="T", brief_deadline="2026-06-30", business_area="UK")
    gone = [brief(n, **CLEAN) for n in ("fine", "well", "moved")]
    stay = brief("stays")
    estates.done(p, stay, *gone, brief("theirs", title="Theirs", pinned_id=theirs, **CLEAN))
    estates.done(p, stay, *gone, brief("theirs", title="Theirs", **CLEAN), brief("new-one", **CLEAN))
    p.platform.set_status(briefs.own_id(p, "moved"), "approved")
    ids = {name: briefs.own_id(p, name) for name in ("fine", "well", "moved", "theirs", "new-one", "stays")}

    changes = [brief("stays", summary="S", token="r1"), brief("new"), user("jane", firstName="J"), task("k")]
    deed = estates.applied(p, *changes)

    assert briefs.rules(deed.plan) == {"moved": ["status"], "theirs": ["not-ours"], "new-one": ["status"]}
    reasons = {a.address.name: a.holds[0].reason for a in deed.plan.actions if a.holds}
    assert "its status is approved" in reasons["moved"]
    assert "none was recorded" in reasons["new-one"]
    assert all(reasons.values())
    assert sorted(deed.ends) == sorted(["done"] * 7 + ["held"] * deed.ends.count("held"))
    sent = Counter(map(sort_of, deed.sent))
    assert sent == {"PATCH": 1, "transition": 1, "POST /briefs": 1, "PUT": 1, "POST /tasks": 1, "DELETE": 2}
    assert [line for line in deed.sent if line.startswith("DELETE")] in (
        [f"DELETE /briefs/{ids['fine']}", f"DELETE /briefs/{ids['well']}"],
        [f"DELETE /briefs/{ids['well']}", f"DELETE /briefs/{ids['fine']}"],
    )
    assert {"moved", "theirs", "new-one"} <= {a.name for a in p.recorded.bonds}
    assert h.live("jane").first_name == "J"
    assert estates.applied(p, *changes).sent == []


def test_where_no_status_shows_every_delete_is_held_and_the_rest_goes_on(p: World) -> None:
    gone = [brief(f"g{n}", **CLEAN) for n in range(3)]
    estates.done(p, brief("stays"), *gone)
    estates.done(p, brief("stays"), *gone)
    p.platform.knobs.set("status-hidden", "adversarial")

    deed = estates.applied(p, brief("stays", summary="S"), task("k"))

    assert briefs.rules(deed.plan) == {f"g{n}": ["status"] for n in range(3)}
    assert all("no read shows its status" in h.reason for one in deed.plan.actions for h in one.holds)
    assert Counter(map(sort_of, deed.sent)) == {"PATCH": 1, "POST /tasks": 1}
    assert [c.method for c in deed.plan.held] == ["DELETE"] * 3
    assert len(estates.applied(p, *p.documents, lift=["status"]).sent) == 3
