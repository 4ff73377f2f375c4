"""Answers and paths that once broke a rule, each as small as it got."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from reconciler.load.desired import desired
from reconciler.load.files import inside, read_given
from reconciler.model.call import Request
from reconciler.model.faults import ManifestInvalid
from reconciler.model.forecast import told_pages
from reconciler.model.json import Json
from reconciler.model.live import Demand
from reconciler.providers.studio_tracker.booking_days import day
from tests.world import OMNI, catalog

USERS = Request(OMNI, "GET", "/scim/v2/users", (("count", "100"), ("startIndex", "1")), safe=True)
ADA: Json = {"id": "1", "userName": "ada@example.com", "displayName": "Ada", "active": True}
ABOUT: tuple[dict[str, Json], ...] = ({"email": "ada@example.com"}, {"email": "bob@example.com"})


def page(total: int, *people: Json) -> Json:
    return {"Resources": [*people], "totalResults": total, "itemsPerPage": 100, "startIndex": 1}


def test_a_list_of_people_that_counts_more_than_it_shows_proves_nobody_absent() -> None:
    at = ("omni-analytics", "User")
    kind, verbs = catalog().kinds[at], catalog().verbs[at]
    demand = Demand(OMNI, "User", details=ABOUT)
    lies, whole = ((USERS, page(2, ADA)),), ((USERS, page(1, ADA)),)

    assert [dict(r.query)["filter"] for r in verbs.reads(kind, demand, lies)] == ['userName eq "bob@example.com"']
    assert verbs.reads(kind, demand, whole) == []
    assert not verbs.parse(kind, demand, lies).proof.complete
    assert verbs.parse(kind, demand, whole).proof.complete


def test_a_filter_that_counts_more_than_it_shows_proves_nothing() -> None:
    at = ("omni-analytics", "User")
    kind, verbs = catalog().kinds[at], catalog().verbs[at]
    demand = Demand(OMNI, "User", details=ABOUT[1:])
    [request] = verbs.reads(kind, demand, ())

    assert not verbs.parse(kind, demand, ((request, page(1)),)).proof.complete
    assert verbs.parse(kind, demand, ((request, page(0)),)).proof.complete


def test_a_refresh_of_another_connection_is_none_of_this_ones() -> None:
    at = ("omni-analytics", "SchemaRefresh")
    kind, verbs = catalog().kinds[at], catalog().verbs[at]
    demand = Demand(OMNI, "SchemaRefresh", by=({"connection": "c1"},))
    [request] = verbs.reads(kind, demand, ())
    one: dict[str, Json] = {"scheduleId": "s1", "schedule": "0 9 * * ? *", "timezone": "UTC"}

    def shown(**more: Json) -> Any:
        return verbs.parse(kind, demand, ((request, {"schedules": [{**one, **more}]}),))

    assert [r.id for r in shown().resources] == ["s1"]
    assert [r.id for r in shown(connectionId="c1").resources] == ["s1"]
    with pytest.raises(ValueError, match="another connection"):
        shown(connectionId="c2")


def test_a_connection_whose_id_is_no_text_is_refused() -> None:
    at = ("omni-analytics", "Connection")
    kind, verbs = catalog().kinds[at], catalog().verbs[at]
    demand = Demand(OMNI, "Connection")
    [request] = verbs.reads(kind, demand, ())

    with pytest.raises(ValueError, match="no usable id"):
        verbs.parse(kind, demand, ((request, {"connections": [{"id": {"value": "1"}, "name": "Lake"}]}),))


def test_a_total_beyond_all_floats_is_a_long_list() -> None:
    assert told_pages({"pageInfo": {"totalRecords": 10**400, "pageSize": 100}}) == 10_000


def test_what_is_hidden_in_a_schedule_is_shown_in_its_refusal(tmp_path: Path) -> None:
    text = "apiVersion: omni-analytics/v1\nkind: SchemaRefresh\nmetadata: {name: a}\nspec:\n  connection: lake\n"
    head = "apiVersion: reconciler/v1\nkind: Project\ntargets: {analytics: {provider: omni-analytics}}\n"
    (tmp_path / "reconciler.yaml").write_text(f"{head}manifests: [a.yaml]\n")
    (tmp_path / "a.yaml").write_text(f'{text}  cron: "\u200b"\n  timezone: UTC\n', encoding="utf-8")

    with pytest.raises(ManifestInvalid) as caught:
        desired(tmp_path, catalog())
    assert [p for p in caught.value.problems if "a.yaml:6:9" in str(p)]
    assert all(str(p).isprintable() for p in caught.value.problems)


def test_a_day_beyond_all_days_is_none() -> None:
    with pytest.raises(ValueError, match="beyond all days"):
        day("0001-01-01T00:00:00+14:00")


def test_a_name_longer_than_any_file_has_is_no_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too long"):
        inside(tmp_path, "9" * 5_000)


def test_a_link_that_goes_as_it_is_followed_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(path: object, **words: object) -> object:
        raise OSError(22, "Invalid argument", path)

    monkeypatch.setattr(os.path, "realpath", gone)

    assert "from moment to moment" in str(read_given(tmp_path / "x"))
