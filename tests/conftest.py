"""What all tests share: profiles for random worlds, a network that ends at loopback, a count of contract tests."""

from __future__ import annotations

import os
import socket
import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from reconciler.wire import redact
from tests.postgresql import MISSING

pytest.register_assert_rewrite("tests.world", "tests.contract", "tests.faults")  # so that they say why

CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
# In CI a failing example is shown as it was found: making it small can take minutes, and is what `long` is for.
QUICK = (Phase.explicit, Phase.generate)
settings.register_profile(
    "ci", max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=CALM, phases=QUICK
)
settings.register_profile("long", max_examples=2000, deadline=None, database=None, suppress_health_check=CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A test's folder may lie inside this checkout (see TMPDIR in the Makefile), and is no part of its repository.
os.environ["GIT_CEILING_DIRECTORIES"] = tempfile.gettempdir()

# What one test read is nothing to the next, nor anything to whoever runs the tests.
os.environ["RECONCILER_CACHE"] = "off"

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def no_secret_is_remembered() -> None:
    """What one test holds for a secret is an innocent word to the next."""
    redact.forget()


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches further than this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Reports carry the mark with them: names alone would count a folder called `contract` too."""
    if item.get_closest_marker("contract"):
        item.user_properties.append(("contract", "yes"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many tests compared with the API references, and where these are."""
    ran, skipped = _contract_counts(terminalreporter)
    folder = os.environ.get("RECONCILER_CONTRACTS") or "none named"
    if without := sum(MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(f"PostgreSQL: {without} tests skipped: {MISSING}")
    terminalreporter.write_line(f"API references: {folder}; contract tests: {ran} ran, {skipped} skipped")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where the references are there to be compared with, skipping a comparison is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    folder = os.environ.get("RECONCILER_CONTRACTS")
    if reporter is None or not folder or not os.path.isdir(folder) or exitstatus != 0:  # noqa: PTH112
        return
    if _contract_counts(reporter)[1]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _contract_counts(reporter: Any) -> tuple[int, int]:
    stats = reporter.stats

    def count(*outcomes: str) -> int:
        found = [r for o in outcomes for r in stats.get(o, []) if _compares(r)]
        return len({r.nodeid for r in found})

    return count("passed", "failed"), count("skipped")


def _compares(report: Any) -> bool:
    return any(name == "contract" for name, _ in getattr(report, "user_properties", ()))
