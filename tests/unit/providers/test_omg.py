"""OMG Platform: its URL, key and error words, and what is odd about briefs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address, Document, Target
from reconciler.model.json import Json, digest
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.normalise import normal
from reconciler.model.place import Place
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import omg_platform as omg
from reconciler.providers import rest
from reconciler.providers.omg_platform import brief
from tests.unit.providers.samples import T, asked, demand
from tests.world import catalog

BRIEF = catalog().kind("omg-platform", "Brief")
WIRE: Mapping[str, Json] = {
    "title": "Q3",
    "summary": "Overview",
    "deadline": "2026-06-30",
    "businessArea": "UK/Marketing",
}
AT = Address(T, "Brief", "q3")


def document(once: Mapping[str, str] | None = None, **spec: Json) -> Document:
    return Document(AT, "omg-platform", {**WIRE, **spec}, Place("q3.yaml"), once=once or {})


def bond(status: str | None = None, **once: str) -> Bond:
    return Bond(AT, "812", made=True, once=once, digests={"status": digest(status)} if status else {})


def change(
    status: str | None = "draft",
    *,
    verb: Verb = Verb.UPDATE,
    changed: tuple[str, ...] = (),
    token: str | None = None,
    acted: Bond | None = None,
    **spec: Json,
) -> Change:
    """`status` None: no read shows it. `token`: declared, and not acted yet unless `acted` holds it."""
    declared = {"changeRequest": token} if token else {}
    live = Resource("812", "Q3", {**WIRE, **({"status": status} if status else {})}, "Q3")
    return Change(
        verb,
        AT,
        document=document(declared, **spec) if verb is not Verb.DELETE else None,
        live=None if verb is Verb.CREATE else live,
        key="Q3",
        label="Q3",
        wire=WIRE,
        changed=frozenset(changed),
        digests={"title": "sha256:1"},
        once={k: v for k, v in declared.items() if acted is None or acted.once.get(k) != v},
        bond=acted,
    )


def reviewed(one: Change) -> Change:
    [found] = brief.review(BRIEF, [one], Collection("Brief"))
    return found


def calls(*changes: Change) -> list[Call]:
    return brief.calls(BRIEF, changes)


# The provider


@pytest.mark.parametrize("url", ["acme", "acme/", "acme/v2", "acme/v2/", " acme/v2 "])
def test_op_r1_the_tenant_stands_in_the_url(url: str) -> None:
    lead = url[: len(url) - len(url.lstrip())]
    assert omg.base(f"{lead}https://omg.example.com/{url.lstrip()}") == "https://omg.example.com/acme/v2"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://omg.example.com",
        "https://omg.example.com/",
        "https://omg.example.com/v2",
        "https://omg.example.com/v2/",
        "omg.example.com/acme",
        "https://omg.example.com/acme?x=1",
        "https://omg.example.com/ac me",
    ],
)
def test_op_r1_no_tenant_is_assumed(url: str) -> None:
    with pytest.raises(ValueError, match="with its tenant"):
        omg.base(url)


def test_op_r2_the_key_and_nothing_else() -> None:
    target = Target(T, "omg-platform")

    assert omg.headers(target, "k") == {"X-Api-Key": "k"}
    assert omg.check(target) == []
    assert list(omg.PROVIDER.settings) == ["avatarPart"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"detail": "no", "title": "Forbidden", "status": 422}, "no"),
        ({"detail": " ", "title": "Forbidden"}, "Forbidden"),
        ({"detail": 7, "title": ["x"]}, ""),
        (["detail"], ""),
        (None, ""),
    ],
)
def test_op_r4_the_words_of_an_error(body: Json, said: str) -> None:
    assert omg.message(body) == said


def test_op_r5_a_bad_key_stops_the_run() -> None:
    assert omg.PROVIDER.stops == {401, 403}


# Reading


def replies(of: Demand, **bodies: Json) -> Replies:
    requests = rest.reads(BRIEF, of, ())
    return tuple((r, bodies["b" + r.path.rsplit("/", 1)[1]]) for r in requests)


def test_op_r11_one_read_per_brief_that_is_known() -> None:
    of = demand(BRIEF, ids=("7", "a/b"))

    assert [asked(r) for r in rest.reads(BRIEF, of, ())] == ["/briefs/7", "/briefs/a%2Fb"]
    assert rest.reads(BRIEF, of, replies(of, b7=None, **{"ba%2Fb": None})) == []
    assert rest.reads(BRIEF, demand(BRIEF), ()) == []


@pytest.mark.parametrize("own", [812, "812"])
@pytest.mark.parametrize("day", ["2026-06-30", "2026-06-30T00:00:00.000Z", "2026-06-30T23:00:00-05:00"])
def test_op_r9_r16_ids_as_text_days_by_ten_characters(own: Json, day: str) -> None:
    of = demand(BRIEF, ids=("812",))
    record: Json = {"id": own, "brief_title": "Q3", "brief_deadline": day, "status": "draft", "links": []}

    found = brief.parse(BRIEF, of, replies(of, b812={"data": record, "message": "x"}))

    [one] = found.resources
    assert (one.id, one.label, found.proof.complete) == ("812", "Q3", True)
    assert one.fields == {"title": "Q3", "deadline": "2026-06-30", "status": "draft"}
    field = BRIEF.fields["deadline"]
    assert normal(field, one.fields["deadline"]) == normal(field, "2026-06-30")


def test_op_r12_what_is_not_there_is_just_not_there() -> None:
    of = demand(BRIEF, ids=("1", "2"))

    found = brief.parse(BRIEF, of, replies(of, b1=None, b2={"data": {}}))

    assert [(r.id, dict(r.fields), r.label) for r in found.resources] == [("2", {}, "")]


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"id": 8}},
        {"data": {"id": None}},
        {"data": {"id": True}},
        {"data": []},
        {"data": None},
        {},
        [],
        {"id": 1},
    ],
)
def test_op_r11_an_answer_without_that_brief_is_none(body: Json) -> None:
    of = demand(BRIEF, ids=("1",))

    with pytest.raises(ValueError, match="does not hold the brief 1"):
        brief.parse(BRIEF, of, replies(of, b1=body))


# Review


def test_op_r19_a_new_token_is_to_act_and_says_so() -> None:
    found = reviewed(change("draft", token="r1"))

    assert found.once == {"changeRequest": "r1"}
    assert found.effects == ("asks for a change request, which cannot be taken back",)
    assert found.digests["status"] == digest("change_request")


def test_op_r19_without_a_status_the_token_alone_decides() -> None:
    assert reviewed(change(None, token="r1")).once == {"changeRequest": "r1"}
    acted = reviewed(change(None, token="r1", acted=bond("draft", changeRequest="r1")))
    assert (acted.once, acted.notes) == ({}, ())
    assert acted.digests["status"] == digest("draft"), "what was recorded stays"


def test_op_r19_already_there_the_token_is_recorded_without_a_call() -> None:
    found = reviewed(change("change_request", token="r1"))

    assert (found.once, found.effects, calls(found), found.writes) == ({}, (), [], False)
    assert found.notes == ("is in a change request already: the token r1 is recorded, nothing is sent",)
    assert found.digests["status"] == digest("change_request")


def test_op_r19_a_status_that_moved_on_is_left_alone() -> None:
    found = reviewed(change("approved", token="r1", acted=bond("change_request", changeRequest="r1")))

    assert (found.once, calls(found)) == ({}, [])
    assert found.notes == (
        "its change request r1 was asked for, and its status is approved now: nothing is sent again",
    )


@pytest.mark.parametrize("status", ["draft", "change_request"])
def test_op_r19_without_a_token_the_status_is_only_remembered(status: str) -> None:
    found = reviewed(change(status))

    assert (found.once, found.notes, found.effects) == ({}, (), ())
    assert found.digests == {"title": "sha256:1", "status": digest(status)}


def test_op_r17_a_new_brief_has_no_status_yet() -> None:
    assert "status" not in reviewed(change(verb=Verb.CREATE)).digests
    assert reviewed(change(verb=Verb.CREATE, token="r1")).digests["status"] == digest("change_request")


@pytest.mark.parametrize(
    ("status", "known", "held"),
    [
        ("draft", "draft", ""),
        ("approved", "draft", "another one than when it was last applied"),
        ("draft", None, "none was recorded"),
        (None, "draft", "no read shows its status"),
    ],
)
def test_op_r23_a_delete_needs_the_status_last_seen(status: str | None, known: str | None, held: str) -> None:
    found = reviewed(change(status, verb=Verb.DELETE, acted=bond(known)))

    assert [h.rule for h in found.holds] == (["status"] if held else [])
    assert all(held in h.reason and not h.final for h in found.holds)


def test_what_is_not_ours_to_write_is_not_looked_at() -> None:
    for verb in (Verb.OBSERVE, Verb.RELEASE):
        one = change("draft", verb=verb)
        assert reviewed(one) is one


# Calls


def test_op_r17_a_create_sends_what_is_declared_and_no_status() -> None:
    [create] = calls(change(verb=Verb.CREATE))

    assert (create.line, create.phase, create.repeat) == ("POST /briefs", Phase.CREATE, False)
    assert create.body == {
        "brief_title": "Q3",
        "brief_summary": "Overview",
        "brief_deadline": "2026-06-30",
        "business_area": "UK/Marketing",
    }
    assert (create.new_id, create.effect.key, create.once) == ("/data/id", None, {})
    assert create.expect["/data/brief_title"] == "Q3"


def test_op_r17_a_create_with_a_token_takes_a_second_call() -> None:
    create, request = calls(change(verb=Verb.CREATE, token="r1", changeRequestFirst=True))

    assert request.after == {create.id}
    assert request.args == {"id": {"$id": str(AT)}, "was": None}
    assert (request.live_id, request.once) == (None, {"changeRequest": "r1"})
    assert create.once == {}


def test_op_r18_fields_before_the_transition_each_in_a_body_of_its_own() -> None:
    fields, request = calls(change(changed=("summary", "deadline"), token="r1"))

    assert fields.line == request.line == "PATCH /briefs/812"
    assert fields.body == {"brief_deadline": "2026-06-30", "brief_summary": "Overview"}
    assert request.body == {"status": "change_request"}
    assert (set(fields.after), set(request.after)) == (set(), {fields.id})
    assert (fields.repeat, request.repeat) == (True, False)
    assert request.args == {"id": "812", "was": "draft"}
    assert (fields.phase, request.phase) == (Phase.UPDATE, Phase.CHANGE)


def test_op_r18_the_other_way_round_where_a_document_says_so() -> None:
    request, fields = calls(change(changed=("title",), token="r1", changeRequestFirst=True))

    assert (fields.body, request.body) == ({"brief_title": "Q3"}, {"status": "change_request"})
    assert (set(fields.after), set(request.after)) == ({request.id}, set())
    assert fields.effect.key is None


def test_op_r18_a_transition_alone() -> None:
    [request] = calls(change(token="r1"))

    assert (request.body, request.after) == ({"status": "change_request"}, frozenset())
    assert request.clobbers == ("status",)


def test_op_r22_a_delete_looks_at_the_status_again() -> None:
    [delete] = calls(change(verb=Verb.DELETE))

    assert (delete.line, delete.body, delete.clobbers) == ("DELETE /briefs/812", None, ("status",))


def test_op_r10_titles_are_no_keys() -> None:
    """Two briefs that swap their titles are two changes, in any order."""
    one = change(changed=("title",))
    two = replace(one, address=AT._replace(name="other"), key="Q3")

    assert [c.after for c in calls(one, two)] == [frozenset(), frozenset()]


@pytest.mark.parametrize(
    ("one", "needs"),
    [
        (change(), 0),
        (change(verb=Verb.CREATE), 1),
        (change(verb=Verb.CREATE, token="r1"), 2),
        (change(changed=("summary", "title")), 1),
        (change(token="r1"), 1),
        (change(changed=("summary",), token="r1"), 2),
        (change("change_request", changed=("summary",), token="r1"), 1),
        (change(verb=Verb.DELETE), 1),
    ],
)
def test_op_c2_the_writes_of_one_brief(one: Change, needs: int) -> None:
    found = reviewed(one)

    assert brief.bound(BRIEF, [found]) == len(calls(found)) == needs


# Settling


def seen(status: str | None = None, *, there: bool = True, **fields: Json) -> Collection:
    held = {**fields, **({"status": status} if status else {})}
    found = (Resource("812", "Q3", held, "Q3"),) if there else ()
    return Collection("Brief", found, Proof(complete=True, by="each asked for by its id"))


def test_op_r20_nobody_can_tell_of_a_create() -> None:
    [create] = calls(change(verb=Verb.CREATE))

    assert brief.settled(BRIEF, create, seen("draft", title="Q3", summary="Overview")) is None
    assert brief.settled(BRIEF, create, seen(there=False)) is None


@pytest.mark.parametrize(
    ("now", "was", "verdict"),
    [
        ("change_request", "draft", True),
        ("draft", "draft", False),
        ("approved", "draft", None),
        (None, "draft", None),
        (None, None, None),
        ("draft", None, None),
        ("change_request", None, True),
    ],
)
def test_op_r21_a_transition_shows_by_the_status(now: str | None, was: str | None, verdict: bool | None) -> None:
    [request] = calls(change(was, token="r1"))

    assert brief.settled(BRIEF, request, seen(now)) is verdict
    assert brief.settled(BRIEF, request, seen(there=False)) is None


def test_op_r21_fields_are_absolute_values_and_may_be_sent_again() -> None:
    [fields] = calls(change(changed=("summary",)))

    assert brief.settled(BRIEF, fields, seen(summary="Overview")) is True
    assert brief.settled(BRIEF, fields, seen(summary="Other")) is False
    assert brief.settled(BRIEF, fields, seen()) is False, "no read shows it, so it is sent again"
    assert brief.settled(BRIEF, fields, seen(there=False)) is None


def test_op_r21_a_deleted_brief_is_not_there() -> None:
    [delete] = calls(change(verb=Verb.DELETE))

    assert brief.settled(BRIEF, delete, seen(there=False)) is True
    assert brief.settled(BRIEF, delete, seen("draft")) is False


def test_op_r4_the_body_of_an_error() -> None:
    assert omg.errs({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "Brief 42 not found"})
    others: list[Json] = [{"data": {"id": 1}, "message": "ok"}, {"status": "draft", "title": "t"}, {"status": 200}]
    assert not any(map(omg.errs, [*others, None]))
