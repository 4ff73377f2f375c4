"""Answers of OMN Core that are none, to each of its lists; and requests that break off in the middle, of each
sort: what was done stays, what was not is sent, and a plain run ends where it would have ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.model.faults import RemoteFault
from reconciler.twins import PROFILES, Answer, OmnCoreTwin
from reconciler.twins.core.values import Request
from tests.faults import core
from tests.faults.cells import KIB, USUAL, Site
from tests.faults.conftest import LONG
from tests.faults.core_cells import SITES
from tests.faults.estate import differences
from tests.faults.stage import Stage, staged
from tests.world import CORE, TRACKER

XML, JSON, HTML = "application/xml", "application/json", "text/html"
PIM = '<pim xmlns="http://www.apollon.de/omn">'
HOSTILE: dict[str, tuple[str, bytes]] = {
    "a DTD": (XML, f"<!DOCTYPE pim [<!ELEMENT pim ANY>]>{PIM}</pim>".encode()),
    "an entity bomb": (
        XML,
        b'<!DOCTYPE pim [<!ENTITY a "ha">'
        + b"".join(
            f'<!ENTITY {b} "{f"&{a};" * 10}">'.encode() for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + b"]><pim>&i;</pim>",
    ),
    "an external entity": (XML, b'<!DOCTYPE pim [<!ENTITY a SYSTEM "file:///etc/passwd">]><pim>&a;</pim>'),
    "an external DTD": (XML, b'<!DOCTYPE pim SYSTEM "http://127.0.0.1:9/pim.dtd"><pim/>'),
    "a parameter entity": (XML, b'<!DOCTYPE pim [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><pim/>'),
    "too deep": (XML, PIM.encode() + b"<node>" * 20_000 + b"</node>" * 20_000 + b"</pim>"),
    "too large": (XML, PIM.encode() + b"<x/>" * (256 * KIB) + b"</pim>"),
    "another root": (XML, b"<feed/>"),
    "truncated": (XML, PIM.encode() + b"<classes><class tid="),
    "another encoding than it says": (
        XML,
        f'<?xml version="1.0" encoding="UTF-8"?>{PIM}'.encode() + b"\xff\xfe</pim>",
    ),
    "an unknown encoding": (XML, b'<?xml version="1.0" encoding="x-none"?><pim/>'),
    "a sign-in page": (HTML, b"<html><body><form action='/login'>Sign in</form></body></html>"),
    "a sign-in page that says it is XML": (XML, b"<!DOCTYPE html><html><body>Sign in<br></body></html>"),
    "nothing": (XML, b""),
    "another list": (XML, f"{PIM}<histories/></pim>".encode()),
    "a text": (XML, b"OK"),
}
SAYS_ENOUGH = {"another list": ("ask for the right",)}
"""To whether the token has a right any list says yes."""
READINGS = [site for site in SITES if site.reading and not site.advisory]


@pytest.fixture(scope="module", params=PROFILES)
def served(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(request.param, (TRACKER, CORE)) as stage:
        yield stage


def dam(stage: Stage) -> OmnCoreTwin:
    found = stage.twins[CORE]
    assert isinstance(found, OmnCoreTwin)
    return found


@pytest.mark.parametrize("what", HOSTILE)
def test_oc_r5_what_is_no_answer_is_one_clear_sentence(
    served: Stage, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To every list in the long campaign, elsewhere to some of them."""
    number = [*HOSTILE].index(what)
    listed = [site for site in READINGS if site.name not in SAYS_ENOUGH.get(what, ())]
    for site in listed if LONG else listed[number % 5 :: 5]:
        with monkeypatch.context() as patch:
            _spoilt(served, site, HOSTILE[what], patch)


def _spoilt(stage: Stage, site: Site, spoilt: tuple[str, bytes], patch: pytest.MonkeyPatch) -> None:
    """The reading fails in words that name it, nothing is written, and a plain run ends the matter."""
    stage.rewind()
    assert set(stage.run(site.before).ends) <= {"done"}
    twin, usual = dam(stage), dam(stage).perform
    twin.log.clear()
    stage.limits = USUAL
    path, (media, content) = twin.base_path + site.path.removesuffix("$"), spoilt

    def perform(request: Request) -> Answer:
        if request.path == path:
            return Answer(200, None, {"content-type": media}, content)
        return usual(request)

    patch.setattr(twin, "perform", perform)
    tried = stage.run(site.after)
    patch.undo()

    assert isinstance(tried.error, RemoteFault), site.name
    text = str(tried.error)
    assert f"{CORE}: POST {site.path.removesuffix('$')}" in text
    assert "\n" not in text.strip()
    assert len(text) < 600
    assert "root:" not in text
    assert tried.error.hint
    assert twin.log.writes() == []
    assert set(stage.run(site.after).ends) <= {"done"}
    assert stage.left(site.after) == []


# In the middle of a request

_WANTED: dict[str, tuple[dict[str, Any], int]] = {}


def undisturbed(stage: Stage) -> tuple[dict[str, Any], int]:
    """What the change leads to when nothing goes wrong, and in how many writes."""
    profile = dam(stage).knobs.profile
    if profile not in _WANTED:
        begin(stage)
        assert set(stage.run(core.after()).ends) <= {"done"}
        writes = len(dam(stage).log.writes())
        assert stage.run(core.after()).ends == []
        _WANTED[profile] = (stage.seen(), writes)
    return _WANTED[profile]


def begin(stage: Stage) -> None:
    stage.rewind()
    assert set(stage.run(core.before()).ends) <= {"done"}
    dam(stage).log.clear()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("objects", [1, 2])
def test_oc_r9_a_request_that_breaks_off_is_settled_object_by_object(served: Stage, objects: int) -> None:
    """Each write of the estate in the long campaign, elsewhere some of them."""
    wanted, writes = undisturbed(served)
    for n in range(1, writes + 1) if LONG else range(objects, writes + 1, 8):
        begin(served)
        twin = dam(served)
        twin.on_request(n, "before-effect", lambda _: dam(served).break_after(objects), writes=True)

        first = served.run(core.after())
        served.calm()
        served.run(core.after())
        served.run(core.after())

        assert first.error is None, n
        assert served.left(core.after()) == [], n
        wrong = differences(wanted, served.seen())
        # A peo that a query finds late is adopted then (OC-R132).
        assert [w for w in wrong if not w.startswith(f"/bonds/{CORE}/Peo/boot/")] == [], n
