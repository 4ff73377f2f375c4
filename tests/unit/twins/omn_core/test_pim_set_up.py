"""What a test does to definitions, classifications and what is in them by hand; no call breaks the twin."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reconciler.twins import PROFILES, OmnCoreTwin
from reconciler.twins.core.values import Request
from reconciler.twins.omn_core.domains import values_of
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn, name, root
from tests.unit.twins.omn_core.pim import ATTRIBUTES, CLASSES, DEFINITIONS, NODES, shop


def test_other_people(omn: Omn) -> None:
    twin = omn.twin
    shop(omn)
    twin.change_definition("size", type="number", labels={"en_EN": "Size"}, multi_valued=True, values={"s": {}})
    twin.change_class("Shop", {"de_DE": "Laden"})
    twin.change_node("/Shop/Hats", {"de_DE": "Hüte"})
    twin.change_attribute("/Shop", "size", level="v", localized=True, values={"m": {}})

    definition, attribute = twin.definition("size"), twin.attribute("/Shop", "size")
    assert (definition.type, definition.labels, definition.multi_valued) == ("number", {"en_EN": "Size"}, True)
    assert (attribute.level, attribute.localized, list(values_of(attribute.domain))) == ("v", True, ["m"])
    assert (twin.classification("Shop").labels, twin.node("/Shop/Hats").labels) == (
        {"de_DE": "Laden"},
        {"de_DE": "Hüte"},
    )
    twin.remove_attribute("/Shop", "size")
    twin.remove_node("/Shop/Shoes")
    assert twin.node_paths() == ["/Shop", "/Shop/Hats"]
    twin.remove_class("Shop")
    twin.remove_definition("size")
    assert (twin.classes_without_ids(), twin.definitions_without_ids()) == ([], [])


def test_what_is_not_there(omn: Omn) -> None:
    twin = omn.twin
    for look in (twin.definition, twin.classification, twin.node, twin.remove_definition, twin.remove_class):
        with pytest.raises(KeyError):
            look("/none")
    with pytest.raises(KeyError):
        twin.add_node("/none/below")
    with pytest.raises(KeyError):
        twin.attribute("/none", "size")


def test_equal_worlds_whatever_their_ids(omn: Omn, omn_with: With) -> None:
    other = omn_with()
    other.twin.add_keyword("Other")
    for one in (omn, other):
        shop(one)

    assert omn.twin.classes_without_ids() == other.twin.classes_without_ids()
    assert omn.twin.definitions_without_ids() == other.twin.definitions_without_ids()
    other.twin.change_node("/Shop/Hats", {})
    assert omn.twin.classes_without_ids() != other.twin.classes_without_ids()


def test_a_saved_world(omn: Omn) -> None:
    shop(omn)
    copy = OmnCoreTwin()
    copy.load(json.loads(json.dumps(omn.twin.dump())))

    assert copy.classes_without_ids() == omn.twin.classes_without_ids()
    assert copy.digest() == omn.twin.digest()


def test_edits_show_at_once(omn_with: With) -> None:
    omn = omn_with("OC-P44")
    answer = omn.twin.edit(
        "POST", f"{DEFINITIONS}/persist", {"attrDefs": {"entries": [{"tid": "a", "type": "text"}]}}
    )
    listed = omn.ask(f"{DEFINITIONS}/retrieve", {"all": True})

    assert answer.status == 200
    assert len(root(listed).findall(name("attrDefs", "attrDef"))) == 1


def test_the_odd_form_of_a_list(omn_with: With) -> None:
    omn = omn_with("OC-P14")
    shop(omn)
    listed = root(omn.ask(f"{CLASSES}/retrieve", {"withNodes": True}))

    assert [(etree.QName(one).localname, one.get("mode")) for one in listed] == [
        ("classes", "delta"),
        ("nodes", "delta"),
    ]
    assert all(one.find(name("usage")) is not None for container in listed for one in container)


TEXTS = st.sampled_from(["", "a", "/", "/a", "/a/b", "text", "delete", "1", "100000", "attribute", "classNode"])
LABELS = st.just(
    {"itm": ["a", None, {"loc": "en_EN", "value": "a"}, {"loc": "x", "value": "b"}, {"loc": "de_DE"}]}
)
NAMES = ["tid", "id", "path", "parentPath", "parentId", "class", "classificationTid", "key", "nodePath", "nodeId"]
MEMBERS = st.dictionaries(
    st.sampled_from([*NAMES, "type", "dataType", "multiValued", "localized"]), TEXTS | st.none()
)
DOMAINS = st.fixed_dictionaries({}, optional={"mode": TEXTS, "entries": st.lists(MEMBERS | st.none(), max_size=2)})
MORE = st.fixed_dictionaries(
    {},
    optional={
        "name": LABELS | TEXTS,
        "domainVals": DOMAINS | TEXTS,
        "attr": st.lists(MEMBERS, max_size=2) | TEXTS,
        "defaultVal": MEMBERS,
    },
)
OBJECTS = st.lists(st.builds(lambda one, more: {**one, **more}, MEMBERS, MORE), max_size=3)
ASKED = [
    "tids",
    "ids",
    "types",
    "nodePaths",
    "nodeIds",
    "path",
    "level",
    "classificationTid",
    "nodePath",
    "attributeId",
]
FLAGS = ["all", "withNodes", "flatNodes", "withDefaultValues", "includeParentAttributes"]
QUESTIONS = st.dictionaries(
    st.sampled_from([*ASKED, *FLAGS]), st.booleans() | st.integers(-2, 2) | TEXTS | st.lists(TEXTS, max_size=2)
)
WRITES = [f"{one}/{word}" for one in (DEFINITIONS, CLASSES, ATTRIBUTES, NODES) for word in ("persist", "perform")]
READS = [f"{one}/{word}" for one in (DEFINITIONS, ATTRIBUTES, NODES) for word in ("retrieve", "query")]
CALLS = st.tuples(st.sampled_from(WRITES), OBJECTS) | st.tuples(
    st.sampled_from([*READS, f"{CLASSES}/retrieve"]), QUESTIONS
)


@pytest.mark.parametrize("profile", PROFILES)
@given(calls=st.lists(CALLS, max_size=4))
def test_no_call_breaks_the_twin(profile: str, calls: list[tuple[str, object]]) -> None:
    twin = OmnCoreTwin(profile)
    twin.add_definition("a")
    twin.add_class("a")
    for path, what in calls:
        reads = isinstance(what, dict)
        containers = ("attrDefs", "classes", "nodes", "attrs", "actions")
        body = what if reads else {container: {"entries": what} for container in containers}
        media = "application/json" if reads else "application/json+compact"
        headers = {"authorization": "Bearer omn_token_test", "content-type": media}
        answer = twin.perform(Request("POST", twin.base_path + path, "", headers, json.dumps(body).encode()))

        assert answer.status in {200, 400, 404, 422}
        if answer.headers.get("content-type", "").startswith("application/xml"):
            assert etree.fromstring(twin.rendered(answer).content or b"") is not None
        twin.classes_without_ids()
