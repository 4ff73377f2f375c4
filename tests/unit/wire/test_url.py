"""No base and no path leads anywhere but where the operator pointed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.document import Target
from reconciler.model.faults import RequestUnsendable, UsageWrong
from reconciler.model.operator import Access
from reconciler.model.record import replace
from reconciler.wire.url import Base
from reconciler.wire.wire import Wire
from tests.unit.wire.far_end import FarEnd, answer
from tests.unit.wire.world import GET, POST, Hands, provider, run, send, wire

BAD_PATHS = [
    "",
    "v1/things",
    "//evil.example/x",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example\\x",
    "@evil.example/",
    ":80/",
    ".evil.example/",
    "https://evil.example/",
    "/v1//things",
    "/v1/../users",
    "/v1/things/..",
    "/v1/./things",
    "/v1/%2e%2e/users",
    "/v1/.%2E/users",
    "/v1/%2E/users",
    "/v1/..%2Fusers",
    "/v1/x%2F..%2F..%2Fusers",
    "/v1/..%5Cusers",
    "/v1/..;x=1/users",
    "/v1/things?all=true",
    "/v1/things#x",
    "/v1/th ings",
    "/v1/things\r\nX-Evil: 1",
    "/v1/things\n",
    "/v1/things\x00",
    "/v1/things\t",
    "/v1/thïngs",
    "/v1/\u2024\u2024/x",
    "/v1/%",
    "/v1/%zz",
    "/v1/%2",
    "/v1/<script>",
    '/v1/"x"',
    "/v1/{id}",
    "/v1/things\u2028",
    "/v1/\ud800",
]

GOOD_PATHS = [
    "/",
    "/v1/things",
    "/v1/In%20Review",
    "/v1/a%2Fb",
    "/v1/a%00b",
    "/v1/...",
    "/v1/..a",
    "/v1/a:b@c;d",
    "/v1/",
]

BAD_BASES = [
    "",
    "api.example.com",
    "//api.example.com",
    "ftp://api.example.com",
    "file:///etc/passwd",
    "http://api.example.com",
    "http://api.example.com@127.0.0.1/",
    "https://good.example@evil.example",
    "https://user:pass@api.example.com",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://localhost.",
    "http://127.1",
    "http://2130706433",
    "http://0x7f.0.0.1",
    "http://0177.0.0.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[::ffff:10.0.0.1]",
    "http://169.254.169.254/latest",
    "https://[::1",
    "https://[fe80::1%25eth0]",
    "https://[:::]",
    "https://api.example.com:0",
    "https://api.example.com:65536",
    "https://api.example.com:x",
    "https://api.example.com:",
    "https://api_example.com",
    "https://-api.example.com",
    "https://api..example.com",
    "https://" + "a" * 64 + ".example.com",
    "https://api.example.com\\@evil.example",
    "https://api.example.com/?x=1",
    "https://api.example.com/#x",
    "https://api.example.com/a/../b",
    "https://api.example.com//a",
    "https://api.example.com/a b",
    "https://api.example.com\n.evil.example",
    " https://api.example.com",
    "https:///path",
    "https:/api.example.com",
    "https://bücher.example",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_could_lead_elsewhere_is_not_sent(path: str) -> None:
    result = send(answer({}), request=replace(POST, path=path))

    assert result.raised is RequestUnsendable
    assert result.fault is not None
    assert result.fault.reason.startswith("not sent: the path ")
    assert result.far.seen == []
    assert result.far.connections == 0
    assert result.wire.requests == []


@pytest.mark.parametrize("path", GOOD_PATHS)
def test_a_good_path_arrives_byte_for_byte(path: str) -> None:
    result = send(answer({}), request=replace(POST, path=path))

    assert result.far.seen[0].target == "/api" + path


@pytest.mark.parametrize("base", BAD_BASES)
def test_a_base_that_is_not_plainly_a_url_opens_no_wire(base: str) -> None:
    with pytest.raises(UsageWrong, match=r"^shop: the base URL cannot be used: ") as caught:
        wire(base, Hands())

    assert "pass" not in f"{caught.value} {caught.value.hint}"
    assert "env SHOP_KEY" in caught.value.hint


def test_clear_text_is_refused_with_its_reason() -> None:
    with pytest.raises(UsageWrong, match="credentials would travel in clear"):
        wire("http://api.example.com", Hands())


@pytest.mark.parametrize(
    ("text", "origin", "path"),
    [
        ("https://api.example.com", "https://api.example.com:443", ""),
        ("HTTPS://API.Example.com:8443/app/", "https://api.example.com:8443", "/app"),
        ("http://localhost:8080/x", "http://localhost:8080", "/x"),
        ("http://127.9.9.9", "http://127.9.9.9:80", ""),
        ("http://[::1]:81", "http://[::1]:81", ""),
        ("https://[2001:db8::1]/a/b/", "https://[2001:db8::1]:443", "/a/b"),
    ],
)
def test_a_good_base_is_taken_apart(text: str, origin: str, path: str) -> None:
    base = Base.parse(text)

    assert (base.origin, base.path) == (origin, path)


def test_the_provider_shapes_the_base_and_may_refuse_it() -> None:
    def shape(url: str) -> str:
        if "wrong" in url:
            raise ValueError("it names no instance")
        return url.removesuffix("/") + "/shaped"

    async def main() -> None:
        async with FarEnd((answer({}),)) as far:
            made = provider(base=shape)
            access = Access(far.url, lambda: "k")
            async with Wire(Target("shop", "example"), made, access, Hands().clock, random.Random(1)) as line:
                await line.read(GET)
            assert far.seen[0].target == "/api/shaped/v1/things"
            with pytest.raises(UsageWrong, match="it names no instance"):
                Wire(Target("shop", "e"), made, replace(access, url="wrong"), Hands().clock, random.Random(1))

    run(main())


@pytest.mark.parametrize("method", ["get", "GET /x", "GET\r\n", "", "CONNECT", "TRACE", "OPTIONS"])
def test_a_method_we_do_not_know_is_not_sent(method: str) -> None:
    result = send(answer({}), request=replace(POST, method=method))

    assert result.raised is RequestUnsendable
    assert result.far.seen == []


def test_a_query_that_is_not_text_is_not_sent() -> None:
    assert send(answer({}), request=replace(POST, query=(("a", "\ud800"),))).raised is RequestUnsendable


@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=10))
def test_whatever_the_path_the_host_stays(path: str, name: str, value: str) -> None:
    base = Base.parse("https://api.example.com/v1")
    try:
        url = base.url("/" + path, [(name, value)])
    except ValueError:
        return
    import httpx

    seen = httpx.URL(url)
    assert (seen.scheme, seen.host, seen.port) == ("https", "api.example.com", None)
    assert seen.raw_path.decode().startswith(f"/v1/{path}?")
    assert url.endswith(seen.raw_path.decode())
