"""Where drafts go: file names, what is appended to what, and files that documents attach."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.importing import Draft, Found
from reconciler.load import events
from reconciler.model.document import Address, Manage
from reconciler.model.drafted import Drafted
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.workflow import sheets
from reconciler.workflow.sheets import Desk, joined, plural
from tests.world import catalog


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("ClientTeam", "client-teams"),
        ("Glossary", "glossaries"),
        ("Key", "keys"),
        ("Peo", "peos"),
        ("SchemaRefresh", "schema-refreshes"),
        ("ModelBox", "model-boxes"),
    ],
)
def test_files_are_called_by_their_kinds(kind: str, name: str) -> None:
    assert plural(kind) == name


@pytest.mark.parametrize(
    ("before", "gap"),
    [
        (None, b""),
        (b"", b""),
        (b"a: 1\n", b"---\n"),
        (b"a: 1", b"\n---\n"),
        (b"a: 1\n---\n", b""),
        (b"a: 1\n---", b"\n"),
        (b"a: 1\r\n", b"---\n"),
        (b"a: 1\n...\n", b"---\n"),
        (b"# only words\n", b"---\n"),
        (b"a: |\n  text\n\n\n", b"---\n"),
    ],
)
def test_documents_are_added_behind_what_is_there(before: bytes | None, gap: bytes) -> None:
    found = joined(before, "b: 2\n")
    assert found == (before or b"") + gap + b"b: 2\n"
    reading = events.read(found, "f.yaml")
    assert reading.problems == ()
    assert reading.documents[-1].value == {"b": 2}


def draft(name: str, content: str = "<p>", **more: object) -> Draft:
    kind = catalog().kind("omni-cms", "Component")
    found = Found(kind, Resource("1", name, {}))
    spec: dict[str, Json] = {"space": "site", "key": name, "type": "page", "content": content}
    return Draft(Address("cms", "Component", name), found, Drafted(spec, **more), "7")  # type: ignore[arg-type]


def desk(root: Path, *, says_target: bool = False) -> Desk:
    return Desk(root, "manifests/cms", "cms", says_target, {})


def test_metadata_says_what_has_to_be_said(tmp_path: Path) -> None:
    one = draft("a", notes=("a\nnote",), manage=Manage.OBSERVE, ignore=("name",))
    (text,) = desk(tmp_path, says_target=True).files([one]).texts.values()
    (read,) = events.read(text.encode(), "f.yaml").documents
    assert isinstance(read.value, dict)
    assert read.value["metadata"] == {
        "name": "a",
        "target": "cms",
        "id": "7",
        "lifecycle": {"manage": "observe", "ignore": ["spec.name"]},
    }
    assert "\n# a\\nnote\n" in text


def test_documents_are_sorted_and_many_take_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_DOCUMENTS", 2)
    found = desk(tmp_path).files([draft(name) for name in "edcba"])
    assert {p: [d.address.name for d in ds] for p, ds in found.added.items()} == {
        "manifests/cms/components.yaml": ["a", "b"],
        "manifests/cms/components-2.yaml": ["c", "d"],
        "manifests/cms/components-3.yaml": ["e"],
    }


def test_a_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    there = tmp_path / "manifests/cms/files/site"
    there.mkdir(parents=True)
    (there / "a.txt").write_bytes(b"theirs")
    (there / "b.txt").write_bytes(b"y" * 3000)
    found = desk(tmp_path).files([draft("a", "x" * 3000), draft("b", "y" * 3000)])
    assert found.beside == {"manifests/cms/files/site/a-2.txt"}
    assert "contentFrom: manifests/cms/files/site/b.txt" in found.texts["manifests/cms/components.yaml"]
