"""Whatever names a file of the project names one inside it, and an ordinary one: nothing else is read or written,
and each refusal is a sentence with a place."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

import pytest

from reconciler.load.desired import desired
from reconciler.load.operator_config import operator
from reconciler.load.project import load_project
from reconciler.load.put import put
from reconciler.load.secrets import resolve
from reconciler.model.faults import GuardRefused, ManifestInvalid, ReconcilerError, UsageWrong
from reconciler.vault import Vault
from tests.world import catalog

MARK = "outside-4711"
"""What stands in every file that is none of the project's business."""
PROJECT = """\
apiVersion: reconciler/v1
kind: Project
targets:
  cms: {provider: omni-cms}
"""
SPACE = "apiVersion: omni-cms/v1\nkind: Space\nmetadata: {name: site}\nspec: {name: Site}\n---\n"
COMPONENT = (
    "apiVersion: omni-cms/v1\nkind: Component\nmetadata: {name: a}\nspec: {space: site, key: a, type: page, "
)

WAYS_OUT: Mapping[str, str] = {
    "above": "../outside.yaml",
    "far above": "../../../../../../../../etc/passwd",
    "above in the middle": "in/../../outside.yaml",
    "above, with a dot": "./.././outside.yaml",
    "absolute": "/etc/passwd",
    "absolute, doubled": "//etc/passwd",
    "the environment": "/proc/self/environ",
    "a device": "/dev/zero",
    "at home": "~/outside.yaml",
    "somebody's home": "~root/x.yaml",
    "a drive": "C:/outside.yaml",
    "a drive's own folder": "C:outside.yaml",
    "a share": "\\\\\\\\server\\\\share\\\\x.yaml",
    "backslashes": "..\\\\outside.yaml",
    "a zero": "in/a\\0.yaml",
    "a line": "in/a\\n.yaml",
    "a sign that turns": "in/\\u202ea.yaml",
    "nothing": "",
    "a link to a file": "link.yaml",
    "a link to a folder": "folder-link/x.yaml",
    "a link in a folder": "in/up/outside.yaml",
    "a chain of links": "chain.yaml",
    "a circle of links": "circle.yaml",
    "a link to a device": "device.yaml",
    "a link into the kernel": "kernel.yaml",
    "a link to nowhere outside": "nowhere.yaml",
}
NO_FILES: Mapping[str, str] = {
    "a pipe": "pipe.yaml",
    "a socket": "socket.yaml",
    "a folder": "folder.yaml",
    "an enormous file": "huge.yaml",
    "a file that nobody may read": "closed.yaml",
}


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project with all of it in its folder, and a file beside it."""
    root, other = tmp_path / "home", tmp_path / "other"
    (root / "in").mkdir(parents=True)
    other.mkdir()
    for path in (tmp_path / "outside.yaml", other / "x.yaml"):
        path.write_text(f"a: {MARK}\n")
    links = {
        "link.yaml": "../outside.yaml", "folder-link": "../other", "in/up": "../..", "chain.yaml": "chain-2",
        "chain-2": "chain-3", "chain-3": "../outside.yaml", "circle.yaml": "circle-2", "circle-2": "circle.yaml",
        "device.yaml": "/dev/zero", "kernel.yaml": "/proc/self/environ", "nowhere.yaml": "/nothing/there",
    }  # fmt: skip
    for name, to in links.items():
        (root / name).symlink_to(to)
    os.mkfifo(root / "pipe.yaml")
    (root / "folder.yaml").mkdir()
    (root / "closed.yaml").write_text(MARK)
    (root / "closed.yaml").chmod(0)
    with (root / "huge.yaml").open("wb") as file:
        file.truncate(1 << 40)
    (root / "reconciler.yaml").write_text(PROJECT)
    (root / "manifests").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        with chdir(root):  # the name of a socket must be short
            listening.bind("socket.yaml")
        yield root


def _listed(root: Path, text: str) -> None:
    (root / "reconciler.yaml").write_text(f'{PROJECT}manifests: ["{text}"]\n')
    desired(root, catalog())


def _content(root: Path, text: str) -> None:
    _attached(root, f'contentFrom: "{text}"')


def _file(root: Path, text: str) -> None:
    _attached(root, f'file: "{text}"')


def _attached(root: Path, field: str) -> None:
    (root / "manifests/a.yaml").write_text(f"{SPACE}{COMPONENT}{field}}}\n")
    desired(root, catalog())


def _ledger(root: Path, text: str) -> None:
    (root / "reconciler.yaml").write_text(f'{PROJECT}ledger: {{path: "{text}"}}\n')
    load_project(root, catalog().providers)


def _plain(text: str) -> str:
    """The text that stands between the quotes of YAML."""
    return text.encode().decode("unicode_escape")


def _secret(root: Path, text: str) -> None:
    resolve({"fromFile": _plain(text), "version": 1}, root, frozenset(), {})


def _sink(root: Path, text: str) -> None:
    vault = Vault(root)
    vault.prove({"toFile": _plain(text)})
    vault.put({"toFile": _plain(text)}, MARK)


def _import(root: Path, text: str) -> None:
    put(root, {_plain(text): b"x"}, {})


READERS: Mapping[str, Callable[[Path, str], None]] = {
    "manifests": _listed,
    "contentFrom": _content,
    "file": _file,
    "a secret": _secret,
}
NAMERS: Mapping[str, Callable[[Path, str], None]] = {**READERS, "the ledger": _ledger, "an import": _import}
MAY_BE_LEFT_OUT = {("the ledger", "nothing")}


def _refused(name: Callable[[Path, str], None], root: Path, text: str) -> str:
    """What is said of it; within a time in which nobody has waited for a pipe."""
    with pytest.raises(ReconcilerError) as caught:
        name(root, text)
    said = f"{caught.value}"
    assert MARK not in said + caught.value.hint
    if isinstance(caught.value, ManifestInvalid):
        assert all(p.place.line >= 1 and p.place.column >= 1 and p.message for p in caught.value.problems)
    else:
        assert isinstance(caught.value, GuardRefused | UsageWrong)
    return said


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", WAYS_OUT.values(), ids=WAYS_OUT.keys())
@pytest.mark.parametrize("name", NAMERS.values(), ids=NAMERS.keys())
def test_a_way_out_is_not_taken(name: Callable[[Path, str], None], text: str, root: Path) -> None:
    said = _refused(name, root, text)

    words = (
        "out of the project",
        "is not the name",
        "must be relative",
        "must not hold",
        "instead of",
        "leads nowhere",
    )
    told = (*words, "lies in", "expected", "empty", "at least", "is missing", "character", "hidden")
    assert any(word in said for word in told), said
    assert (root.parent / "outside.yaml").read_text() == f"a: {MARK}\n"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", NO_FILES.values(), ids=NO_FILES.keys())
@pytest.mark.parametrize("name", READERS.values(), ids=READERS.keys())
def test_what_is_no_file_is_not_read(
    name: Callable[[Path, str], None], text: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (text, name) == ("folder.yaml", _listed):
        return  # a folder of manifests, whatever its name
    if text == "closed.yaml" and os.geteuid() == 0:
        usual = os.open

        def closed(path: Any, *more: Any, **words: Any) -> int:
            if str(path).endswith("closed.yaml"):
                raise PermissionError(13, "Permission denied", path)
            return usual(path, *more, **words)

        monkeypatch.setattr(os, "open", closed)

    said = _refused(name, root, text)

    assert any(
        w in said for w in ("is a pipe", "is a folder", "cannot be read", "is larger than", "is too large")
    ), said


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text", [t for n, t in WAYS_OUT.items() if n not in ("a link to a device", "a link into the kernel")]
)
def test_no_value_goes_out_of_the_project(text: str, root: Path) -> None:
    """A sink may take the place of a link; it never writes through one."""
    outside = sorted(p.name for p in root.parent.iterdir())
    with suppress(GuardRefused):
        _sink(root, text)
    assert sorted(p.name for p in root.parent.iterdir()) == outside
    assert (root.parent / "outside.yaml").read_text() == f"a: {MARK}\n"
    assert (root.parent / "other/x.yaml").read_text() == f"a: {MARK}\n"


@pytest.mark.timeout(60)
def test_a_folder_that_becomes_a_link_between_the_look_and_the_reading_is_not_followed(root: Path) -> None:
    """A thread swaps the folder and the link, over and over, while the file in it is read."""
    (root / "real").mkdir()
    (root / "real/x.yaml").write_text("a: ours\n")
    (root / "way").mkdir()
    (root / "way/x.yaml").write_text("a: ours\n")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            (root / "way").rename(root / "aside")
            (root / "way").symlink_to("../other")
            (root / "way").unlink()
            (root / "aside").rename(root / "way")

    thread = threading.Thread(target=swap)
    thread.start()
    seen: set[str] = set()
    try:
        for _ in range(2_000):
            try:
                seen.add(resolve({"fromFile": "way/x.yaml", "version": 1}, root, frozenset(), {}))
            except GuardRefused as refusal:
                seen.add("told the mark" if MARK in str(refusal) else "refused")
    finally:
        stop.set()
        thread.join()
    assert seen <= {"a: ours", "refused"}


def test_a_link_in_the_place_of_a_folder_is_seen_at_the_opening(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above, at the very moment between the two."""
    (root / "way").mkdir()
    (root / "way/x.yaml").write_text("a: ours\n")
    usual = os.path.realpath

    def then_swapped(path: Any, **words: Any) -> Any:
        found = usual(path, **words)
        if str(path).endswith("way/x.yaml") and not (root / "way").is_symlink():
            (root / "way").rename(root / "aside")
            (root / "way").symlink_to("../other")
        return found

    monkeypatch.setattr(os.path, "realpath", then_swapped)
    with pytest.raises(GuardRefused, match=r"way/x\.yaml") as caught:
        resolve({"fromFile": "way/x.yaml", "version": 1}, root, frozenset(), {})
    assert MARK not in str(caught.value)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "path", ["pipe.yaml", "folder.yaml", "socket.yaml", "huge.yaml", "device.yaml", "circle.yaml", ""]
)
def test_an_operators_file_is_an_ordinary_one(path: str, root: Path) -> None:
    """It may lie anywhere; it is a file of a sane size all the same."""
    with pytest.raises(UsageWrong, match="RECONCILER_CONFIG: "):
        operator(["cms"], {"RECONCILER_CONFIG": str(root / path)})


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "path", ["pipe.yaml", "folder.yaml", "socket.yaml", "huge.yaml", "device.yaml", "circle.yaml"]
)
def test_a_credential_file_is_an_ordinary_one(path: str, root: Path) -> None:
    config = root / "operator.yaml"
    config.write_text(f'targets: {{cms: {{url: "https://cms.example.com", credential: {{fromFile: {path}}}}}}}\n')
    access = operator(["cms"], {"RECONCILER_CONFIG": str(config)}).access["cms"]
    for name in (path,):
        if not (root / name).is_symlink() and not (root / name).is_dir():
            (root / name).chmod(0o600)

    with pytest.raises(GuardRefused, match="credential file"):
        access.secret()
