"""Studio Tracker: its URL, headers and error words, and what is odd about teams and people."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Delta
from reconciler.model.document import Document, Target
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Replies
from reconciler.model.place import Problem, Severity
from reconciler.model.plan import Call
from reconciler.providers import studio_tracker as tracker
from reconciler.providers.rest.reads import get
from reconciler.providers.studio_tracker import client_team, user
from tests.unit.providers.samples import COLLEAGUE, TEAM, T, asked, change, demand, document, member, named, shorts


def target(**settings: Json) -> Target:
    return Target(T, "studio-tracker", settings)


def test_the_whole_base_url_but_for_its_last_slash() -> None:
    assert tracker.base(" https://studio.example.com/prod-tracker/ ") == "https://studio.example.com/prod-tracker"
    assert tracker.base("http://127.0.0.1:8000") == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "url", ["", "/", "studio.example.com/x", "https://a.example.com/x?y=1", "https://a.example.com#x"]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="application path"):
        tracker.base(url)


def test_key_and_organisation() -> None:
    assert tracker.headers(target(organisation="org-1"), "k") == {"X-API-Key": "k", "X-Org-Id": "org-1"}
    assert tracker.headers(target(singleOrganisation=True), "k") == {"X-API-Key": "k"}


@pytest.mark.parametrize(
    ("settings", "problems"),
    [
        ({"organisation": "o"}, 0),
        ({"singleOrganisation": True}, 0),
        ({"organisation": "o", "singleOrganisation": False}, 0),
        ({}, 1),
        ({"organisation": ""}, 1),
        ({"singleOrganisation": False}, 1),
        ({"organisation": "o", "singleOrganisation": True}, 1),
    ],
)
def test_an_organisation_is_named_or_there_is_one(settings: dict[str, Json], problems: int) -> None:
    assert len(tracker.check(target(**settings))) == problems


@pytest.mark.parametrize(
    ("body", "said"),
    [({"error": "no"}, "no"), ({"error": 7}, ""), ({"message": "no"}, ""), (["error"], ""), (None, "")],
)
def test_the_words_of_an_error(body: Json, said: str) -> None:
    assert tracker.message(body) == said


# Team: checks


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Brand", "brand"),
        ("  Brand & Co. ", "brand-co"),
        ("--A__b--", "a-b"),
        ("Ünïcode", "n-code"),
        ("1 2", "1-2"),
        ("!", ""),
    ],
)
def test_the_slug_of_a_name(name: str, slug: str) -> None:
    assert client_team.slugify(name) == slug


def team(slug: str, name: str | None = None, *members: JsonObject) -> Document:
    spec: dict[str, Json] = {"slug": slug, "name": name or slug}
    return document(TEAM, slug, **(spec | ({"members": [*members]} if members else {})))


def on(user_: str, primary: Json = True) -> JsonObject:
    return {"user": user_, "isPrimary": primary}


def problems(*documents: Document) -> list[tuple[str, Severity]]:
    found: list[Problem] = client_team.check(TEAM, documents)
    return [(p.rule, p.severity) for p in found]


def test_a_name_that_leads_to_another_slug_is_warned_of() -> None:
    assert problems(team("brand", "Brand"), team("brand-co", "Brand & Co.")) == []
    assert problems(team("brand", "Branding")) == [("ST-R11", Severity.WARNING)]


def test_one_primary_team_per_person_whatever_the_case() -> None:
    a, b = team("a", "a", on("Ann@example.com")), team("b", "b", on("ann@EXAMPLE.com"))

    (problem,) = client_team.check(TEAM, [a, b])

    assert (problem.rule, problem.severity) == ("ST-R20", Severity.ERROR)
    assert problem.message == "here/ClientTeam/b: ann@example.com is primary in here/ClientTeam/a too"


@pytest.mark.parametrize("other", [False, None, "true", 1])
def test_only_true_is_primary(other: Json) -> None:
    assert problems(team("a", "a", on("ann@example.com")), team("b", "b", on("ann@example.com", other))) == []


def test_two_primaries_in_one_team_are_warned_of() -> None:
    assert problems(team("a", "a", on("ann@example.com"), on("bob@example.com"))) == [("ST-R20", Severity.WARNING)]
    assert problems(team("a", "a", on("ann@example.com"), on("bob@example.com", False))) == []


# Team: reading

TEAMS, PROJECTS = get(T, "GET /api/client-teams"), get(T, "GET /api/projects")


def test_projects_are_read_only_where_a_team_may_go() -> None:
    assert client_team.reads(TEAM, demand(TEAM), ()) == [TEAMS]
    assert client_team.reads(TEAM, demand(TEAM, removing=True), ()) == [TEAMS, PROJECTS]
    assert client_team.reads(TEAM, demand(TEAM, removing=True), ((TEAMS, []), (PROJECTS, []))) == []


def counted(*replies: tuple[object, Json]) -> dict[str, int | None]:
    teams: Json = [{"id": "1", "slug": "a", "name": "A"}, {"id": "2", "slug": "b", "name": "B"}]
    all_replies: Any = ((TEAMS, teams), *replies)
    return {t.key: t.contents["projects"] for t in client_team.parse(TEAM, demand(TEAM), all_replies).resources}  # type: ignore[misc]


def test_projects_are_counted_per_team() -> None:
    projects: Json = [
        {"clientTeam": {"id": "1"}},
        {"clientTeam": {"id": "1"}},
        {"clientTeam": None},
    ]

    assert counted((PROJECTS, projects)) == {"a": 2, "b": 0}


@pytest.mark.parametrize("project", [{"name": "x"}, {"clientTeam": {"name": "A"}}, {"clientTeam": 7}, None])
def test_a_project_that_does_not_say_whose_it_is_is_no_answer(project: Json) -> None:
    """It might be any team's: none may be deleted on its word."""
    with pytest.raises(ValueError, match="does not say whose it is"):
        counted((PROJECTS, [project]))


