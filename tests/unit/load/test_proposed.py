"""What the files would say with other files in their place: nothing of it has to be there yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.desired import desired
from reconciler.model.faults import ManifestInvalid
from tests.unit.load.projects import PROJECT, catalog

LABEL = "apiVersion: omni-analytics/v1\nkind: Label\nmetadata: {{name: {0}}}\nspec: {{name: {0}}}\n"
PAGE = """apiVersion: omni-cms/v1
kind: Component
metadata: {name: home}
spec: {space: Site, key: home, type: page, contentFrom: manifests/files/home.html}
"""


def named(root: Path, **proposed: str) -> list[str]:
    files = {f"manifests/{name}.yaml": text.encode() for name, text in proposed.items()}
    return [d.address.name for d in desired(root, catalog(), proposed=files).documents]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    return tmp_path


def test_a_folder_may_have_yet_to_be_made(root: Path) -> None:
    assert named(root, a=LABEL.format("One")) == ["One"]
    assert not (root / "manifests").exists()


def test_a_file_takes_the_place_of_what_stands_there(root: Path) -> None:
    (root / "manifests").mkdir()
    (root / "manifests" / "a.yaml").write_text(LABEL.format("Old"))
    (root / "manifests" / "b.yaml").write_text(LABEL.format("Other"))
    assert named(root, a=LABEL.format("New")) == ["New", "Other"]


def test_what_is_wrong_in_it_is_told_with_its_place(root: Path) -> None:
    with pytest.raises(ManifestInvalid, match=r"manifests/a\.yaml:4:14: .*"):
        named(root, a=LABEL.format("x"))


def test_so_are_the_files_that_it_attaches(root: Path) -> None:
    (root / "reconciler.yaml").write_text(PROJECT.replace("targets:\n", "targets:\n  cms: {provider: omni-cms}\n"))
    files = {"manifests/a.yaml": PAGE.encode(), "manifests/files/home.html": b"<p>\r\n"}
    (document,) = desired(root, catalog(), proposed=files).documents
    assert document.spec["content"] == "<p>\r\n"
