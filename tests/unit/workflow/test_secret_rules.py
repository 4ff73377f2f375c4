"""Secrets that are looked at before the first write: which ones, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.catalog import Catalog
from reconciler.model.document import Address, Desired, Document, Target
from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind, SecretRule
from reconciler.model.outcome import End, Outcome
from reconciler.model.place import Place, Places
from reconciler.model.plan import Call, Phase, Plan, PlanTarget
from reconciler.providers import rest
from reconciler.workflow.secret_rules import unfit_secrets

RULE = SecretRule("^[0-9]{4}$", "four digits")
PIN = Field("pin", wire="/secretPin", write_only=True, secret_rule=RULE)
FREE = Field("free", wire="/free", write_only=True)
DOOR = Field("door", wire="/frontDoor", entries={"pin": PIN})
ROOMS = Field("rooms", wire="/rooms", is_set=True, entry_key="pin", entries={"pin": PIN})
FIELDS = {f.name: f for f in (Field("name", wire="/name"), PIN, FREE, DOOR, ROOMS)}
KIND = Kind("acme", "House", "name", FIELDS, {})
CATALOG = Catalog({("acme", "House"): KIND}, {("acme", "House"): rest.VERBS}, {})
AT = Address("town", "House", "one")
SECRETS = {"GOOD": "1234", "BAD": "canary-12345"}
asked: list[str] = []


def resolve(reference: Mapping[str, Json]) -> str:
    name = str(reference["fromEnv"])
    asked.append(name)
    if name not in SECRETS:
        raise GuardRefused(f"{name} is empty", hint="set it")
    return SECRETS[name]


def secret(name: str) -> Json:
    return {"$secret": {"fromEnv": name, "version": 1}}


def call(number: int, body: Json, **words: Any) -> Call:
    return Call(str(number), "town", "House", AT, "POST", "/houses", Phase.CREATE, body=body, **words)


WHERE: Places = {("spec", "pin"): Place("a.yaml", 7, 3), ("spec", "door", "pin"): Place("a.yaml", 9, 5)}


def said(
    *calls: Call,
    earlier: Mapping[str, Outcome] | None = None,
    places: bool = True,
    spec: JsonObject | None = None,
    where: Places = WHERE,
) -> list[str]:
    asked.clear()
    plan = Plan("p", "1", "m", (PlanTarget("town", "acme", "https://acme.example.com"),), (), calls)
    document = Document(AT, "acme", spec or {}, Place("a.yaml"), where)
    desired = Desired((document,) if places else (), {"town": Target("town", "acme")}, "m")
    problems = unfit_secrets(plan, desired, CATALOG, resolve, earlier)
    assert not any(s in str(p) + repr(p) for p in problems for s in SECRETS.values())
    return [str(p) for p in problems]


def test_one_that_breaks_its_rule_is_told_with_its_place_and_the_rule() -> None:
    assert said(call(1, {"secretPin": secret("GOOD")})) == []
    [found] = said(call(1, {"secretPin": secret("BAD")}))
    text = f"a.yaml:7:3: {AT}: spec.pin: the secret it refers to is not what it must be: four digits"
    assert found == f"{text} (nothing was sent; change the secret where it is kept)"


def test_further_down_in_a_field_too_and_all_of_them_once() -> None:
    body: Json = {"secretPin": secret("BAD"), "frontDoor": {"secretPin": secret("BAD")}}

    found = said(call(1, body), call(2, body))

    assert [text.split(": ")[0] for text in found] == ["a.yaml:7:3", "a.yaml:9:5"]


def test_what_is_not_sent_is_not_looked_at() -> None:
    bad: Json = {"secretPin": secret("BAD")}
    done = {"2": Outcome("2", End.DONE)}

    assert said(call(2, bad), call(3, bad, held=("x",)), earlier=done) == []
    assert asked == []
    assert len(said(call(2, bad), earlier={"2": Outcome("2", End.NOT_SENT)})) == 1


def test_what_has_no_rule_only_has_to_be_had() -> None:
    assert said(call(1, {"free": secret("BAD")})) == []
    assert asked == ["BAD"]
    [found] = said(call(1, {"free": secret("NOWHERE")}))
    text = f"a.yaml:1:1: {AT}: spec.free: the secret cannot be had: NOWHERE is empty"
    assert found == f"{text} (nothing was sent; set it)"


def test_one_that_no_field_tells_is_found_by_what_the_document_says() -> None:
    spec: dict[str, Json] = {"deep": [{"pin": {"fromEnv": "NOWHERE", "version": 1}}]}
    where: Places = {("spec", "deep", 0, "pin"): Place("a.yaml", 8, 1)}

    [found] = said(call(1, {"other": {"thing": secret("NOWHERE")}}), spec=spec, where=where)

    assert found.startswith(f"a.yaml:8:1: {AT}: spec.deep.0.pin: the secret cannot be had")


def test_a_body_of_another_form_is_none_of_ours() -> None:
    odd: list[Json] = [None, [], "x", {"secretPin": "1"}, {"secretPin": {"$secret": "x"}}, {"frontDoor": "x"}]
    for body in odd:
        assert said(call(1, body)) == []


def test_the_entries_of_a_set_are_told_at_the_set() -> None:
    body: Json = {"rooms": [{"secretPin": secret("GOOD")}, {"secretPin": secret("BAD")}]}

    [found] = said(call(1, body))

    assert "spec.rooms.pin" in found


def test_one_that_cannot_be_had_is_told_with_the_way_out() -> None:
    [found] = said(call(1, {"secretPin": secret("NOWHERE")}))
    text = f"a.yaml:7:3: {AT}: spec.pin: the secret cannot be had: NOWHERE is empty"
    assert found == f"{text} (nothing was sent; set it)"
    assert asked == ["NOWHERE"]


def test_a_saved_plan_whose_document_is_gone_is_told_all_the_same() -> None:
    [found] = said(call(1, {"secretPin": secret("BAD")}), places=False)

    assert "town/House/one" in found
