"""A rename changes nobody's access, whatever is renamed and however manifests and the ledger speak of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins.omni_analytics.model_things import Connection
from tests.contract.access import both, live, rows
from tests.contract.grants import opened, to
from tests.contract.groups import group
from tests.contract.models import LAKE, ORDERS, estate
from tests.world import OMNI, World, doc

JANE, BOB = "jane@example.com", "bob@example.com"
FIRST = {"allow": ["first-removals"]}


def named(kind: str, name: str, was: str, is_: str, key: str = "name", **spec: Json) -> tuple[Document, Document]:
    """A document as it was, and as it is with another key."""
    return (
        doc(kind, name, {**spec, key: was}, allow=["first-removals"]),
        doc(kind, name, {**spec, key: is_}, allow=["first-removals"], previous_key=was),
    )


def told(w: World, *documents: Document) -> list[str]:
    plan = w.plan(*documents)
    assert [a for a in plan.actions if str(a.verb) == "rename"]
    assert [c.line for c in plan.writes]
    return [f"{c.gains} {c.who} {c.role} {c.object.name}" for c in plan.access]


@pytest.mark.parametrize("word", ["g", "key"])
@pytest.mark.parametrize("members", [(BOB,), ()])
@pytest.mark.parametrize("profile", ["plain", "adversarial"])
def test_of_a_group_with_roles_on_models_and_folders(profile: str, members: tuple[str, ...], word: str) -> None:
    """The roles of a subject are read in the words of its manifest, which has the new name by then."""
    was, is_ = named("UserGroup", "g", "My Group", "Our Group", members=[*members])

    def around(name: str) -> tuple[Document, ...]:
        subject = word if word == "g" else name
        roles: list[Json] = [{"connection": LAKE, "model": ORDERS, "role": "QUERIER"}]
        return (
            doc("ModelRoles", "r", {"subject": {"group": subject}, "roles": roles}),
            opened("f", to("EDITOR", groups=[subject]), path="Finance"),
        )

    with estate(profile) as e:
        for address in (JANE, BOB):
            e.w.omni.add_user(address)
        e.w.converge(was, *around("My Group"))
        assert told(e.w, is_, *around("Our Group")) == []
        before = {row for row in rows(live(e.w), OMNI) if row[0] == BOB}
        assert before >= ({(BOB, "QUERIER", "Model", f"{LAKE}/{ORDERS}")} if members else set())
        e.w.apply(e.w.plan())
        assert {row[:3] for row in rows(live(e.w), OMNI) if row[0] == BOB} == {row[:3] for row in before}


def test_of_folders_and_labels(w: World) -> None:
    group = doc("UserGroup", "finance", {"name": "Finance Team", "members": [JANE]}, allow=["first-removals"])
    top = named("Folder", "top", "Finance", "Money", key="path")
    label = named("Label", "l", "Monthly", "Month end")
    grant: dict[str, Json] = {
        "permissions": [to("EDITOR", BOB, groups=["finance"])],
        "permissionsMode": "additive",
    }

    def inner(path: str, **words: object) -> Document:
        return doc("Folder", "in", {"path": path, **grant}, **words)

    w.converge(group, top[0], inner("Finance/Reports"), label[0])
    assert told(w, group, top[1], inner("Money/Reports", previous_key="Finance/Reports"), label[1]) == []


def test_of_a_connection_in_paths() -> None:
    """Renamed in the product: the next plan finds it by its id, and everything else that names it."""

    def all_of(name: str) -> list[Document]:
        roles: list[Json] = [{"connection": "c", "model": ORDERS, "role": "QUERIER"}]
        return [
            doc("Connection", "c", {"name": name, "dialect": "postgres"}),
            doc("ModelRoles", "r", {"subject": {"user": BOB}, "roles": roles}),
        ]

    with estate("plain") as e:
        e.w.omni.add_user(BOB)
        e.w.converge(*all_of(LAKE))
        there = e.w.omni.state.of(Connection)
        there[e.connection] = replace(there[e.connection], name="Ocean")
        assert e.w.plan(*all_of("Ocean")).access == ()
        assert e.w.plan(*all_of(LAKE)).access == ()
        assert (BOB, "QUERIER", "Model", f"Ocean/{ORDERS}") in rows(live(e.w), OMNI)


def test_of_teams_and_pods(studio: World) -> None:
    """What people call them changes; what they are known by does not."""

    def all_of(word: str) -> list[Document]:
        members: list[Json] = [{"user": JANE}]
        return [
            doc("ClientTeam", "b", {"slug": "b", "name": word, "members": members}, allow=["first-removals"]),
            doc("Pod", "a", {"slug": "a", "name": word, "lead": BOB}),
            doc("Project", "p", {"omgJobNumber": "777", "name": word, "projectCode": "A", "team": "b"}),
        ]

    studio.converge(*all_of("One"))
    plan = studio.plan(*all_of("Two"))
    assert plan.writes
    assert plan.access == ()


def test_two_groups_that_change_names(w: World) -> None:
    """Each keeps its members and its grants, whoever bears its name next."""

    def all_of(red: str, blue: str, *was: str) -> list[Document]:
        words = [{"previous_key": key} for key in was] or [{}, {}]
        groups = [
            group(red, JANE, as_="red", **FIRST, **words[0]),
            group(blue, BOB, as_="blue", **FIRST, **words[1]),
        ]
        return [*groups, opened("f", to("EDITOR", groups=["red"]), to("VIEWER", groups=["blue"]))]

    w.converge(*all_of("Red", "Blue"))
    plan = w.plan(*all_of("Blue", "Red", "Red", "Blue"))
    assert plan.writes
    assert plan.access == ()
    assert {r.principal.name for r in both(w, what="Finance").rows if r.role == "EDITOR" and r.live} == {JANE}
