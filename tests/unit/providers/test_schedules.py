"""Schedules: what is wrong offline, which requests read them, and what the answers mean (OA-R66 to OA-R84)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.model.call import Request
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics import schedule
from reconciler.providers.omni_analytics.schedule_asked import again
from reconciler.providers.omni_analytics.schedule_parse import A_TILE
from tests.world import OMNI, catalog, doc

KIND = catalog().kind("omni-analytics", "Schedule")
JANE, BOB = "jane@example.com", "bob@example.com"
MAIL: dict[str, Any] = {
    "document": "d1",
    "name": "Weekly",
    "cron": "0 9 ? * MON *",
    "timezone": "UTC",
    "format": "pdf",
    "destination": "email",
    "recipients": [JANE],
    "subject": "Sales",
}
PEOPLE = {"User": Collection("User", (Resource("u1", JANE, {}), Resource("u2", BOB, {})))}


def written(**words: Any) -> Document:
    return doc("Schedule", "weekly", {k: v for k, v in {**MAIL, **words}.items() if v is not None})


def problems(**words: Any) -> list[str]:
    return [p.message for p in schedule.check(KIND, [written(**words)])]


# Offline (OA-R72 to OA-R74)


@pytest.mark.parametrize(
    "cron", ["0 9 ? * MON *", "00 09  * * ? *", "0/30 8-18 ? * mon-fri *", "0 9 L * ? *", "0 9 15W * ? 2026-2030"]
)
def test_oa_r72_a_cron_text_in_aws_form_is_right(cron: str) -> None:
    assert problems(cron=cron) == []


@pytest.mark.parametrize(
    ("cron", "why"),
    [
        ("0 9 1 * *", "6 required"),
        ("0 9 * * * *", "question mark"),
        ("0 9 ? * ? *", "question mark"),
        ("60 9 ? * * *", "minute"),
        ("0 9 ? * MONDAY *", "day-of-week"),
        (",".join(["1/2"] * 40) + " 9 ? * * *", "more than 10 steps"),
    ],
)
def test_oa_r72_any_other_is_not(cron: str, why: str) -> None:
    [message] = problems(cron=cron)
    assert why in message


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Dubai"])
def test_oa_r72_zones_are_the_data_bases(zone: str) -> None:
    assert problems(timezone=zone) == []


def test_oa_r72_another_spelling_of_a_zone_is_none() -> None:
    [problem] = schedule.check(KIND, [written(timezone="europe/berlin")])
    assert "Europe/Berlin" in problem.hint


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"subject": None}, "needs `subject`"),
        ({"recipients": None}, "somebody to mail to"),
        ({"url": "https://example.com"}, "belongs to `destination: webhook`"),
        ({"destination": "webhook", "recipients": None, "subject": None}, "needs `url`"),
        (
            {
                "destination": "sftp",
                "recipients": None,
                "subject": None,
                "address": "h",
                "port": 1,
                "username": "u",
            },
            "needs `path`",
        ),
        ({"recipientUsers": ["Jane@example.com"]}, "stands in `recipients` too"),
        ({"recipientUsers": [BOB], "recipientsMode": "additive"}, "differ"),
    ],
)
def test_oa_r73_each_destination_has_its_own(words: Mapping[str, Any], why: str) -> None:
    [message] = problems(**words)
    assert why in message


@pytest.mark.parametrize(
    ("format_", "options", "why"),
    [
        ("csv", {"hideTitle": True}, "pdf, png"),
        ("pdf", {"hideHiddenFields": True}, "csv, xlsx"),
        ("json", {"enableFormatting": True}, "where there is a `tile`"),
        ("xlsx", {"overrideRowLimit": True}, "where there is a `tile`"),
        ("csv", {"maxRowLimit": 5}, "overrideRowLimit"),
        ("link_only", {"showContentLink": True}, "not with link_only"),
        ("csv", {"showFilters": True}, "not with csv"),
        ("pdf", {"expandTablesToShowAllRows": True, "paperFormat": "fit_page"}, "fit_page"),
        ("png", {"paperFormat": "a4"}, "goes with pdf"),
    ],
)
def test_oa_r74_options_go_with_formats(format_: str, options: Json, why: str) -> None:
    [message] = problems(format=format_, options=options)
    assert why in message


@pytest.mark.parametrize(
    ("format_", "options", "tile"),
    [
        ("csv", {"enableFormatting": True, "overrideRowLimit": True, "maxRowLimit": 5}, None),
        ("json", {"enableFormatting": True}, "1"),
        ("json", {"enableFormatting": False}, None),
        ("pdf", {"expandTablesToShowAllRows": True, "paperFormat": "legal"}, None),
        ("link_only", {"killJobsOnFailure": True}, None),
    ],
)
def test_oa_r74_and_these_do(format_: str, options: Json, tile: str | None) -> None:
    assert problems(format=format_, options=options, tile=tile) == []


# Reading (OA-R67 to OA-R70)


def record(remote_id: str = "s1", name: str = "Weekly", place: str = "d1", **words: Json) -> Json:
    return {
        "id": remote_id,
        "identifier": place,
        "name": name,
        "schedule": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "PDF",
        "destinationType": "email",
        "recipientCount": 1,
        "disabledAt": None,
        "content": "dashboard",
        "alert": None,
        "ownerName": "Ann",
        **words,
    }


def listed(
    *records: Json, total: int | None = None, more: Json = False, cursor: Json = None, size: int = 100
) -> Json:
    count = len(records) if total is None else total
    info: Json = {"hasNextPage": more, "nextCursor": cursor, "pageSize": size, "totalRecords": count}
    return {"records": [*records], "pageInfo": info}


def mailed(*people: tuple[str, str]) -> Json:
    return {
        "type": "email",
        "recipients": [{"id": i, "email": e, "name": e, "emailOnly": False} for i, e in people],
    }


def demand(*documents: Document, bonds: tuple[Bond, ...] = (), ids: tuple[str, ...] = ()) -> Demand:
    places = {str(d.spec["document"]) for d in documents} | {b.by["document"] for b in bonds}
    by = tuple({"document": p} for p in sorted(places))
    details = schedule.details(KIND, documents, bonds, PEOPLE)
    return Demand(OMNI, "Schedule", by=by, ids=ids or tuple(b.id for b in bonds), details=details)


def answered(one: Demand, answers: Mapping[str, Json]) -> Replies:
    """Read on and on; `answers`: the end of a request's line -> its body."""
    replies: Replies = ()
    for _ in range(50):
        batch = schedule.reads(KIND, one, replies)
        if not batch:
            return replies
        replies += tuple((r, _answer(r, answers)) for r in batch)
    raise AssertionError("it never ends")


