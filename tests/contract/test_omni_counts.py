"""What it costs to read and to write, reckoned from numbers and compared with what the twin was asked (OA-C1 to
OA-C39). 500 grants in 50 folders: `test_folder_counts`; an estate of everything: `test_estate_counts`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil
from pathlib import Path

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from tests.contract.accounts_omni import person, recipient
from tests.contract.dashboards import paper
from tests.contract.grants import opened, to
from tests.contract.groups import group, people
from tests.contract.models import file, git, model
from tests.contract.organisation import delivery, ready
from tests.contract.warehouses import connection, environments, refresh
from tests.world import OMNI, World, doc, world

BORDERS = (1, 99, 100, 101)
"""Around the page that is asked for; the one that the server grants may be half of it (OA-P4)."""
KINDS = (
    ("permissions", "/permissions"),
    ("access", "/access-list"),
    ("recipients", "/recipients"),
    ("filters", "/filters"),
    ("git", "/git"),
    ("files", "/yaml"),
    ("roles", "/model-roles"),
    ("refreshes", "/v1/connections/"),
    ("environments", "/v1/connection-environments"),
    ("connections", "/v1/connections"),
    ("models", "/v1/models"),
    ("schedules", "/v1/schedules"),
    ("documents", "/v1/documents"),
    ("folders", "/v1/folders"),
    ("labels", "/v1/labels"),
    ("groups", "/scim/v2/groups"),
    ("embedded", "/scim/v2/embed/users"),
    ("users", "/scim/v2/users"),
    ("email-only", "/v1/users/email-only"),
)


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI], seed=False) as found:
        yield ready(found, tmp_path)


def hard(w: World) -> bool:
    return w.omni.knobs.profile == "adversarial"


def pages(w: World, records: int) -> int:
    """Of a list whose largest page is not documented."""
    return max(1, ceil(records / (50 if hard(w) else 100)))


def read(w: World, *documents: Document) -> dict[str, int]:
    """What a plan asks for, by what is listed or looked at; it writes nothing."""
    w.omni.log.clear()
    plan = w.plan(*documents)
    calls = [e.call.split(" ")[1] for e in w.omni.log]
    assert not w.omni.log.writes()
    assert len(plan.reads) == len(calls)
    return dict(Counter(next(name for name, at in KINDS if at in call) for call in calls))


def crowd(w: World, many: int) -> list[str]:
    """People with an account; the key's own and another one are there before."""
    found = [f"p{n:03}@example.com" for n in range(many)]
    for address in found:
        w.omni.add_user(address)
    return found


def done(w: World, *documents: Document) -> tuple[Plan, Report, list[str]]:
    """Carried out, as planned, and nothing is left; the writes."""
    plan = w.plan(*documents)
    assert len(plan.writes) == plan.bound
    report = w.checked_apply(plan)
    sent = [e.call for e in w.omni.log if e.write]
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded", "failed"}
    assert w.plan().writes == ()
    return plan, report, sent


# Reading.


@pytest.mark.parametrize("many", [0, 1, 3, 60])
def test_oa_c1_labels_are_one_call(w: World, many: int) -> None:
    documents = [doc("Label", f"l{n}", {"name": f"Label {n}"}) for n in range(many)]

    assert read(w, *documents) == ({"labels": 1} if many else {})


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c2_folders_are_read_page_by_page(w: World, many: int) -> None:
    for n in range(many):
        assert w.omni.edit("POST", "/v1/folders", {"name": f"Folder {n:03}"}).ok

    assert read(w, doc("Folder", "one", {"path": "Folder 000"})) == {"folders": pages(w, many)}


@pytest.mark.parametrize("owners", [1, 2, 5])
def test_oa_c2_restricted_folders_take_one_listing_for_each_owner(w: World, owners: int) -> None:
    names = crowd(w, owners)
    private = [
        doc("Folder", f"f{n}", {"path": f"F {n}", "scope": "restricted", "owner": who})
        for n, who in enumerate(names)
    ]

    assert read(w, *private) == {"users": 1, "folders": owners}
    assert read(w, *private, doc("Folder", "all", {"path": "All"})) == {"users": 1, "folders": owners + 1}


