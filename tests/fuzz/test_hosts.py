"""A credential goes to the origin it was given for and to no other, whatever an answer or a path says."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.load.operator_config import operator, usable_url
from reconciler.load.shape import validator
from reconciler.model.call import Request, quoted
from reconciler.model.document import Target
from reconciler.model.faults import RemoteFault, RequestUnsendable, UsageWrong
from reconciler.model.operator import Access
from reconciler.model.record import replace
from reconciler.twins import Answer as TwinAnswer
from reconciler.twins.core.values import Request as Asked
from reconciler.wire.wire import Wire
from tests.contract.altered import altered
from tests.faults.estate import label
from tests.unit.wire.far_end import FarEnd, answer
from tests.unit.wire.world import GET, SECRET, Hands, provider
from tests.world import TRACKER, doc, world

EVIL = "EVIL"
"""Stands for `127.0.0.1:<port>` of the other server."""
ELSEWHERE: Mapping[str, str] = {
    "another port": "http://EVIL/v1/things",
    "without a scheme": "//EVIL/v1/things",
    "three slashes": "///EVIL/v1/things",
    "a user before it": "http://GOOD@EVIL/v1/things",
    "a user and a password": "http://GOOD:x@EVIL/v1/things",
    "a host in a fragment": "http://EVIL/#@GOOD/v1/things",
    "a host in a query": "http://EVIL/?@GOOD/v1/things",
    "backslashes": "http:\\\\EVIL\\v1\\things",
    "a backslash before it": "\\\\EVIL/v1/things",
    "slash and backslash": "/\\EVIL/v1/things",
    "upper case": "HTTP://EVIL/V1/THINGS",
    "a tab in it": "ht\ttp://EVIL/v1/things",
    "a line in it": "http://EVIL/v1\n/things",
    "blanks before it": "  http://EVIL/v1/things",
    "one slash": "http:/EVIL/v1/things",
    "no slash": "http:EVIL/v1/things",
    "an encoded slash": "http:%2F%2FEVIL/v1/things",
    "TLS": "https://EVIL/v1/things",
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "data": "data:application/json,{}",
    "IPv6 of IPv4": "http://[::ffff:127.0.0.1]:PORT/v1/things",
    "a number for a host": "http://2130706433:PORT/v1/things",
    "a number in hexadecimal": "http://0x7f000001:PORT/v1/things",
    "a short number": "http://127.1:PORT/v1/things",
    "a trailing dot": "http://localhost.:PORT/v1/things",
    "its own name": "http://localhost:PORT/v1/things",
    "full-width letters": "http://ｌｏｃａｌｈｏｓｔ:PORT/v1/things",
    "a zone": "http://[::1%25lo]:PORT/v1/things",
    "dots in a path": "/../../EVIL/v1/things",
    "an empty host": "http://:PORT/v1/things",
}


def spelled(text: str, evil: FarEnd, good: FarEnd) -> str:
    named = text.replace("EVIL", f"127.0.0.1:{evil.port}").replace("GOOD", f"127.0.0.1:{good.port}")
    return named.replace("PORT", str(evil.port))


def _header(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode().replace("\n", "%0A")


def redirecting(url: str) -> bytes:
    return answer({}, 307, headers={"Location": _header(url)})


def linking(url: str) -> bytes:
    """A page that names the next one in every way there is."""
    ways: dict[str, Any] = {
        "next": url, "nextPage": url, "nextLink": url, "@odata.nextLink": url, "links": {"next": url}, "$ref": url,
        "_links": {"next": {"href": url}}, "pageInfo": {"hasNextPage": True, "nextCursor": url}, "items": [{"id": url}],
    }  # fmt: skip
    return answer(ways, headers={"Link": f'<{_header(url)}>; rel="next"', "Refresh": f"0; url={_header(url)}"})


@dataclass(frozen=True)
class Told:
    """What came of a request, and what the other server got."""

    fault: RemoteFault | None
    connections: int
    heard: int
    host: str


def asked(made: Callable[[str], bytes], text: str) -> Told:
    async def main() -> Told:
        async with FarEnd((answer({}),)) as evil, FarEnd((answer({}),)) as good:
            good.answers = (made(spelled(text, evil, good)),)
            access = Access(good.url, lambda: SECRET)
            fault = None
            async with Wire(
                Target("shop", "example"), provider(), access, Hands().clock, random.Random(1)
            ) as wire:
                try:
                    await wire.read(GET)
                except RemoteFault as caught:
                    fault = caught
            return Told(fault, evil.connections, len(good.seen), good.seen[0].headers["host"] if good.seen else "")

    return asyncio.run(main())


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_no_redirect_is_followed(text: str) -> None:
    told = asked(redirecting, text)

    assert told.connections == 0
    assert told.heard == 1
    assert told.fault is not None
    assert "a redirect to" in str(told.fault)
    assert SECRET not in f"{told.fault} {told.fault.hint}"


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_no_link_in_an_answer_is_followed(text: str) -> None:
    told = asked(linking, text)

    assert told.connections == 0
    assert told.heard == 1
    assert told.fault is None


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_an_id_or_cursor_that_is_a_url_stays_a_part_of_a_path(text: str) -> None:
    """As kinds write them into paths and queries: quoted, they reach the one server there is, or are not sent."""

    refused: list[str] = []

    async def main() -> tuple[list[str], int]:
        async with FarEnd((answer({}),)) as evil, FarEnd((answer({}),)) as good:
            named = spelled(text, evil, good)
            access = Access(good.url, lambda: SECRET)
            async with Wire(
                Target("shop", "example"), provider(), access, Hands().clock, random.Random(1)
            ) as wire:
                for path, query in ((f"/v1/things/{quoted(named)}", ()), ("/v1/things", (("cursor", named),))):
                    try:
                        await wire.read(Request("shop", "GET", path, query, safe=True))
                    except RequestUnsendable as fault:
                        refused.append(str(fault))
            return [seen.target for seen in good.seen], evil.connections

    targets, connections = asyncio.run(main())

    assert connections == 0
    assert len(targets) + len(refused) == 2
    assert all("segment" in text for text in refused)
    assert all(t.startswith("/api/v1/things") for t in targets)


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_path_that_is_a_url_is_not_sent(text: str) -> None:
    """Were one ever put into a path as it is, it would not leave."""

    refused: list[str] = []

    async def main() -> tuple[list[str], int]:
        async with FarEnd((answer({}),)) as evil, FarEnd((answer({}),)) as good:
            access = Access(good.url, lambda: SECRET)
            async with Wire(
                Target("shop", "example"), provider(), access, Hands().clock, random.Random(1)
            ) as wire:
                for path in (spelled(text, evil, good), "/v1/things/" + spelled(text, evil, good)):
                    try:
                        await wire.read(replace(GET, path=path))
                    except RequestUnsendable as fault:
                        refused.append(str(fault))
            return [seen.target for seen in good.seen], evil.connections

    targets, connections = asyncio.run(main())

    assert connections == 0
    assert all(t.startswith("/api/") and "//" not in t for t in targets)
    assert all("not sent: the path" in text for text in refused)


NOT_OURS = (
    "http://good.example.com@evil.example.com", "https://good.example.com:x@evil.example.com", "//evil.example.com",
    "https://good.example.com\\@evil.example.com", "https://good.example.com\t.evil.example.com", "https://ev\nil",
    "https://good.example.com%2F@evil.example.com", "https://good.example.com#@evil.example.com", "https:evil.example.com",
    "https://good.example.com?@evil.example.com", "http://evil.example.com", "http://127.0.0.1.evil.example.com",
    "http://[::ffff:7f00:1]", "http://2130706433", "http://0x7f.1", "http://127.1", "http://0", "http://[::]",
    "https://", "https:///x", "ftp://good.example.com", "file:///etc/passwd", "HTTP://evil.example.com", "http://localhost.",
    "https://bücher.example.com", "https://good.example.com /x", "http://localhost.evil.example.com", "http://[::1",
)  # fmt: skip


@pytest.mark.parametrize("url", NOT_OURS)
def test_a_base_that_might_be_misread_is_no_base(url: str) -> None:
    """By whoever reads the configuration, or at the latest by the wire."""
    environ = {"RECONCILER_SHOP_URL": url, "RECONCILER_SHOP_KEY": SECRET}

    def opened() -> Wire:
        access = operator(["shop"], environ).access["shop"]
        return Wire(Target("shop", "example"), provider(), access, Hands().clock, random.Random(1))

    with pytest.raises(UsageWrong) as caught:
        opened()
    assert SECRET not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "url", ["https://xn--bcher-kva.example.com", "https://GOOD.example.com:8443/a", "http://[::1]:8080"]
)
def test_a_base_that_cannot_be_misread_is_taken(url: str) -> None:
    assert usable_url(url) == url


def test_a_schema_sends_no_request(tmp_path: Path) -> None:
    """What a `$ref` names is looked for nowhere but in the schema itself."""

    async def main() -> int:
        async with FarEnd((answer({}),)) as evil:
            (tmp_path / "x.json").write_text("{}")
            for url in (f"{evil.url}/x.json", f"//127.0.0.1:{evil.port}/x", f"file://{tmp_path}/x.json", "x.json"):
                with pytest.raises(Exception, match=r"(?i)unresolv|retriev|ref"):
                    list(validator({"$ref": url}).iter_errors({}))
            return evil.connections

    assert asyncio.run(main()) == 0


def test_a_plan_and_an_apply_over_answers_full_of_links_stay_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each answer of two systems names the other server wherever a page, a link or an id could be."""

    async def serve() -> FarEnd:
        far = FarEnd((answer({}),))
        await far.__aenter__()
        return far

    loop = asyncio.new_event_loop()
    evil = loop.run_until_complete(serve())
    url = f"http://127.0.0.1:{evil.port}/v1/x"
    links: dict[str, Any] = {"next": url, "links": {"next": url}, "location": url, "href": url, "self": url}

    def alter(request: Asked, usual: Callable[[], TwinAnswer]) -> TwinAnswer:
        found = usual()
        body: Any = found.body
        shown = {**body, **links} if isinstance(body, dict) else body
        return dataclasses.replace(
            found, body=shown, headers={**found.headers, "link": f'<{url}>; rel="next"', "location": url}
        )

    with world() as w:
        w.documents = [label("fresh", "Fresh"), doc("Folder", "new", {"path": "New"})]
        plain = [c.line for c in w.plan().writes]
        for twin in w.twins.values():
            altered(w, monkeypatch, alter, twin=twin)
        plan = w.plan()
        assert [c.line for c in plan.writes] == plain
        assert {str(o.end) for o in w.apply(plan).outcomes} == {"done"}
        assert TRACKER in w.twins
        monkeypatch.undo()
    assert evil.connections == 0
    loop.run_until_complete(evil.__aexit__(None, None, None))
    loop.close()
    assert json.dumps(links)
