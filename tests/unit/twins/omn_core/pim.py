"""What describes products, spoken to in the compact notation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from reconciler.twins import OmnCoreTwin
from reconciler.twins.omn_core.call import FIRST_ID
from reconciler.twins.omn_core.pim_things import Attribute, Classification, Definition, Node
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.served import contract

COMPACT = "application/json+compact"
DEFINITIONS = "/pim/attribute-definitions"
CLASSES = "/pim/classes"
ATTRIBUTES = "/pim/attributes"
NODES = "/pim/nodes"
CALL = re.compile(r"(?m)^POST /api/core/v1(/pim/\S+)\s+(?=\{)")
Given = dict[str, Any]
WRONG_ROOT = "Unable to create the root node, identifier should match the classification name,"
NO_PARENT = "An error occurred while node creation. Parent node path: {}, or id: {}, node: {}, the reason: {}"


def call(omn: Omn, path: str, body: object, token: str = "") -> Any:
    """The answer, without what every one has."""
    reads = path.endswith(("/retrieve", "/query"))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    reply = omn.post(path, json.dumps(body), "application/json" if reads else COMPACT, Accept=COMPACT, **headers)
    answer = reply.json()
    if reply.status_code == 200 and not path.endswith("/query"):
        assert answer.pop("schemaVersion") == "5.6.0"
        assert answer.pop("meta")["messageType"] == "request"
    return answer


def each(omn: Omn, path: str, container: str, *entries: Given, token: str = "") -> list[Given]:
    """The answers to the objects of one call."""
    found = call(omn, path, {container: {"entries": list(entries)}}, token)["responses"]["entries"]
    assert isinstance(found, list)
    return found


def message(answer: Any) -> tuple[str | None, str]:
    """Code and message of a call that failed as a whole."""
    [issue] = answer["issues"]
    return issue.get("code"), issue["itms"][0]["errorMessage"]


def named(container: str, answer: Any, name: str = "tid") -> list[Any]:
    """One member of every object that is listed."""
    return [one.get(name) for one in answer[container]["entries"]]


def examples(section: str) -> Iterator[tuple[str, Any, Any]]:
    """Path, body and answer of every call that a section of the reference shows with both."""
    text = contract("omn-core.md").split(f"### {section} ")[1].split("\n### ")[0]
    decoder = json.JSONDecoder()
    for found in CALL.finditer(text):
        body, end = decoder.raw_decode(text, found.end())
        answer, _ = decoder.raw_decode(text, text.index("200 {", end) + 4)
        yield found[1], body, answer


def next_id(twin: OmnCoreTwin, key: int) -> None:
    twin.counters.load({"id": key - FIRST_ID})


def put(twin: OmnCoreTwin, *things: Definition | Classification | Node | Attribute) -> None:
    """Things as they are, with the ids of the reference."""
    for one in things:
        key = one.tid if isinstance(one, Definition | Classification) else one.id
        twin.state.of(type(one))[key] = one


def label(**texts: str) -> Given:
    """`label(en_EN="Shoes")`."""
    return {"itm": [{"loc": loc, "value": text} for loc, text in texts.items()]}


def shop(omn: Omn) -> None:
    """`/Shop/Shoes/Boots` and `/Shop/Hats`, with an attribute at the first two."""
    omn.twin.add_definition("size")
    omn.twin.add_class("Shop", labels={"en_EN": "Shop"})
    for path in ("/Shop/Shoes", "/Shop/Shoes/Boots", "/Shop/Hats"):
        omn.twin.add_node(path, labels={"en_EN": path})
    omn.twin.add_attribute("/Shop", "size")
    omn.twin.add_attribute("/Shop/Shoes", "size", localized=True)
