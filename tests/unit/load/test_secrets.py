"""Secrets are named in manifests and fetched when a request is built; no message shows any part of one."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.secrets import from_env, from_file, resolve
from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json
from tests.unit.load.projects import load, partner, said, write

CANARY = "hunter2-swordfish"
ALLOWED = frozenset({"PASSWORD"})


@pytest.mark.parametrize(
    "reference",
    [
        "{fromEnv: PASSWORD, version: 1}",
        "{fromEnv: PASSWORD, version: '2026-06'}",
        "{fromFile: secrets/password, version: 1}",
        "{fromKeyring: password, version: 1}",
        "{fromCommand: vault, version: 1}",
    ],
)
def test_a_reference_to_a_secret_is_accepted(reference: str, tmp_path: Path) -> None:
    document = load(write(tmp_path, partner("acme", password=reference))).documents[0]

    assert isinstance(document.spec["password"], dict)


@pytest.mark.parametrize(
    "wrong",
    [
        CANARY, f"'{CANARY}'", "12345678901", f"[{CANARY}]", f"{{value: {CANARY}}}", f"{{fromEnv: '{CANARY}!', version: 1}}",
        f"{{fromEnv: PASSWORD, version: 1, value: {CANARY}}}", f"{{{CANARY}: PASSWORD, version: 1}}", "{version: 1}", "{}", "",
        f"{{fromEnv: [{CANARY}], version: 1}}", f"{{fromEnv: PASSWORD, version: [{CANARY}]}}", f"{{fromEnv: [{CANARY}]}}", "true",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_being_shown(wrong: str, tmp_path: Path) -> None:
    found = said(tmp_path, partner("acme", password=wrong))

    assert [line.split(" (")[0] for line in found] == [
        (
            "manifests/a.yaml:6:3: analytics/Partner/acme: spec.password: expected where the secret is and its version,"
            " never the secret itself"
        )
    ]
    assert CANARY not in found[0]
    assert "12345678901" not in found[0]


@pytest.mark.parametrize("word", ["fromEnv", "fromFile", "fromKeyring", "fromCommand"])
def test_a_secret_without_its_version_is_told_so(word: str, tmp_path: Path) -> None:
    [told] = said(tmp_path, partner("acme", password=f"{{{word}: {CANARY}}}"))
    assert "spec.password: `version` is missing (add `version: 1`; " in told
    assert CANARY not in told


def test_a_secret_comes_from_the_environment_if_the_operator_allows_it(tmp_path: Path) -> None:
    reference: dict[str, Json] = {"fromEnv": "PASSWORD", "version": 1}

    assert resolve(reference, tmp_path, ALLOWED, {"PASSWORD": f" {CANARY}\n"}) == CANARY
    with pytest.raises(GuardRefused, match="may not read the environment variable PASSWORD") as caught:
        resolve(reference, tmp_path, frozenset(), {"PASSWORD": CANARY})
    assert "allow: {env" in caught.value.hint
    with pytest.raises(GuardRefused, match="the environment variable PASSWORD is empty"):
        resolve(reference, tmp_path, ALLOWED, {"PASSWORD": " "})


def test_a_secret_comes_from_a_file_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{CANARY}\n")

    assert resolve({"fromFile": "secret", "version": 1}, tmp_path, ALLOWED, {}) == CANARY
    for elsewhere in ("../x", "/etc/passwd", "~/x"):
        with pytest.raises(GuardRefused, match="the secret file"):
            resolve({"fromFile": elsewhere, "version": 1}, tmp_path, ALLOWED, {})
    with pytest.raises(GuardRefused, match="cannot be read"):
        resolve({"fromFile": "nothing", "version": 1}, tmp_path, ALLOWED, {})


@pytest.mark.parametrize("source", ["fromKeyring", "fromCommand"])
def test_what_is_not_served_is_said_to_be(source: str, tmp_path: Path) -> None:
    with pytest.raises(GuardRefused, match=f"{source} is not served by this version"):
        resolve({source: "x", "version": 1}, tmp_path, ALLOWED, {})


def test_a_credential_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(CANARY)
    for mode in (0o644, 0o640, 0o604, 0o620, 0o601):
        path.chmod(mode)
        with pytest.raises(GuardRefused, match="can be read by others") as caught:
            from_file(path)
        assert caught.value.hint == f"chmod 600 {path}"
    path.chmod(0o600)
    assert from_file(path) == CANARY


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"\xff" + CANARY.encode(), f"{CANARY}\n{CANARY}".encode(), b"caf\xc3\xa9"]
)
def test_what_cannot_stand_in_a_header_is_refused_without_being_shown(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(data)
    path.chmod(0o600)

    with pytest.raises(GuardRefused) as caught:
        from_file(path)

    error: BaseException | None = caught.value
    while error is not None:
        assert CANARY not in repr(error)
        error = error.__cause__ or error.__context__


def test_an_empty_variable_says_what_to_set() -> None:
    with pytest.raises(GuardRefused) as caught:
        from_env("KEY", {})
    assert caught.value.hint == "set KEY"


def test_a_secret_for_a_body_may_be_any_text(tmp_path: Path) -> None:
    """A private key has lines, a password may have an umlaut; only a header cannot carry them."""
    (tmp_path / "key").write_text("-----BEGIN-----\nKölsch\n-----END-----\n")
    (tmp_path / "raw").write_bytes(b"\xff" + CANARY.encode())

    assert (
        resolve({"fromFile": "key", "version": 1}, tmp_path, ALLOWED, {})
        == "-----BEGIN-----\nKölsch\n-----END-----"
    )
    with pytest.raises(GuardRefused, match=r"the secret file .* is no text in UTF-8") as caught:
        resolve({"fromFile": "raw", "version": 1}, tmp_path, ALLOWED, {})
    assert CANARY not in repr(caught.value)
