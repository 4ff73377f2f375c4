"""A provider's own forms of bodies, the answers that say no in other ways, and what is late in a request."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Fetch, Provider
from reconciler.model.document import Target
from reconciler.model.faults import (
    AnswerInvalid,
    GuardRefused,
    ProviderRefused,
    RemoteFault,
    RequestUnsendable,
    Unauthorised,
)
from reconciler.model.json import Json
from reconciler.model.operator import Access
from reconciler.model.record import replace
from reconciler.wire.late import Late
from reconciler.wire.redact import STARS
from reconciler.wire.wire import Wire
from tests.unit.wire.far_end import Answer, FarEnd, answer
from tests.unit.wire.world import GET, POST, SECRET, USED, Hands, Result, provider, run

CANARY = "hunter2-canary"
FILE = b"\x00\x01 a picture"
PLANNED: dict[str, Json] = {"path": "a.png", "sha256": hashlib.sha256(FILE).hexdigest(), "bytes": len(FILE)}


def encode(request: Request, fetch: Fetch) -> Content:
    """`key=value` lines; a file as its bytes."""
    body = request.body if isinstance(request.body, dict) else {}
    lines = [f"{k}={v}".encode() for k, v in sorted(body.items()) if not isinstance(v, dict)]
    files = [fetch(v["$file"]) for v in body.values() if isinstance(v, dict) and isinstance(v["$file"], dict)]
    return Content(f"text/{request.media}", b"\n".join([*lines, *files]))


def decode(request: Request, header: str, data: bytes) -> Json:
    """The inverse for an answer; of one thing, a nest as deep as it says."""
    if header != "text/lines":
        raise ValueError(f"{request.path} answers lines, not {header}")
    text = data.decode()
    if text.startswith("deep="):
        nest: Json = 1
        for _ in range(int(text.removeprefix("deep="))):
            nest = [nest]
        return nest
    return {name: value for name, _, value in (line.partition("=") for line in text.split("\n"))}


def code(body: Json) -> str:
    return str(body.get("code", "")) if isinstance(body, dict) else ""


LINES = replace(provider(), encode=encode, decode=decode, accept="text/lines, */*;q=0.1", code=code)
REFUSING = replace(
    provider(), code=code, refuses=lambda body: isinstance(body, dict) and body.get("ok") is False,
    stops=frozenset({401, 403}),
)  # fmt: skip


def talk(
    spoken: Provider,
    request: Request,
    *answers: Answer,
    late: Late | None = None,
    repeat_of: int = 1,
    **limits: Any,
) -> Result:
    """One request, read or sent as it is declared, to a far end that gives these answers."""

    async def whole() -> Result:
        hands = Hands()
        async with FarEnd(answers) as far:
            access = Access(far.url, lambda: SECRET, "env SHOP_KEY")
            wire = Wire(
                Target("shop", "example"), spoken, access, hands.clock, random.Random(7),
                limits=replace(USED, **limits), late=late or Late(),
            )  # fmt: skip
            async with wire as line:
                result = Result(far, hands, line)
                try:
                    reply = await (line.read(request) if request.safe else line.send(request))
                except RemoteFault as fault:
                    result.fault = fault
                else:
                    result.body, result.status, result.attempts = reply.body, reply.status, reply.attempts
                return result

    return run(whole())


def lines(text: str, status: int = 200) -> bytes:
    return answer(text.encode(), status, kind="text/lines")


def test_a_codec_makes_the_bytes_and_reads_them() -> None:
    result = talk(LINES, replace(POST, body={"b": 2, "a": "x"}, media="lines"), lines("id=7\nname=x"))

    [seen] = result.far.seen
    assert (seen.body, seen.headers["content-type"]) == (b"a=x\nb=2", "text/lines")
    assert seen.headers["accept"] == "text/lines, */*;q=0.1"
    assert result.body == {"id": "7", "name": "x"}


def test_without_a_body_the_codec_is_not_asked() -> None:
    [seen] = talk(LINES, GET, lines("a=1")).far.seen

    assert seen.body == b""
    assert "content-type" not in seen.headers


def test_blanks_are_a_value_where_they_are_no_words() -> None:
    def raw(request: Request, header: str, data: bytes) -> Json:
        return {"held": data.decode()}

    blank = replace(LINES, decode=raw)

    assert talk(blank, GET, answer(b" \n", kind="text/plain")).body == {"held": " \n"}
    assert talk(blank, GET, answer(b" \n", kind="application/xml")).body is None
    assert talk(blank, GET, answer(b"", kind="text/plain")).body is None


def test_nothing_is_no_answer_where_every_answer_has_a_body() -> None:
    wordy = replace(LINES, silent=lambda _request, _status: False)

    assert talk(wordy, GET, answer(b"", kind="text/lines"), answer(b"", kind="text/lines")).raised is AnswerInvalid
    assert talk(wordy, GET, lines("a=1")).body == {"a": "1"}


def test_an_error_is_read_by_the_codec_too() -> None:
    result = talk(LINES, POST, lines("error=taken\ncode=DUPLICATE", 409))

    assert isinstance(result.fault, ProviderRefused)
    assert (result.fault.status, result.fault.code) == (409, "DUPLICATE")
    assert "answered 409: taken" in result.text


def test_an_error_in_another_form_keeps_its_status() -> None:
    result = talk(LINES, POST, answer({"error": "x"}, 409))

    assert isinstance(result.fault, ProviderRefused)
    assert (result.fault.status, result.fault.code) == (409, "")


def test_what_the_codec_cannot_read_is_no_answer_of_the_api() -> None:
    result = talk(LINES, GET, answer({"a": 1}))

    assert result.raised is AnswerInvalid
    assert "/v1/things answers lines, not application/json" in result.text


def test_depth_and_number_are_limited_whatever_the_form() -> None:
    assert talk(LINES, GET, lines("deep=5"), depth=5).raised is None
    assert talk(LINES, GET, lines("deep=6"), depth=5).raised is AnswerInvalid
    assert talk(LINES, GET, lines("a=1\nb=2\nc=3"), values=2).raised is AnswerInvalid
    assert talk(LINES, GET, lines("a=" + "x" * 500), body=100).raised is AnswerInvalid


def test_a_2xx_that_says_no_is_a_refusal() -> None:
    result = talk(REFUSING, POST, answer({"ok": False, "code": "LOCKED", "error": "somebody edits it"}))

    assert isinstance(result.fault, ProviderRefused)
    assert (result.fault.status, result.fault.code) == (200, "LOCKED")
    assert "answered 200, and it says no: somebody edits it" in result.text
    assert len(result.far.seen) == 1


def test_a_2xx_that_says_no_is_not_asked_again_in_a_read() -> None:
    assert len(talk(REFUSING, GET, answer({"ok": False})).far.seen) == 1


@pytest.mark.parametrize(("status", "raised"), [(401, Unauthorised), (403, Unauthorised), (404, ProviderRefused)])
def test_the_provider_says_what_stops_a_run(status: int, raised: type[RemoteFault]) -> None:
    assert talk(REFUSING, POST, answer({"error": "no"}, status)).raised is raised


def test_a_code_is_short_and_holds_no_credential() -> None:
    fault = talk(REFUSING, POST, answer({"code": f"{SECRET}{'x' * 500}"}, 400)).fault

    assert fault is not None
    assert SECRET not in fault.code
    assert len(fault.code) <= 100


@pytest.mark.parametrize(("repeat", "sent"), [(True, 2), (False, 1)])
def test_a_refusal_for_haste_is_repeated_unless_told_not_to(repeat: bool, sent: int) -> None:
    busy = answer({"error": "slow"}, 429, headers={"Retry-After": "1"})

    assert len(talk(provider(), replace(POST, repeat=repeat), busy, answer({})).far.seen) == sent


# What is late.


def secrets(reference: Mapping[str, Json]) -> str:
    if reference.get("fromEnv") != "PASSWORD":
        raise GuardRefused(f"manifests may not read {reference.get('fromEnv')}", hint="allow it")
    return CANARY


def files(data: bytes) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        if path != "a.png":
            raise ValueError("cannot be read: No such file or directory")
        return data

    return read


LATE = Late(secrets, files(FILE))
HIDDEN: Json = {"host": "h", "login": [{"password": {"$secret": {"fromEnv": "PASSWORD", "version": 3}}}]}


def test_a_secret_stands_in_the_body_that_is_sent() -> None:
    result = talk(provider(), replace(POST, body=HIDDEN), answer({}), late=LATE)

    [seen] = result.far.seen
    assert json.loads(seen.body) == {"host": "h", "login": [{"password": CANARY}]}


def test_a_secret_is_asked_for_at_each_sending_and_kept_nowhere() -> None:
    asked: list[Mapping[str, Json]] = []

    def secret(reference: Mapping[str, Json]) -> str:
        asked.append(reference)
        return f"{CANARY}-{len(asked)}"

    busy = answer({}, 429, headers={"Retry-After": "1"})
    result = talk(provider(), replace(POST, body=HIDDEN), busy, answer({}), late=Late(secret))

    assert [CANARY + f"-{i}" in one.body.decode() for i, one in enumerate(result.far.seen, 1)] == [True, True]
    assert CANARY not in repr(result.wire.requests)


@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_echo_of_a_secret_is_starred_in_answers_and_errors(status: int) -> None:
    echo = answer({"error": f"weak: {CANARY}", "kept": ["h", CANARY]}, status)
    result = talk(provider(), replace(POST, body=HIDDEN), echo, late=LATE)

    assert CANARY not in result.text + repr(result.body)
    assert STARS in result.text + repr(result.body)
    assert status != 200 or result.body == {"error": STARS, "kept": ["h", STARS]}


def test_a_short_secret_stars_nothing_but_itself() -> None:
    short = Late(lambda _: "ab")
    result = talk(provider(), replace(POST, body=HIDDEN), answer({"id": "abc", "password": "ab"}), late=short)

    assert result.body == {"id": "abc", "password": STARS}


def test_a_secret_that_is_not_to_be_had_stops_this_request_alone() -> None:
    body: Json = {"password": {"$secret": {"fromEnv": "OTHER", "version": 1}}}
    result = talk(provider(), replace(POST, body=body), answer({}), late=LATE)

    assert result.raised is RequestUnsendable
    assert "manifests may not read OTHER" in result.text
    assert "allow it" in result.text
    assert (result.far.seen, result.wire.requests) == ([], [])


def test_nothing_late_can_be_had_where_nobody_says_from_where() -> None:
    assert talk(provider(), replace(POST, body=HIDDEN), answer({})).raised is RequestUnsendable


def test_a_file_goes_to_the_codec_as_it_was_planned() -> None:
    body: Json = {"name": "x", "picture": {"$file": PLANNED}}
    result = talk(LINES, replace(POST, body=body, media="lines"), lines("id=1"), late=LATE)

    [seen] = result.far.seen
    assert seen.body == b"name=x\n" + FILE


@pytest.mark.parametrize(
    ("planned", "held", "said"),
    [
        (PLANNED, FILE + b"!", "a.png has changed since the plan"),
        ({**PLANNED, "path": "b.png"}, FILE, "b.png cannot be read"),
    ],
)
def test_a_file_that_is_not_what_was_planned_is_not_sent(planned: Json, held: bytes, said: str) -> None:
    body: Json = {"picture": {"$file": planned}}
    result = talk(LINES, replace(POST, body=body), lines("id=1"), late=Late(secrets, files(held)))

    assert result.raised is RequestUnsendable
    assert said in result.text
    assert result.far.seen == []


def test_a_file_is_never_sent_as_words() -> None:
    result = talk(provider(), replace(POST, body={"a": [{"$file": PLANNED}]}), answer({}), late=LATE)

    assert result.raised is RequestUnsendable
    assert result.far.seen == []


def test_a_codec_that_cannot_write_a_body_tells_no_secret() -> None:
    def broken(request: Request, fetch: Fetch) -> Content:
        raise ValueError(f"cannot write {request.body}")

    result = talk(replace(LINES, encode=broken), replace(POST, body=HIDDEN), lines("a=1"), late=LATE)

    assert result.raised is RequestUnsendable
    assert CANARY not in result.text


def test_a_2xx_that_holds_an_error_and_nothing_else_is_no_answer() -> None:
    erring = replace(provider(), errs=lambda body: isinstance(body, dict) and body.keys() == {"error"})
    result = talk(erring, POST, answer({"error": "no such thing"}))

    assert isinstance(result.fault, AnswerInvalid)
    assert "answered 200 with an error: no such thing" in result.text
    assert talk(erring, GET, answer({"error": "x"})).raised is AnswerInvalid
    assert talk(erring, GET, answer({"ok": True, "error": "none"})).raised is None


def test_nothing_is_an_answer_under_the_statuses_that_have_no_body() -> None:
    sparing = replace(provider(), silent=lambda _request, status: status == 204)

    assert talk(sparing, POST, answer(status=204, kind=None)).raised is None
    assert talk(sparing, POST, answer(kind=None)).raised is AnswerInvalid
    assert talk(sparing, POST, answer(b" ")).raised is AnswerInvalid