@pytest.mark.parametrize("there", [1, 48, 97, 98, 99, 148])
@pytest.mark.parametrize("named", [1, 2, 5])
def test_oa_c3_people_are_asked_for_or_listed_whichever_is_cheaper(w: World, there: int, named: int) -> None:
    """The key's own user and another one come first. One call more than the least there could be, at most."""
    everybody = crowd(w, there)
    wanted = everybody[-named:]
    page = 50 if hard(w) else 100
    first = {*everybody[: page - 2]}
    formula = 1 if len(wanted) == 1 else 1 + min(pages(w, there + 2) - 1, len({*wanted} - first))

    assert read(w, group("Team", *wanted))["users"] == formula <= min(pages(w, there + 2), len(wanted)) + 1


@pytest.mark.parametrize("named", [1, 3, 12])
def test_oa_c11_attributes_that_the_list_hides_take_one_call_each(w: World, named: int) -> None:
    for address in crowd(w, named):
        w.omni.set_attributes(people(w)[address], {"region": ["US"]})
    documents = [person(f"p{n:03}@example.com", "", attributes={"region": ["US"]}) for n in range(named)]

    assert read(w, *documents) == {"users": 1 + (named if hard(w) else 0)}


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c10_groups_are_read_page_by_page(w: World, many: int) -> None:
    for n in range(many):
        assert w.omni.edit("POST", "/scim/v2/groups", {"displayName": f"G {n:03}", "members": []}).ok

    assert read(w, group("G 000")) == {"groups": pages(w, many)}


@pytest.mark.parametrize(("there", "named"), [(0, 0), (0, 1), (45, 1), (0, 2), (20, 2), (21, 2), (45, 2), (45, 9)])
def test_oa_c35_email_only_users_go_20_to_a_page(w: World, there: int, named: int) -> None:
    """Those named come last in the list."""
    for n in range(there):
        w.omni.add_email_only(f"a{n:02}@example.com")
    left = max(1, ceil(there / 20)) - 1
    formula = min(named, 1) if named < 2 else 1 + min(left, named)

    found = read(w, *(recipient(f"z{n}@example.com") for n in range(named)))

    assert found == ({"email-only": formula} if formula else {})


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c20_documents_are_listed_once_for_all(w: World, many: int) -> None:
    papers = [w.omni.add_document(f"Paper {n:03}") for n in range(many)]
    documents = [paper(one, one, name=f"Paper {n:03}") for n, one in enumerate(papers)]

    assert read(w, *documents) == {"documents": ceil((many + hard(w)) / 100)}, "deleted ones count too (OA-P49)"


@pytest.mark.parametrize("many", [0, 1, 30])
def test_oa_c20_settings_show_nowhere_and_a_document_is_looked_at(w: World, many: int) -> None:
    papers = [w.omni.add_document(f"Paper {n:03}") for n in range(many)]

    found = read(w, *(paper(one, one, settings={"canDrill": False}) for one in papers))

    assert found == ({"documents": many} if many else {})


@pytest.mark.parametrize("many", (0, *BORDERS))
@pytest.mark.parametrize("papers", [1, 2])
def test_oa_c20_access_lists_are_read_page_by_page_for_each_document(w: World, many: int, papers: int) -> None:
    """Whoever owns it is one of them; 100 to a page is documented."""
    viewers = [w.omni.add_user(f"v{n:03}@example.com") for n in range(many)]
    named = [w.omni.add_document(f"Paper {n}", viewers=viewers) for n in range(papers)]
    documents = [paper(one, one, permissions=[], permissionsMode="additive") for one in named]

    assert read(w, *documents)["access"] == papers * ceil((many + 1) / 100)


@pytest.mark.parametrize("many", [1, 3, 20])
def test_oa_c29_oa_c31_filters_and_repositories_are_one_look_each(w: World, many: int) -> None:
    lake = w.omni.add_connection("Lake")
    schema = w.omni.add_model(lake, "SCHEMA")
    for n in range(many):
        w.omni.add_document(f"D {n}", identifier=f"d{n}", filter_keys=["region"])
        w.omni.add_model(lake, "SHARED", f"M {n}", base_id=schema)
    filters = [doc("DashboardFilters", f"d{n}", {"document": f"d{n}", "order": ["region"]}) for n in range(many)]

    assert read(w, *filters) == {"filters": many}
    assert read(w, *(git(f"M {n}", as_=f"g{n}") for n in range(many))) == {
        "connections": 1,
        "models": 1,
        "git": many,
    }


