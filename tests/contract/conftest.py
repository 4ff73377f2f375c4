"""Every test of this folder runs against both profiles of the twins, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    "tests.contract.accounts",
    "tests.contract.accounts_omni",
    "tests.contract.deeds",
    "tests.contract.definitions",
    "tests.contract.directories",
    "tests.contract.estates",
    "tests.contract.briefs",
    "tests.contract.classes",
    "tests.contract.jobs",
    "tests.contract.components",
    "tests.contract.core_estate",
    "tests.contract.glossaries",
    "tests.contract.keywords",
    "tests.contract.models",
    "tests.contract.peos",
    "tests.contract.spaces",
    "tests.contract.tasks",
    "tests.contract.users",
    "tests.contract.warehouses",
    "tests.world",
)

from tests.world import CMS, CORE, PLATFORM, TRACKER, World, world  # noqa: E402 - after the line that makes its assertions speak


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """A seeded world of the profile."""
    with world(str(request.param)) as found:
        yield found


@pytest.fixture
def hard(w: World) -> bool:
    """Whether this is the adversarial profile."""
    return w.omni.knobs.profile == "adversarial"


@pytest.fixture(params=["plain", "adversarial"])
def p(request: pytest.FixtureRequest) -> Iterator[World]:
    """OMG Platform alone, with nothing of ours in it."""
    with world(str(request.param), twins=[PLATFORM]) as found:
        yield found


@pytest.fixture(params=["plain", "adversarial"])
def c(request: pytest.FixtureRequest) -> Iterator[World]:
    """Omni-CMS alone, with one space, `Site`, and its root."""
    with world(str(request.param), twins=[CMS], seed=False) as found:
        found.cms.add_space("Site")
        yield found


@pytest.fixture(params=["plain", "adversarial"])
def u(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Omni-CMS alone, with its accounts, of which the first is the reconciler's own, and a password in a file."""
    with world(str(request.param), twins=[CMS]) as found:
        found.root = tmp_path
        found.settings[CMS] = {"account": "admin@example.com"}
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept" / "password").write_text("canary-Pass-4711\n")
        yield found


@pytest.fixture(params=["plain", "adversarial"])
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Studio Tracker alone, seeded, and a folder for what is shown once."""
    with world(str(request.param), twins=[TRACKER]) as found:
        found.root = tmp_path
        yield found


@pytest.fixture(params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    """OMN Core alone, with its locales and no keyword."""
    with world(str(request.param), twins=[CORE], seed=False) as found:
        yield found


@pytest.fixture
def d(k: World) -> World:
    """OMN Core with two root node configurations, and no directory."""
    k.core.add_rnc("MAM")
    k.core.add_rnc("DATA")
    return k


@pytest.fixture
def firm(studio: World) -> bool:
    """Whether this is the plain profile: a PATCH answers with the project, null clears."""
    return studio.tracker.knobs.profile == "plain"
