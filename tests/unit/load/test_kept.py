"""What manifests held when they were last read: never wrong, never anybody else's, and never an error."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.load import kept as room
from reconciler.load import reading
from reconciler.load.files import SourceFile
from reconciler.load.kept import Kept, kept
from reconciler.load.plainly import Plain
from reconciler.load.shape import Form
from reconciler.load.validators import Validators
from reconciler.model.document import Desired
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from tests.unit.load.projects import load, partner, write

FILES = {
    f"manifests/{letter}.yaml": "---\n".join(
        partner(f"{letter}{i:03}", note=f"'{letter} {i} ü'", tags="[a, b]", size="3") for i in range(12)
    )
    for letter in "abc"
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(room, "LEAST", 0)
    (tmp_path / "project").mkdir()
    return write(tmp_path / "project", FILES)


def environ(root: Path) -> dict[str, str]:
    return {"RECONCILER_CACHE": str(root.parent / "cache")}


def ours(root: Path) -> Kept:
    found = kept(root, environ(root))
    assert found is not None
    return found


def file_of(root: Path) -> Path:
    found = ours(root)
    return found.folder.path / found.name


def told(found: Desired) -> object:
    """All of it, every place included."""
    return found.digest, [(d, d.place, dict(d.places)) for d in found.documents]


def anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Desired, int]:
    """What a reading with all that is kept says, and how many files it had to parse."""
    parsed: list[str] = []
    quick = reading.ordinary

    def counted(source: SourceFile) -> list[Plain] | None:
        parsed.append(source.path)
        return quick(source)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "ordinary", counted)
        found = load(root, kept=ours(root))
    return found, len(parsed)


def test_what_did_not_change_is_not_parsed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = told(load(root))
    assert [n for found, n in (anew(root, monkeypatch) for _ in range(2)) if told(found) == first] == [3, 0]

    one = root / "manifests" / "b.yaml"
    one.write_text(one.read_text() + "---\n" + partner("later"))
    found, parsed = anew(root, monkeypatch)
    assert parsed == 1
    assert told(found) == told(load(root)) != first
    assert anew(root, monkeypatch)[1] == 0


def test_it_is_private_and_written_only_when_something_changed(root: Path) -> None:
    load(root, kept=ours(root))
    file = file_of(root)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    before = file.stat().st_ino
    load(root, kept=ours(root))
    assert file.stat().st_ino == before  # what is written anew is another file


def test_files_that_are_gone_are_forgotten(root: Path) -> None:
    load(root, kept=ours(root))
    assert file_of(root).read_bytes().count(b"\n") == 1 + 3
    (root / "manifests" / "a.yaml").unlink()
    load(root, kept=ours(root))
    assert file_of(root).read_bytes().count(b"\n") == 1 + 2


def test_a_part_of_the_project_forgets_nothing(root: Path) -> None:
    load(root, kept=ours(root))
    whole = file_of(root).read_bytes()
    load(root, kept=ours(root), paths=["manifests/a.yaml"])
    load(root, kept=ours(root), proposed={"manifests/d.yaml": partner("new").encode()})
    assert file_of(root).read_bytes() == whole


def test_what_has_a_problem_is_not_kept(root: Path) -> None:
    (root / "manifests" / "a.yaml").write_text("a: 1\na: 2\n")
    for _ in range(2):
        with pytest.raises(ManifestInvalid, match="a second time"):
            load(root, kept=ours(root))
    assert file_of(root).read_bytes().count(b"\n") == 1 + 2


@given(data=st.data())
def test_whatever_became_of_its_bytes_the_manifests_are_what_they_are(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("p") / "project"
    home.mkdir()
    root = write(home, FILES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "LEAST", 0)
        right = told(load(root, kept=ours(root)))
        file = file_of(root)
        whole = bytearray(file.read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(whole) - 1))
            cut = data.draw(st.sampled_from([0, 1, 50, len(whole)]))
            whole[at : at + cut] = data.draw(st.binary(max_size=4))
            whole = whole or bytearray(b"x")
        file.write_bytes(bytes(whole))
        for _ in range(2):
            assert told(load(root, kept=ours(root))) == right


def test_another_version_reads_for_itself(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(root, kept=ours(root))
    monkeypatch.setattr(room, "EDITION", room.EDITION + 1)
    assert anew(root, monkeypatch)[1] == 3
    assert anew(root, monkeypatch)[1] == 0


def _lie(root: Path, file: Path) -> None:
    """What is kept, with another name in it, under a sum that is right."""
    body = file.read_bytes().partition(b"\n")[2].replace(b"A000", b"EVIL")
    file.write_bytes(room._head(body) + body)


@pytest.mark.parametrize("how", ["file", "folder", "link", "folder link", "pipe", "folder of many"])
def test_what_others_could_have_written_is_not_believed(
    how: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = told(load(root, kept=ours(root)))
    file = file_of(root)
    _lie(root, file)
    assert "EVIL" in str(told(load(root, kept=ours(root))))  # so it would be, if it were believed
    if how == "file":
        file.chmod(0o602)
    elif how == "folder":
        file.parent.chmod(0o777)
    elif how == "folder of many":
        file.parent.chmod(0o770)
    elif how == "link":
        file.rename(root.parent / "elsewhere")
        file.symlink_to(root.parent / "elsewhere")
    elif how == "folder link":
        file.parent.rename(root.parent / "elsewhere")
        file.parent.symlink_to(root.parent / "elsewhere")
    else:
        file.unlink()
        os.mkfifo(file, 0o600)
    assert told(load(root, kept=ours(root))) == right


def test_what_belongs_to_somebody_else_is_not_believed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = told(load(root, kept=ours(root)))
    _lie(root, file_of(root))
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    assert told(load(root, kept=ours(root))) == right


def test_where_nothing_can_be_written_nothing_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    right = told(load(root))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        assert told(load(root, kept=ours(root))) == right
    assert [*(root.parent / "cache").iterdir()] == []
    (root.parent / "cache").rmdir()
    (root.parent / "cache").write_text("a file")
    assert told(load(root, kept=ours(root))) == right
    assert (root.parent / "cache").read_text() == "a file"


def test_no_more_than_a_few_projects_are_kept_and_nothing_else_is_touched(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_PROJECTS", 2)
    folder = root.parent / "cache"
    folder.mkdir(mode=0o700)
    names = ["0" * 32 + ".manifests", "1" * 32 + ".manifests", "2" * 32 + ".manifests." + "3" * 16 + ".new"]
    for i, name in enumerate([*names, "letter.txt", "x.manifests"]):
        (folder / name).write_text("x")
        os.utime(folder / name, (i, i))
    load(root, kept=ours(root))
    left = {one.name for one in folder.iterdir()}
    assert left == {file_of(root).name, names[2], "letter.txt", "x.manifests"}


def test_what_is_too_large_is_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LARGEST", 3_000)
    load(root, kept=ours(root))
    assert not file_of(root).exists()


def test_small_projects_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    root = write(tmp_path / "project", FILES)
    load(root, kept=ours(root))
    assert not file_of(root).exists()


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({"RECONCILER_CACHE": "off", "HOME": "/h"}, None),
        ({"RECONCILER_CACHE": "here", "HOME": "/h"}, None),
        ({"RECONCILER_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/reconciler"),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/reconciler"),
        ({"HOME": "/h"}, "/h/.cache/reconciler"),
        ({"HOME": "."}, None),
        ({}, None),
    ],
)
def test_where_it_lies(environ: dict[str, str], place: str | None) -> None:
    found = kept(Path("/project"), environ)
    assert (str(found.folder.path) if found else None) == place


def test_it_never_lies_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "project")
    (tmp_path / "project").mkdir()
    for folder in (tmp_path / "project", tmp_path / "project" / "c", tmp_path / "out" / "c"):
        assert kept(tmp_path / "project", {"RECONCILER_CACHE": str(folder)}) is None


def _again(root: Path, digest: str) -> None:
    room.LEAST = 0  # type: ignore[misc]
    for i in range(15):
        (root / "manifests" / "a.yaml").read_bytes()
        if i % 5 == os.getpid() % 5:
            file_of(root).unlink(missing_ok=True)
        assert load(root, kept=ours(root)).digest == digest


def test_many_at_once_do_not_disturb_each_other(root: Path) -> None:
    right = load(root)
    several = multiprocessing.get_context("fork")
    processes = [several.Process(target=_again, args=(root, right.digest)) for _ in range(3)]
    for one in processes:
        one.start()
    for one in processes:
        one.join(60)
    assert [one.exitcode for one in processes] == [0, 0, 0]
    assert told(load(root, kept=ours(root))) == told(right)
    assert [one.name for one in file_of(root).parent.iterdir()] == [file_of(root).name]


def test_half_a_character_is_not_kept() -> None:
    found = ours(Path("/nowhere"))
    found.keep("0" * 64, [Plain("\ud83d\ude00", 0, 0, 0, 0)])
    assert found.used == {}
    found.keep("0" * 64, [Plain({"a": [1, 1.5, 10**30, True, None, "é"]}, 0, 0, 0, 0)])
    [line] = found.used.values()
    assert json.loads(line)[0][0] == {"a": [1, 1.5, 10**30, True, None, "é"]}


def _judging(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many values had to be judged when all was read with what is kept."""
    asked: list[object] = []
    judge = Form.accepts

    def counted(form: Form, value: Json) -> bool:
        asked.append(value)
        return judge(form, value)

    with monkeypatch.context() as patch:
        patch.setattr(Form, "accepts", counted)
        load(root, kept=ours(root))
    return len(asked)