@pytest.mark.parametrize(("connections", "each"), [(1, 1), (1, 5), (4, 3)])
def test_oa_c27_refreshes_are_one_listing_for_each_connection(w: World, connections: int, each: int) -> None:
    for n in range(connections):
        w.omni.add_connection(f"C {n}")
    documents = [refresh(f"C {n}", f"0 {m} * * ? *", f"r{n}-{m}") for n in range(connections) for m in range(each)]

    assert read(w, *documents) == {"connections": 1, "refreshes": connections}


@pytest.mark.parametrize("many", [1, 2, 7])
def test_oa_c32_roles_are_one_look_for_each_subject(w: World, many: int) -> None:
    lake = w.omni.add_connection("Lake")
    w.omni.add_model(lake, "SHARED", "Orders", base_id=w.omni.add_model(lake, "SCHEMA"))
    documents = [given(f"p{n:03}@example.com") for n, _ in enumerate(crowd(w, many))]

    assert read(w, *documents)["roles"] == many


def given(who: str, role: str = "QUERIER") -> Document:
    one: Json = {"connection": "Lake", "model": "Orders", "role": role}
    return doc("ModelRoles", who.partition("@")[0], {"subject": {"user": who}, "roles": [one]})


@pytest.mark.parametrize("many", BORDERS)
def test_oa_c30_models_are_read_page_by_page_for_each_kind(w: World, many: int) -> None:
    lake = w.omni.add_connection("Lake")
    schema = w.omni.add_model(lake, "SCHEMA")
    for n in range(many):
        w.omni.add_model(lake, "SHARED", f"M {n:03}", base_id=schema)
    both = [model("M 000"), model("", "SCHEMA", as_="schema")]

    assert read(w, *both) == {"connections": 1, "models": pages(w, many + hard(w)) + 1}, (
        "deleted ones too (OA-P49)"
    )


@pytest.mark.parametrize(("there", "boards"), [(1, 1), (99, 2), (100, 2), (101, 2), (250, 2), (250, 5)])
def test_oa_c15_schedules_are_listed_or_asked_for_by_document(w: World, there: int, boards: int) -> None:
    """100 to a page is documented. The declared ones are not on the first page."""
    owner = crowd(w, 1)[0]
    w.omni.add_document("Other", identifier="other")
    for n in range(there):
        w.omni.add_slack_schedule("other", f"A {n:03}")
    documents = [delivery(board(w, n), f"Z {n}", f"z{n}", owner=owner, allow=["effects"]) for n in range(boards)]
    for n in range(boards):
        w.omni.add_slack_schedule(f"b{n}", f"Z {n}", destination="email")
    listed = 1 if boards == 1 else 1 + min(ceil((there + boards) / 100) - 1, boards)

    found = read(w, *documents)

    assert found["schedules"] == listed + 1, "and one listing of their owner"
    assert found["recipients"] == boards


def board(w: World, n: int) -> str:
    return w.omni.add_document(f"Board {n}", identifier=f"b{n}", tiles=["1"])


# Writing.


@pytest.mark.parametrize("many", [0, 1, 3, 10])
def test_oa_c4_oa_c5_labels_and_folders_are_one_call_each(w: World, many: int) -> None:
    flags: dict[str, Json] = {"verified": True, "homepage": True}
    labels = [doc("Label", f"l{n}", {"name": f"Label {n}"}) for n in range(many)]
    folders = [doc("Folder", f"f{n}", {"path": f"Folder {n}"}) for n in range(many)]
    keep = doc("Label", "keep", {"name": "Keep"})

    assert len(done(w, *labels, *folders, keep)[2]) == 2 * many + 1
    changed = [
        doc("Label", f"l{n}", {"name": f"New {n}", **flags}, previous_key=f"Label {n}") for n in range(many)
    ]
    assert len(done(w, *changed, *folders, keep)[2]) == many, "name and flags together"
    assert len(done(w, keep)[2]) == many, "deleted; folders are released"


@pytest.mark.parametrize("many", [0, 1, 5, 60])
def test_oa_c12_a_group_is_one_call_whatever_its_members(w: World, many: int) -> None:
    everybody = crowd(w, 2 * many)

    assert len(done(w, group("Team", *everybody[:many], as_="team"))[2]) == 1
    other = doc(
        "UserGroup",
        "team",
        {"name": "Crew", "members": list[Json](everybody[many:])},
        previous_key="Team",
    )
    assert len(done(w, other)[2]) == 1, "rename and whole membership"


