"""Channels and peos of the OMN Core twin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.twins.omn_core.world import PRODUCTS
from tests.unit.twins.omn_core.compact import ask, do, done, each, failed
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn, refusal

QUERY = "/peo/peos/query"
RETRIEVE = "/peo/peos/retrieve"
PERSIST = "/peo/peos/persist"
PERFORM = "/peo/peos/perform"
LINK = "/peo/peos/links/persist"
UNLINK = "/peo/peos/links/perform"
SHOE, JACKET = PRODUCTS[0][0], PRODUCTS[1][0]
DENIED = "PEO is not available by access rights"
DATA_TYPE = "peoToProjectLink"


def found(omn: Omn, **asked: object) -> list[str]:
    """Names of the peos that a query finds."""
    return [omn.twin.peo(tid).name for tid in ask(omn, QUERY, asked)["tids"]]


def persist(omn: Omn, **given: object) -> Any:
    (shown,) = each(omn, PERSIST, "peos", given)
    return shown


def links(omn: Omn, *pairs: dict[str, str]) -> list[Any]:
    body = {"links": {"itms": [{"type": "peoToProject", "itms": list(pairs)}]}}
    return list(ask(omn, LINK, body)["responses"]["entries"])


def test_queries(each_omn: Omn) -> None:
    twin = each_omn.twin
    twin.add_peo(SHOE, "47220", "A", ["WEB_DE"])
    twin.add_peo(SHOE, "47220", "A")
    modified = twin.peo(twin.add_peo(SHOE, "47221", "B", ["AWS"])).modified

    assert found(each_omn, names=["A", "x"]) == ["A", "A"]
    assert found(each_omn, tidProduct=SHOE, tidProject="AWS") == ["B"]
    assert found(each_omn, tidProject="WEB") == ["Rain jacket web", "A"]
    assert found(each_omn, tidProject="WEB", withChildren=False) == ["Rain jacket web"]
    assert found(each_omn, modifiedFrom=modified) == found(each_omn, modifiedFrom=modified.rstrip("Z")) == ["B"]
    assert "B" not in found(each_omn, modifiedUntil="2022-06-01T00:00:00.000+02:00")
    assert len(found(each_omn, modifiedFrom="1970-01-01T00:00:00.000")) == 4


@pytest.mark.parametrize("body", [{}, {"withChildren": False}, {"modifiedFrom": "x"}, {"names": "A"}])
def test_queries_that_are_none(each_omn: Omn, body: object) -> None:
    assert refusal(each_omn.ask(QUERY, body))[1] == "1001"


def test_what_a_list_shows(omn: Omn) -> None:
    tid = omn.twin.add_peo(SHOE, "47220", "A", ["AWS", "WEB"])
    key = omn.twin.peo(tid).id
    (full,) = ask(omn, RETRIEVE, {"tids": [tid, "x"], "ids": [1], "withMetadata": True})["peos"]["entries"]
    (less,) = ask(omn, RETRIEVE, {"ids": [int(key), 7], "namesOnly": True})["peos"]["entries"]

    assert full.pop("meta")["id"] == key
    assert full.pop("nodes") == {"entries": ["AWS", "WEB"]}
    assert (
        full == less == {"default": "false", "product": SHOE, "template": "PeoTemplate1", "tid": tid, "name": "A"}
    )
    assert refusal(omn.ask(RETRIEVE, {}))[:2] == (400, "1001")


def test_creating(omn: Omn) -> None:
    channel = omn.twin.add_channel("NEW")
    nodes = {"entries": ["AWS", {"tid": "WEB"}, {"id": channel}, "AWS"]}
    shown = persist(omn, productTid=SHOE, templateId="47220", name="A", nodes=nodes)
    made = omn.twin.peo(shown["id"])

    assert shown == done("peo", "PEO has been saved successfully", id=made.id)
    assert (made.product, made.template_id, made.projects) == (SHOE, "47220", ("AWS", "WEB", "NEW"))


def test_a_new_one_may_not_be_found_at_once(omn_with: With) -> None:
    odd = omn_with("OC-P46")
    key = persist(odd, productTid=SHOE, templateId="47220", name="A")["id"]

    assert ask(odd, RETRIEVE, {"ids": [key]})["peos"]["entries"][0]["name"] == "A"
    assert [found(odd, names=["A"]) for _ in range(3)] == [[], [], ["A"]]


def test_renaming(omn: Omn, omn_with: With) -> None:
    odd, saved = omn_with("OC-P26"), done("peo", "Peo has been saved successfully")
    for world, name in ((omn, "B"), (odd, "A")):
        made = world.twin.peo(world.twin.add_peo(SHOE, "47220", "A"))
        for by in ({"tid": made.tid}, {"id": made.id}):
            assert persist(world, name="B", **by) == saved
            assert world.twin.peo(made.tid).name == name
        # As the reference has it.
        assert persist(world, name="C", productTid=made.tid) == saved
        assert world.twin.peo(made.tid).name == "C"


def test_what_is_refused(each_omn: Omn) -> None:
    new = {"productTid": SHOE, "templateId": "47220", "name": "A"}

    def refused(**given: object) -> tuple[str, str]:
        shown = persist(each_omn, **given)
        assert shown["status"] == "ERROR"
        return shown["action"], shown["description"]

    assert refused(**{**new, "productTid": "x"}) == ("update", "Product not found")
    assert refused(**{**new, "templateId": "9"}) == ("update", "PEO template has not been found")
    assert refused(**new, nodes={"entries": ["x"]}) == ("update", "Project not found")
    assert refused(**{**new, "name": ""}) == ("update", "PEO name is missing")
    assert refused(tid="x", name="A") == ("update", "PEO not found")
    tid = each_omn.twin.add_peo(SHOE, "47220", "A")
    each_omn.twin.deny_peo(tid)
    assert refused(tid=tid, name="B") == ("update", DENIED)
    assert ask(each_omn, RETRIEVE, {"tids": [tid]})["peos"]["entries"] == []
    assert tid not in ask(each_omn, QUERY, {"names": ["A"]})["tids"]


def test_deleting_and_copying(omn: Omn) -> None:
    tid = omn.twin.add_peo(SHOE, "47220", "A", ["AWS"])
    key, name = omn.twin.peo(tid).id, {"name": "B"}
    copied = do(omn, PERFORM, "peo", "copy", name, id=key)
    made = omn.twin.peo(copied["tid"])

    assert copied == done("peo", "peo has been copied", "copy", tid=made.tid, id=made.id)
    assert (made.name, made.product, made.projects) == ("B", SHOE, ("AWS",))
    assert do(omn, PERFORM, "peo", "delete", id=key) == done(
        "peo", "PEO has been deleted successfully", "delete", tid=tid
    )
    missing = "There is no peo with the given tid"
    assert do(omn, PERFORM, "peo", "delete", tid=tid) == failed("peo", missing, "delete", tid=tid)
    assert do(omn, PERFORM, "peo", "copy", name, id="7") == failed("peo", "PEO does not exist", "copy", id="7")
    assert do(omn, PERFORM, "peo", "copy", tid=made.tid)["description"] == "PEO name is missing"
    omn.twin.deny_peo(made.tid)
    for kind in ("delete", "copy"):
        assert do(omn, PERFORM, "peo", kind, name, tid=made.tid) == failed("peo", DENIED, kind, tid=made.tid)
    wrong = "The data type of the passed item is wrong. It must be 'peo'"
    assert do(omn, PERFORM, "product", "delete", tid=tid) == failed("product", wrong, "delete", tid=tid)


def test_linking_several(omn: Omn) -> None:
    first, second = omn.twin.add_peo(SHOE, "47220", "A"), omn.twin.add_peo(SHOE, "47220", "B")
    by_id = {"peoId": omn.twin.peo(second).id, "projectId": omn.twin.add_channel("NEW")}
    answers = links(omn, {"peoTid": first, "projectTid": "AWS"}, by_id)

    assert answers[1]["details"] == {"mode": "delta", **by_id}
    assert [omn.twin.peo(tid).projects for tid in (first, second)] == [("AWS",), ("NEW",)]
    shown = do(omn, UNLINK, DATA_TYPE, "unlink", by_id)
    assert shown == done("peo", "PEO has been unlinked successfully", "unlink", tid=second)
    assert omn.twin.peo(second).projects == ()


def test_linking_what_is_linked_and_unlinking_what_is_not(omn: Omn, omn_with: With) -> None:
    odd = omn_with("OC-P51")
    for world, status in ((omn, "SUCCESS"), (odd, "ERROR")):
        tid = world.twin.add_peo(SHOE, "47220", "A", ["AWS"])
        (again,) = links(world, {"peoTid": tid, "projectTid": "AWS"})
        gone = do(world, UNLINK, DATA_TYPE, "unlink", {"peoTid": tid, "projectTid": "WEB"})
        assert [again["status"], gone["status"]] == [status, status]
    assert again == gone | {"tid": "AWS"} == failed(DATA_TYPE, "Project not found", "link", tid="AWS")


def test_links_that_are_refused(omn: Omn) -> None:
    tid = omn.twin.add_peo(SHOE, "47220", "A")
    no_peo = failed(DATA_TYPE, "PEO not found", "link", id="475230")
    no_project = failed(DATA_TYPE, "Project not found", "link", tid="x")
    pairs = [{"peoId": "475230", "projectId": "1"}, {"peoTid": tid, "projectTid": "x"}]

    assert links(omn, *pairs) == [no_peo, no_project]
    assert [do(omn, UNLINK, DATA_TYPE, "unlink", pair) for pair in pairs] == [no_peo, no_project]
    omn.twin.deny_peo(tid)
    denied = failed("peo", DENIED, "unlink")
    assert links(omn, {"peoTid": tid, "projectTid": "AWS"}) == [denied]
    assert do(omn, UNLINK, DATA_TYPE, "unlink", {"peoTid": tid, "projectTid": "AWS"}) == denied


@pytest.mark.parametrize(
    "body", [{}, {"links": {}}, {"links": {"itms": [{"type": "assetToProduct", "itms": []}]}}]
)
def test_links_of_another_form(omn: Omn, body: object) -> None:
    answer = ask(omn, LINK, body)

    assert answer["issues"][0]["code"] == "1001"


def test_too_many_links(omn_with: With) -> None:
    odd, pair = omn_with("OC-P31"), {"peoTid": "x", "projectTid": "AWS"}
    body = {"links": {"itms": [{"type": "peoToProject", "itms": [pair] * 201}]}}

    assert ask(odd, LINK, body)["issues"][0]["code"] == "1001"


def test_channels(omn: Omn, omn_with: With) -> None:
    query, tids = "/cm/channels/query", ["AWS", "WEB", "WEB_DE", "PRINT"]
    odd = omn_with("OC-P38")

    assert (
        ask(omn, query, {})["tids"]
        == ask(omn, query, {"any": 1})["tids"]
        == ask(odd, query, {"any": 1})["tids"]
        == tids
    )
    assert refusal(odd.ask(query, {}))[:2] == (400, "1001")
    omn.twin.deny_channel("PRINT")
    assert ask(omn, query, {})["tids"] == tids[:3]
    assert refusal(omn.ask("/cm/channels/retrieve", {"tids": ["PRINT"]}))[:2] == (403, "1010")


def test_the_form_of_channels(omn: Omn, omn_with: With) -> None:
    odd, path, body = omn_with("OC-P39"), "/cm/channels/retrieve", {"tids": ["WEB", "x"]}
    plain, text = omn.ask(path, body, Accept="application/json"), odd.ask(path, body, Accept="application/xml")

    assert plain.headers["content-type"].startswith("application/xml")
    assert text.headers["content-type"] == "application/json"
    assert json.loads(text.text).startswith("<?xml")
    (web,) = ask(omn, path, body)["projects"]["entries"]
    assert [peo["name"] for peo in web["peos"]["entries"]] == ["Rain jacket web"]


def test_components(each_omn: Omn) -> None:
    each_omn.twin.set_component("omn-search", "inactive")
    reply = each_omn.post("/common/components/retrieve", "", "application/json")

    assert reply.json() == {"omn-versioning": "inactive", "omn-search": "inactive"}
    assert reply.headers["content-type"] == "application/json"
