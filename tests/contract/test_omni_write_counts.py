"""What it costs to write, reckoned from numbers and compared with what the twin was sent (OA-C4 to OA-C38). 500
grants in 50 folders: `test_folder_counts`."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from pathlib import Path

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.accounts_omni import person, recipient
from tests.contract.counted import crowd, done, given, hard, ready_world
from tests.contract.dashboards import paper
from tests.contract.grants import opened, to
from tests.contract.groups import group
from tests.contract.models import file, git, model
from tests.contract.organisation import delivery
from tests.contract.warehouses import connection, environments, refresh
from tests.world import World, doc


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with ready_world(str(request.param), tmp_path) as found:
        yield found


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
