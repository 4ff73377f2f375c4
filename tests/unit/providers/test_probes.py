"""Probes against docs/apis, and against answers that no API should give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import providers
from reconciler.model.doctor import MOST_CALLS, Answer, Heard, Known, Probes, Told, question
from reconciler.model.json import Json
from reconciler.providers.probing import get, settled

DOCS = Path(__file__).parents[3] / "docs/apis"
PROVIDERS = sorted(providers.providers())
ROW = re.compile(r"^\| \*\*([A-Z]{2}-A\d+)\*\* \| .* \| (.*?) \|$", re.MULTILINE)
NOT_ASKED = "`doctor` does not ask"
CALLS = re.compile(r"^\| [A-Z][^|]* \| (\d+) \| ", re.MULTILINE)
WORDS = (
    "id", "name", "slug", "members", "userId", "user", "email", "isPrimary", "users", "components", "spaces",
    "key", "parents", "children", "spaceId", "total", "more", "published", "date", "data", "status", "kwds",
    "entries", "parentId", "itm", "loc", "records", "Resources", "labels", "pageInfo", "hasNextPage",
    "totalResults", "itemsPerPage", "recipients", "recipientCount", "destinationType", "clientTeam", "_count",
    "projects", "omgJobNumber", "startDate", "userName", "path", "brief_deadline", "connections", "identifier",
    "principals", "results", "from", "type", "role", "owner", "folder", "sshUrl", "user_id", "totalRecords",
)  # fmt: skip


def told(provider: str) -> dict[str, str]:
    """Assumption -> what the page says of whether a safe call could tell."""
    return dict(ROW.findall((DOCS / f"{provider}.md").read_text(encoding="utf-8")))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_assumption_that_a_safe_call_could_tell_is_asked_about_or_says_why_not(provider: str) -> None:
    cells = {i: cell for i, cell in told(provider).items() if cell.startswith(("yes", "partly"))}
    asked, left = {p.id for p in providers.probes(provider).probes}, providers.probes(provider).left
    silent = {i for i, cell in cells.items() if NOT_ASKED in cell}
    assert asked == cells.keys() - silent, "no probe, no reason, or a probe of what does not exist"
    assert set(left) == silent
    reasons = {i: cell.partition(NOT_ASKED)[2] for i, cell in cells.items() if i in silent}
    assert {i for i, why in reasons.items() if not re.match(r": \w|, see [A-Z]{2}-A\d+$", why)} == set()


def test_what_no_safe_call_can_tell_says_why() -> None:
    cells = told("omni-analytics")
    assert {i for i, cell in cells.items() if not re.match(r"(yes|partly|no): \S", cell)} == set()
    assert sum(cell.startswith("no") for cell in cells.values()) > 40


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_is_asked_about_once_and_in_order(provider: str) -> None:
    found = providers.probes(provider)
    numbers = [int(p.id.split("-A")[1]) for p in found.probes]
    assert numbers == sorted(set(numbers))
    assert all(p.assumed and p.then and p.assumed[-1] != "." and p.then[-1] != "." for p in found.probes)
    assert found.health


def test_a_provider_that_does_not_exist_has_no_probes() -> None:
    with pytest.raises(KeyError):
        providers.probes("omni-analytic")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.sampled_from(["", "root", "Aa", "2026-01-01T00:00:00.001Z", "email", *WORDS]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=40,
)
answers = st.builds(Answer, st.sampled_from([0, 200, 200, 200, 200, 401, 403, 404, 500]), values)
known = st.dictionaries(
    st.sampled_from(["Brief", "Space", "Component", "Project", "User"]), st.just(("1", "2", "x/y"))
)


@pytest.mark.parametrize("provider", PROVIDERS)
@settings(max_examples=150, deadline=None)
@given(data=st.data(), ids=known)
def test_whatever_is_answered_each_says_something_and_asks_only_what_is_safe(
    provider: str, data: st.DataObject, ids: dict[str, tuple[str, ...]]
) -> None:
    heard = examined(providers.probes(provider), Known("t", ids), data)
    assert len(heard) <= MOST[provider], "the calls are bounded by what is asked, not by where asking ends"


def examined(found: Probes, about: Known, data: st.DataObject) -> dict[str, Answer]:
    heard: dict[str, Answer] = {}
    while len(heard) <= MOST_CALLS:
        wanted = (r for p in found.probes for r in p.asks(about, Heard(heard)) if question(r) not in heard)
        if (request := next(wanted, None)) is None:
            break
        assert request.safe
        assert request.target == "t"
        assert request.method == "GET" or request.path in SAFE_POSTS
        heard[question(request)] = data.draw(answers)
    for probe in found.probes:
        finding = probe.judge(about, Heard(heard))
        assert isinstance(finding.told, Told)
        assert finding.seen
        assert "x/y" not in finding.seen
        assert "Aa" not in finding.seen, "live text is no finding"
    return heard


MOST = {"studio-tracker": 8, "omg-platform": 6, "omni-cms": 9, "omn-core": 16, "omni-analytics": 17}


def test_the_page_says_how_many_calls_there_are_at_most() -> None:
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [int(n) for n in CALLS.findall(page)] == [*MOST.values()]
    assert max(MOST.values()) <= MOST_CALLS


SAFE_POSTS = {
    "/component/search", "/common/locales/retrieve", "/common/keywords/retrieve", "/cm/channels/retrieve",
    "/common/components/retrieve", "/common/glossaries/retrieve", "/dam/rncs/retrieve",
    "/pim/attribute-definitions/retrieve",
    "/dam/dirs/retrieve", "/pim/attributes/retrieve", "/pim/classes/retrieve", "/pim/nodes/retrieve",
}  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
def test_nothing_is_told_before_anything_is_asked(provider: str) -> None:
    for probe in providers.probes(provider).probes:
        assert probe.judge(Known("t"), Heard()).told is Told.UNTOLD, probe.id


@pytest.mark.parametrize("provider", PROVIDERS)
def test_health_is_safe(provider: str) -> None:
    for read in providers.probes(provider).health:
        assert read.request.safe
        assert (read.meaning and read.way_out) or not read.harmless


def test_a_body_that_is_not_good_is_never_looked_at() -> None:
    body: Json = {"spaces": []}
    assert Answer(200, body).good
    assert not Answer(404).good
    assert (str(Answer(404)), str(Answer(0))) == ("answered 404", "gave no answer that can be used")


def test_what_was_not_asked_says_which_of_two_reasons_there_is() -> None:
    request = get("analytics", "GET /v1/labels")
    spent = Heard({str(n): Answer(200) for n in range(MOST_CALLS)})

    told = [found.seen for heard in (Heard(), spent) if (found := settled(heard, request)) is not None]
    assert told == [
        "it was not asked: there was nothing to ask about",
        f"it was not asked: the {MOST_CALLS} calls of one look were used up",
    ]
