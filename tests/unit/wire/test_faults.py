"""Everything a far end can do wrong, and the fault that comes of it."""

from __future__ import annotations

import gzip
import socket
import zlib

import pytest

from reconciler.model.call import Request
from reconciler.model.faults import (
    AnswerInvalid,
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    RequestUnsendable,
    Unauthorised,
)
from reconciler.model.record import replace
from tests.unit.wire.far_end import Answer, Do, FarEnd, answer
from tests.unit.wire.world import GET, HASTY, POST, SECRET, USED, Hands, read, run, send, wire

WHOLE = answer({"name": "a" * 100})
HALF = WHOLE[:-60]
GZIPPED = gzip.compress(b'{"a": 1}', mtime=0)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def packed(body: bytes, coding: str = "gzip") -> bytes:
    return answer(body, headers={"Content-Encoding": coding})


LOST: dict[str, Answer] = {
    "reset before the answer": (Do.RESET,),
    "closed before the answer": (Do.CLOSE,),
    "reset in the headers": (WHOLE[:20], Do.RESET),
    "closed in the headers": (WHOLE[:20], Do.CLOSE),
    "reset in the body": (HALF, Do.RESET),
    "closed in the body": (HALF, Do.CLOSE),
    "closed in a chunk": (CHUNKED + b'ff\r\n{"a"', Do.CLOSE),
    "closed between chunks": (CHUNKED + b'4\r\n{"a"\r\n', Do.CLOSE),
    "silence": (Do.HANG,),
    "silence in the body": (HALF, Do.HANG),
    "slow headers": tuple(step for byte in WHOLE[:40] for step in (bytes([byte]), 0.05)),
    "slow body": (WHOLE[:-100], *(step for byte in WHOLE[-100:] for step in (bytes([byte]), 0.05))),
    "100 and nothing more": (b"HTTP/1.1 100 Continue\r\n\r\n", Do.HANG),
    "switching protocols": (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nhello", Do.HANG),
    "not HTTP": (b"220 mail.example.com ESMTP\r\n", Do.CLOSE),
    "no status": (b"HTTP/1.1 abc OK\r\n\r\n", Do.CLOSE),
    "bad chunk": (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", Do.CLOSE),
    "endless header": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000, Do.HANG),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", Do.CLOSE),
    "gzip cut short": packed(GZIPPED[:-9]),
}

INVALID: dict[str, tuple[Answer, str]] = {
    "HTML": (
        answer(b"<html>hi", kind="text/html; charset=utf-8"),
        "answered HTML, not JSON: is the base URL right?",
    ),
    "XHTML": (answer(b"<html/>", kind="application/xhtml+xml"), "answered HTML, not JSON"),
    "plain text": (answer(b"OK", kind="text/plain"), "answered text/plain, not JSON"),
    "JSON said to be text": (answer(b"{}", kind="text/plain"), "answered text/plain, not JSON"),
    "no type": (answer(b"{}", kind=None), "answered without a content type, not JSON"),
    "a type in disguise": (answer(b"{}", kind="text/html-application/json"), "not JSON"),
    "another charset": (answer(b"{}", kind="application/json; charset=utf-16"), "not in UTF-8"),
    "not UTF-8": (answer(b'{"a": "\xff"}'), "it is not in UTF-8"),
    "not JSON": (answer(b"{'a': 1}      "), "it is not JSON: Expecting property name"),
    "two values": (answer(b"{} {}         "), "it is not JSON: Extra data"),
    "a key twice": (answer(b'{"b": {"a": 1, "a": 2}}'), "the key 'a' stands twice in one object"),
    "NaN": (answer(b'{"a": NaN}'), "it holds NaN, which is not JSON"),
    "Infinity": (answer(b'{"a": -Infinity}'), "it holds -Infinity, which is not JSON"),
    "a float beyond floats": (answer(b'{"a": 1e999}'), "a number that is too large"),
    "an integer of 5,000 digits": (answer(b"[" + b"9" * 5_000 + b"]"), "a number that is too long"),
    "65 levels": (answer(b"[" * 65 + b"]" * 65), "nested deeper than 64 levels"),
    "9,000 levels": (answer(b"[" * 9_000 + b"]" * 9_000), "nested deeper than 64 levels"),
    "too large": (answer(b" " * 20_000 + b"{}"), "it is larger than 20,000 bytes"),
    "too large, without a length": ((CHUNKED + b"ffff\r\n" + b" " * 0xFFFF, Do.HANG), "larger than 20,000 bytes"),
    "a bomb": (packed(gzip.compress(b" " * 50_000_000)), "it is larger than 20,000 bytes"),
    "a bomb in a bomb": (packed(gzip.compress(gzip.compress(b" " * 10_000_000)), "gzip, gzip"), "not asked for"),
    "deflate": (packed(zlib.compress(b"{}"), "deflate"), "its Content-Encoding was not asked for"),
    "brotli": (packed(b"\x0b\x00\x80{}\x03", "br"), "its Content-Encoding was not asked for"),
    "damaged gzip": (packed(GZIPPED[:12] + b"\xff\xff\xff" + GZIPPED[15:]), "its compression is damaged"),
    "no gzip at all": (packed(b"{}"), "its compression is damaged"),
    "gzip and something": (packed(GZIPPED + b"tail"), "something follows its compressed body"),
    "redirect": (
        answer(status=302, headers={"Location": "https://evil.example.net/x"}),
        "to evil.example.net, which",
    ),
    "redirect at home": (answer(status=301, headers={"Location": "/login"}), "a redirect to the same host"),
    "redirect to nowhere": (answer(status=307), "answered 307, a redirect to the same host"),
    "redirect with a user": (
        answer(status=308, headers={"Location": "//me:pw@e.example/"}),
        "redirect to e.example,",
    ),
    "redirect to nonsense": (answer(status=303, headers={"Location": "http://[::1"}), "a redirect to nowhere"),
    "redirect in colour": (
        answer(status=302, headers={"Location": "http://a\x9b31m.example/"}),
        r"to a\x9b31m.example,",
    ),
    "not modified": (answer(status=304, kind=None), "answered 304"),
    "multiple choices": (answer([], status=300), "answered 300"),
    "a status out of range": (answer({}, status=700), "answered 700, which is no end"),
}


@pytest.mark.parametrize("name", LOST)
def test_a_write_without_a_whole_answer_is_in_doubt_and_sent_once(name: str) -> None:
    result = send(LOST[name], limits=HASTY)

    assert result.raised is AnswerLost
    assert result.fault is not None
    assert result.fault.status == 0
    assert len(result.far.seen) == 1
    assert result.wire.requests[0].attempts == 1
    assert result.hands.naps == []


@pytest.mark.parametrize("name", ["reset before the answer", "closed in the body", "silence", "gzip cut short"])
def test_a_read_without_a_whole_answer_is_asked_again(name: str) -> None:
    again = read(LOST[name], LOST[name], answer([1]), limits=replace(USED, read=1.0))
    given_up = read(LOST[name], limits=replace(USED, read=0.05))

    assert (again.body, again.attempts) == ([1], 3)
    assert given_up.raised is AnswerLost
    assert len(given_up.far.seen) == 5


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("name", INVALID)
def test_an_answer_the_api_does_not_give_is_invalid_and_not_asked_for_again(name: str, write: bool) -> None:
    given, text = INVALID[name]
    result = (send if write else read)(given)

    assert result.raised is AnswerInvalid
    assert text in result.text
    assert result.text.startswith(f"shop: {'POST' if write else 'GET'} /v1/things: ")
    assert len(result.far.seen) == 1


@pytest.mark.parametrize("body", [b'{"a": [1, 2', b'{"a": "b', b'{"a": tru', b'{"a": "\\u12', b"[", b'["\xc3'])
def test_json_without_its_end_is_read_once_more_and_written_never(body: bytes) -> None:
    cut = answer(body)

    assert (read(cut, answer({"a": 1})).body, len(read(cut).far.seen)) == ({"a": 1}, 2)
    assert read(cut).raised is AnswerInvalid
    assert send(cut).raised is AnswerInvalid
    assert len(send(cut).far.seen) == 1


def test_64_levels_and_20_000_bytes_are_fine() -> None:
    deep = b"[" * 64 + b"]" * 64

    assert read(answer(deep)).status == 200
    assert read(answer(b'"' + b"a" * 19_998 + b'"')).status == 200
    assert read(packed(gzip.compress(b" " * 19_998 + b"{}"))).body == {}
    assert read(answer(b"[" + b"9" * 4_000 + b"]")).body == [10**4_000 - 1]


def test_too_many_values_are_refused_before_they_fill_the_memory() -> None:
    limits = replace(USED, values=100)

    assert read(answer([0] * 100), limits=limits).body == [0] * 100
    assert read(answer([0] * 101), limits=limits).raised is AnswerInvalid
    assert "more than 100 values" in read(answer([[]] * 101), limits=limits).text


@pytest.mark.parametrize(
    ("status", "body", "kind", "text"),
    [
        (400, {"error": "name: too short"}, "application/json", "answered 400: name: too short"),
        (403, {"error": ""}, "application/json", "answered 403"),
        (404, b"<html>", "text/html", "answered 404: answered HTML, not JSON: is the base URL right?"),
        (404, None, None, "answered 404"),
        (409, b"taken", "text/plain", "answered 409: taken"),
        (418, b'{"error": "a', "application/json", "answered 418: it is not JSON"),
        (422, b"[" * 9_000, "application/json", "answered 422: it is nested deeper"),
        (422, b"\xff\xfe", "text/plain", "answered 422: \ufffd\ufffd"),
        (499, b" " * 100_000, "application/json", "answered 499"),
    ],
)
def test_a_refusal_is_not_asked_again_and_keeps_the_servers_words(
    status: int, body: object, kind: str | None, text: str
) -> None:
    for result in (read(answer(body, status, kind)), send(answer(body, status, kind))):
        assert result.raised is ProviderRefused
        assert result.fault is not None
        assert result.fault.status == status
        assert result.fault.reason.startswith(text)
        assert len(result.far.seen) == 1


@pytest.mark.parametrize(
    "broken",
    [
        (answer({"error": "x" * 100}, 409)[:-50], Do.RESET),
        (answer({"error": "x" * 100}, 409)[:-50], Do.HANG),
        answer(GZIPPED[:-4], 409, headers={"Content-Encoding": "gzip"}),
        answer(b"xx", 409, headers={"Content-Encoding": "br"}),
        (answer(b"", 409, length=2**62), Do.HANG),
    ],
)
def test_the_status_of_an_error_counts_even_if_its_body_is_broken(broken: Answer) -> None:
    result = send(broken, limits=HASTY)

    assert result.raised is ProviderRefused
    assert result.fault is not None
    assert (result.fault.status, result.fault.reason) == (409, "answered 409")


def test_the_servers_words_are_cut() -> None:
    result = send(answer({"error": "x" * 5_000}, 400))

    assert result.fault is not None
    assert len(result.fault.reason) == 500
    assert result.fault.reason.endswith("x…")


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 505, 599])
def test_a_server_fault_leaves_a_write_in_doubt(status: int) -> None:
    result = send(answer({"error": "oops"}, status))

    assert result.raised is ProviderFailed
    assert result.fault is not None
    assert (result.fault.status, result.fault.reason) == (status, f"answered {status}: oops")
    assert len(result.far.seen) == 1


