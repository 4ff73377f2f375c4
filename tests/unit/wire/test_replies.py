"""What leaves and what comes back when all is well."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest

from reconciler.model.call import Request
from reconciler.model.record import replace
from reconciler.version import __version__
from tests.unit.wire.far_end import Do, FarEnd, answer
from tests.unit.wire.world import GET, POST, SECRET, Hands, read, run, send, wire


def test_a_read_carries_the_providers_headers_and_ours() -> None:
    result = read(answer({"a": [1, 2.5, None, True, "ü"]}))

    assert result.body == {"a": [1, 2.5, None, True, "ü"]}
    assert (result.status, result.attempts) == (200, 1)
    [seen] = result.far.seen
    assert (seen.method, seen.target, seen.body) == ("GET", "/api/v1/things", b"")
    assert seen.headers == {
        "host": f"127.0.0.1:{result.far.port}",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "user-agent": f"reconciler/{__version__}",
        "authorization": f"Bearer {SECRET}",
        "x-org-id": "o1",
    }


def test_a_keyless_request_carries_neither_the_credential_nor_the_providers_headers() -> None:
    result = read(answer({}), request=replace(GET, keyless=True))

    [seen] = result.far.seen
    assert not {"authorization", "x-org-id"} & set(seen.headers)
    assert SECRET not in str(seen)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_carries_its_body_whatever_the_method(method: str) -> None:
    result = send(answer({"id": 1}, 201), request=Request("shop", method, "/v1/things", body={"name": "Zoë"}))

    [seen] = result.far.seen
    assert seen.method == method
    assert seen.headers["content-type"] == "application/json"
    assert json.loads(seen.body) == {"name": "Zoë"}
    assert result.status == 201


def test_a_write_without_a_body_sends_none() -> None:
    result = send(answer(status=204, kind=None), request=Request("shop", "DELETE", "/v1/things/1"))

    [seen] = result.far.seen
    assert seen.body == b""
    assert "content-type" not in seen.headers
    assert "content-length" not in seen.headers
    assert (result.status, result.body) == (204, None)


@pytest.mark.parametrize("kind", [None, "text/html", "application/json"])
def test_an_empty_answer_has_no_body_whatever_its_type_says(kind: str | None) -> None:
    assert read(answer(b"", kind=kind)).body is None
    assert read(answer(b" \r\n", kind=kind)).body is None


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "Application/JSON; Charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/scim+json",
        "application/problem+json;charset=utf8",
        "application/json; profile=x",
    ],
)
def test_every_spelling_of_json_is_read(kind: str) -> None:
    assert read(answer({"a": 1}, kind=kind)).body == {"a": 1}


def test_gzip_is_undone() -> None:
    packed = gzip.compress(json.dumps(["x"] * 100).encode())

    assert read(answer(packed, headers={"Content-Encoding": "gzip"})).body == ["x"] * 100


def test_chunks_and_a_body_without_a_length_are_read() -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b'3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n'
    )
    until_closed = b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":1}'

    assert read(chunked).body == {"a": 1}
    assert read((until_closed, Do.CLOSE)).body == {"a": 1}


def test_a_query_is_encoded_so_that_no_server_can_misread_it() -> None:
    query = (("filter", 'userName eq "a+b@example.com"'), ("x&y", "1=2#3/ü"), ("x&y", ""))
    result = read(answer({}), request=replace(GET, query=query))

    assert result.far.seen[0].target == (
        "/api/v1/things?filter=userName%20eq%20%22a%2Bb%40example.com%22&x%26y=1%3D2%233%2F%C3%BC&x%26y="
    )


def test_a_safe_post_is_a_read() -> None:
    assert read(answer([1]), request=replace(POST, safe=True)).body == [1]


def test_a_read_that_is_not_declared_safe_never_leaves() -> None:
    async def main() -> None:
        async with FarEnd((answer({}),)) as far, wire(far.url, Hands()) as line:
            with pytest.raises(ValueError, match="not declared safe"):
                await line.read(POST)
            assert far.seen == []
            assert line.requests == []

    run(main())


def test_connections_are_kept_and_replaced_when_the_far_end_hangs_up() -> None:
    async def main() -> None:
        closing = answer({}, headers={"Connection": "close"})
        async with (
            FarEnd((answer({}), answer({}), closing, answer({}), (answer({}), Do.CLOSE), answer({}))) as far,
            wire(far.url, Hands()) as line,
        ):
            for _ in range(3):
                await line.read(GET)
            assert far.connections == 1
            await line.read(GET)
            assert far.connections == 2
            await line.read(GET)
            await asyncio.sleep(0.05)
            reply = await line.send(POST)  # the idle connection is gone: noticed before a write leaves on it
            assert (far.connections, reply.attempts) == (3, 1)

    run(main())


def test_no_cookie_is_ever_sent_back_or_shown() -> None:
    async def main() -> None:
        async with FarEnd((answer({}, headers={"Set-Cookie": "session=1", "X-Other": "2"}),)) as far:
            async with wire(far.url, Hands()) as line:
                reply = await line.read(GET)
                await line.read(GET)
            assert "cookie" not in far.seen[1].headers
            assert "set-cookie" not in reply.headers
            assert reply.headers["x-other"] == "2"

    run(main())


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)

    assert read(answer({"a": 1})).body == {"a": 1}


def test_side_by_side_is_bounded_by_the_target() -> None:
    async def main() -> None:
        async with FarEnd(((0.02, answer({})),)) as far, wire(far.url, Hands(), concurrency=3) as line:
            await asyncio.gather(*(line.read(GET) for _ in range(10)))
            assert 1 < far.most_at_once <= 3
            assert far.connections <= 3
            assert len(line.requests) == 10

    run(main())


def test_what_was_sent_is_counted_without_bodies() -> None:
    async def main() -> None:
        async with FarEnd((answer(status=503), answer({}), answer({}))) as far, wire(far.url, Hands()) as line:
            await line.read(replace(GET, query=(("page", "2"),)))
            await line.send(POST)
            assert line.requests == [("shop", "GET /v1/things?page=2", 2), ("shop", "POST /v1/things", 1)]

    run(main())


def test_a_wire_is_of_no_use_before_and_after() -> None:
    async def main() -> None:
        async with FarEnd((answer({}),)) as far:
            line = wire(far.url, Hands())
            with pytest.raises(RuntimeError, match="not open"):
                await line.read(GET)
            async with line:
                await line.read(GET)
            with pytest.raises(RuntimeError, match="not open"):
                await line.read(GET)

    run(main())


def test_an_interrupted_request_leaves_nothing_open() -> None:
    async def main() -> None:
        async with FarEnd(((Do.HANG,),)) as far, wire(far.url, Hands()) as line:
            task = asyncio.create_task(line.send(POST))
            await far.asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert line.requests == [("shop", "POST /v1/things", 1)]

    run(main())
