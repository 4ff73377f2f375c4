"""The credential is in no fault, however the server sends it back."""

from __future__ import annotations

import base64
import html
import json
import logging
import random
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.document import Target
from reconciler.model.faults import GuardRefused, RemoteFault, UsageWrong
from reconciler.model.operator import Access
from reconciler.wire.redact import STARS, Redaction
from reconciler.wire.wire import Wire
from tests.unit.wire.far_end import Do, FarEnd, answer
from tests.unit.wire.world import GET, POST, SECRET, Hands, provider, read, run, send, wire

B64 = base64.b64encode(SECRET.encode()).decode()
FORMS = {
    "plain": SECRET,
    "header": f"Bearer {SECRET}",
    "base64": B64,
    "base64 without padding": B64.rstrip("="),
    "base64 for URLs": base64.urlsafe_b64encode(SECRET.encode()).decode(),
    "URL": quote(SECRET, safe=""),
    "URL, slashes kept": quote(SECRET),
    "form": quote_plus(SECRET),
    "URL, small hex": quote(SECRET, safe="").replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d")
    .replace("%3C", "%3c").replace("%3E", "%3e"),
    "JSON": json.dumps(SECRET)[1:-1],
    "JSON, slashes escaped": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "HTML": html.escape(SECRET),
    "hex": SECRET.encode().hex(),
}  # fmt: skip


def shows(text: str) -> list[str]:
    """The forms of the secret that a text holds."""
    return [name for name, form in FORMS.items() if form in text]


@pytest.mark.parametrize("status", [400, 401, 403, 409, 429, 500, 503])
@pytest.mark.parametrize("form", FORMS)
def test_an_echo_in_an_error_is_starred(form: str, status: int) -> None:
    result = send(answer({"error": f"bad key <{FORMS[form]}>!"}, status, headers={"Retry-After": "999"}))

    assert shows(result.text) == []
    assert STARS in result.text
    assert isinstance(result.fault, RemoteFault)
    assert shows(repr(result.fault.args) + result.fault.reason) == []


def test_an_echo_at_the_cut_leaves_no_half_behind() -> None:
    for room in range(400, 520):
        result = Redaction([SECRET]).clean("x" * room + SECRET)[:500]
        assert SECRET[:4] not in result
    assert SECRET[:4] not in send(answer({"error": "x" * 470 + SECRET}, 400)).text


@pytest.mark.parametrize(
    "given",
    [
        answer(SECRET.encode(), 409, "text/plain"),
        answer(b"{}", 200, f"text/{quote(SECRET, safe='')}"),
        answer(json.dumps({SECRET: 1})[:-1].encode() + b", " + json.dumps({SECRET: 1})[1:].encode()),
        answer(status=302, headers={"Location": f"http://{quote(SECRET, safe='')}.example/"}),
        answer(status=302, headers={"Location": f"http://{SECRET}@example.com/{SECRET}"}),
        (f"HTTP/1.1 {SECRET}\r\n\r\n".encode(), Do.CLOSE),
        (f"HTTP/1.1 200 OK\r\n{SECRET}\r\n\r\n".encode(), Do.CLOSE),
    ],
)
def test_an_echo_anywhere_else_is_starred(given: bytes) -> None:
    result = send(given)

    assert result.fault is not None
    assert shows(result.text) == []


@pytest.mark.parametrize("name", ["root", "httpx", "httpcore", "httpcore.http11", "asyncio"])
def test_no_log_level_prints_the_credential(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger=None if name == "root" else name)
    read(answer({"error": SECRET}, 401, headers={"X-Echo": SECRET}))

    assert shows(caplog.text) == []


def test_the_secret_is_asked_for_at_each_try_and_kept_nowhere() -> None:
    asked: list[str] = []

    def secret() -> str:
        asked.append(f"key-number-{len(asked)}")
        return asked[-1]

    async def main() -> None:
        async with FarEnd((answer({"error": "key-number-0"}, 503), answer({"error": "key-number-1"}, 409))) as far:
            access = Access(far.url, secret, "env SHOP_KEY")
            line = Wire(Target("shop", "example"), provider(), access, Hands().clock, random.Random(1))
            async with line:
                assert asked == []
                with pytest.raises(RemoteFault, match=r"answered 409: \*\*\*"):
                    await line.read(GET)
            assert [s.headers["authorization"] for s in far.seen] == ["Bearer key-number-0", "Bearer key-number-1"]

    run(main())


def test_an_empty_source_is_its_own_refusal_and_nothing_is_sent() -> None:
    def secret() -> str:
        raise GuardRefused("env SHOP_KEY is empty")

    async def main() -> None:
        async with FarEnd((answer({}),)) as far:
            access = Access(far.url, secret, "env SHOP_KEY")
            async with Wire(Target("shop", "e"), provider(), access, Hands().clock, random.Random(1)) as line:
                with pytest.raises(GuardRefused):
                    await line.read(GET)
            assert far.connections == 0

    run(main())


@pytest.mark.parametrize("bad", ["line-break\n", "a\r\nX-Evil: 1", "k\x00ey", "schlüssel", "key ", "", "\x7f"])
def test_a_credential_that_no_header_can_hold_is_refused_without_showing_it(bad: str) -> None:
    async def main() -> None:
        async with FarEnd((answer({}),)) as far:
            access = Access(far.url, lambda: "tell-nobody" + bad if bad else "", "env SHOP_KEY")
            async with Wire(Target("shop", "e"), provider(), access, Hands().clock, random.Random(1)) as line:
                with pytest.raises(UsageWrong, match="the header Authorization") as caught:
                    await line.send(POST)
            assert "tell-nobody" not in f"{caught.value} {caught.value.hint}"
            assert caught.value.__context__ is None
            assert far.connections == 0

    run(main())


@given(
    secret=st.text('abcABC019+/=&%"\\<> é', min_size=6, max_size=24),
    before=st.binary(max_size=5),
    after=st.binary(max_size=5),
)
def test_base64_of_a_longer_text_with_the_secret_inside_is_starred(
    secret: str, before: bytes, after: bytes
) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(before + secret.encode() + after).decode()
        assert STARS in Redaction([secret]).clean(text)


@given(st.text(max_size=12), st.text(max_size=50))
def test_redaction_takes_any_secret(secret: str, text: str) -> None:
    clean = Redaction([secret]).clean(text + secret + text)

    assert not secret or secret in STARS or secret not in clean.replace(STARS, "\0")


def test_wires_show_nothing_of_their_credential() -> None:
    line = wire("http://127.0.0.1:9", Hands())

    assert shows(repr(line) + str(vars(line))) == []
