"""Classifications without a server: what a body is folded into, how a list is read, how nodes are grouped, what an
answer says of whom."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.call import Request
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.plan import Call, Phase
from reconciler.providers.omn_core import attribute_reads
from reconciler.providers.omn_core.class_answers import verdicts
from reconciler.providers.omn_core.class_list import Tree, everything, looks, tree
from reconciler.providers.omn_core.classes_body import folded
from reconciler.providers.omn_core.notation import encode
from tests.world import catalog

NAME: Json = {"itm": [{"loc": "en_GB", "value": "A"}]}


def test_oc_r67_entries_are_folded_into_classes_and_nodes() -> None:
    entries: list[Json] = [
        {"class": "S", "name": NAME, "root": True},
        {"node": "/S/a", "name": NAME},
        {"attribute": "k", "node": "/S/a", "level": "p"},
        {"attribute": "k", "node": "/S", "level": "p"},
    ]
    assert folded({"tree": {"entries": entries}}) == {
        "classes": {"entries": [{"tid": "S", "name": NAME}]},
        "nodes": {
            "entries": [
                {"class": "S", "path": "/S", "attr": [{"key": "k", "level": "p"}]},
                {
                    "class": "S",
                    "path": "/S/a",
                    "parentPath": "/S",
                    "name": NAME,
                    "attr": [{"key": "k", "level": "p"}],
                },
            ]
        },
    }


def test_oc_r68_what_is_live_goes_along_as_far_as_it_is_concerned() -> None:
    live: Json = {
        "classes": [{"tid": "S", "name": NAME}, {"tid": "T", "name": NAME}],
        "nodes": [
            {"path": "/S/a", "name": NAME, "attr": [{"key": "k", "level": "p"}, {"key": "l", "level": "p"}]},
            {"path": "/S/b", "name": NAME},
        ],
    }
    entries: Json = [{"attribute": "k", "node": "/S/a", "level": "q"}]
    own: Json = [{"key": "k", "level": "q"}, {"key": "l", "level": "p"}]
    assert folded({"tree": {"live": live, "entries": entries}}) == {
        "classes": {"entries": [{"tid": "S", "name": NAME}]},
        "nodes": {"entries": [{"class": "S", "path": "/S/a", "parentPath": "/S", "name": NAME, "attr": own}]},
    }


def test_oc_r68_a_classification_by_itself_has_no_nodes() -> None:
    assert folded({"tree": {"entries": [{"class": "S"}]}}) == {"classes": {"entries": [{"tid": "S"}]}}


def test_oc_r76_what_goes_along_is_no_action() -> None:
    acts: Json = {
        "actions": {"entries": [{"goesWith": "/S"}, {"dataType": "classNode", "id": "1", "type": "delete"}]}
    }
    assert folded(acts) == {"actions": {"entries": [{"dataType": "classNode", "id": "1", "type": "delete"}]}}
    assert folded([1]) == [1]


def test_oc_r4_the_body_on_the_wire() -> None:
    request = Request("core", "POST", "/pim/classes/persist", body={"tree": {"entries": [{"node": "/S/a"}]}})
    content = encode(Request(**{**_fields(request), "media": "tree"}), lambda _: b"")
    assert content.type == "application/xml"
    assert content.data.partition(b'schemaVersion="5.6.0">')[2] == (
        b'<classes><class tid="S"/></classes><nodes><node class="S" path="/S/a" parentPath="/S"/></nodes></pim>'
    )


def _fields(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in ("target", "method", "path", "body")}


def listed(*nodes: Json, classes: Json = None) -> Tree:
    body: Json = {"classes": {"entries": classes or [{"tid": "S"}]}, "nodes": {"entries": [*nodes]}}
    return tree(((everything("core"), body),))


def test_oc_r62_a_root_path_has_two_spellings() -> None:
    found = listed(
        {"id": "3", "class": "S", "path": "/a/b", "parentId": "2", "parentPath": "/a"},
        {"id": "1", "class": "S", "path": "/"},
        {"id": "2", "class": "S", "path": "/a", "parentId": "1", "parentPath": "/"},
        {"id": "9", "class": "T", "path": "/T/x", "parentId": "8"},
    )
    assert {n.chain: n.parent for n in found.nodes.values()} == {
        ("S",): None,
        ("S", "a"): "1",
        ("S", "a", "b"): "2",
        ("T", "x"): None,
    }


def test_oc_r62_nodes_in_a_circle_end() -> None:
    found = listed(
        {"id": "1", "class": "S", "path": "/S/a", "parentId": "2"},
        {"id": "2", "class": "S", "path": "/S/b", "parentId": "1"},
    )
    assert len(found.nodes) == 2


@pytest.mark.parametrize(
    "body", [{}, {"classes": {"entries": []}}, {"classes": {"entries": []}, "nodes": {"entries": [{}]}}]
)
def test_oc_r60_another_shape_is_refused(body: Json) -> None:
    with pytest.raises(ValueError, match=r"holds no list|has no id"):
        tree(((everything("core"), body),))


def test_oc_r69_looks_change_with_what_is_sent_along() -> None:
    def one(key: str, level: str = "p", label: str = "A", of: str = "S") -> str:
        name: Json = {"itm": [{"loc": "en_GB", "value": label}]}
        node: Json = {"id": "1", "class": "S", "path": "/S", "name": name, "attr": [{"key": key, "level": level}]}
        return looks(listed(node, classes=[{"tid": "S", "name": {"itm": [{"loc": "x", "value": of}]}}]), ("S",))

    assert one("k") == one("k")
    assert len({one("k"), one("l"), one("k", "q"), one("k", label="B"), one("k", of="T")}) == 5


def node(path: str, *keys: str) -> Json:
    return {"id": path, "class": "S", "path": path, "attr": [{"key": key} for key in keys]}


def test_oc_r71_nodes_of_one_definition_are_asked_apart() -> None:
    live = listed(node("/S/a", "k", "l"), node("/S/b", "k"), node("/S/c", "m"), node("/S/d", "l"))
    a, b, c, d = (("S", name) for name in "abcd")

    assert attribute_reads.grouped(live, [(a, "k"), (c, "m")]) == [[a, c]]
    assert attribute_reads.grouped(live, [(a, "k"), (b, "k")]) == [[a], [b]]
    assert attribute_reads.grouped(live, [(a, "k"), (d, "l")]) == [[a], [d]]  # a has an `l` as well
    assert attribute_reads.grouped(live, [(b, "k"), (d, "l"), (c, "m")]) == [[b, c, d]]
    assert attribute_reads.grouped(live, []) == []


def test_oc_r71_only_what_is_told_once_is_believed() -> None:
    live = listed(node("/S/a", "k", "l"), node("/S/b", "l", "m"))
    body: Json = {"nodePaths": ["/S/a", "S/b"]}
    request = Request("core", "POST", attribute_reads.RETRIEVE, body=body)
    said: Json = [
        {"id": "1", "key": "k", "defaultVal": {"tid": "x"}},
        {"id": "2", "key": "l"},
        {"id": "3", "key": "m"},
        {"id": "4", "key": "m"},
    ]
    ids, defaults = attribute_reads.told(live, ((request, {"attrs": {"entries": said}}),))
    assert ids == {(("S", "a"), "k"): "1"}
    assert defaults == {(("S", "a"), "k"): "x"}


def riders(*classes: str) -> list[Call]:
    def one(n: int, of: str) -> Call:
        at = Address("core", "ClassificationNode", str(n))
        return Call(str(n), "core", at.kind, at, "POST", "/pim/classes/persist", Phase.CREATE, args={"of": of})

    return [one(n, of) for n, of in enumerate(classes)]


def said(*entries: Json, of: tuple[str, ...] = ("S", "T")) -> list[bool | None]:
    kind = catalog().kind("omn-core", "Classification")
    own = riders(*of)
    found = verdicts(kind, own[0], own, {"responses": {"entries": [*entries]}})
    return [found[r.id].done for r in own]


def test_oc_r78_an_answer_speaks_of_classifications() -> None:
    ok: dict[str, Json] = {"status": "SUCCESS"}
    no: dict[str, Json] = {"status": "ERROR", "description": "x"}
    assert said({**no, "tid": "T"}, {**ok, "tid": "S"}) == [True, None]
    assert said({**ok, "tid": "S"}, {"status": "WARNING", "description": "y|z"}) == [True, None]
    assert said({**ok, "tid": "S"}, {**ok, "tid": "T", "issues": [{}]}) == [True, None]
    assert said(ok, ok) == [True, True]
    assert said(ok, no) == [None, None]
    assert said(ok) == [None, None]
    assert said() == [None, None]
