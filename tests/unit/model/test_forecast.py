"""How many requests a reading takes: sums, pages, what is known and what is not."""

from __future__ import annotations

import pytest

from reconciler.model.call import Request
from reconciler.model.forecast import Forecast, Sizes, listing, told_pages
from reconciler.model.json import Json

FIRST = Request("t", "GET", "/v1/folders", (("pageSize", "100"), ("scope", "organization")), safe=True)
OTHER = Request("t", "GET", "/v1/labels", safe=True)


def test_a_listing_is_called_the_same_on_each_of_its_pages() -> None:
    later = Request("t", "GET", "/v1/folders", (*FIRST.query, ("cursor", "abc")))

    assert listing(later) == listing(FIRST) == "GET /v1/folders?pageSize=100&scope=organization"
    assert listing(OTHER) == "GET /v1/labels"


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        ({"pageInfo": {"totalRecords": 201, "pageSize": 100}}, 3),
        ({"pageInfo": {"totalRecords": 0, "pageSize": 100}}, 1),
        ({"totalResults": 100, "itemsPerPage": 100}, 1),
        ({"totalResults": 5, "itemsPerPage": 0}, None),
        ({"totalResults": 10**9, "itemsPerPage": 1}, 10_000),
        ({"labels": []}, None),
        (None, None),
    ],
)
def test_a_page_may_tell_how_many_there_are(body: Json, pages: int | None) -> None:
    assert told_pages(body) == pages


def test_a_list_that_two_kinds_read_counts_once() -> None:
    both = Forecast({"GET /a": 2}, 3) + Forecast({"GET /a": 2, "GET /b": 1}, 1, least=True)

    assert (both.requests, both.least) == (7, True)


def test_what_is_remembered_counts_as_it_was() -> None:
    sizes = Sizes({listing(FIRST): 4}, things=900)

    assert sizes.of(FIRST) == Forecast({listing(FIRST): 4})


def test_what_nobody_remembers_is_as_long_as_what_is_declared_or_recorded_makes_it() -> None:
    assert Sizes(things=201).of(FIRST) == Forecast({listing(FIRST): 3}, least=True)
    assert Sizes(things=201).of(OTHER).requests == 1, "it is not said how many come at a time"
    assert Sizes(things=201).of(FIRST, OTHER).requests == 2, "nobody knows which of them shows them"


def test_a_list_without_pages_is_one_answer() -> None:
    assert Sizes(things=900).of(FIRST, paged=False) == Forecast({listing(FIRST): 1})
