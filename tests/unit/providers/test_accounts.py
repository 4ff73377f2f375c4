"""Users of OMG Platform as pure functions: what is asked, in which order, and what the answers mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest

from reconciler.model.call import Request
from reconciler.model.change import Verb
from reconciler.model.document import Address, Document, Target
from reconciler.model.json import Json, digest
from reconciler.model.live import Collection, Demand, Replies
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers import omg_platform as omg
from reconciler.providers.omg_platform import agency, user
from reconciler.providers.omg_platform.codec import AVATAR, encode
from tests.world import PLATFORM, catalog, doc

KIND = catalog().kind("omg-platform", "User")
AGENCY = catalog().kind("omg-platform", "Agency")
FULL: Mapping[str, Json] = {
    "id": 3, "first_name": "Jane", "last_name": "Doe", "email_address": "jane@example.com", "owning_agency_id": 12,
    "owning_agency_name": "UK", "job_role": 7, "job_role_name": "Producer",
}  # fmt: skip
SMALL: Mapping[str, Json] = {k: v for k, v in FULL.items() if k not in ("owning_agency_id", "job_role")}
BOB: Mapping[str, Json] = {**FULL, "id": "4", "email_address": "bob@example.com"}


def person(name: str, **words: object) -> Document:
    metadata = {k: words.pop(k) for k in ("previous_key", "pinned_id") if k in words}
    return doc("platform/User", name, words, **metadata)  # type: ignore[arg-type]


def demand(*documents: Document, bonds: Mapping[str, Bond] | None = None, **words: object) -> Demand:
    known = [*(bonds or {}).values()]
    details = user.details(KIND, documents, known, {})
    return replace(Demand(PLATFORM, "User", details=details), **words)  # type: ignore[arg-type]


def bond(name: str, remote_id: str, key: str = "", **digests: str) -> Bond:
    return Bond(Address(PLATFORM, "User", name), remote_id, key=key or f"{name}@example.com", digests=digests)


def asked(wanted: Demand, answers: Mapping[str, Json]) -> tuple[list[list[str]], Replies]:
    """The rounds of questions, and all answers; what is not among them is not there."""
    replies: Replies = ()
    rounds = []
    while batch := user.reads(KIND, wanted, replies):
        rounds.append([str(r) for r in batch])
        replies += tuple((r, answers.get(str(r))) for r in batch)
        assert len(rounds) < 6
    return rounds, replies


def one(record: Mapping[str, Json]) -> Json:
    return {"data": dict(record), "message": "User retrieved"}


def test_op_r35_exactly_one_parameter_as_written() -> None:
    rounds, replies = asked(demand(person("j", email="Jane@Example.com")), {})

    assert rounds == [["GET /user?email=Jane%40Example.com"]]
    assert [r.query for r, _ in replies] == [(("email", "Jane@Example.com"),)]


def test_op_r35_a_recorded_one_that_is_gone_is_looked_up_by_the_address() -> None:
    wanted = demand(person("j", email="j@example.com"), bonds={"j": bond("j", "3")})

    assert asked(wanted, {})[0] == [["GET /user/3"], ["GET /user?email=j%40example.com"]]


def test_op_r35_the_list_goes_first_and_staff_ids_after_it() -> None:
    wanted = demand(
        person("j", email="jane@example.com"), person("b", email="bob@example.com"), person("s", staffId="S")
    )
    rounds, _ = asked(wanted, {"GET /users": {"data": [dict(SMALL)]}})

    assert rounds == [["GET /users"], ["GET /user?email=bob%40example.com", "GET /user?staffid=S"]]


@pytest.mark.parametrize("field", ["owningAgencyId", "owningAgency", "jobRole", "jobRoleName"])
def test_op_r35_what_the_list_lacks_is_asked_for_singly(field: str) -> None:
    wanted = demand(person("j", email="jane@example.com", **{field: "7"}), person("b", email="bob@example.com"))
    rounds, _ = asked(wanted, {"GET /users": {"data": [dict(SMALL), dict(BOB)]}})

    assert rounds == [["GET /users"], ["GET /user/3"]]


def test_op_r3_a_list_may_lie_in_an_object() -> None:
    wanted = demand(person("j", email="jane@example.com"), person("b", email="bob@example.com"))

    assert asked(wanted, {"GET /users": {"data": {"users": [dict(FULL), dict(BOB)]}}})[0] == [["GET /users"]]


def test_op_r34_a_staff_id_is_asked_again_if_it_is_another_one() -> None:
    known = bond("s", "3", staffId=digest("S"))

    assert asked(demand(person("s", staffId="S"), bonds={"s": known}), {"GET /user/3": one(FULL)})[0] == [
        ["GET /user/3"]
    ]
    assert asked(demand(person("s", staffId="T"), bonds={"s": known}), {})[0] == [["GET /user?staffid=T"]]


def test_op_r39_the_former_address_is_asked_for_until_the_rename_is_over() -> None:
    new = person("j", email="new@example.com", previous_key="jane@example.com")
    both = ["GET /user?email=new%40example.com", "GET /user?email=jane%40example.com"]

    assert asked(demand(new), {})[0] == [both[:1], both[1:]]
    done = {"GET /user/3": one({**FULL, "email_address": "new@example.com"})}
    assert asked(demand(new, bonds={"j": bond("j", "3", "NEW@example.com")}), done)[0] == [["GET /user/3"]]


def parsed(wanted: Demand, answers: Mapping[str, Json]) -> Collection:
    return user.parse(KIND, wanted, asked(wanted, answers)[1])


def test_op_r9_ids_are_texts_and_pairs_are_told() -> None:
    wanted = demand(person("j", email="jane@example.com"), person("b", email="bob@example.com"))
    found = parsed(wanted, {"GET /users": {"data": [dict(FULL), {**BOB, "owning_agency_id": "13"}]}})

    assert [(r.id, r.key, r.fields["owningAgencyId"], r.fields["jobRoleName"]) for r in found.resources] == [
        ("3", "jane@example.com", "12", "7"),
        ("4", "bob@example.com", "13", "7"),
    ]
    assert found.seen == {"Agency": [["12", "UK"], ["13", "UK"]], "JobRole": [["7", "Producer"]]}


@pytest.mark.parametrize(
    "answer",
    [{"data": None}, {"data": {"first_name": "J"}}, {"data": {**FULL, "id": True}}, {"data": []}, [], "x"],
)
def test_an_answer_of_another_shape_is_none(answer: Json) -> None:
    with pytest.raises(ValueError, match="a user without an id"):
        parsed(demand(person("j", email="jane@example.com")), {"GET /user?email=jane%40example.com": answer})


def test_an_answer_about_somebody_else_is_none() -> None:
    with pytest.raises(ValueError, match="another user"):
        parsed(demand(person("j", pinned_id="9")), {"GET /user/9": one(FULL)})


def test_a_list_that_is_none() -> None:
    wanted = demand(person("j", email="jane@example.com"), person("b", email="bob@example.com"))
    with pytest.raises(ValueError, match="holds no list"):
        parsed(wanted, {"GET /users": {"data": "x"}})


def test_op_c5_the_least_fresh_reading() -> None:
    """One: singly. Several: the list, and those singly whom it does not show whole; all of these if less."""
    documents = [person(n, email=f"{n}@example.com", **({"jobRole": "7"} if n != "c" else {})) for n in "abc"]
    listed = [{**SMALL, "id": i, "email_address": f"{n}@example.com"} for i, n in enumerate("abc")]
    singles = {
        f"GET /user/{i}": one({**FULL, "id": i, "email_address": f"{n}@example.com"}) for i, n in enumerate("abc")
    }
    wanted = demand(*documents)
    answers: dict[str, Json] = {"GET /users": {"data": [*listed]}, **singles}
    full = replace(wanted, details=parsed(wanted, answers).details or ())

    def again(*ids: str) -> list[list[str]]:
        return asked(user.narrow(KIND, full, ids, 3), answers)[0]

    assert again("2") == [["GET /user/2"]]
    assert again("0", "1") == [["GET /user/0", "GET /user/1"]]
    assert again("0", "1", "2") == [["GET /user/0", "GET /user/1", "GET /user/2"]]
    plain = replace(full, details=tuple(d for d in full.details if "fields" not in d))
    assert asked(user.narrow(KIND, plain, ("0", "1", "2"), 3), answers)[0] == [["GET /users"]]
    twice = user.narrow(KIND, user.narrow(KIND, plain, ("0", "1", "2"), 3), ("1",), 1)
    assert asked(twice, answers)[0] == [["GET /user/1"]]


def test_op_r40_agencies_are_what_the_users_show() -> None:
    users = Collection("User", seen={"Agency": [["12", "UK"], ["13", "UK"], ["12", "United Kingdom"]]})
    details = agency.details(AGENCY, (), (), {"User": users})
    wanted = Demand(PLATFORM, "Agency", details=details)

    assert agency.reads(AGENCY, wanted, ()) == []
    assert [(r.id, r.key) for r in agency.parse(AGENCY, wanted, ()).resources] == [
        ("12", "UK"), ("13", "UK"), ("12", "United Kingdom"),
    ]  # fmt: skip


def test_op_r42_a_picture_as_multipart() -> None:
    data = b"\xff\xd8\xff picture"
    held: Json = {"$file": {"path": 'a/ja"ne.jpg', "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}
    request = Request(PLATFORM, "POST", "/user/3/avatar", body={"face": held}, media=AVATAR)
    content = encode(request, lambda _: data)

    assert content == encode(request, lambda _: data), "the same value, the same bytes"
    boundary = content.type.partition("boundary=")[2]
    head, _, rest = content.data.partition(b"\r\n\r\n")
    assert head.decode() == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="face"; filename="ja%22ne.jpg"\r\n'
        "Content-Type: image/jpeg"
    )
    assert rest == data + f"\r\n--{boundary}--\r\n".encode()


@pytest.mark.parametrize("body", [{}, {"avatar": "x"}, {"avatar": {"$file": {}}, "more": 1}])
def test_op_r42_an_upload_is_one_file(body: Json) -> None:
    with pytest.raises(ValueError, match="an upload needs a file"):
        encode(Request(PLATFORM, "POST", "/x", body=body, media=AVATAR), lambda _: b"")


@pytest.mark.parametrize(
    ("value", "wrong"), [("face", 0), ("files[]", 0), ("", 1), (7, 1), ('a"b', 1), ("a\r\nb", 1)]
)
def test_op_r42_the_part_is_a_setting(value: Json, wrong: int) -> None:
    assert len(omg.check(Target("ops", "omg-platform", {"avatarPart": value}))) == wrong


def test_op_r37_a_hold_that_says_more_is_enough() -> None:
    from reconciler.model.change import Change, Hold

    final = Hold("no-such-id", "", "", final=True)
    change = Change(Verb.CREATE, Address(PLATFORM, "User", "j"), holds=(final,))

    assert user.review(KIND, [change], Collection("User"))[0].holds == (final,)
