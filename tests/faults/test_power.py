"""Power lost at any operation on the disk: what was said to be durable is there, whole; the rest never was."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.output import save
from reconciler.cli.private import PRIVATE, keep_private
from reconciler.ledger import open_ledger, whoami
from reconciler.ledger.journal import Ledger
from reconciler.load.put import put
from reconciler.model.faults import LedgerUnusable
from reconciler.vault import Vault
from tests.faults.disk import SECTOR, Disk, Op
from tests.faults.power import run
from tests.faults.recording import recorded
from tests.faults.vfs import loaded
from tests.world import hasty_clock

pytestmark = pytest.mark.skipif(loaded() is None, reason="this Python's SQLite cannot be called")

KEEPS = (0.0, 0.2, 0.5, 0.8, 1.0)
OLD, NEW = b"old " * 400, b"new " * 500


def test_power_lost_in_a_large_apply_is_recovered_from() -> None:
    found = run("mixed", seed=7, samples=3, share=0.2, most=5, concurrency=8)

    assert found.wrong == []
    assert found.images > 100
    assert found.recoveries == 5


# Our own files


def saved(root: Path) -> None:
    save(root / "plan.json", NEW.decode())


def written(root: Path) -> None:
    put(root, {"manifests/new/labels.yaml": NEW, "top.yaml": NEW}, {"top.yaml": OLD})


def kept(root: Path) -> None:
    Vault(root).put({"toFile": "secrets/deep/shop.key"}, NEW.decode())


def begun(root: Path) -> None:
    keep_private(root / PRIVATE)
    open_ledger(root / PRIVATE / "ledger.db", create=True, who=whoami(), clock=hasty_clock()).close()


DEEDS: dict[str, tuple[Callable[[Path], None], dict[str, tuple[bytes | None, bytes | None]]]] = {
    "a saved plan": (saved, {"plan.json": (OLD, NEW)}),
    "a new plan": (saved, {"plan.json": (None, NEW)}),
    "manifests of an import": (written, {"manifests/new/labels.yaml": (None, NEW), "top.yaml": (OLD, NEW)}),
    "a value shown once": (kept, {"secrets/deep/shop.key": (None, NEW + b"\n")}),
    "a new ledger": (begun, {".reconciler/ledger.db": (None, None)}),
}


@pytest.mark.parametrize("name", DEEDS)
def test_a_file_of_ours_is_there_whole_or_as_it_was(name: str, tmp_path: Path) -> None:
    """At every operation; and once the deed is done it is there, whatever was not synced."""
    deed, wanted = DEEDS[name]
    before = {path: old for path, (old, _) in wanted.items() if old is not None}
    for path, data in before.items():
        (tmp_path / path).write_bytes(data)
    with recorded(tmp_path) as recording:
        deed(tmp_path)
    disk = Disk(before)
    for op in [*recording.ops, None]:
        for keep in KEEPS:
            image = disk.after(random.Random(f"{op}{keep}"), keep)
            for path, (old, new) in wanted.items():
                found = image.get(path)
                whole = new if new is not None else (tmp_path / path).read_bytes()
                assert found == whole if op is None else found in (old, whole), (path, op)
        if op is not None:
            disk.do(op)


# The measure itself can fail


def careless(ledger: Ledger, level: str) -> None:
    store = ledger._store
    store._connection.execute(f"PRAGMA synchronous = {level}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("level", ["FULL", "NORMAL", "OFF"])
def test_a_ledger_that_does_not_wait_for_the_disk_is_found_out(level: str, tmp_path: Path) -> None:
    root = tmp_path / "disk"
    root.mkdir()
    with (
        recorded(root) as recording,
        open_ledger(root / "ledger.db", create=True, who=whoami(), clock=hasty_clock()) as ledger,
    ):
        careless(ledger, level)
        head = ledger.head
        for number in range(3):
            ledger.measured(f"target-{number}", {"Label": number + 1})
            recording.promise("head", ledger.head.encode())
    lost = 0
    disk, heads = Disk({}), [head]
    for op in recording.ops:
        disk.do(op)
        if op.what == "promise":
            heads.append(op.data.decode())
            lost += sum(heads[-1] != _head(disk, seed, tmp_path / "image") for seed in range(8))
    assert len(heads) == 4
    assert (lost > 0) == (level != "FULL")


def _head(disk: Disk, seed: int, folder: Path) -> str:
    """The head of the ledger that a power loss leaves, if it leaves one."""
    folder.mkdir(exist_ok=True)
    for leftover in folder.iterdir():
        leftover.unlink()
    for path, data in disk.after(random.Random(seed), 0.3).items():
        (folder / path).write_bytes(data)
    try:
        with open_ledger(folder / "ledger.db", who=whoami(), clock=hasty_clock()) as ledger:
            return ledger.head
    except LedgerUnusable:
        return ""


def test_what_was_not_synced_may_be_lost_torn_or_there() -> None:
    disk = Disk({"a": b"x" * 4 * SECTOR})
    disk.do(Op("write", "a", data=b"y" * 4 * SECTOR))
    disk.do(Op("create", "b"))
    disk.do(Op("write", "b", data=b"z"))
    disk.do(Op("sync", "b"))
    disk.do(Op("rename", "b", other="c"))
    images = [disk.after(random.Random(seed)) for seed in range(200)]
    assert {b"x" * 4 * SECTOR, b"y" * 4 * SECTOR} < {i["a"] for i in images}
    assert all(len(i["a"]) == 4 * SECTOR and len({*i["a"][:SECTOR]}) == 1 for i in images)
    assert {frozenset(i) for i in images} == {frozenset("a"), frozenset("ab"), frozenset("ac")}
    disk.do(Op("sync folder", "."))
    assert {frozenset(disk.after(random.Random(seed))) for seed in range(50)} == {frozenset("ac")}
