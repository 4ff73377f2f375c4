"""Writing files of a project: whole, inside, and never over what somebody wrote meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.put import put
from reconciler.model.faults import UsageWrong


def test_files_and_folders_are_made(tmp_path: Path) -> None:
    put(tmp_path, {"a/b/c.yaml": b"1", "a/d.html": b"2"}, {})
    assert [(tmp_path / p).read_bytes() for p in ("a/b/c.yaml", "a/d.html")] == [b"1", b"2"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", "c.yaml", "d.html"]


def test_what_has_changed_meanwhile_stays_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"theirs")
    with pytest.raises(UsageWrong, match="has changed meanwhile"):
        put(tmp_path, {"b.yaml": b"ours", "a.yaml": b"ours"}, {"a.yaml": b"as it was"})
    assert (tmp_path / "a.yaml").read_bytes() == b"theirs"
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]


def test_what_has_come_meanwhile_stays(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"theirs")
    with pytest.raises(UsageWrong, match="has changed meanwhile"):
        put(tmp_path, {"a.yaml": b"ours"}, {})


@pytest.mark.parametrize("path", ["../out.yaml", "/tmp/out.yaml", "link/out.yaml", "a\\b.yaml", "a/\x00"])
def test_nothing_is_written_outside(tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(UsageWrong):
        put(root, {path: b"x"}, {})
    assert [p.name for p in tmp_path.iterdir()] == ["project"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(UsageWrong, match="cannot be written"):
        put(tmp_path, {"a/b.yaml": b"x"}, {})
