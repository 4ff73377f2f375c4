"""Once-shown values: in a private file, whole or not at all, or with a command of the operator; in no text."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json
from reconciler.vault import Vault, command, file

VALUE = "canary-77c1"
HERE: dict[str, Json] = {"toFile": "secrets/jane.link"}


def refused(vault: Vault, to: Mapping[str, Json]) -> str:
    with pytest.raises(GuardRefused) as caught:
        vault.prove(to)
    assert VALUE not in str(caught.value)
    return str(caught.value)


def test_a_value_lies_in_a_file_of_its_own(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.prove(HERE)
    assert list((tmp_path / "secrets").iterdir()) == [], "a proof leaves nothing behind"

    vault.put(HERE, VALUE)

    (found,) = (tmp_path / "secrets").iterdir()
    assert (found.name, found.read_text("utf-8")) == ("jane.link", VALUE + "\n")
    assert stat.S_IMODE(found.stat().st_mode) == 0o600
    assert stat.S_IMODE(found.parent.stat().st_mode) == 0o700


def test_a_new_value_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    for value in ("old", VALUE):
        vault = Vault(tmp_path)
        vault.prove(HERE)
        vault.put(HERE, value)

    assert (tmp_path / "secrets/jane.link").read_text("utf-8") == VALUE + "\n"


def test_two_values_of_a_run_never_share_a_file(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.prove(HERE)

    assert "takes another value in this run" in refused(vault, {"toFile": "./secrets//jane.link"})
    assert "takes another value in this run" in refused(vault, HERE)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../out", "must not hold `..`"),
        ("a/../../out", "must not hold `..`"),
        ("", "is not the name of a file"),
        ("a/", "is not the name of a file"),
        ("~/x", "is not the name of a file"),
        ("a\nb", "is not the name of a file"),
        (".reconciler/ledger.db", "hidden"),
        (".git/config", "hidden"),
        ("/etc/reconciler-secret", "no folder that the operator allows"),
        ("link/x", "leads out of the project"),
        ("folder", "is no file"),
        ("manifest.yaml", "is no private file"),
    ],
)
def test_places_that_no_manifest_may_name(tmp_path: Path, path: str, why: str) -> None:
    root = tmp_path / "project"
    (root / "folder").mkdir(parents=True)
    (root / "manifest.yaml").write_text("kind: Label\n", encoding="utf-8")
    (root / "manifest.yaml").chmod(0o644)
    (root / "link").symlink_to(tmp_path)

    assert why in refused(Vault(root), {"toFile": path})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["project"]


def test_a_link_in_the_place_of_the_file_is_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("kept", encoding="utf-8")
    outside.chmod(0o600)
    root = tmp_path / "project"
    root.mkdir()
    (root / "x").symlink_to(outside)
    vault = Vault(root)
    vault.prove({"toFile": "x"})
    vault.put({"toFile": "x"}, VALUE)

    assert outside.read_text("utf-8") == "kept"
    assert not (root / "x").is_symlink()


def test_a_folder_that_the_operator_allows(tmp_path: Path) -> None:
    root, handover = tmp_path / "project", tmp_path / "handover"
    root.mkdir()
    vault = Vault(root, folders=[str(handover)])
    to: dict[str, Json] = {"toFile": str(handover / "team/x")}
    vault.prove(to)
    vault.put(to, VALUE)

    assert (handover / "team/x").read_text("utf-8") == VALUE + "\n"
    assert "no folder that the operator allows" in refused(vault, {"toFile": str(tmp_path / "elsewhere/x")})


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_seen_beforehand(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "cannot be written" in refused(Vault(tmp_path), {"toFile": "x"})
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_a_folder_is_seen_beforehand(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")

    assert "cannot be written" in refused(Vault(tmp_path), {"toFile": "a/x"})


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GuardRefused, match="No space left"):
        file.put(tmp_path / "x", VALUE)

    assert list(tmp_path.iterdir()) == []


# Commands


def script(tmp_path: Path, body: str) -> list[str]:
    path = tmp_path / "keep.py"
    path.write_text(f"import sys\nvalue = sys.stdin.read()\n{body}\n", encoding="utf-8")
    return [sys.executable, str(path)]


def test_what_a_killed_run_left_half_written_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)  # noqa: ARG005 - killed before it
    monkeypatch.setattr(Path, "replace", lambda self, target: None)  # noqa: ARG005
    Vault(tmp_path).put(HERE, VALUE)
    monkeypatch.undo()
    other = tmp_path / "secrets" / ".jane.link.mine"
    other.write_text("somebody's own", "utf-8")
    assert len(list((tmp_path / "secrets").iterdir())) == 2

    Vault(tmp_path).prove(HERE)

    assert list((tmp_path / "secrets").iterdir()) == [other]


def test_a_command_gets_the_value_on_its_standard_input(tmp_path: Path) -> None:
    words = script(tmp_path, f"open({str(tmp_path / 'kept')!r}, 'w').write(value + ' ' + ' '.join(sys.argv[1:]))")
    vault = Vault(tmp_path, commands={"keep": [*words, "--for", "jane"]})
    vault.prove({"toCommand": "keep"})
    vault.put({"toCommand": "keep"}, VALUE)

    assert (tmp_path / "kept").read_text("utf-8") == f"{VALUE} --for jane"


def test_what_a_command_prints_is_never_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = script(tmp_path, "print(value); print(value, file=sys.stderr); sys.exit(3)")
    vault = Vault(tmp_path, commands={"keep": words})

    with pytest.raises(GuardRefused) as caught:
        vault.put({"toCommand": "keep"}, VALUE)

    assert str(caught.value) == "the command 'keep' ended with 3"
    assert capfd.readouterr() == ("", "")


def test_a_command_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SECONDS", 0.2)
    words = script(tmp_path, "import time; time.sleep(30)")

    with pytest.raises(GuardRefused, match="did not end"):
        Vault(tmp_path, commands={"keep": words}).put({"toCommand": "keep"}, VALUE)


def test_commands_that_are_not_there(tmp_path: Path) -> None:
    vault = Vault(tmp_path, commands={"gone": ["/no/such/program"], "empty": []})

    assert "the operator has named no command 'keep'" in refused(vault, {"toCommand": "keep"})
    assert "there is no /no/such/program" in refused(vault, {"toCommand": "gone"})
    assert "there is no nothing" in refused(vault, {"toCommand": "empty"})
    assert refused(vault, {"toKeyring": "jane"}) == "toKeyring is not served by this version"


@pytest.mark.parametrize("to", [{}, {"toFile": 7}, {"toFile": "a", "toCommand": "b"}, {"to": "a"}])
def test_what_is_no_sink(tmp_path: Path, to: dict[str, Json]) -> None:
    assert "a sink is one of" in refused(Vault(tmp_path), to)


def test_looking_makes_nothing_and_refuses_what_a_proof_would(tmp_path: Path) -> None:
    vault = Vault(tmp_path, commands={"keep": [sys.executable, "-c", ""]})
    for to in (HERE, HERE, {"toFile": "deep/er/jane.link"}, {"toCommand": "keep"}):
        vault.look(to)
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/jane.link").write_text("old", "utf-8")
    (tmp_path / "secrets/jane.link").chmod(0o644)
    (tmp_path / "file").write_text("", "utf-8")
    for wrong, why in (
        (HERE, "no private file"),
        ({"toFile": "secrets"}, "is no file"),
        ({"toFile": "file/below"}, "is closed to this user"),
        ({"toFile": "../up"}, "must not hold"),
        ({"toCommand": "other"}, "has named no command"),
        ({"toKeyring": "x"}, "not served"),
    ):
        with pytest.raises(GuardRefused, match=why):
            vault.look(wrong)
