"""Mistakes in the files of a website: found with file and line before anything is sent (CM-R21, CM-R30, R48)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.twins import OmniCmsTwin, running_all
from tests.cli.conftest import Cli

PROJECT = """apiVersion: reconciler/v1
kind: Project
targets:
  cms: {provider: omni-cms, account: admin@example.com}
"""
SITE = """apiVersion: omni-cms/v1
kind: Space
metadata: {name: site}
spec:
  name: Website
  components:
    - key: news
      type: page
      children:
        - {key: archive, type: page}
"""


def page(name: str, spec: str) -> str:
    return f"""apiVersion: omni-cms/v1
kind: Component
metadata: {{name: {name}}}
spec:
  space: Website
  type: page
{"".join(f"  {line}" + chr(10) for line in spec.split("; "))}"""


ACCOUNT = """apiVersion: omni-cms/v1
kind: User
metadata: {name: editor}
spec:
  email: editor@example.com
  password: {fromFile: kept/password, version: 1}
"""


@pytest.fixture(params=["plain", "adversarial"])
def site(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OmniCmsTwin]:
    """The CMS, and an empty project of it that this process stands in."""
    twin = OmniCmsTwin(str(request.param))
    twin.seed_world()
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    (tmp_path / "manifests").mkdir()
    os.chdir(tmp_path)
    with running_all([twin]) as (url,):
        monkeypatch.setenv("RECONCILER_CMS_URL", url)
        monkeypatch.setenv("RECONCILER_CMS_KEY", twin.default_key)
        yield twin


def write(**files: str) -> None:
    for name, text in files.items():
        Path(f"manifests/{name}.yaml").write_text(text)


def keep(password: str) -> None:
    Path("kept").mkdir()
    Path("kept/password").write_text(password + "\n")
    Path("kept/password").chmod(0o600)


MISTAKES = {
    "the reserved key": ({"a": page("front", "key: root")}, "a.yaml:7:3", "'root' is not allowed"),
    "the reserved key in a tree": (
        {"site": SITE.replace("key: archive", "key: root")},
        "site.yaml:10:12",
        "'root' is not allowed",
    ),
    "a key of other characters": (
        {"a": page("front", "key: Front_Page")},
        "a.yaml:7:8",
        "has not the expected form",
    ),
    "one key in two documents": (
        {"a": page("one", "key: home"), "b": page("two", "key: home")},
        "b.yaml:7:8",
        "the same Component as cms/Component/one; the first is at manifests/a.yaml:7:8",
    ),
    "one key in a tree and apart": (
        {"site": SITE, "z": page("other", "key: archive")},
        "z.yaml:7:8",
        "the same Component as cms/Component/site/news/archive; the first is at manifests/site.yaml:10:17",
    ),
    "one key at two places of a tree": (
        {"site": SITE.replace("key: archive", "key: news")},
        "site.yaml:10:17",
        "the same Component as cms/Component/site/news; the first is at manifests/site.yaml:7:12",
    ),
    "a circle of three parents": (
        {
            "a": page("one", "key: one; parent: two"),
            "b": page("two", "key: two; parent: three"),
            "c": page("three", "key: three; parent: one"),
        },
        "a.yaml:8:11",
        "in a circle: cms/Component/one",
    ),
    "its own parent": ({"a": page("one", "key: one; parent: one")}, "a.yaml:8:11", "refers to itself"),
    "a circle by names and keys": (
        {"a": page("first", "key: one; parent: two"), "b": page("second", "key: two; parent: first")},
        "a.yaml:8:11",
        "in a circle: cms/Component/first",
    ),
}


@pytest.mark.parametrize("command", ["validate", "plan", "apply"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_at_its_line_before_anything_is_asked(
    cli: Cli, site: OmniCmsTwin, mistake: str, command: str
) -> None:
    files, place, words = MISTAKES[mistake]
    write(**files)
    said = cli(command, *(["--yes"] if command == "apply" else []))

    assert said.code == 1
    assert f"manifests/{place}" in said.err
    assert words in " ".join(said.err.split())
    assert [*site.log] == []


def test_without_the_mistake_the_same_files_are_right(cli: Cli, site: OmniCmsTwin) -> None:
    write(site=SITE, z=page("other", "key: other; parent: archive"))

    assert cli("validate").code == 0


@pytest.mark.parametrize("weak", ["doHY[af2ODt_", "Ab1", "12345678", "abcdefgh", "a1234567"])
def test_a_password_against_the_rule_is_found_at_its_line_before_the_first_write(
    cli: Cli, site: OmniCmsTwin, weak: str
) -> None:
    write(a=page("front", "key: front"), user=ACCOUNT)
    keep(weak)

    said = cli("apply", "--yes", "--ephemeral-ledger")

    assert said.code == 1
    assert "manifests/user.yaml:6:" in said.err
    assert "at least 8 characters, among them 2 letters and 2 numbers" in " ".join(said.err.split())
    assert weak not in said.out + said.err
    assert [e.call for e in site.log if e.write] == []


def test_a_password_by_the_rule_is_sent(cli: Cli, site: OmniCmsTwin) -> None:
    write(a=page("front", "key: front"), user=ACCOUNT)
    keep("canary-47")

    said = cli("apply", "--yes", "--ephemeral-ledger")

    assert (said.code, said.err) == (0, "")
    assert sorted(e.call for e in site.log if e.write) == ["POST /component", "POST /user"]
    assert "canary-47" not in said.out
