"""Live fields back into the words of a spec, by the shipped kinds and a small one."""

from __future__ import annotations

from typing import Any

from reconciler.importing import (
    Found,
    Names,
    attached,
    called_by_address,
    draft_of,
    inquiries,
    observed_only,
    unasked,
)
from reconciler.importing.invert import inverted
from reconciler.load.kinds import read_kind
from reconciler.model.document import Manage
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers import rest
from tests.world import catalog

SMALL = b"""
title: Small
type: object
required: [name, secret]
additionalProperties: false
properties:
  name: {type: string, examples: [a], description: d}
  secret: {type: string, writeOnly: true, examples: [{fromEnv: A, version: 1}], description: d}
  size: {type: integer, default: 3, examples: [3], description: d}
  state: {type: string, enum: [on, off], x-normalise: casefold, examples: [on], description: d}
  day: {type: [string, "null"], format: date, examples: ["2026-01-01"], description: d}
  note: {type: string, x-unreadable: true, examples: [a], description: d}
  own: {type: string, readOnly: true, examples: [a], description: d}
x-key: name
"""


def kind(provider: str, name: str) -> Kind:
    return catalog().kind(provider, name)


def small() -> Kind:
    return read_kind(SMALL, "p", "Small", "schemas/p/Small.yaml")[0]


def spec(of: Kind, fields: dict[str, Json], key: Json, names: Names | None = None, **more: Any) -> dict[str, Json]:
    return dict(inverted(of, Resource("1", key, fields, **more), names or Names()).spec)


def test_defaults_and_what_says_nothing_are_left_out() -> None:
    live: dict[str, Json] = {"size": 3, "own": "x", "note": "n", "secret": "s", "day": None, "state": ""}
    assert spec(small(), live, "a") == {"name": "a"}


def test_values_in_the_schema_s_words_and_order() -> None:
    live: dict[str, Json] = {"day": "2026-03-01T00:00:00.000Z", "state": "ON", "size": 0}
    assert list(spec(small(), live, "a").items()) == [
        ("name", "a"),
        ("size", 0),
        ("state", "on"),
        ("day", "2026-03-01"),
    ]
    assert spec(small(), {"day": "2026-03-01T10:00:00Z"}, "a")["day"] == "2026-03-01T10:00:00Z"


def test_references_are_names() -> None:
    names = Names({("ClientTeam", "t1"): "brand"})
    live: dict[str, Json] = {"team": "t1", "status": "ACTIVE", "owner": None}
    assert spec(kind("studio-tracker", "Project"), live, "007", names) == {
        "omgJobNumber": "007",
        "team": "brand",
        "status": "ACTIVE",
    }
    out = inverted(kind("studio-tracker", "Project"), Resource("1", "007", {"team": "t2"}), names)
    assert out.lost == {"team": "no list shows the ClientTeam it names"}


def test_members_as_people_write_them() -> None:
    names = Names(keys={("User", "u1"): "jane@example.com", ("User", "u2"): "bob@example.com"})
    members: list[Json] = [{"user": "u1", "isPrimary": True}, {"user": "u2", "isPrimary": False}]
    team = kind("studio-tracker", "ClientTeam")
    assert spec(team, {"members": members, "name": "B"}, "b", names)["members"] == [
        {"user": "bob@example.com"},
        {"user": "jane@example.com", "isPrimary": True},
    ]
    some = inverted(team, Resource("1", "b", {"members": [*members, {"user": "u3"}]}), names)
    assert some.spec["membersMode"] == "additive"
    assert some.notes == ["members: 1 more entry leads to nothing that a list shows; left as they are."]
    none = inverted(team, Resource("1", "b", {"members": [{"user": "u3"}]}), names)
    assert "members" not in none.spec
    assert "membersMode" not in none.spec
    assert "members" in none.lost


def test_grants_are_folded_and_their_mode_is_written_out() -> None:
    names = Names(
        {("UserGroup", "g"): "finance"},
        {("User", "u1"): "jane@example.com", ("User", "u2"): "bob@example.com"},
    )
    grants: list[Json] = [
        {"users": "u1", "role": "EDITOR", "accessBoost": False},
        {"groups": "g", "role": "EDITOR", "accessBoost": False},
        {"users": "u2", "role": "EDITOR", "accessBoost": False},
        {"users": "u3", "role": "VIEWER", "accessBoost": True},
    ]
    found = spec(kind("omni-analytics", "Folder"), {"permissions": grants}, ["A", "B"], names)
    assert found == {
        "path": "A/B",
        "permissions": [
            {"role": "EDITOR", "users": ["bob@example.com", "jane@example.com"], "groups": ["finance"]}
        ],
        "permissionsMode": "additive",
    }


