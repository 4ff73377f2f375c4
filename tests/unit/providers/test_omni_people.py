"""People of Omni Analytics as pure functions: batches and their halves, reading by address, what is kept back."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies, Resource
from reconciler.model.plan import Call, Phase, Role
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics import email_only_reads, email_only_user, own, user, user_group
from reconciler.providers.omni_analytics.email_only_batches import BATCH
from tests.unit.providers.samples import PERSON, T
from tests.world import catalog

MAILED: Kind = catalog().kind("omni-analytics", "EmailOnlyUser")
GROUP: Kind = catalog().kind("omni-analytics", "UserGroup")


def at(kind: Kind, name: str) -> Address:
    return Address(T, kind.name, name)


def made(n: int) -> Change:
    key = f"r{n:02}@example.com"
    wire: JsonObject = {"email": key, "attributes": {"level": n + 1, "team": None}}
    return Change(Verb.CREATE, at(MAILED, f"r{n:02}"), key=key, label=key, wire=wire)


# Email-only users, writing.


@pytest.mark.parametrize(("people", "requests"), [(1, 1), (20, 1), (21, 2), (45, 3), (400, 20)])
def test_oa_c38_as_many_requests_as_scores(people: int, requests: int) -> None:
    changes = [made(n) for n in range(people)]
    calls = email_only_user.calls(MAILED, changes)

    assert len([c for c in calls if c.sent and not c.contingent]) == requests
    assert email_only_user.bound(MAILED, changes) == requests


@pytest.mark.parametrize("people", [1, 2, 3, 7, 20])
def test_oa_r204_the_halves_of_a_refused_request_go_down_to_one(people: int) -> None:
    calls = email_only_user.calls(MAILED, [made(n) for n in range(people)])
    requests = {c.id: c for c in calls if c.sent}
    aboard = {i: [c for c in calls if c.carrier == i] for i in requests}

    assert len([c for c in requests.values() if c.contingent]) == 2 * people - 2
    for one in requests.values():
        halves = [c for c in requests.values() if c.trigger and c.trigger.refused == one.id]
        size = len(aboard[one.id])
        assert sorted(len(aboard[h.id]) for h in halves) == ([size // 2, size - size // 2] if size > 1 else [])
        again = [r for h in halves for r in aboard[h.id]]
        assert [r.trigger.refused if r.trigger else "" for r in again] == (
            [r.id for r in aboard[one.id]] if size > 1 else []
        )
    assert {c.role for c in calls if c.trigger} <= {Role.CONTINGENT}
    assert len({c.id for c in calls}) == len(calls)


def test_oa_r203_a_part_has_what_says_something_and_nothing_else() -> None:
    (rider,) = [c for c in email_only_user.calls(MAILED, [made(0)]) if not c.sent]

    assert rider.body == {"email": "r00@example.com", "userAttributes": {"level": 1}}
    assert (rider.verify, rider.phase) == (True, Phase.CREATE)


def test_oa_r205_an_answer_tells_ids_whatever_the_case() -> None:
    calls = email_only_user.calls(MAILED, [made(0), made(1)])
    riders = [c for c in calls if not c.sent and not c.contingent]
    answer: Json = {"results": [{"email": "R00@Example.com", "userId": "e-1"}, {"email": 7}]}

    told = email_only_user.verdicts(MAILED, calls[0], riders, answer)

    assert [(told[r.id].done, told[r.id].id) for r in riders] == [(True, "e-1"), (None, None)]
    assert all(v.done is None for v in email_only_user.verdicts(MAILED, calls[0], riders, None).values())


# Email-only users, reading.


def people(*emails: str, total: int, cursor: str | None = None) -> Json:
    records: list[Json] = [{"email": e, "user_id": f"id-{e}", "user_attributes": {}} for e in emails]
    info: Json = {"hasNextPage": cursor is not None, "nextCursor": cursor, "pageSize": 20, "totalRecords": total}
    return {"records": records, "pageInfo": info}


def asking(*emails: str) -> Demand:
    return Demand(T, MAILED.name, details=tuple({"email": e, "address": e} for e in emails))


def next_lines(demand: Demand, replies: Replies = ()) -> list[str]:
    return [str(r).partition("?")[2] for r in email_only_reads.reads(MAILED, demand, replies)]


def test_oa_c35_nobody_is_read_for_nobody() -> None:
    assert next_lines(asking()) == []


def test_oa_c35_one_by_address_and_several_by_the_first_page() -> None:
    page = "pageSize=20&sortDirection=asc"
    assert next_lines(asking("a@example.com")) == [f"{page}&email=a%40example.com"]
    assert next_lines(asking("a@example.com", "b@example.com")) == [page]


@pytest.mark.parametrize(("total", "then"), [(40, ["cursor=c"]), (60, ["cursor=c"]), (80, ["email=", "email="])])
def test_oa_c35_the_other_pages_or_one_question_each(total: int, then: list[str]) -> None:
    demand = asking("a@example.com", "b@example.com", "c@example.com")
    (first,) = email_only_reads.reads(MAILED, demand, ())

    lines = next_lines(demand, ((first, people("a@example.com", total=total, cursor="c")),))

    assert len(lines) == len(then)
    assert all(word in line for word, line in zip(then, lines, strict=True))


def test_oa_r202_only_an_exact_address_counts() -> None:
    demand = asking("a@example.com")
    (first,) = email_only_reads.reads(MAILED, demand, ())
    replies: Replies = ((first, people("xa@example.com", total=21, cursor="xa@example.com")),)
    (more,) = email_only_reads.reads(MAILED, demand, replies)
    replies += ((more, people("A@example.com", total=21)),)

    assert email_only_reads.reads(MAILED, demand, replies) == []
    assert "A@example.com" in [r.key for r in email_only_reads.parse(MAILED, demand, replies).resources]


def test_oa_r202_without_an_end_nothing_is_proven() -> None:
    demand = asking("a@example.com")
    (first,) = email_only_reads.reads(MAILED, demand, ())

    assert email_only_reads.parse(MAILED, demand, ((first, people(total=0)),)).proof.complete
    assert not email_only_reads.parse(MAILED, demand, ((first, people("xa@example.com", total=3)),)).proof.complete


def test_oa_r202_of_the_system_only_the_time_zone() -> None:
    held: Json = {"omni_user_timezone": "UTC", "omni_user_name": "x", "level": "1"}
    record: Json = {"email": "a@example.com", "user_id": "e", "user_attributes": held}
    demand = asking("a@example.com")
    (first,) = email_only_reads.reads(MAILED, demand, ())
    info: Json = {"hasNextPage": False, "totalRecords": 1}
    found = email_only_reads.parse(MAILED, demand, ((first, {"records": [record], "pageInfo": info}),))

    assert found.resources[0].fields["attributes"] == {"omni_user_timezone": "UTC", "level": "1"}


# Accounts.


def test_oa_r197_what_the_newer_edition_hides_nobody_knows() -> None:
    newer: Json = {"id": "u", "userName": "a@example.com", "displayName": "A", "active": True, "schemas": []}
    older: Json = {"id": "u", "userName": "a@example.com", "meta": {}, "emails": []}
    demand = Demand(T, PERSON.name, fresh=("u",), singly=True)
    (one,) = user.reads(PERSON, demand, ())

    assert "attributes" not in user.parse(PERSON, demand, ((one, newer),)).resources[0].fields
    assert user.parse(PERSON, demand, ((one, older),)).resources[0].fields["attributes"] == {}


def test_who_is_gone_when_read_singly_is_gone_whatever_the_list_says() -> None:
    detail: JsonObject = {"email": "a@example.com", "attributes": True, "address": "x"}
    demand = Demand(T, PERSON.name, details=(detail,))
    replies: Replies = ()
    while batch := user.reads(PERSON, demand, replies):
        listed: Json = {"Resources": [{"id": "u", "userName": "a@example.com"}], "totalResults": 1}
        replies += tuple((r, None if r.may_be_gone else listed) for r in batch)

    assert user.parse(PERSON, demand, replies).resources == ()


def guarded(phase: Phase, *names: str, alone: bool = False) -> Demand:
    details: tuple[JsonObject, ...] = tuple(
        {"email": f"{n}@example.com", "attributes": True, "address": str(at(PERSON, n)), "alone": alone}
        for n in "abc"
    )
    fields: JsonObject = {"attributes": {}}
    calls = [
        Call(
            n,
            T,
            PERSON.name,
            at(PERSON, n),
            "PUT",
            "/x",
            phase,
            live_id=None if phase is Phase.CREATE else f"id-{n}",
        )
        for n in names
    ]
    calls = [replace(c, effect=replace(c.effect, fields=fields)) for c in calls]
    return user.guarding(PERSON, Demand(T, PERSON.name, details=details, wanted=("z@example.com",)), calls)


def test_oa_c37_one_is_read_singly_several_as_for_the_plan() -> None:
    assert (guarded(Phase.UPDATE, "a").fresh, guarded(Phase.UPDATE, "a").singly) == (("id-a",), True)
    several = guarded(Phase.UPDATE, "a", "b")
    assert (several.singly, [d["email"] for d in several.details]) == (False, ["a@example.com", "b@example.com"])
    assert several.wanted == ()


def test_oa_c37_each_singly_where_only_that_shows_what_is_written() -> None:
    assert guarded(Phase.UPDATE, "a", "b", "c", alone=True).fresh == ("id-a", "id-b", "id-c")
    assert not guarded(Phase.CREATE, "a").singly


def leaving(name: str, allow: tuple[str, ...] = ("delete", "delete-person"), **settings: Json) -> set[str]:
    bond = Bond(at(PERSON, name), "u", allow=allow)
    live = Resource("u", f"{name}@example.com", {})
    change = Change(Verb.DELETE, at(PERSON, name), live=live, bond=bond, settings=settings)
    return {h.rule for h in user.review(PERSON, [change], None)[0].holds}  # type: ignore[arg-type]


def test_oa_r194_who_may_go() -> None:
    assert leaving("ann", account="bot@example.com") == set()
    assert leaving("ann", ("delete",), account="bot@example.com") == {"delete-person"}
    assert leaving("ann") == {"unknown-account"}
    assert leaving("ann", account="ANN@example.com") == {"own-account"}
    assert leaving("ann", account="bot@example.com", protectedUsers=["ANN@example.com"]) == {"protected-user"}


def test_settings_that_mean_nobody_protect_nobody() -> None:
    assert own.account_of({}) == ""
    assert own.protected({"protectedUsers": "ann@example.com"}) == frozenset()


def test_oa_r198_a_group_that_shows_us_is_not_deleted() -> None:
    shown: JsonObject = {"u": "Bot@example.com"}
    live = Resource("g", "Finance", {"name": "Finance", "members": ["u"], "shown": shown})
    change = Change(Verb.DELETE, at(GROUP, "fin"), live=live, settings={"account": "bot@example.com"})

    assert [h.rule for h in user_group.review(GROUP, [change], None)[0].holds] == ["own-account"]  # type: ignore[arg-type]


def test_twenty_is_what_the_reference_allows() -> None:
    assert BATCH == 20