@pytest.mark.parametrize("many", [1, 19, 20, 21, 45])
def test_oa_c38_email_only_users_go_20_to_a_call(w: World, many: int) -> None:
    new = [recipient(f"r{n:02}@example.com", {"region": ["US"]}) for n in range(many)]
    half = [recipient(f"r{n:02}@example.com", {"region": ["EU"]}) for n in range(many)]

    assert len(done(w, *new[: many // 2 + 1])[2]) == ceil((many // 2 + 1) / 20)
    assert len(done(w, *half)[2]) == ceil(many / 20), "made and changed alike"


@pytest.mark.parametrize("many", [1, 4, 12])
def test_oa_c37_a_person_is_one_call(w: World, many: int) -> None:
    names = [f"n{n:02}@example.com" for n in range(many)]

    assert len(done(w, *(person(a, "One", attributes={"region": ["US"]}) for a in names))[2]) == many
    assert len(done(w, *(person(a, "Two", attributes={"region": ["EU"]}) for a in names))[2]) == many


ROLES = ("VIEWER", "EXPLORER", "EDITOR", "MANAGER")


@pytest.mark.parametrize("place", ["folder", "document"])
@pytest.mark.parametrize(
    ("added", "changed", "gone", "pairs"),
    [(1, 0, 0, 1), (8, 0, 0, 4), (0, 8, 0, 4), (0, 0, 8, 1), (12, 8, 5, 4), (30, 30, 30, 2)],
)
def test_oa_c14_oa_c21_grants_cost_their_pairs_and_one_for_all_that_go(
    w: World, place: str, added: int, changed: int, gone: int, pairs: int
) -> None:
    names = crowd(w, added + changed + gone)
    new, others, going = names[:added], names[added : added + changed], names[added + changed :]
    before = [*granted(others, pairs, "NO"), *granted(going, 1, "NO")]
    after = [*granted(others, pairs, "YES"), *granted(new, pairs, "YES")]
    make = in_folder if place == "folder" else in_document(w.omni.add_document("Sales", identifier="sales"))
    done(w, make(before))

    _, report, sent = done(w, make(after))

    assert "failed" not in {str(o.end) for o in report.outcomes}
    formula = min(pairs, added) + min(pairs, changed) + (gone > 0)
    assert len(sent) == formula <= 2 * pairs + 1


def granted(names: list[str], pairs: int, boost: str) -> list[dict[str, Json]]:
    """These people in so many pairs of role and boost."""
    found = [(ROLES[n % pairs % 4], who) for n, who in enumerate(names)]
    return [to(role, who, accessBoost=boost == "YES") for role, who in found]


def in_folder(entries: list[dict[str, Json]]) -> Document:
    return opened("finance", *entries)


def in_document(own: str):  # type: ignore[no-untyped-def]
    return lambda entries: paper(own, permissions=entries, permissionsMode="additive", allow=["last-manager"])


@pytest.mark.parametrize("many", [1, 5, 20])
def test_oa_c21_labels_of_a_document_are_one_call(w: World, many: int) -> None:
    for n in range(2 * many):
        assert w.omni.edit("POST", "/v1/labels", {"name": f"Label {n}"}).ok
    sales = w.omni.add_document("Sales")
    done(w, paper(sales, labels=[f"Label {n}" for n in range(many)]))

    plan, _, sent = done(w, paper(sales, labels=[f"Label {n}" for n in range(many, 2 * many)]))

    assert len(plan.writes) == 1
    assert len(sent) == 1 + (2 * many if hard(w) else 0), "one by one where the identifier is not taken (OA-C22)"


@pytest.mark.parametrize("many", [1, 3, 8])
def test_oa_c26_oa_c28_connections_environments_and_refreshes(w: World, many: int) -> None:
    attribute = {"environmentUserAttribute": {"attribute": "environment", "defaultValues": ["prod"]}}
    bases = [connection("Base", **attribute), *(connection(f"C {n}") for n in range(many))]
    links = environments("Base", *((f"C {n}", [f"v{n}"]) for n in range(many)))
    times = [refresh("Base", f"0 {n} * * ? *", f"r{n}") for n in range(many)]

    made = done(w, *bases, links, *times)[2]
    later = [refresh("Base", f"30 {n} * * ? *", f"r{n}") for n in range(many)]
    moved = environments("Base", *((f"C {n}", [f"v{(n + 1) % many}"]) for n in range(many)))
    changed = done(w, connection("Base", baseRole="QUERIER", **attribute), *bases[1:], moved, *later)[2]

    assert len(made) == (many + 1) + 1 + (1 + many) + many
    ring = many + 1 if many > 1 else 0
    assert len(changed) == 1 + ring + many, "one more for the circle of values"
    assert len(done(w, *bases, moved)[2]) == many, "refreshes are deleted"


@pytest.mark.parametrize("many", [1, 3])
def test_oa_c30_to_oa_c33_models_and_what_belongs_to_them(w: World, many: int) -> None:
    w.omni.add_connection("Lake")
    names = crowd(w, 1)
    schema = model("", "SCHEMA", as_="schema")
    shared = [model("Orders", as_="orders"), *(model(f"M {n}", as_=f"m{n}") for n in range(many))]
    gits = [git(f"m{n}", as_=f"g{n}") for n in range(many)]
    files = [file(f"f{n}.view", "a: 1\n", to="orders") for n in range(2 * many)]
    roles = [given(names[0])]

    assert len(done(w, schema, *shared, *gits, *files, *roles)[2]) == 1 + (1 + many) + many + 2 * many + 1
    gits = [git(f"m{n}", as_=f"g{n}", baseBranch="trunk", requirePullRequest="always") for n in range(many)]
    files = [file(f"f{n}.view", "b: 1\n", to="orders") for n in range(2 * many)]
    assert len(done(w, schema, *shared, *gits, *files, given(names[0], "MODELER"))[2]) == many + 2 * many + 1


@pytest.mark.parametrize("many", [1, 4])
def test_oa_c16_schedules(w: World, many: int) -> None:
    owner = w.omni.add_user("jane@example.com")
    for n in range(many):
        w.omni.add_document(f"B {n}", identifier=f"b{n}", tiles=["1"], viewers=[owner])

    def all_of(**words: object) -> list[Document]:
        return [delivery(f"b{n}", f"S {n}", f"s{n}", allow=["effects"], **words) for n in range(many)]

    two: list[Json] = ["ext@example.com", "two@example.com"]
    assert len(done(w, *all_of(paused=True))[2]) == 2 * many
    assert len(done(w, *all_of(paused=False, owner="jane@example.com", subject="Other"))[2]) == 3 * many
    assert len(done(w, *all_of(subject="Other", recipients=two))[2]) == many
    plan, _, sent = done(w, *all_of(subject="Third", recipients=two[1:]))
    assert len(plan.writes) == 2 * many, "a PUT, and the look at who is left"
    assert len(sent) == (2 * many if hard(w) else many)
    assert len(done(w, *all_of(subject="Third", recipients=["three@example.com"]))[2]) == 2 * many


@pytest.mark.parametrize("many", [1, 6, 25])
def test_changes_of_several_kinds_at_once_cost_the_sum_of_their_formulas(w: World, many: int) -> None:
    everybody = crowd(w, many)
    for n in range(many):
        w.omni.add_document(f"D {n}", identifier=f"d{n}", filter_keys=["region"])

    def all_of(word: str, role: str) -> list[Document]:
        labels = [doc("Label", f"l{n}", {"name": f"Label {n}", "verified": word == "b"}) for n in range(many)]
        mails = [recipient(f"r{n:02}@example.com", {"region": [word]}) for n in range(many)]
        folders = [opened(f"f{n}", to(role, everybody[n]), path=f"Folder {n}") for n in range(many)]
        papers = [paper(f"d{n}", f"d{n}", name=f"{word} {n}", folder="f0") for n in range(many)]
        text: Json = {"region": {"label": word}}
        filters = [doc("DashboardFilters", f"d{n}", {"document": f"d{n}", "filters": text}) for n in range(many)]
        crew = everybody if word == "a" else everybody[1:]
        return [*labels, *mails, *folders, *papers, *filters, group("Team", *crew, as_="team")]

    made = done(w, *all_of("a", "VIEWER"))[2]
    changed = done(w, *all_of("b", "EDITOR"))[2]

    assert len(made) == many + ceil(many / 20) + 2 * many + 2 * many + many + 1
    assert len(changed) == many + ceil(many / 20) + many + many + many + 1