def test_chains_that_hold_a_slash() -> None:
    assert spec(kind("omni-analytics", "Folder"), {}, ["A", "B/C"])["path"] == ["A", "B/C"]
    out = inverted(kind("omn-core", "Keyword"), Resource("1", ["A", "B/C"], {}), Names())
    assert out.lost == {"path": "a name in it is empty or holds a slash"}


def test_a_secret_that_has_to_be_there_is_a_named_place_and_not_sent() -> None:
    found = Found(small(), Resource("1", "a", {}))
    names = Names({("Small", "1"): "site/a.b"})
    draft = draft_of("my-cms", found, rest.VERBS, names, Collection("Small"))
    assert draft.drafted.spec == {"name": "a", "secret": {"fromEnv": "MY_CMS_SITE_A_B_SECRET", "version": 1}}
    assert draft.drafted.ignore == ("secret",)
    assert "Set MY_CMS_SITE_A_B_SECRET" in draft.drafted.notes[0]


def test_what_cannot_be_placed_is_refused_and_what_has_a_twin_is_pinned() -> None:
    lost = Found(small(), Resource("1", "a", {}, placed=False))
    assert "where it lies" in draft_of("t", lost, rest.VERBS, Names(), Collection("Small")).drafted.refusal
    twin = Found(small(), Resource("1", "a", {}), twins=("2",))
    assert draft_of("t", twin, rest.VERBS, Names(), Collection("Small")).pin == "1"


def test_inquiries_declare_everything_that_could_be_read() -> None:
    project, names = kind("studio-tracker", "Project"), Names({("Project", "1"): "007"})
    (one,) = inquiries(project, rest.VERBS, "t", [Resource("1", "007", {"status": "ACTIVE"})], names, {})
    assert (one.pinned_id, one.address.name, one.spec["status"]) == ("1", "007", "ACTIVE")
    assert "statusDetails" in one.spec
    (one,) = inquiries(
        project, rest.VERBS, "t", [Resource("1", "007", {})], names, {}, without=frozenset({"statusDetails"})
    )
    assert "statusDetails" not in one.spec
    assert unasked(kind("omni-cms", "Component"), rest.VERBS, {}, frozenset()) == ["file"]
    assert unasked(kind("omni-cms", "Component"), rest.VERBS, {}, frozenset({"file"})) == []


def test_who_is_only_observed() -> None:
    whole = kind("omni-analytics", "User")
    user = replace(whole, abilities=())
    assert observed_only(user)
    assert called_by_address(user)
    assert not called_by_address(kind("omni-analytics", "Label"))
    assert not observed_only(kind("omni-analytics", "Label"))
    found = Found(user, Resource("1", "a@example.com", {}))
    draft = draft_of("t", found, rest.VERBS, Names({("User", "1"): "a"}), Collection("User"))
    assert draft.drafted.manage is Manage.OBSERVE


def component(content: str, name: str = "site/home", **fields: Json) -> Any:
    of = kind("omni-cms", "Component")
    live: dict[str, Json] = {"type": "page", "content": content, **fields}
    names = Names({("Component", "1"): name, ("Space", "5"): "site"})
    found = Found(of, Resource("1", "home", live, scope=("5",)))
    return draft_of("cms", found, rest.VERBS, names, Collection("Component"))


def test_long_texts_and_what_no_manifest_can_hold_become_files() -> None:
    short, none = attached(component("<p>"), lambda _: True, {})
    assert (short.drafted.spec["content"], none) == ("<p>", ())
    for text, ending in (("<p>" + "x" * 3000, "html"), ("x\n" * 40, "txt")):
        long, (file,) = attached(component(text), lambda _: True, {})
        assert "content" not in long.drafted.spec
        assert (file.field, file.path, file.data) == ("contentFrom", f"site/home.{ending}", text.encode())
    _, (file,) = attached(component("a\r\nb"), lambda value: "\r" not in str(value), {})
    assert file.data == b"a\r\nb"
    same, none = attached(component("\ud800"), lambda _: False, {})
    assert (same.drafted.spec["content"], none) == ("\ud800", ())


def test_downloads_get_safe_names() -> None:
    held: Json = {"$file": {"sha256": "abc", "bytes": 1}}
    draft = component("", "con/nul", file=held, mimeType="image/svg+xml; charset=utf-8")
    _, (file,) = attached(draft, lambda _: True, {"abc": b"\1"})
    assert (file.field, file.path) == ("file", "con-file/nul-file.svg")
    _, (file,) = attached(component("", file=held, mimeType="application/yaml"), lambda _: True, {"abc": b"a\0"})
    assert file.path == "site/home.bin"
    left, none = attached(component("", file=held), lambda _: True, {})
    assert ("file" not in left.drafted.spec, none) == (True, ())
