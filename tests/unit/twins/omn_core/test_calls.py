"""What every operation of the OMN Core twin checks first, and how it says no to a call as a whole."""

from __future__ import annotations

import pytest

from reconciler.twins import OmnCoreTwin
from reconciler.twins.omn_core.operations import known_operations
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import LOCALES, PERFORM, PERSIST, RETRIEVE, Omn, action, document, kwd, refusal
from tests.unit.twins.served import contract, served

INVALID = (400, "1001", "Invalid input provided")
MISSING = (404, "1002", "The requested resource could not be found")
WRITES = (PERSIST, PERFORM)


@pytest.mark.parametrize("header", ["Bearer wrong", "omn_token_test", "Basic omn_token_test", "Bearer", ""])
def test_a_wrong_token(omn: Omn, header: str) -> None:
    reply = omn.ask(LOCALES, {"mode": "ALL"}, Authorization=header)

    assert refusal(reply) == (401, None, "Not authorized", None)


def test_the_body_of_a_401_may_be_empty(omn_with: With) -> None:
    reply = omn_with("OC-P15").ask(LOCALES, {"mode": "ALL"}, Authorization="")

    assert (reply.status_code, reply.content) == (401, b"")


@pytest.mark.parametrize(
    "path", ["/common/keywords", "/common/keywords/retrieve/", "/", "", "/common/keyword/retrieve"]
)
def test_unknown_paths(each_omn: Omn, path: str) -> None:
    assert refusal(each_omn.ask(path, {}, Authorization="")) == (*MISSING, "Unknown resource path")


def test_without_the_prefix(omn: Omn) -> None:
    assert omn.served.client.post(omn.served.origin + LOCALES, json={"mode": "ALL"}).status_code == 404


def test_a_wrong_method(each_omn: Omn) -> None:
    reply = each_omn.served.client.get(each_omn.served.url + RETRIEVE, headers={"Authorization": ""})

    assert (reply.status_code, reply.content, reply.headers["allow"]) == (405, b"", "POST")


@pytest.mark.parametrize("media", ["", "application/json", "text/xml", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", WRITES)
def test_wrong_content_types_of_writes(omn: Omn, path: str, media: str) -> None:
    reply = omn.post(path, document("kwds"), media, Accept="text/html")

    assert refusal(reply) == (*INVALID, f"Unsupported content type '{media}'")


@pytest.mark.parametrize("media", ["", "application/xml", "application/json+compact"])
@pytest.mark.parametrize("path", [RETRIEVE, LOCALES])
def test_wrong_content_types_of_reads(omn: Omn, path: str, media: str) -> None:
    assert refusal(omn.post(path, "{}", media)) == (*INVALID, f"Unsupported content type '{media}'")


def test_parameters_of_a_content_type_are_ignored(omn: Omn) -> None:
    assert omn.post(PERSIST, document("kwds"), "Application/XML; charset=utf-8").status_code == 200
    assert omn.post(LOCALES, '{"mode": "ALL"}', "application/json;charset=UTF-8").status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "text/xml", "text/html, image/*"])
def test_wrong_accept(omn: Omn, accept: str) -> None:
    refused = (*INVALID, f"Unsupported accept type '{accept}'")

    assert refusal(omn.ask(RETRIEVE, {"path": ""}, Accept=accept)) == refused
    assert refusal(omn.post(PERSIST, "<", Accept=accept)) == refused


@pytest.mark.parametrize("accept", ["*/*", "application/xml", "text/html, application/xml;q=0.9", "application/*"])
def test_right_accept(omn: Omn, accept: str) -> None:
    assert omn.ask(LOCALES, {"mode": "ALL"}, Accept=accept).status_code == 200


@pytest.mark.parametrize("content", ["{", "[]", "null", '"a"', "{'a': 1}", "\xff"])
def test_bodies_that_are_no_object(each_omn: Omn, content: str) -> None:
    assert refusal(each_omn.post(RETRIEVE, content, "application/json")) == (*INVALID, "Malformed request body")


