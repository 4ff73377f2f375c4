"""Components: made, adopted, changed field by field, put right (CM-R20 to CM-R26, CM-R36, CM-R37)."""

from __future__ import annotations

import pytest

from reconciler.model.json import Json
from tests.contract.components import at, by_key, carried_out, component, holds, planned, records, tree
from tests.world import World


def test_cm_r25_a_component_is_made_with_all_that_is_declared(c: World) -> None:
    page = component(
        "home",
        name="Home",
        content="<p>Hi</p>",
        metadata={"theme": "dark", "deep": {"a": [1, True]}},
        tags=["b", "a", "b"],
        published=True,
        visible=False,
        sequence=7,
        date="2026-03-30T13:17:53.942+02:00",
    )

    deed = carried_out(c, page)

    [sent] = deed.sent
    assert sent == (
        'create {"componentType":"page","content":"<p>Hi</p>","date":"2026-03-30T13:17:53.942+02:00","key":"home",'
        '"metadata":{"deep":{"a":[1,true]},"theme":"dark"},"name":"Home","parentId":"root","published":true,'
        '"sequence":7,"tags":["b","a","b"],"visible":false}'
    )
    assert deed.plan.contingent[0].line == "GET /component/1/home"
    assert c.recorded.bonds[at("home")].made


def test_cm_r25_parents_go_first_and_the_id_is_looked_up_where_no_answer_names_it(c: World) -> None:
    deed = carried_out(c, component("leaf", "mid"), component("mid", "top"), component("top"))

    assert [line.split('"key":')[1][:6] for line in deed.sent] == ['"top",', '"mid",', '"leaf"']
    assert tree(c) == {"top": "root", "mid": "top", "leaf": "mid"}
    looks = 3 if c.cms.knobs.hard("CM-P4") else 0
    assert len(deed.report.requests["calls"]) == 3 + looks
    assert len(deed.plan.contingent) == 3


def test_cm_r20_the_same_key_in_two_spaces_is_two_components(c: World) -> None:
    c.cms.add_space("Shop")
    here, there = component("home", name="Here"), component("home", name="There", space="Shop", as_="shop-home")
    below = component("about", "home", space="Shop")

    deed = carried_out(c, here, there, below)

    assert len(deed.sent) == 3
    space = {r["name"]: r["space_id"] for r in records(c).values()}
    assert (space["Here"], space["There"]) == (1, 2)
    [about] = [r for r in records(c).values() if r["key"] == "about"]
    assert records(c)[about["parent_id"]]["name"] == "There"


def test_cm_r20_a_live_key_is_adopted_and_updated_in_place(c: World) -> None:
    own = c.cms.add_component(1, "home", name="Old", content="kept")

    deed = carried_out(c, component("home", name="New"))

    assert deed.sent == ['put home {"name":"New"}']
    assert str(deed.action("home").verb) == "adopt"
    assert (by_key(c, "home")["content"], c.recorded.bonds[at("home")].id) == ("kept", str(own))
    assert not c.recorded.bonds[at("home")].made