def test_a_missing_key_stops_at_once_and_says_where_it_is_from() -> None:
    for result in (read(answer({"error": "who?"}, 401)), send(answer({"error": "who?"}, 401))):
        assert result.raised is Unauthorised
        assert result.fault is not None
        assert result.fault.hint == "127.0.0.1 does not accept the API key from env SHOP_KEY"
        assert len(result.far.seen) == 1


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


@pytest.mark.parametrize("write", [False, True])
def test_a_refused_connection_did_certainly_nothing_and_is_tried_again(write: bool) -> None:
    async def main() -> None:
        hands, port = Hands(), free_port()
        async with wire(f"http://127.0.0.1:{port}", hands) as line:
            with pytest.raises(
                ProviderUnreachable, match=r"no connection to 127\.0\.0\.1: Connection refused"
            ) as caught:
                await (line.send(POST) if write else line.read(GET))
        assert f"is http://127.0.0.1:{port} the right host" in caught.value.hint
        assert "env SHOP_KEY" in caught.value.hint
        assert line.requests[0].attempts == 5
        assert len(hands.naps) == 4

    run(main())


def test_a_connection_that_comes_late_carries_the_write_once() -> None:
    async def main() -> None:
        hands, far = Hands(), FarEnd((answer({}, 201),), port=free_port())

        async def sleep(seconds: float) -> None:
            await Hands.sleep(hands, seconds)
            if len(hands.naps) == 2:
                await far.__aenter__()

        hands.sleep = sleep  # type: ignore[method-assign]
        async with wire(far.url, hands) as line:
            reply = await line.send(POST)
        await far.__aexit__(None, None, None)
        assert (reply.attempts, len(far.seen)) == (3, 1)

    run(main())


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    async def main() -> None:
        async with wire("https://nowhere.invalid", Hands()) as line:
            with pytest.raises(ProviderUnreachable, match=r"no connection to nowhere\.invalid: "):
                await line.send(POST)

    run(main())


