"""What is done to the Omni-CMS twin by hand, and the view in which worlds are compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.twins import PROFILES, OmniCmsTwin


@pytest.mark.parametrize("profile", PROFILES)
def test_a_seeded_world(profile: str) -> None:
    twin = OmniCmsTwin(profile)
    twin.seed_world()

    assert [one["name"] for one in _spaces(twin)] == ["Website", "Shop"]
    assert twin.file_of(twin.component_id(1, "logo")) is not None


def test_a_view_knows_no_ids_and_no_times() -> None:
    one, two = OmniCmsTwin(), OmniCmsTwin(seed=7)
    two.clock.advance(3600)
    for twin, names in ((one, ("Ape", "Bear")), (two, ("Bear", "Ape"))):
        for name in names:
            twin.add_space(name)
        space = next(s for s in range(1, 20) if _name(twin, s) == "Ape")
        up = twin.add_component(space, "up", tags=["b", "a"])
        down = twin.add_component(space, "down", parent_id=up, component_type="block", sequence=3)
        twin.add_file(down, "a.png", b"x")

    assert one.view() == two.view()
    assert one.digest() != two.digest()
    ape = _spaces(two)[0]
    assert ape["components"]["down"]["parent"] == "up"
    assert ape["components"]["down"]["metadata"] == {"mimeType": "image/png"}
    two.add_component(space, "more")
    assert one.view() != two.view()


def _spaces(twin: OmniCmsTwin) -> Any:
    return twin.view()["spaces"]


def _name(twin: OmniCmsTwin, space: int) -> object:
    body = twin.edit("GET", f"/space/{space}").body
    assert isinstance(body, dict)
    return body.get("name")


def test_by_hand_even_what_is_refused() -> None:
    twin = OmniCmsTwin()
    space = twin.add_space("Ape")
    one = twin.add_component(space, "Not A Key", published=False, date="2020-01-01T00:00:00.000Z")

    assert twin.component_id(space) == 1
    assert twin.component_id(space, "Not A Key") == one
    shown = twin.edit("GET", f"/component/{one}").body
    assert isinstance(shown, dict)
    assert (shown["published"], shown["date"]) == (False, "2020-01-01T00:00:00.000Z")
    with pytest.raises(KeyError):
        twin.component_id(space, "none")
    with pytest.raises(KeyError):
        twin.add_file(99, "a", b"")


def test_a_file_survives_json() -> None:
    twin, other = OmniCmsTwin(), OmniCmsTwin()
    space = twin.add_space("Ape")
    twin.add_file(twin.component_id(space), "a.bin", bytes(range(256)))
    other.load(json.loads(json.dumps(twin.dump())))

    assert other.file_of(1) == bytes(range(256))
    assert other.view() == twin.view()