def test_what_is_not_served_says_so(omn: Omn) -> None:
    for method, path in [
        ("POST", "/common/links/persist"),
        ("POST", "/common/messages/persist"),
        ("POST", "/dam/assets/retrieve"),
        ("GET", "/dam/assets/variations/types"),
    ]:
        reply = omn.served.client.request(method, omn.served.url + path)
        text = f"The twin does not serve {method} {path} yet"
        assert refusal(reply) == (501, None, "Not served by the twin", text)


def test_nodes_are_for_administrators(omn: Omn) -> None:
    forbidden = (403, "1010", "Access to the requested resource endpoint is forbidden")
    for word in ("query", "retrieve", "persist"):
        path, media = f"/pim/nodes/{word}", "application/xml" if word == "persist" else "application/json"
        reply = omn.post(path, "broken", media, Authorization="Bearer omn_token_user")
        assert refusal(reply) == (*forbidden, f"Nodes {word} API is restricted for users")
        assert omn.post(path, "broken", "text/plain", Authorization="Bearer omn_token_user").status_code == 400
        assert omn.post(path, "broken", media).status_code == 400
    deletes = document("actions", action("delete", "classNode", id="1"))
    [answer] = omn.each(omn.post("/pim/nodes/perform", deletes, Authorization="Bearer omn_token_user"))
    restricted = "Nodes delete API is restricted for the user"
    assert answer == {"dataType": "classNode", "status": "ERROR", "description": restricted}


def test_another_user_may_write_keywords(omn: Omn) -> None:
    reply = omn.post(PERSIST, document("kwds", kwd("A")), Authorization="Bearer omn_token_user")

    assert omn.each(reply)[0]["status"] == "SUCCESS"


def test_the_rate_is_counted_per_token() -> None:
    with served(OmnCoreTwin(rate_limit=1)) as it:
        omn = Omn(it)
        omn.ask(LOCALES, {"mode": "ALL"})
        reply = omn.ask(LOCALES, {"mode": "ALL"})

        assert refusal(reply) == (429, None, "Too many requests", None)
        assert reply.headers["retry-after"] == "60"
        assert omn.ask(LOCALES, {"mode": "ALL"}, Authorization="Bearer omn_token_user").status_code == 200


def test_support_ids_are_never_the_same(omn: Omn) -> None:
    before = omn.twin.dump()
    ids = {omn.ask("/nothing", {}).content for _ in range(3)}

    assert len(ids) == 3
    assert omn.twin.dump() == before


def test_what_writes_and_what_reads(omn: Omn) -> None:
    omn.ask(RETRIEVE, {"path": "/"})
    omn.ask(LOCALES, {"mode": "ALL"})
    omn.persist(kwd("A"))
    omn.perform()
    omn.post("/common/transform", document("kwds"))

    assert [entry.path.removeprefix(omn.twin.base_path) for entry in omn.twin.log.writes()] == [PERSIST, PERFORM]
    assert [entry.changed for entry in omn.twin.log.writes()] == [True, False]


def test_xml_is_logged_as_text_and_tokens_never(omn: Omn) -> None:
    sent = document("kwds", kwd("Ä"))
    omn.post(PERSIST, sent)

    assert omn.twin.log[-1].body == sent
    assert omn.twin.log[-1].headers["authorization"] == "***"


@pytest.mark.contract
def test_every_endpoint_of_the_reference_is_known() -> None:
    section = contract("omn-core.md").split("### 2.1 Endpoints")[1].split("### 2.2")[0]
    paths = {route.path for route in known_operations()}
    first = [
        line.split("|")[1].split(" · ")[0].strip().removeprefix("GET ")
        for line in section.splitlines()[6:]
        if line.startswith("| ")
    ]
    named = [path.split(";")[0].split(", ")[0] for path in first]

    assert len(named) > 20
    assert [path for path in named if path not in paths] == []
