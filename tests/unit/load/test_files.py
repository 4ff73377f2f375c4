"""Which files are read, and which are not: nothing outside the project, nothing that is not an ordinary file."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from reconciler.load import files
from reconciler.load.files import inside, read_all, read_limited
from reconciler.model.faults import ManifestInvalid
from reconciler.model.place import Place
from tests.unit.load.projects import LABEL, PROJECT, load, problems, said, write

OUTSIDE = [
    "..", "../", "../x", "../../etc/passwd", "a/..", "a/../..", "a/../../x", "./../x", "a/./../../x", "/", "/etc/passwd",
    "//etc/passwd", "/dev/zero", "/proc/self/environ", "~", "~/x", "~root/x", "C:", "C:/x", "C:x", "c:\\x", "\\x",
    "\\\\server\\share", "..\\x", "a\\..\\..\\x", "a\\b", "", "\x00", "a\x00b", "a\nb", "a\tb", "a\x1b[2Jb", "a\u202eb",
    "link", "link/x", "link/../x", "a/out", "a/out/x", "loop", "loop/x", "loop2", "far", "\ud800", "dev", "a/up", "file",
]  # fmt: skip
INSIDE = [
    "a",
    "a/b",
    "a/b.yaml",
    "./a",
    "a/./b",
    "...",
    "..a",
    "a..b",
    "a/...b",
    "in",
    "in/b",
    "ä/ö",
    "a b",
    "not there",
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project beside a folder that is none of its business, with links of all sorts."""
    home, other = tmp_path / "home", tmp_path / "other"
    (home / "a").mkdir(parents=True)
    (other / "deep").mkdir(parents=True)
    (other / "x.yaml").write_text(LABEL)
    (home / "link").symlink_to(other)
    (home / "a/out").symlink_to("../../other/deep")
    (home / "a/up").symlink_to("../..")
    (home / "file").symlink_to("../other/x.yaml")
    (home / "far").symlink_to("/etc")
    (home / "dev").symlink_to("/dev/null")
    (home / "loop").symlink_to("loop")
    (home / "loop2").symlink_to("loop")
    (home / "in").symlink_to("a")
    return home


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_path_that_leads_out_is_refused(text: str, home: Path) -> None:
    with pytest.raises(ValueError, match=r"^(is|must|leads) "):
        inside(home, text)


@pytest.mark.parametrize("text", INSIDE)
def test_a_path_inside_is_taken(text: str, home: Path) -> None:
    assert inside(home, text).is_relative_to(home.resolve())


@pytest.mark.parametrize("text", ["..", "/etc", "link", "loop"])
def test_a_wanted_path_that_leads_out_is_a_problem_of_the_project_file(text: str, home: Path) -> None:
    write(home, {"b/a.yaml": LABEL}, PROJECT + f"manifests: [b, '{text}']\n")

    found = problems(home)

    assert [str(p.place) for p in found] == ["reconciler.yaml:9:16"]
    assert found[0].message.startswith(f"'{text}' ")


def test_files_come_sorted_whatever_the_folder(tmp_path: Path) -> None:
    names = [
        "b.yaml",
        "a.yml",
        "sub/a.yaml",
        "sub.yaml",
        "A.YAML",
        "x.txt",
        ".hidden.yaml",
        ".git/x.yaml",
        "y.yaml~",
    ]
    root = write(tmp_path, {f"manifests/{n}": "" for n in names})

    sources, found = read_all(root, [("manifests", Place("x"))])

    assert [s.path for s in sources] == [
        "manifests/A.YAML", "manifests/a.yml", "manifests/b.yaml", "manifests/sub.yaml", "manifests/sub/a.yaml"
    ]  # fmt: skip
    assert found == []


def test_the_project_file_is_no_manifest_and_no_file_is_read_twice(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"a.yaml": LABEL, "sub/b.yaml": ""}, PROJECT + "manifests: [., sub, a.yaml, ./sub/b.yaml]\n"
    )
    (root / "sub/again").symlink_to("..")
    (root / "twin.yaml").symlink_to("a.yaml")

    assert len(load(root).documents) == 1