FIELDS: list[tuple[str, object, object]] = [
    ("type", "page", "block"),
    ("name", "One", "Two"),
    ("content", "a", ""),
    ("metadata", {"a": 1}, {"a": True}),
    ("tags", ["a"], []),
    ("published", False, True),
    ("visible", True, False),
    ("date", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.001Z"),
]


@pytest.mark.parametrize(("name", "before", "after"), FIELDS)
def test_cm_r26_each_field_is_one_put(c: World, name: str, before: Json, after: Json) -> None:
    carried_out(c, component("home", **{name: before}))

    deed = carried_out(c, component("home", **{name: after}))

    assert len(deed.sent) == 1
    assert deed.sent[0].startswith('put home {"')
    assert [f.path[0] for f in deed.action("home").fields] == [name]
    assert {str(f.reason) for f in deed.action("home").fields} == {"intent"}


def test_cm_r26_any_mixture_is_one_put(c: World) -> None:
    carried_out(c, component("home"), component("old", name="A", sequence=3))

    new = component("new", "home", name="B", published=True, sequence=9, as_="old", previous_key="old")
    deed = carried_out(c, component("home"), new)

    assert deed.sent == ['put old {"key":"new","name":"B","parentId":"home","published":true,"sequence":9}']


def test_cm_r22_what_is_left_out_is_not_managed(c: World) -> None:
    carried_out(c, component("home", name="A", tags=["x"], content="y", metadata={"z": 1}))
    c.cms.edit("PUT", "/component/2", {"id": 2, "name": "B", "tags": ["q"], "published": True, "sequence": 5})

    assert carried_out(c, component("home")).sent == []


def test_cm_r23_drift_is_put_right(c: World) -> None:
    carried_out(c, component("home", name="A", tags=["x", "y"], date="2026-01-01T00:00:00Z"))
    c.cms.edit("PUT", "/component/2", {"id": 2, "name": "B", "tags": ["y", "x"]})

    deed = carried_out(c, component("home", name="A", tags=["x", "y"], date="2026-01-01T00:00:00Z"))

    assert deed.sent == ['put home {"name":"A"}']
    assert [(f.path, str(f.reason)) for f in deed.action("home").fields] == [(("name",), "drift")]


def test_cm_r24_merged_metadata_is_sent_whole_with_what_others_keep_there(c: World) -> None:
    c.cms.add_component(1, "home", metadata={"mimeType": "image/png", "theirs": {"x": 1}, "ours": 1})

    deed = carried_out(c, component("home", metadata={"ours": 2}))

    assert deed.sent == ['put home {"metadata":{"mimeType":"image/png","ours":2,"theirs":{"x":1}}}']
    assert [(f.path, f.before, f.after) for f in deed.action("home").fields] == [(("metadata", "ours"), 1, 2)]
    assert by_key(c, "home")["metadata"] == {"mimeType": "image/png", "theirs": {"x": 1}, "ours": 2}


def test_cm_r24_what_is_merged_already_is_left_alone(c: World) -> None:
    c.cms.add_component(1, "home", metadata={"mimeType": "image/png", "theirs": 1, "ours": 1})

    assert carried_out(c, component("home", metadata={"ours": 1})).sent == []


def test_cm_r24_exact_metadata_keeps_the_servers_media_type_alone(c: World) -> None:
    c.cms.add_component(1, "home", metadata={"mimeType": "image/png", "theirs": 1, "ours": 1})
    wanted = component("home", metadata={"ours": 1}, metadataMode="exact")

    if c.cms.knobs.hard("CM-P5"):  # a server that merges cannot be made to forget (CM-A8, CM-R37)
        plan = planned(c, wanted)
        report = c.checked_apply(plan)
        assert [str(o.end) for o in report.outcomes] == ["failed", "unneeded"]
        assert holds(planned(c, wanted)) == {"home": ["changed-by-server"]}
        assert planned(c, wanted).writes == ()
    else:
        assert carried_out(c, wanted).sent == ['put home {"metadata":{"mimeType":"image/png","ours":1}}']


def test_cm_r24_a_declared_media_type_is_compared(c: World) -> None:
    c.cms.add_component(1, "home", metadata={"mimeType": "image/png"})

    deed = carried_out(c, component("home", metadata={"mimeType": "image/webp"}))

    assert deed.sent == ['put home {"metadata":{"mimeType":"image/webp"}}']
    assert [(f.path, f.before) for f in deed.action("home").fields] == [(("metadata", "mimeType"), "image/png")]


def test_cm_r23_what_is_not_published_hides_nothing_from_us(c: World) -> None:
    c.cms.add_component(1, "home", published=False, visible=False)

    assert carried_out(c, component("home", published=False)).sent == []


def test_cm_r30_a_changed_space_is_refused(c: World) -> None:
    c.cms.add_space("Shop")
    carried_out(c, component("home"))

    plan = planned(c, component("home", space="Shop"))

    assert holds(plan) == {"home": ["immutable"]}
    assert plan.writes == ()


def test_cm_r17_an_unknown_space_and_one_of_two_of_a_name_are_refused(c: World) -> None:
    c.cms.add_space("Twin")
    c.cms.add_space("Twin")

    plan = planned(c, component("a", space="Twin"), component("b", space="Nowhere"), component("home"))

    assert {name: rules[0] for name, rules in holds(plan).items()} == {"a": "unresolved", "b": "unresolved"}
    assert [call.address.name for call in plan.writes] == ["home"]


def test_cm_r22_an_unknown_parent_is_refused(c: World) -> None:
    plan = planned(c, component("a", "nowhere"))

    assert holds(plan) == {"a": ["unresolved"]}


def test_lifecycle_ignore_binds_what_follows_from_what_is_left_out_too(c: World) -> None:
    home = c.cms.add_component(1, "home")
    c.cms.add_component(1, "page", parent_id=home, metadata={"a": 1, "b": 2}, name="theirs")
    wanted = component(
        "page", metadata={"a": 2}, name="ours", ignore=["spec.parent", "spec.metadata", "spec.name"]
    )

    assert carried_out(c, wanted).sent == []


def test_observe_touches_nothing(c: World) -> None:
    c.cms.add_component(1, "home", name="theirs")

    assert carried_out(c, component("home", name="ours", manage="observe")).sent == []


def test_cm_r8_what_has_moved_since_the_plan_is_refused(c: World) -> None:
    carried_out(c, component("a", name="1"), component("b", name="1"))
    plan = planned(c, component("a", name="2"), component("b", name="2"))
    c.cms.edit("PUT", "/component/2", {"id": 2, "name": "3"})

    report = c.apply(plan)

    assert [str(o.end) for o in report.outcomes if o.end != "unneeded"] == ["stale", "done"]
    assert (by_key(c, "a")["name"], by_key(c, "b")["name"]) == ("3", "2")