def _answer(request: Request, answers: Mapping[str, Json]) -> Json:
    for end, body in answers.items():
        if str(request).endswith(end):
            return body
    raise AssertionError(f"nobody expected {request}")


def parsed(one: Demand, answers: Mapping[str, Json]) -> Collection:
    return schedule.parse(KIND, one, answered(one, answers))


def bond(remote_id: str = "s1", **words: Any) -> Bond:
    address = Address(OMNI, "Schedule", "weekly")
    return replace(Bond(address, remote_id, key="Weekly", by={"document": "d1"}), **words)


def test_oa_r67_the_next_page_is_the_one_it_names_else_the_next_number() -> None:
    pages = {
        "identifier=d1": listed(record("s1", "A"), total=3, more=True, cursor="2", size=1),
        "cursor=2": listed(record("s2", "B"), total=3, more=True, size=1),
        "cursor=3": listed(record("s3", "C"), total=3, size=1),
    }
    found = parsed(demand(written()), pages)

    assert [r.key for r in found.resources] == ["A", "B", "C"]
    assert found.proof == Proof(True, "count equals total")


def test_oa_r67_a_page_number_that_does_not_grow_proves_nothing() -> None:
    pages = {
        "identifier=d1": listed(record("s1", "A"), total=2, more=True, cursor=1, size=1),
        "cursor=2": listed(record("s2", "B"), total=2, size=1),
    }
    assert not parsed(demand(written()), pages).proof.complete


def test_oa_r67_a_count_that_does_not_agree_proves_nothing() -> None:
    assert not parsed(demand(written()), {"identifier=d1": listed(record("s9", "X"), total=2)}).proof.complete


@pytest.mark.parametrize("wrong", [{"name": 5}, {"id": ""}, {"identifier": None}])
def test_a_record_of_another_shape_is_no_schedule(wrong: Any) -> None:
    answer = listed({**record(), **wrong})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="no usable id"):
        schedule.parse(KIND, demand(written()), ((Request(OMNI, "GET", "/v1/schedules"), answer),))


