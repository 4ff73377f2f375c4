"""Accounts of the CMS as a person manages them: secrets stay where they are kept, mistakes are found in time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.twins import Fault, OmniCmsTwin, running_all
from tests.cli.conftest import Cli, Said

WEAK, GOOD = "canary-weak-one-1", "canary-good-one-12"
PROJECT = """\
apiVersion: reconciler/v1
kind: Project
targets:
  cms: {provider: omni-cms, account: admin@example.com}
"""
MANIFEST = """\
apiVersion: omni-cms/v1
kind: User
metadata: {name: jane}
spec: {email: jane@example.com, active: false}
---
apiVersion: omni-cms/v1
kind: User
metadata: {name: shop}
spec:
  email: shop@example.com
  password: {fromEnv: CMS_SHOP_PASSWORD, version: 1}
  apiKey: present
  keyTo: {toFile: secrets/shop.key}
"""


@pytest.fixture
def cms(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OmniCmsTwin]:
    """A project of accounts, an operator who lets manifests read one variable, and a twin."""
    root = tmp_path / "accounts"
    (root / "manifests").mkdir(parents=True)
    (root / "reconciler.yaml").write_text(PROJECT, encoding="utf-8")
    (root / "manifests" / "users.yaml").write_text(MANIFEST, encoding="utf-8")
    twin = OmniCmsTwin()
    twin.seed_world()
    with running_all([twin]) as (url,):
        operator = tmp_path / "operator.yaml"
        text = "apiVersion: reconciler/v1\nkind: Operator\nallow: {env: [CMS_SHOP_PASSWORD]}\ntargets:\n"
        operator.write_text(
            text + f"  cms: {{url: '{url}', credential: {{fromEnv: CMS_KEY}}}}\n", encoding="utf-8"
        )
        monkeypatch.setenv("RECONCILER_CONFIG", str(operator))
        monkeypatch.setenv("CMS_KEY", twin.default_key)
        os.chdir(root)
        assert cli("init", "--ledger-only").code == 0
        yield twin


def nowhere(secret: str, *said: Said) -> None:
    """Neither in what was said nor in any file of the project but its own."""
    assert all(secret not in one.out + one.err for one in said)
    for path in Path().rglob("*"):
        kept = path.parent.name == "secrets" or not path.is_file()
        assert kept or secret.encode() not in path.read_bytes(), path


def test_a_password_against_the_rule_is_found_before_the_first_write(
    cms: OmniCmsTwin, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMS_SHOP_PASSWORD", WEAK)
    planned = cli("plan", "--out", "plan.json")
    assert planned.code == 0, planned

    applied = cli("apply", "--yes")
    saved = cli("apply", "plan.json", "--yes")

    for said in (applied, saved):
        assert said.code == 1
        text = " ".join(said.err.split())
        assert "manifests/users.yaml:11:13: error: cms/User/shop: spec.password: the secret it refers to" in text
        assert "at least 8 characters, among them 2 letters and 2 numbers" in text
    assert [e.call for e in cms.log if e.write] == []
    nowhere(WEAK, planned, applied, saved)


@pytest.mark.parametrize(
    ("allowed", "value", "says"),
    [
        (False, GOOD, "`allow: {env: [CMS_SHOP_PASSWORD]}`"),
        (True, "", "set CMS_SHOP_PASSWORD"),
        (True, None, "set CMS_SHOP_PASSWORD"),
    ],
)
def test_a_secret_that_cannot_be_had_is_found_before_the_first_write(
    cms: OmniCmsTwin, cli: Cli, monkeypatch: pytest.MonkeyPatch, allowed: bool, value: str | None, says: str
) -> None:
    operator = Path(os.environ["RECONCILER_CONFIG"])
    if not allowed:
        operator.write_text(operator.read_text().replace("allow: {env: [CMS_SHOP_PASSWORD]}\n", ""))
    if value is not None:
        monkeypatch.setenv("CMS_SHOP_PASSWORD", value)
    assert cli("plan", "--out", "plan.json").code == 0

    for said in (cli("apply", "--yes"), cli("apply", "plan.json", "--yes")):
        assert said.code == 1
        text = " ".join(said.err.split())
        assert "manifests/users.yaml:11:13: error: cms/User/shop: spec.password: the secret cannot be had" in text
        assert says in text
        assert "nothing was sent" in text
    assert [e.call for e in cms.log if e.write] == []
    checked = cli("doctor", "--offline")
    assert checked.code == 1
    text = " ".join(checked.out.split())
    assert "cms/User/shop: password, at manifests/users.yaml:11:13: the secret cannot be had" in text
    nowhere(GOOD, checked)


def test_doctor_says_that_secrets_can_be_had(cms: OmniCmsTwin, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMS_SHOP_PASSWORD", GOOD)
    said = cli("doctor", "--offline")
    assert said.code == 0, said
    assert "1 secret that manifests name can be had" in said.out
    nowhere(GOOD, said)


def test_password_and_key_are_nowhere_but_where_they_are_kept(
    cms: OmniCmsTwin, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMS_SHOP_PASSWORD", GOOD)
    said = [cli("plan", "--out", "plan.json"), cli("plan", "--output", "markdown", "--calls")]
    said += [cli("apply", "plan.json", "--yes", "--progress", "json"), cli("plan"), cli("drift")]

    assert [one.code for one in said] == [0, 0, 0, 0, 0], said
    key = Path("secrets/shop.key").read_text(encoding="utf-8").strip()
    assert len(key) == 62
    nowhere(GOOD, *said)
    nowhere(key, *said)


def test_a_key_that_nobody_has_seen_ends_with_7_and_the_token_that_makes_another(
    cms: OmniCmsTwin, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMS_SHOP_PASSWORD", GOOD)
    cms.faults.add(Fault("drop", method="PUT", path="/user/key", effect=True))

    said = cli("apply", "--yes")

    assert said.code == 7, said
    assert "once: {rotateKey: …}" in said.out + said.err
    again = cli("apply", "--yes")
    assert again.code == 0, again


def test_nothing_is_written_while_nobody_says_whose_key_is_used(cms: OmniCmsTwin, cli: Cli) -> None:
    text = PROJECT.replace(", account: admin@example.com", "")
    Path("reconciler.yaml").write_text(text, encoding="utf-8")

    said = cli("apply", "--yes")

    assert said.code == 4, said
    assert "unknown-account" in said.out
    assert "account: <e-mail>" in said.out
    assert [e.call for e in cms.log if e.write] == []


@pytest.mark.parametrize("account", ["nobody", "true", "1"])
def test_an_account_that_is_none_is_a_mistake_in_the_project(cms: OmniCmsTwin, cli: Cli, account: str) -> None:
    Path("reconciler.yaml").write_text(PROJECT.replace("admin@example.com", account), encoding="utf-8")

    said = cli("validate")

    assert said.code == 1
    assert "reconciler.yaml:4:3: error: targets.cms: `account` is the e-mail address" in said.err