def test_what_was_accepted_is_not_judged_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = (_judging(root, monkeypatch) for _ in range(2))
    assert first - again == 2 * 36  # the envelope and the spec of each; the project file is judged each time
    assert told(load(root, kept=ours(root))) == told(load(root))


def test_another_schema_judges_for_itself(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = (_judging(root, monkeypatch) for _ in range(2))
    spec = Validators.spec

    def stricter(of: Validators, kind: Kind, given: frozenset[str] = frozenset()) -> Form:
        return Form({**spec(of, kind, given).schema, "not": {"properties": {"note": {"const": "b 3 ü"}}}})

    monkeypatch.setattr(Validators, "spec", stricter)
    with pytest.raises(ManifestInvalid):
        load(root, kept=ours(root))
    with pytest.raises(ManifestInvalid):  # and what did not pass was not remembered as if it had
        load(root, kept=ours(root))
    monkeypatch.setattr(Validators, "spec", spec)
    assert _judging(root, monkeypatch) >= again
    assert _judging(root, monkeypatch) < first


def test_a_file_with_one_document_out_of_the_ordinary_is_judged(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = root / "manifests" / "b.yaml"
    one.write_text(one.read_text() + "---\n" + partner("variable", note='"${var.region}"'))
    first, again = (_judging(root, monkeypatch) for _ in range(2))
    assert first - again == 2 * 24
    assert told(load(root, kept=ours(root))) == told(load(root))