def test_projects_not_read_or_not_a_list_are_no_count() -> None:
    assert counted() == {"a": None, "b": None}
    assert counted((PROJECTS, {"projects": []})) == {"a": None, "b": None}


# Team: flags


def flags(*changes: tuple[str, Delta]) -> dict[str, Call]:
    return named(client_team.calls(TEAM, [change(TEAM, n, was=n, deltas={"members": d}) for n, d in changes]))


def test_a_persons_flag_goes_down_before_another_goes_up() -> None:
    up, down = Delta(change=(member("ann", isPrimary=True),)), Delta(change=(member("ann", isPrimary=False),))

    found = flags(("a", up), ("b", down))

    assert shorts(found["a#members:change:ann"].waits) == {"b#members:change:ann"}
    assert found["b#members:change:ann"].waits == frozenset()


def test_an_add_with_a_flag_waits_too_and_a_plain_one_does_not() -> None:
    down = Delta(change=(member("ann", isPrimary=False), member("bob", isPrimary=False)))

    found = flags(("a", Delta(add=(member("ann", isPrimary=True), member("bob")))), ("b", down))

    assert shorts(found["a#members:add:ann"].waits) == {"b#members:change:ann"}
    assert found["a#members:add:bob"].waits == frozenset()


def test_a_teams_flag_goes_down_before_another_goes_up() -> None:
    found = flags(("a", Delta(change=(member("ann", isPrimary=True), member("bob", isPrimary=False)))))

    assert shorts(found["a#members:change:ann"].waits) == {"a#members:change:bob"}
    assert found["a#members:change:bob"].waits == frozenset()


def test_nobody_waits_for_somebody_elses_flag_in_another_team() -> None:
    found = flags(
        ("a", Delta(change=(member("ann", isPrimary=True),))),
        ("b", Delta(change=(member("bob", isPrimary=False),))),
    )

    assert all(not c.waits for c in found.values())


def test_every_flag_is_looked_at_again_and_nothing_else() -> None:
    found = flags(("a", Delta(add=(member("ann", isPrimary=True), member("bob")), remove=(member("cyd"),))))

    assert {n for n, c in found.items() if c.verify} == {"a#members:add:ann"}


# People

ANN, BOB = "ann@example.com", "bob@example.com"
PODS = get(T, "GET /api/pods")
INVITATIONS, WORKLOAD = get(T, "GET /api/org/invitations"), get(T, "GET /api/workload", {"numWeeks": "1"})


def following(
    *replies: tuple[object, Json], wanted: tuple[str, ...] = (ANN,), beside: tuple[str, ...] = ("ClientTeam",)
) -> list[str]:
    """`beside`: the kinds whose lists are read anyway."""
    details = user.details(COLLEAGUE, (), (), {name: Collection(name) for name in beside})
    return [asked(r) for r in user.reads(COLLEAGUE, demand(COLLEAGUE, wanted=wanted, details=details), replies)]  # type: ignore[arg-type]


