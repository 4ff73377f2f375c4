"""What importing and opening costs in modules."""

from __future__ import annotations

import subprocess
import sys
from importlib.abc import MetaPathFinder

import pytest

from tests.unit.wire.far_end import FarEnd, answer
from tests.unit.wire.world import GET, Hands, run, wire


def loaded(code: str) -> set[str]:
    """The modules a fresh process has after running this."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_room_and_its_parts_import_no_http_library() -> None:
    assert "asyncio" not in loaded("import reconciler.wire")
    assert not {"httpx", "httpcore", "h11", "anyio"} & loaded(
        "from reconciler.wire import wires, wire, clock, readonly"
    )


def test_opening_imports_httpx_without_its_command_line() -> None:
    code = "from reconciler.wire.library import load_httpx\nload_httpx().AsyncHTTPTransport"
    found = loaded(code)

    assert "httpx" in found
    assert not {"httpx._main", "click", "rich", "pygments"} & found


def test_an_httpx_that_is_already_there_is_left_alone() -> None:
    found = loaded("import httpx\nfrom reconciler.wire.library import load_httpx\nassert load_httpx() is httpx")

    assert "httpx._main" in found


def test_no_request_but_the_first_looks_for_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Ear(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            asked.append(name)

    async def main() -> None:
        async with FarEnd((answer({}),)) as far, wire(far.url, Hands()) as line:
            await line.read(GET)
            monkeypatch.setattr(sys, "meta_path", [Ear(), *sys.meta_path])
            for _ in range(3):
                await line.read(GET)

    run(main())
    assert asked == []
