"""What the calls of an ordinary kind carry: sets that go whole, objects, files, secrets, sinks; and replacing."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.change import Change, Delta, Entry, Value, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, pick
from reconciler.model.kind import Field, Kind, Rest, SetCalls, WriteCall
from reconciler.model.live import Resource
from reconciler.model.plan import Phase, Sink
from reconciler.model.record import replace
from reconciler.model.shows import shows
from reconciler.providers.rest.bound import bound
from reconciler.providers.rest.calls import calls
from reconciler.providers.rest.parse import resource
from tests.unit.providers.samples import T, change, document, named, shorts

FIELDS = {
    "name": Field("name", wire="/displayName"),
    "size": Field("size", ("integer",), "/size", replaces=True),
    "people": Field(
        "people", ("array",), "/users", is_set=True, entry_key="user",
        entries={
            "user": Field("user", ref="User", wire="/userId"),
            "role": Field("role", wire="/role"),
            "since": Field("since", wire="/since", read_only=True),
            "because": Field("because", local=True),
        },
    ),
    "tags": Field("tags", ("array",), "/tags", is_set=True),
    "place": Field(
        "place", ("object",), "/location",
        entries={
            "town": Field("town", wire="/city"),
            "gps": Field("gps", ("object",), "/gps", entries={"lat": Field("lat", wire="/latitude")}),
            "why": Field("why", local=True),
        },
    ),
    "password": Field("password", ("object",), "/password", write_only=True),
    "logo": Field("logo", wire="/logo", file="bytes", normalise=("file",)),
    "link": Field("link", ("object",), "/link", local=True, sink="/inviteUrl"),
}  # fmt: skip
CREW = Kind(
    "sample", "Crew", "name", FIELDS, {},
    Rest(
        create=WriteCall("POST /crews", "declared", answer="", media="form", repeat=False),
        update=WriteCall("PUT /crews/{id}", "changed", answer="", media="form", repeat=False),
        delete=WriteCall("DELETE /crews/{id}", repeat=False),
        sets={
            "people": SetCalls(whole=True),
            "tags": SetCalls(add=WriteCall("POST /crews/{id}/tags", {"tag": "tag"}, media="form", repeat=False)),
        },
    ),
)  # fmt: skip


def person(user: str, **wire: Value) -> Entry:
    return Entry(f"{user}@example.com", user, {"user": user, **wire})


def of(kind: Kind, live: Mapping[str, Json] | None = None, **words: object) -> Change:
    made = change(kind, "a", was="a" if live is not None else None)
    found = replace(made, wire={**made.wire, **words.pop("wire", {})}, **words)  # type: ignore[dict-item,arg-type]
    return replace(found, live=Resource("7", "a", {"name": "a", **live})) if live is not None else found


LIVE: Json = [
    {"user": "ann", "role": "VIEWER", "since": "2020"},
    {"user": "bob", "role": "ADMIN"},
    {"user": "zoe", "role": "GUEST"},
]
DELTA = Delta(
    add=(person("cid", role="ADMIN"),),
    change=(person("bob", role="VIEWER"),),
    remove=(person("eve"),),
    kept=(person("ann"),),
    others=(Entry("zoe", "zoe", {"user": "zoe", "role": "GUEST"}),),
)


def test_a_set_that_goes_whole_is_in_the_objects_own_update() -> None:
    before = of(CREW, {"people": LIVE}, deltas={"people": DELTA})

    [call] = calls(CREW, [before])

    assert call.body == {
        "users": [
            {"userId": "ann", "role": "VIEWER"},
            {"userId": "bob", "role": "VIEWER"},
            {"userId": "cid", "role": "ADMIN"},
            {"userId": "zoe", "role": "GUEST"},
        ]
    }, "what nobody declares of a live entry goes along, but for what the API alone writes"
    assert (call.phase, call.clobbers, call.verify) == (Phase.UPDATE, ("people",), True)
    assert call.expect == {}
    assert bound(CREW, [before]) == 1


def test_the_effect_of_a_whole_set_is_every_entry_with_what_is_declared_of_it() -> None:
    [call] = calls(CREW, [of(CREW, {"people": LIVE}, deltas={"people": DELTA})])
    after: list[Json] = [
        {"user": "zoe", "role": "GUEST"},
        {"user": "ann", "role": "VIEWER"},
        {"user": "bob", "role": "VIEWER"},
        {"user": "cid", "role": "ADMIN", "since": "2026"},
    ]

    assert shows(CREW, call.effect, Resource("7", "a", {"people": after})) is True
    assert shows(CREW, call.effect, Resource("7", "a", {"people": after[1:]})) is False
    assert shows(CREW, call.effect, Resource("7", "a", {"people": LIVE})) is False


def test_fields_and_a_whole_set_go_in_one_call_and_an_equal_set_in_none() -> None:
    both = of(CREW, {"people": LIVE}, wire={"size": 3}, changed=frozenset({"size"}), deltas={"people": DELTA})
    equal = of(CREW, {"people": LIVE}, wire={"size": 3}, changed=frozenset({"size"}), deltas={"people": Delta()})

    [call], [alone] = calls(CREW, [both]), calls(CREW, [equal])

    assert isinstance(call.body, dict)
    assert list(call.body) == ["size", "users"]
    assert (alone.body, alone.clobbers, alone.verify) == ({"size": 3}, (), False)
    assert calls(CREW, [of(CREW, {"people": LIVE}, deltas={"people": Delta(kept=(person("ann"),))})]) == []


def test_a_create_carries_the_whole_set_and_tags_have_calls_of_their_own() -> None:
    new = of(CREW, deltas={"people": Delta(add=(person("ann"),)), "tags": Delta(add=(Entry("x", "x"),))})

    found = named(calls(CREW, [new]))

    assert list(found) == ["a#create", "a#tags:add:x"]
    assert found["a#create"].body == {"displayName": "a", "users": [{"userId": "ann"}]}
    assert found["a#create"].verify
    assert bound(CREW, [new]) == 2


def test_media_and_repeat_are_the_endpoints() -> None:
    new = of(CREW, deltas={"tags": Delta(add=(Entry("x", "x"),))})
    gone = change(CREW, "b", was="b", delete=True)

    found = calls(CREW, [new, gone])

    assert [(c.media, c.repeat) for c in found] == [("form", False), ("json", False), ("form", False)]


def test_an_object_goes_under_the_names_on_the_wire_and_comes_back_under_ours() -> None:
    place: Json = {"town": "Paris", "gps": {"lat": 48.9}, "why": "HQ"}
    sent: dict[str, Json] = {"city": "Paris", "gps": {"latitude": 48.9}}

    [call] = calls(CREW, [of(CREW, wire={"place": place})])
    found = resource(CREW, {"id": "7", "displayName": "a", "location": {**sent, "etag": 9}})

    assert isinstance(call.body, dict)
    assert call.body["location"] == call.expect["/location"] == sent
    assert found.fields["place"] == {"town": "Paris", "gps": {"lat": 48.9}}


def test_no_answer_is_expected_to_show_a_secret_or_a_file() -> None:
    late: dict[str, Value] = {
        "password": {"$secret": {"fromEnv": "P", "version": 1}},
        "logo": {"$file": {"path": "a.png", "sha256": "0", "bytes": 1}},
    }

    [call] = calls(CREW, [of(CREW, wire=late)])

    assert call.body == {"displayName": "a", **late}
    assert call.expect == {"/displayName": "a"}


def test_a_create_says_where_the_value_goes_that_is_shown_once() -> None:
    declared = document(CREW, "a", name="a", link={"toFile": "links/a"})

    [call] = calls(CREW, [of(CREW, document=declared)])
    [silent] = calls(CREW, [of(CREW, document=document(CREW, "a", name="a"))])

    assert call.sink == Sink("/inviteUrl", "link", {"toFile": "links/a"})
    assert silent.sink is None


def test_a_body_may_name_its_fields() -> None:
    kind = replace(CREW, rest=replace(CREW.rest, update=WriteCall("PUT /x/{id}", {"n": "name", "u": "people"})))

    [call] = calls(kind, [of(kind, {"people": []}, deltas={"people": Delta(add=(person("ann"),))})])
    [bare] = calls(kind, [of(kind, {}, changed=frozenset({"name"}))])

    assert call.body == {"n": "a", "u": [{"userId": "ann"}]}
    assert bare.body == {"n": "a"}


def test_replacing_deletes_and_then_creates_with_everything_declared() -> None:
    kept = Delta(kept=(Entry("x", "x"),), remove=(Entry("y", "y"),))
    before = of(
        CREW,
        {"people": LIVE},
        verb=Verb.REPLACE,
        wire={"size": 2},
        changed=frozenset({"size"}),
        deltas={"people": DELTA, "tags": kept},
    )

    found = named(calls(CREW, [before]))

    assert list(found) == ["a#delete", "a#create", "a#tags:add:x"]
    assert found["a#delete"].args == {"id": "7"}
    assert shorts(found["a#create"].after) == {"a#delete"}
    assert pick(found["a#create"].body, "/users") == [
        {"userId": "ann"}, {"userId": "bob", "role": "VIEWER"}, {"userId": "cid", "role": "ADMIN"},
    ]  # fmt: skip
    assert found["a#tags:add:x"].args == {"id": {"$id": str(Address(T, "Crew", "a"))}}
    assert bound(CREW, [before]) == 3


def test_names_swapped_in_two_places_are_no_circle_and_within_one_they_are() -> None:
    kind = replace(CREW, scope=("place",))

    def swap(who: str, was: str, to: str, place: str) -> Change:
        made = change(kind, who, was=was, to=to)
        assert made.live is not None
        return replace(made, scope=(place,), live=replace(made.live, scope=(place,)))

    apart = [swap("a", "A", "B", "p1"), swap("b", "B", "A", "p2")]
    together = [swap("a", "A", "B", "p1"), swap("b", "B", "A", "p1")]

    assert (len(calls(kind, apart)), bound(kind, apart)) == (2, 2)
    assert (len(calls(kind, together)), bound(kind, together)) == (3, 3)
