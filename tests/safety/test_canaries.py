"""A sample of the campaign: secrets stay where they are at home, whatever is typed and whatever goes wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reconciler.cli.app import COMMANDS
from reconciler.load.operator_config import operator
from reconciler.vault import Vault
from reconciler.wire.redact import STARS, met, without_any
from tests.safety.canaries import campaign
from tests.safety.canary import forms, planted, written
from tests.safety.words import leaves

SHARE = 0.09


def test_no_secret_gets_out_of_any_command_in_any_mishap() -> None:
    found = campaign(seed=11, share=SHARE)

    assert found.wrong == []
    assert found.secrets >= 20
    assert found.runs > 100


def test_every_command_is_tried() -> None:
    assert {leaf.path[0] for leaf in leaves()} == set(COMMANDS)


def test_what_is_looked_for_would_be_found() -> None:
    for name, secret in planted().secrets.items():
        for form in (*forms(secret), f"\x1b[1m{secret}\x1b[0m", f"at {secret},\n   and on"):
            assert name in planted().found(form)
        assert planted().found("nothing to be seen") == []


@pytest.mark.parametrize("secret", [s for s in planted().secrets.values() if len(s) >= 6])
def test_a_secret_that_was_met_is_starred_in_every_form(secret: str) -> None:
    met(secret)
    for form in written(secret):
        assert STARS in without_any(f"it said <{form}>")
        assert planted().found(without_any(f"it said <{form}>")) == []


def test_a_command_of_the_operator_does_not_see_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_CMS_KEY", "canary-key")
    monkeypatch.setenv("ODD_NAME", "canary-odd")
    monkeypatch.setenv("ITS_OWN", "kept")
    config = tmp_path / "operator.yaml"
    config.write_text(
        "apiVersion: reconciler/v1\nkind: Operator\nallow: {env: [SFTP]}\n"
        "targets: {cms: {url: 'https://cms.example.com', credential: {fromEnv: ODD_NAME}}}\n"
    )
    own = operator(["cms"], {**os.environ, "RECONCILER_CONFIG": str(config)})
    assert own.secret_env == {"SFTP", "ODD_NAME"}
    out = tmp_path / "seen"
    code = f"import os, sys; open({str(out)!r}, 'w').write(repr(dict(os.environ)) + repr(sys.argv))"
    vault = Vault(tmp_path, commands={"keep": [sys.executable, "-c", code]}, withheld=own.secret_env)

    vault.put({"toCommand": "keep"}, "canary-value")

    seen = out.read_text(encoding="utf-8")
    assert "canary" not in seen
    assert "'ITS_OWN': 'kept'" in seen