def in_team(email: Json, user_id: Json = None, **more: Json) -> Json:
    return [{"id": "t", "members": [{"userId": user_id, "user": {"email": email, **more}}]}]


def test_people_are_looked_for_in_a_fixed_order_as_far_as_needed() -> None:
    nobody: Json = []

    assert following() == ["/api/client-teams"]
    assert following((TEAMS, nobody)) == ["/api/org/invitations"]
    assert following((TEAMS, nobody), (INVITATIONS, nobody)) == ["/api/workload?numWeeks=1"]
    assert following((TEAMS, nobody), (INVITATIONS, nobody), (WORKLOAD, nobody)) == []


def test_only_lists_that_are_read_anyway_are_looked_into_first() -> None:
    assert following(beside=("ClientTeam", "Pod")) == ["/api/client-teams", "/api/pods"]
    assert following(beside=("Pod",)) == ["/api/pods"]
    assert following(beside=()) == ["/api/org/invitations"]
    assert following(beside=(), wanted=()) == []


def test_teams_that_show_in_the_project_list_alone_name_nobody() -> None:
    unlisted = {"ClientTeam": Collection("ClientTeam", seen={"listed": False})}

    assert user.details(COLLEAGUE, (), (), unlisted) == ()


@pytest.mark.parametrize(
    "member", [{"id": "u1", "email": ANN}, {"userId": "u1", "user": {"email": ANN, "name": "Ann"}}]
)
def test_people_in_pods_are_known(member: Json) -> None:
    assert found((PODS, [{"id": "p", "members": [member]}])) == [("u1", ANN)]


def test_the_search_ends_with_the_last_person_whatever_the_case() -> None:
    assert following((TEAMS, in_team(ANN.upper(), "u1"))) == []
    assert following((TEAMS, in_team(ANN, "u1")), wanted=(ANN, BOB)) == ["/api/org/invitations"]
    assert following((TEAMS, []), wanted=()) == []


def test_somebody_without_an_id_is_still_looked_for() -> None:
    assert following((TEAMS, in_team(ANN))) == ["/api/org/invitations"]
    assert following((TEAMS, []), (INVITATIONS, [{"id": "i1", "email": ANN}])) == ["/api/workload?numWeeks=1"]


def found(*replies: tuple[object, Json]) -> list[tuple[str, Json]]:
    all_replies: Replies = replies  # type: ignore[assignment]
    return [(r.id, r.key) for r in user.parse(COLLEAGUE, demand(COLLEAGUE), all_replies).resources]


def test_everybody_any_list_names() -> None:
    assert found(
        (TEAMS, [*_all(in_team(ANN, "u1")), *_all(in_team(BOB, None, id="u2"))]),
        (
            INVITATIONS,
            [{"id": "i3", "email": "cyd@example.com", "userId": "u3"}, {"id": "i4", "email": "x@example.com"}],
        ),
        (WORKLOAD, [{"id": "u5", "email": "eve@example.com"}]),
    ) == [("u1", ANN), ("u2", BOB), ("u3", "cyd@example.com"), ("u5", "eve@example.com")]


def _all(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value


def test_the_workload_in_either_of_its_forms() -> None:
    row: Json = {"id": "u5", "email": ANN}

    assert found((WORKLOAD, {"users": [row]})) == found((WORKLOAD, [row])) == [("u5", ANN)]


def test_one_address_with_two_ids_stays_two_and_with_one_is_one() -> None:
    assert found((TEAMS, in_team(ANN, "u1")), (WORKLOAD, [{"id": "u1", "email": ANN.upper()}])) == [("u1", ANN)]
    assert [i for i, _ in found((TEAMS, in_team(ANN, "u1")), (WORKLOAD, [{"id": "u2", "email": ANN}]))] == [
        "u1",
        "u2",
    ]


@pytest.mark.parametrize(
    "odd", [None, {}, "x", [None, 3], [{"members": None}], [{"members": [None, {"user": 3}]}]]
)
def test_lists_of_another_shape_name_nobody(odd: Json) -> None:
    assert found((TEAMS, odd), (INVITATIONS, odd), (WORKLOAD, odd)) == []


def test_st_r5_the_body_of_an_error() -> None:
    assert tracker.errs({"error": "Not found"})
    others: list[Json] = [{"ok": True}, {"error": ""}, {"error": "x", "id": "1"}, [], None, {"errors": []}]
    assert not any(map(tracker.errs, others))