def test_a_connection_that_nobody_takes_is_unreachable() -> None:
    """A full accept queue: the handshake never ends."""

    async def main() -> None:
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen(0)
            stuffing = []
            for _ in range(8):
                s = socket.socket()
                s.setblocking(False)
                s.connect_ex(deaf.getsockname())
                stuffing.append(s)
            limits = replace(USED, connect=0.1, tries=2)
            async with wire(f"http://127.0.0.1:{deaf.getsockname()[1]}", Hands(), limits) as line:
                with pytest.raises(ProviderUnreachable, match=r"none within 0\.1 s"):
                    await line.send(POST)
            for s in stuffing:
                s.close()

    run(main())


@pytest.mark.parametrize("body", [{"a": float("nan")}, {"a": float("inf")}])
def test_a_body_that_is_not_json_is_not_sent(body: dict[str, float]) -> None:
    request = Request("shop", "POST", "/v1/things", body=dict(body))
    result = send(answer({}), request=request)

    assert result.raised is RequestUnsendable
    assert "not sent" in result.text
    assert result.far.seen == []


def test_no_fault_drags_a_chain_of_other_errors_along() -> None:
    """What httpx raised may quote headers; a traceback would print it."""
    for given in ((Do.RESET,), answer(b"x"), answer(status=302), answer({}, 401), answer({}, 500)):
        fault: BaseException | None = send(given).fault
        assert isinstance(fault, RemoteFault)
        assert fault.__cause__ is None
        assert fault.__context__ is None
        assert SECRET not in repr(fault)


def test_an_answer_that_is_not_read_to_its_end_does_not_block_the_next_request() -> None:
    unread = (
        answer(b"x" * 50_000, 302, headers={"Location": "/x"}),
        answer(b"x" * 50_000),
        answer(b"x" * 500_000, 409),
        answer(b"x" * 100, 409, length=10_000),
    )

    async def main() -> None:
        for given in unread:
            async with FarEnd((given, answer({}))) as far, wire(far.url, Hands(), HASTY, concurrency=1) as line:
                with pytest.raises(RemoteFault):
                    await line.send(POST)
                assert (await line.send(POST)).body == {}
                assert far.connections == 2

    run(main())
