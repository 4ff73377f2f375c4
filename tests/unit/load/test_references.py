"""Names that documents use for each other."""

# ruff: noqa: E501 - whole messages

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.desired import MOST_PROBLEMS
from tests.unit.load.projects import FOLDER, TEAM, TWO, load, partner, said, write

PERSON = "apiVersion: omni-analytics/v1\nkind: Person\nmetadata: {name: NAME}\nspec: {email: NAME@example.com}\n"


def joined(*texts: str) -> str:
    return "---\n".join(texts)


def test_a_name_and_a_key_both_lead_to_a_document(tmp_path: Path) -> None:
    jane = PERSON.replace("NAME", "jane")

    assert said(tmp_path, joined(jane, partner("acme", contact="jane"))) == []
    assert said(tmp_path, joined(jane, partner("acme", contact="JANE@example.com"))) == []
    assert said(tmp_path, joined(partner("acme"), partner("other", parent="acme", friends="[Acme]"))) == []


def test_where_an_address_is_wanted_a_documents_name_is_told_its_address(tmp_path: Path) -> None:
    jane = PERSON.replace("NAME", "jane")

    [told] = said(tmp_path, joined(jane, partner("acme", owner="jane")))
    assert told.endswith("'jane' is not an e-mail address (write jane@example.com, as analytics/Person/jane says)")
    [told] = said(tmp_path, joined(jane, partner("acme", owner="bob")))
    assert told.endswith("'bob' is not an e-mail address (write it as jane@example.com)")


def test_what_may_be_live_is_left_to_the_reading(tmp_path: Path) -> None:
    assert said(tmp_path, partner("acme", contact="nobody@example.com")) == []
    assert said(tmp_path, partner("acme", parent="Somebody Live")) == []
    assert said(tmp_path, TEAM) == []


def test_a_plain_name_that_leads_nowhere_is_a_mistake(tmp_path: Path) -> None:
    jane = PERSON.replace("NAME", "jane")

    assert said(tmp_path, joined(jane, partner("acme", contact="jan"))) == [
        (
            "manifests/a.yaml:11:12: analytics/Partner/acme: spec.contact: no Person 'jan' is declared"
            " (did you mean 'jane'?)"
        )
    ]
    assert said(tmp_path, joined(jane, partner("acme", contact="Jane"))) == [
        (
            "manifests/a.yaml:11:12: analytics/Partner/acme: spec.contact: no Person 'Jane' is declared"
            " (did you mean 'jane'?)"
        )
    ], "names count capitals"


def test_nothing_is_guessed_while_a_file_cannot_be_read(tmp_path: Path) -> None:
    files = {"manifests/a.yaml": partner("acme", contact="jane"), "manifests/b.yaml": "a: ["}
    found = said(tmp_path, {**files})
    assert [line.split(":")[0] for line in found] == ["manifests/b.yaml"]

    files["manifests/b.yaml"] = PERSON.replace("NAME", "jane").replace("jane@example.com", "jane")
    found = said(tmp_path, {**files})
    assert [line.split(":")[0] for line in found] == ["manifests/b.yaml"], (
        "a document that is wrong is still declared"
    )


def test_some_files_only_may_refer_to_the_others(tmp_path: Path) -> None:
    files = {
        "manifests/a.yaml": partner("acme", contact="jane"),
        "manifests/b.yaml": PERSON.replace("NAME", "jane"),
    }
    root = write(tmp_path, {**files})

    assert len(load(root, paths=["manifests/a.yaml"]).documents) == 1


def test_one_value_that_means_two_things_is_a_mistake(tmp_path: Path) -> None:
    acme = partner("acme").replace("name: Acme", "name: One")
    other = partner("other").replace("name: Other", "name: acme")

    assert said(tmp_path, joined(acme, other, partner("third", parent="acme"))) == [
        (
            "manifests/a.yaml:18:11: analytics/Partner/third: spec.parent: 'acme' is the name of analytics/Partner/acme"
            " and the key of analytics/Partner/other (rename one of the two documents)"
        )
    ]


def test_a_document_named_like_its_own_key_is_one_thing(tmp_path: Path) -> None:
    acme = partner("acme").replace("name: Acme", "name: acme")

    assert said(tmp_path, joined(acme, partner("other", parent="acme"))) == []


def test_documents_of_other_targets_are_not_meant(tmp_path: Path) -> None:
    jane = PERSON.replace("NAME", "jane").replace("{name: jane}", "{name: jane, target: playground}")
    acme = partner("acme", contact="jane").replace("{name: acme}", "{name: acme, target: analytics}")

    assert said(tmp_path, joined(jane, acme), TWO) == [
        (
            "manifests/a.yaml:11:12: analytics/Partner/acme: spec.contact: no Person 'jane' is declared"
            " (name the Person by e-mail address, or declare it)"
        )
    ]


def test_a_circle_names_its_path(tmp_path: Path) -> None:
    texts = [partner("a", parent="c"), partner("b", parent="a"), partner("c", friends="[x, b]")]

    assert said(tmp_path, joined(*texts)) == [
        (
            "manifests/a.yaml:6:11: these refer to each other in a circle:"
            " analytics/Partner/a (manifests/a.yaml:6:11) -> analytics/Partner/c,"
            " analytics/Partner/c (manifests/a.yaml:20:16) -> analytics/Partner/b,"
            " analytics/Partner/b (manifests/a.yaml:13:11) -> analytics/Partner/a (take one of the references out)"
        )
    ]


def test_every_circle_is_told(tmp_path: Path) -> None:
    texts = [
        partner("a", parent="b"),
        partner("b", parent="a"),
        partner("c", parent="d"),
        partner("d", parent="c"),
    ]

    found = said(tmp_path, joined(*texts))

    assert [line.split(":")[1] for line in found] == ["6", "20"]


def test_a_long_chain_is_no_circle(tmp_path: Path) -> None:
    texts = [partner("p0"), *(partner(f"p{i}", parent=f"p{i - 1}") for i in range(1, 1_500))]

    assert said(tmp_path, joined(*texts)) == []


def test_a_tree_is_no_circle(tmp_path: Path) -> None:
    above = FOLDER.replace("reports}", "finance}").replace("Finance/Reports", "Finance")

    assert said(tmp_path, joined(FOLDER, above)) == []


@pytest.mark.timeout(60)
def test_thousands_of_wrong_names_do_not_take_long(tmp_path: Path) -> None:
    people = [PERSON.replace("NAME", f"person-{i}") for i in range(1_500)]
    texts = [partner(f"p{i}", contact=f"persn-{i}") for i in range(1_500)]

    found = said(tmp_path, joined(*people, *texts))

    assert len(found) == MOST_PROBLEMS
    assert found[0].endswith("(did you mean 'person-0'?)")
