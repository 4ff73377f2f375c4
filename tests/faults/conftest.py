"""The long campaigns run with RECONCILER_LONG=1: every kill, every fault; elsewhere a sample of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from reconciler.twins import PROFILES
from tests.faults.stage import Stage, staged
from tests.faults.trials import Bench, bench

LONG = bool(os.environ.get("RECONCILER_LONG"))

long = pytest.mark.skipif(not LONG, reason="part of the long campaign: RECONCILER_LONG=1")


class Benches:
    """One bench per profile, made when it is first needed: a baseline takes a second."""

    def __init__(self, folder: Path, change: str = "after") -> None:
        self._folder, self._stack, self._change = folder, ExitStack(), change
        self._made: dict[str, Bench] = {}

    def __getitem__(self, profile: str) -> Bench:
        if profile not in self._made:
            folder = self._folder / profile
            folder.mkdir()
            self._made[profile] = self._stack.enter_context(bench(profile, folder, self._change))
        found = self._made[profile]
        found.rewind()
        return found

    def close(self) -> None:
        self._stack.close()


@pytest.fixture(scope="session")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    """Profile -> bench, rewound to the world before the change."""
    found = Benches(tmp_path_factory.mktemp("bench"))
    try:
        yield found
    finally:
        found.close()


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    """The same over all five systems."""
    found = Benches(tmp_path_factory.mktemp("mixed"), "mixed")
    try:
        yield found
    finally:
        found.close()


@pytest.fixture(scope="module", params=PROFILES)
def made(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Twins of one profile, and the engine, in this process."""
    with staged(request.param) as stage:
        yield stage


@pytest.fixture
def stage(made: Stage) -> Stage:
    """The same, rewound to the seeded worlds and a ledger that knows nothing."""
    made.rewind()
    return made