def test_oa_r71_a_list_shows_state_tile_alert_and_why_it_is_disabled() -> None:
    one = record(
        disabledAt="2026-01-01T00:00:00Z",
        content="single tile",
        alert={"conditionType": "RESULTS_PRESENT", "conditionQueryName": "Stock"},
        systemDisabledAt="2026-01-01T00:00:00Z",
        systemDisabledReason="gone",
    )
    [found] = parsed(
        demand(written()), {"identifier=d1": listed(one), "s1/recipients": mailed(("u1", JANE))}
    ).resources

    assert found.scope == ("d1",)
    assert found.fields["paused"] is True
    assert found.fields["tile"] == A_TILE
    assert found.fields["alert"] == {"when": "RESULTS_PRESENT"}
    assert found.fields["systemDisabled"] == "gone"


def test_oa_r69_recipients_are_ids_where_users_are_declared_else_addresses() -> None:
    one = demand(written(recipients=["x@example.com"], recipientUsers=[JANE]))
    people = mailed(("u1", "Jane@Example.com"), ("u7", "X@Example.com"))
    lists = {"identifier=d1": listed(record(recipientCount=2)), "s1/recipients": people}

    [found] = parsed(one, lists).resources

    assert found.fields["recipientUsers"] == ["u1"]
    assert found.fields["recipients"] == ["x@example.com"]
    assert found.fields["everybody"] == ["u1", "u7", "jane@example.com", "x@example.com"]


@pytest.mark.parametrize(("answer", "why"), [(mailed(), "0 recipients came, 1 are counted"), (None, "404")])
def test_oa_r69_recipients_that_do_not_add_up_are_not_believed(answer: Json, why: str) -> None:
    found = parsed(demand(written()), {"identifier=d1": listed(record()), "s1/recipients": answer})

    doubtful = found.seen["doubtful"]
    assert isinstance(doubtful, dict)
    assert why in str(doubtful["s1"])
    assert "recipients" not in found.resources[0].fields


def test_oa_r70_an_owner_is_whose_listing_shows_it() -> None:
    one = demand(written(owner=JANE))
    lists = {"identifier=d1": listed(record()), "s1/recipients": mailed(("u1", JANE))}

    his = parsed(one, {**lists, "ownerId=u1": listed(record(), record("s9", "Other", "d9"))})
    not_his = parsed(one, {**lists, "ownerId=u1": listed()})

    assert his.resources[0].fields["owner"] == "u1"
    assert len(his.resources) == 1
    assert not_his.resources[0].fields["owner"] == "somebody else (Ann)"


def test_oa_r66_of_two_of_one_name_nothing_is_asked() -> None:
    assert len(answered(demand(written()), {"identifier=d1": listed(record("s1"), record("s2"))})) == 1


def test_oa_r66_one_of_them_may_be_another_documents_own() -> None:
    renamed = replace(written(name="Monthly"), address=Address(OMNI, "Schedule", "monthly"))
    known = replace(bond("s1"), address=renamed.address)
    one = demand(renamed, written(), bonds=(known,))
    lists = {"identifier=d1": listed(record("s1"), record("s2")), "/recipients": mailed(("u1", JANE))}

    asked = [str(r).partition("schedules/")[2] for r, _ in answered(one, lists)]

    assert sorted(asked)[-2:] == ["s1/recipients", "s2/recipients"]
    assert all("recipients" in r.fields for r in parsed(one, lists).resources)


def test_oa_r69_where_nobody_is_a_user_any_more_all_compare_by_address() -> None:
    known = bond(digests={"recipientUsers/u2": "x"})
    lists = {"identifier=d1": listed(record(recipientCount=2)), "s1/recipients": mailed(("u1", JANE), ("u2", BOB))}

    [alone] = parsed(demand(written(), bonds=(known,)), lists).resources
    [both] = parsed(
        demand(written(recipients=["x@example.com"], recipientUsers=[JANE]), bonds=(known,)), lists
    ).resources

    assert (alone.fields["recipients"], alone.fields["recipientUsers"]) == ([JANE, BOB], [])
    assert (both.fields["recipients"], both.fields["recipientUsers"]) == ([], ["u1", "u2"])


@pytest.mark.parametrize("turned", [False, True])
def test_oa_r69_whose_name_it_is_comes_before_whose_it_was(*, turned: bool) -> None:
    was = doc("Schedule", "other", {**MAIL, "name": "Monthly"}, previous_key="Weekly", pinned_id="s7")
    heir = written(recipients=None, recipientUsers=[JANE])
    lists = {"identifier=d1": listed(record()), "s1/recipients": mailed(("u1", JANE))}

    [found] = parsed(demand(*[was, heir][:: -1 if turned else 1]), lists).resources

    assert found.fields["recipientUsers"] == ["u1"]


