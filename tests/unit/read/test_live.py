"""Reading side by side: what is asked once, what twice, and what stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module

import pytest

from reconciler.model.call import Reply, Request
from reconciler.model.faults import AnswerInvalid, GuardRefused, ProviderRefused, ReconcilerError
from reconciler.model.json import Json
from reconciler.model.live import Live
from reconciler.read import live as read_live
from reconciler.read.wanted import Wanted
from tests.world import OMNI, PROVIDERS, TRACKER, catalog, doc

reading = import_module("reconciler.read.gather")
ANN = "ann@example.com"


def refused(request: Request, status: int) -> ProviderRefused:
    return ProviderRefused(f"answered {status}", target=request.target, request=str(request), status=status)


@dataclass
class Shelf:
    """Answers by path, in turn, the last for ever; a number is a refusal."""

    answers: dict[str, Sequence[Json]]
    asked: list[str] = field(default_factory=list)

    async def read(self, request: Request) -> Reply:
        assert request.safe
        before = sum(line.split("?")[0] == request.path for line in self.asked)
        self.asked.append(str(request).split(" ", 1)[1])
        await asyncio.sleep(0)
        turns = self.answers[request.path]
        body = turns[min(before, len(turns) - 1)]
        if isinstance(body, int):
            raise refused(request, body)
        return Reply(200, body)


def want(
    kind: str, *names: str, ids: Sequence[str] = (), target: str = OMNI, by: Sequence[dict[str, str]] = ()
) -> Wanted:
    found = Wanted(target, catalog().kind(PROVIDERS[target], kind), by=list(by))
    found.names, found.ids = {n: n for n in names}, set(ids)
    found.documents = [] if names else [doc(kind, "declared", {})]
    return found


def read(shelf: Shelf, *wanted: Wanted, expect_missing: frozenset[str] = frozenset()) -> Live:
    return asyncio.run(read_live(wanted, PROVIDERS, catalog(), shelf, expect_missing))


def labels(*names: str) -> Json:
    return {"labels": [{"name": n} for n in names]}


def folders(*names: str, total: int | None = None, cursor: str | None = None) -> Json:
    records: list[Json] = [{"id": n, "name": n, "path": f"/{n}"} for n in names]
    page: dict[str, Json] = {"hasNextPage": cursor is not None, "nextCursor": cursor}
    return {"records": records, "pageInfo": {**page, "totalRecords": len(names) if total is None else total}}


def test_one_request_serves_all_who_need_it() -> None:
    """Teams are read for themselves and for the people in them."""
    team: Json = {"id": "t", "slug": "a", "name": "A", "members": [{"userId": "u", "user": {"email": ANN}}]}
    shelf = Shelf({"/api/client-teams": [[team]]})

    found = read(shelf, want("ClientTeam", target=TRACKER), want("User", ANN, target=TRACKER))

    assert shelf.asked == ["/api/client-teams"]
    assert [str(r) for r in found.requests] == ["GET /api/client-teams"]
    assert [len(found.of(TRACKER, k).resources) for k in ("ClientTeam", "User")] == [1, 1]


def test_two_targets_share_nothing() -> None:
    shelf = Shelf({"/v1/labels": [labels()]})
    other = Wanted("second", catalog().kind(PROVIDERS[OMNI], "Label"))

    asyncio.run(read_live([want("Label"), other], {**PROVIDERS, "second": PROVIDERS[OMNI]}, catalog(), shelf))

    assert shelf.asked == ["/v1/labels", "/v1/labels"]


def test_ids_of_owners_are_known_before_their_folders_are_listed() -> None:
    shelf = Shelf({
        "/scim/v2/users": [{"Resources": [{"id": "u1", "userName": ANN}], "totalResults": 1, "itemsPerPage": 1}],
        "/v1/folders": [folders("F")],
    })  # fmt: skip

    found = read(shelf, want("Folder", by=[{"scope": "restricted", "owner": ANN}]), want("User", ANN))

    assert [line.split("?")[0] for line in shelf.asked] == ["/scim/v2/users", "/v1/folders"]
    assert shelf.asked[-1].endswith("scope=restricted&ownerId=u1")
    assert found.demands[(OMNI, "Folder")].by == ({"scope": "restricted", "owner": "u1"},)


def test_a_reading_without_proof_is_made_once_more() -> None:
    shelf = Shelf({"/v1/folders": [folders("a", total=2), folders("a", "b")]})

    found = read(shelf, want("Folder")).of(OMNI, "Folder")

    assert len(shelf.asked) == 2
    assert ([r.id for r in found.resources], found.proof.complete) == (["a", "b"], True)


def test_the_second_reading_is_believed_to_prove_nothing() -> None:
    shelf = Shelf({"/v1/folders": [folders("a", total=2)]})

    found = read(shelf, want("Folder"))

    assert len(shelf.asked) == len(found.requests) == 2
    assert not found.of(OMNI, "Folder").proof.complete


def test_a_recorded_thing_that_pages_lack_is_looked_for_once_more() -> None:
    shelf = Shelf({"/v1/folders": [folders("a"), folders("a", "late")]})

    found = read(shelf, want("Folder", ids=("late",))).of(OMNI, "Folder")

    assert len(shelf.asked) == 2
    assert [r.id for r in found.resources] == ["a", "late"]


def test_what_is_all_there_is_read_once() -> None:
    shelf = Shelf({"/v1/folders": [folders("a")]})

    read(shelf, want("Folder", ids=("a",)))

    assert len(shelf.asked) == 1


def test_a_recorded_thing_that_a_list_lacks_is_asked_for_by_itself() -> None:
    shelf = Shelf({"/v1/labels": [labels("A")], "/v1/labels/Gone": [404]})

    found = read(shelf, want("Label", ids=("A", "Gone"))).of(OMNI, "Label")

    assert shelf.asked == ["/v1/labels", "/v1/labels/Gone"]
    assert [r.id for r in found.resources] == ["A"]


@pytest.mark.parametrize("status", [400, 403, 410])
def test_only_404_says_that_a_thing_is_gone(status: int) -> None:
    with pytest.raises(ProviderRefused, match=f"answered {status}"):
        read(Shelf({"/v1/labels": [labels("A")], "/v1/labels/Gone": [status]}), want("Label", ids=("A", "Gone")))


def test_a_list_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(ProviderRefused, match="answered 404"):
        read(Shelf({"/v1/labels": [404]}), want("Label"))


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_REQUESTS", 5)
    shelf = Shelf({"/v1/folders": [folders(cursor=f"c{i}") for i in range(9)]})

    with pytest.raises(AnswerInvalid, match="does not end after 5 pages"):
        read(shelf, want("Folder"))
    assert len(shelf.asked) == 5


def test_a_list_of_exactly_the_most_pages_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_REQUESTS", 3)
    shelf = Shelf({"/v1/folders": [folders(cursor="c1"), folders(cursor="c2"), folders()]})

    assert read(shelf, want("Folder")).of(OMNI, "Folder").proof.complete


@pytest.mark.parametrize("body", [None, [], {"labels": None}, {"labels": [{"name": 1}]}])
def test_an_answer_that_makes_no_sense_names_its_request(body: Json) -> None:
    with pytest.raises(AnswerInvalid, match="GET /v1/labels"):
        read(Shelf({"/v1/labels": [body]}), want("Label"))


def test_everything_known_gone_is_another_tenant() -> None:
    shelf = Shelf({"/api/client-teams": [[]]})

    with pytest.raises(GuardRefused, match="none of the 2 things recorded here is live") as refusal:
        read(shelf, want("ClientTeam", ids=("t1", "t2"), target=TRACKER))
    assert "--expect-missing studio/ClientTeam" in refusal.value.hint


@pytest.mark.parametrize(
    ("ids", "expect_missing"),
    [
        (("t1",), frozenset[str]()),
        (("t1", "there"), frozenset[str]()),
        (("t1", "t2"), frozenset({"studio/ClientTeam"})),
    ],
)
def test_one_gone_or_some_left_or_said_so_is_no_other_tenant(
    ids: tuple[str, ...], expect_missing: frozenset[str]
) -> None:
    shelf = Shelf({"/api/client-teams": [[{"id": "there", "slug": "a", "name": "A"}]]})

    found = read(shelf, want("ClientTeam", ids=ids, target=TRACKER), expect_missing=expect_missing)

    assert [r.id for r in found.of(TRACKER, "ClientTeam").resources] == ["there"]


def test_another_kind_said_to_be_missing_lifts_nothing() -> None:
    with pytest.raises(GuardRefused):
        read(
            Shelf({"/api/client-teams": [[]]}),
            want("ClientTeam", ids=("t1", "t2"), target=TRACKER),
            expect_missing=frozenset({"analytics/ClientTeam", "studio/User"}),
        )


def test_a_respelled_name_is_not_missing() -> None:
    found = read(Shelf({"/v1/labels": [labels("LIVE", "OTHER")]}), want("Label", ids=("Live", "Other")))

    assert [r.id for r in found.of(OMNI, "Label").resources] == ["LIVE", "OTHER"]


def several(*answers: tuple[str, Json]) -> Callable[[], Live]:
    shelf = Shelf({path: [body] for path, body in answers})
    return lambda: read(shelf, want("Folder"), want("Label"), want("ClientTeam", target=TRACKER))


def test_of_several_errors_one_is_told_and_it_is_ours() -> None:
    with pytest.raises(ReconcilerError) as told:
        several(("/v1/folders", 403), ("/v1/labels", 403), ("/api/client-teams", 403))()
    assert type(told.value) is ProviderRefused
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__


def test_one_error_among_good_answers_is_told() -> None:
    with pytest.raises(ProviderRefused, match="GET /v1/labels"):
        several(("/v1/folders", folders()), ("/v1/labels", 403), ("/api/client-teams", []))()


def test_no_request_outlives_a_reading_that_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while answers are made sense of, before anybody waits for the next: the wires close behind it."""

    class Slow(Shelf):
        async def read(self, request: Request) -> Reply:
            await asyncio.sleep(0.05)
            return await super().read(request)

    shelf = Slow({"/v1/labels": [labels("A")]})
    left: list[int] = []
    next_ones = reading._next

    async def stopped() -> None:
        task = asyncio.ensure_future(read_live([want("Label")], PROVIDERS, catalog(), shelf))
        monkeypatch.setattr(reading, "_next", lambda *about: (task.cancel(), next_ones(*about))[1])
        await asyncio.gather(task, return_exceptions=True)
        left.append(len(asyncio.all_tasks()) - 1)

    asyncio.run(stopped())

    assert left == [0]