def test_links_out_of_the_project_are_refused_where_they_stand(home: Path) -> None:
    write(home, {"manifests/a.yaml": LABEL})
    (home / "manifests/out.yaml").symlink_to("../../other/x.yaml")
    (home / "manifests/out").symlink_to("../../other")
    (home / "manifests/nowhere.yaml").symlink_to("nothing")
    (home / "manifests/round.yaml").symlink_to("round.yaml")
    (home / "manifests/out.txt").symlink_to("../../other/x.yaml")

    assert [str(p) for p in problems(home)] == [
        "manifests/nowhere.yaml:1:1: this link leads nowhere (put the file itself here)",
        "manifests/out:1:1: this link leads out of the project (put the file itself here)",
        "manifests/out.yaml:1:1: this link leads out of the project (put the file itself here)",
        "manifests/round.yaml:1:1: this link leads nowhere (put the file itself here)",
    ]


@pytest.mark.timeout(60)
def test_what_is_no_file_is_not_opened_for_long(tmp_path: Path) -> None:
    root = write(tmp_path, {"manifests/a.yaml": LABEL})
    os.mkfifo(root / "manifests/pipe.yaml")
    (root / "manifests/folder.yaml").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(root / "manifests")  # the name of a socket must be short
        try:
            listening.bind("socket.yaml")
        finally:
            os.chdir(here)

        found = [str(p) for p in problems(root)]

    assert found[0] == "manifests/pipe.yaml:1:1: is a pipe, not a file"
    assert found[1].startswith("manifests/socket.yaml:1:1: cannot be read: ")
    assert len(found) == 2


def test_a_device_is_no_file() -> None:
    assert read_limited(Path("/dev/zero")) == "is a device, not a file"
    assert read_limited(Path("/dev")) == "is a folder, not a file"
    assert read_limited(Path("/nothing/there")) == "cannot be read: No such file or directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_message(tmp_path: Path) -> None:
    root = write(tmp_path, {"manifests/a.yaml": LABEL, "manifests/b.yaml": LABEL})
    (root / "manifests/b.yaml").chmod(0)

    assert [str(p) for p in problems(root)] == ["manifests/b.yaml:1:1: cannot be read: Permission denied"]


def test_a_link_put_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to("real")

    assert str(read_limited(tmp_path / "link")).startswith("cannot be read: ")


def test_sizes_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_bytes(b"x" * 11)
    assert read_limited(tmp_path / "f", 11) == b"x" * 11
    assert read_limited(tmp_path / "f", 10) == "is too large"

    monkeypatch.setattr(files, "MOST_FILES", 2)
    root = write(tmp_path, {f"manifests/{n}.yaml": "" for n in "abcd"})
    assert any("more than 2 files" in p.message for p in problems(root))


def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {"manifests/a.yaml": LABEL})
    for name in (b"x\x1b[2J.yaml", b"x\ny.yaml", b"\xff.yaml"):
        Path(os.fsdecode(os.fsencode(root / "manifests") + b"/" + name)).write_text(LABEL)

    found = [str(p) for p in problems(root)]

    assert len(found) == 3
    assert all(line.isprintable() and "characters that cannot be shown" in line for line in found)


def test_paths_of_the_command_line_take_the_place_of_the_project_s(tmp_path: Path) -> None:
    root = write(tmp_path, {"manifests/a.yaml": LABEL, "manifests/b.yaml": "a: ["})

    assert len(load(root, paths=["manifests/a.yaml"]).documents) == 1
    assert said(root, {}, paths=["manifests/c.yaml"]) == [
        "manifests/c.yaml:1:1: there is no 'manifests/c.yaml' (correct the path, or make the folder)"
    ]
    with pytest.raises(ManifestInvalid, match="must not hold"):
        load(root, paths=["../x"])
