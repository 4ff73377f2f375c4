"""Every trouble and every call at least once, in one profile or the other; the whole is `tests.faults.matrix`. And
that there is no call of any kind without a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.twins import PROFILES
from tests.faults.callsites import METHODS, CallSite, of_files, of_modules
from tests.faults.cells import Site
from tests.faults.matrix import SITES, WORLDS, Cell, Stages, Tally, attempt, every, sample
from tests.faults.troubles import TROUBLES
from tests.faults.trying import trial
from tests.world import PROVIDERS, catalog

OF_IMPORTS = {"/cm/channels/query", "/common/components/retrieve", "/pim/products/query"}
"""What only an import asks, though it stands in a module of a run."""


def cells() -> list[Any]:
    found = []
    for n, cell in enumerate(sample()):
        group = pytest.mark.xdist_group(f"matrix-{cell.profile}-{WORLDS.get(cell.site.target)}")
        found.append(pytest.param(n, cell, id=str(cell), marks=group))
    return found


@pytest.fixture(scope="module")
def stages() -> Iterator[Stages]:
    found = Stages()
    yield found
    found.close()


@pytest.mark.parametrize(("n", "cell"), cells())
def test_a_cell(stages: Stages, n: int, cell: Cell) -> None:
    stage, wanted = stages.of(cell)

    trial(stage, cell.site, cell.trouble, wanted, wanted.places[n % len(wanted.places)])


ONCE_WRONG = (
    ("adversarial", "list glossaries", "a page cut short"),
    ("adversarial", "list keywords", "a page that is missing"),
    ("adversarial", "list schedules", "a page that is missing"),
    ("adversarial", "list spaces", "a page that repeats, again and again"),
    ("adversarial", "invite somebody", "answer lost, and the first look is out of date"),
    ("adversarial", "make a peo", "connection refused from then on"),
    ("adversarial", "make recipients one by one", "connection reset before the request is read, again and again"),
    ("plain", "list locales", "UTF-16, again and again"),
    ("plain", "load a file", "a sign-in page, again and again"),
)
"""A cell of each kind of cause that the whole matrix has found."""


@pytest.mark.parametrize("name", ONCE_WRONG, ids=": ".join)
def test_what_was_wrong_once(stages: Stages, name: tuple[str, str, str]) -> None:
    cell = next(c for c in every() if (c.profile, c.site.name, c.trouble.name) == name)
    tally = Tally()

    attempt(stages, cell, tally)

    assert (tally.cells, tally.wrong) == (1, [])


def test_the_sample_holds_every_call_and_every_trouble() -> None:
    tried = [*sample()]

    assert {c.site.name for c in tried} == {s.name for s in SITES}
    assert {c.trouble.name for c in tried} == {t.name for t in TROUBLES}
    assert {c.profile for c in tried} == set(PROFILES)
    assert len({s.name for s in SITES}) == len(SITES)
    assert len({t.name for t in TROUBLES}) == len(TROUBLES)


def test_every_call_that_a_kind_can_make_has_a_cell() -> None:
    """Of the kind files kind by kind, and whatever else the modules name. What is excused is really not tried."""
    lacking = {str(c) for c in of_files() | of_modules() if not any(aims(site, c) for site in SITES)}
    excused = {str(c) for c in of_files() | of_modules() if c.path in OF_IMPORTS}

    assert len(of_files()) > 100
    assert len(of_modules()) > 100
    assert lacking == excused


def aims(site: Site, call: CallSite) -> bool:
    """Whether the site is about this call, and about a thing of this kind where one is named."""
    if site.target != call.target:
        return False
    methods = (call.method,) if call.method else METHODS
    meant = re.search(site.path, call.path.replace("{}", "7")) is not None
    if not meant or not any(re.fullmatch(site.method, one) for one in methods):
        return False
    source = not call.kind or catalog().kind(PROVIDERS[call.target], call.kind).source
    return source or any(d.address.kind == call.kind for d in (*site.before, *site.after))


def test_a_search_whose_pages_repeat_is_given_up_at_once(stages: Stages) -> None:
    site = next(s for s in SITES if s.name == "search components")
    trouble = next(t for t in TROUBLES if t.act == "repeat_page" and t.lasting)
    stage, wanted = stages.of(Cell("adversarial", site, trouble))

    trial(stage, site, trouble, wanted, wanted.places[0])

    assert len(stage.twins[site.target].log) < 30