def test_oa_r68_a_recorded_one_that_is_missing_is_asked_for() -> None:
    gone = demand(written(), bonds=(bond(),))
    lists = {"identifier=d1": listed(), "s1/recipients": None}

    assert parsed(gone, lists).resources == ()
    assert [str(r).rpartition("/")[2] for r, _ in answered(gone, lists)][-1] == "recipients"


def test_oa_r68_one_that_answers_is_looked_for_in_a_list_once_more() -> None:
    there = demand(written(), bonds=(bond(),))
    lists = {"identifier=d1": listed(), "s1/recipients": mailed(("u1", JANE))}

    found = parsed(there, {**lists, "cursor=1": listed(record())})
    lost = parsed(there, {**lists, "cursor=1": listed()})

    assert ([r.id for r in found.resources], found.seen["unlisted"]) == (["s1"], [])
    assert ([r.id for r in lost.resources], lost.seen["unlisted"]) == (["s1"], ["s1"])


# Reading again (OA-C17, OA-C18)


def lines(one: Demand) -> list[str]:
    return [str(r).partition("pageSize=100&")[2] or r.path for r in schedule.reads(KIND, one, ())]


def test_oa_c17_a_precondition_lists_each_document_and_asks_about_these() -> None:
    other = replace(written(document="d2"), address=Address(OMNI, "Schedule", "other"))
    known = demand(written(), other, bonds=(bond(),))

    first = schedule.narrow(KIND, known, ["s1"], 1)

    assert lines(first) == ["identifier=d1", "identifier=d2", "/v1/schedules/s1/recipients"]


def test_oa_c17_where_no_destination_is_written_nothing_is_asked() -> None:
    known = replace(demand(written(), bonds=(bond(),)), details=())

    assert lines(schedule.narrow(KIND, known, ["s1"], 1)) == ["identifier=d1"]


def test_oa_r77_the_look_between_two_writes_is_one_request() -> None:
    first = schedule.narrow(KIND, demand(written(), bonds=(bond(),)), ["s1"], 1)

    look = schedule.narrow(KIND, first, ["s1"], 1)

    assert lines(look) == ["/v1/schedules/s1/recipients"]
    [found] = parsed(look, {"recipients": mailed(("u1", JANE))}).resources
    assert found.fields["everybody"] == ["u1", JANE]


def call(**words: Any) -> Call:
    address = Address(OMNI, "Schedule", "weekly")
    return replace(Call("1", OMNI, "Schedule", address, "PUT", "/x", Phase.UPDATE, live_id="s1"), **words)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (call(effect=Effect(fields={"cron": "x"})), ["identifier=d1"]),
        (
            call(effect=Effect(fields={"cron": "x", "recipients": []})),
            ["identifier=d1", "/v1/schedules/s1/recipients"],
        ),
        (call(set_field="recipients", effect=Effect(set_field="everybody")), ["/v1/schedules/s1/recipients"]),
        (call(effect=Effect(fields={"owner": "u1"})), ["ownerId=u1"]),
        (call(effect=Effect(fields={"cron": "x"}, scope=("d2",))), ["identifier=d1", "identifier=d2"]),
    ],
)
def test_oa_c18_what_was_sent_says_what_is_looked_at(one: Call, expected: list[str]) -> None:
    first = schedule.narrow(KIND, demand(written(), bonds=(bond(),)), ["s1"], 1)

    assert lines(schedule.showing(KIND, first, [one])) == expected
    assert again(first) is not None


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Europe/Berln", "`Europe/Berlin` or "),
        ("europe/berlin", "`Europe/Berlin`"),
        ("Berlin", "`Europe/Berlin`"),
        ("US/New York", "`America/New_York`"),
        ("Mars/Olympus", "`America/New_York`"),
        ("x" * 5_000, "`America/New_York`"),
    ],
)
def test_a_zone_that_is_none_is_told_the_nearest(zone: str, meant: str) -> None:
    (told,) = schedule.check(KIND, [doc("Schedule", "a", {**MAIL, "timezone": zone})])
    assert meant in told.hint


@pytest.mark.parametrize("cron", ["0 9 * * 1", ""])
def test_times_of_too_few_fields_are_told_of_six(cron: str) -> None:
    (told,) = schedule.check(KIND, [doc("Schedule", "a", {**MAIL, "cron": cron})])
    assert told.hint.startswith("write six fields")
    for kind in (KIND, catalog().kind("omni-analytics", "SchemaRefresh")):
        assert "minLength" not in str(kind.schema["properties"]["cron"])  # type: ignore[index,call-overload]
