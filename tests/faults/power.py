"""Power loss in the middle of an apply, at every operation on the disk: `python -m tests.faults.power`.

One apply over all five systems is recorded: every operation on the ledger's files and on the files of once-shown
values, and with each the state of the far ends at that moment. Then, for the disk as it may be after a power loss
before each operation (see `disk`; several samples per operation, one that lost all it could, one that lost
nothing), the ledger is opened: it must be whole, hold everything that was said to be durable, and nothing that was
never begun; so must the files. The run is then repeated from there, once for each different state of ledger, files
and far ends: it must end where the undisturbed one ends.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from reconciler.ledger import open_ledger, whoami
from reconciler.ledger.sqlite import SqliteStore
from reconciler.model.faults import LedgerUnusable
from reconciler.twins import LogEntry
from reconciler.vault import Vault
from reconciler.wire.clock import real_clock
from tests.faults import driver
from tests.faults.disk import Disk, Op
from tests.faults.estate import ESTATES, setup_of
from tests.faults.people import SINKS
from tests.faults.questions import recovered
from tests.faults.recording import Recording, recorded
from tests.faults.trials import ROOT, SECONDS, Bench, bench
from tests.faults.undisturbed import undisturbed
from tests.world import hasty_clock

LEDGER = "ledger.db"
EVENTS = "events"
"""The promise that so many events are durable."""
BEGUN = "begun"
"""So many events had been begun; of more nobody can know."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The far ends after some of their writes. `at`: when that was, by the system's monotonic clock."""

    at: float
    states: Mapping[str, Any]
    logs: Mapping[str, Sequence[LogEntry]]


@dataclass(slots=True)
class Film:
    """One apply: the disk before it, what it did to the disk, and the far ends meanwhile, oldest first."""

    files: Mapping[str, bytes]
    ops: Sequence[Op]
    moments: Sequence[Moment]


@dataclass(slots=True)
class Count:
    """What was tried, and what of it went wrong."""

    operations: int = 0
    images: int = 0
    recoveries: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)


# The recording


def record(job: dict[str, Any], out: Path) -> None:
    """Carry a job of the driver out in this process, and write down what it did to the disk."""
    with recorded(Path(job["folder"])) as recording, _promising(recording):
        clock = hasty_clock()
        with open_ledger(Path(job["ledger"]), who=whoami(), clock=clock) as ledger:
            documents, root = ESTATES[job["estate"]](), Path(job["folder"])
            setup = setup_of(documents, job["urls"], job["settings"], ledger, clock, job["concurrency"], root)
            told = driver.DEEDS["apply"](setup, job)
        assert told["left"] == [], told
    out.write_bytes(pickle.dumps(recording.ops))


@contextmanager
def _promising(recording: Recording) -> Iterator[None]:
    """Whatever the ledger or the vault calls durable, it is taken at its word for."""
    serialised, append, put = SqliteStore.serialised, SqliteStore.append, Vault.put
    last: list[int] = [0]

    @contextmanager
    def told(store: SqliteStore) -> Iterator[None]:
        with serialised(store):
            yield
        recording.promise(EVENTS, str(last[0]).encode())

    def appended(store: SqliteStore, event: Any) -> None:
        recording.promise(BEGUN, str(event.seq).encode())
        append(store, event)
        last[0] = event.seq

    def kept(vault: Vault, to: Mapping[str, Any], value: str) -> None:
        put(vault, to, value)
        recording.promise(str(to["toFile"]), f"{value}\n".encode())

    swapped = patch.multiple(SqliteStore, serialised=told, append=appended), patch.object(Vault, "put", kept)
    with swapped[0], swapped[1]:
        yield


def film(world: Bench, concurrency: int) -> Film:
    """Record the bench's change, begun where the bench stands after a rewind."""
    world.rewind()
    files, moments = _files(world), [_moment(world)]

    def seen(_: LogEntry) -> None:
        moments.append(_moment(world))

    for twin in world.twins.values():
        twin.on_request(0, "after-effect", seen, writes=True)
    job, out = world.folder / "job.json", world.folder / "film"
    job.write_text(json.dumps(world.job(concurrency=concurrency)), encoding="utf-8")
    words = [sys.executable, "-m", "tests.faults.power", "--record", str(job), str(out)]
    subprocess.run(words, cwd=ROOT, check=True, timeout=2 * SECONDS)
    world.quiet()
    return Film(files, pickle.loads(out.read_bytes()), moments)  # noqa: S301 - we wrote it


def _files(world: Bench) -> dict[str, bytes]:
    """What lies on the disk that the apply may change."""
    found = {p.name: p.read_bytes() for p in world.folder.glob(f"{LEDGER}*")}
    sinks = (p for p in (world.folder / SINKS).rglob("*") if p.is_file())
    return found | {str(p.relative_to(world.folder)): p.read_bytes() for p in sinks}


def _moment(world: Bench) -> Moment:
    at = time.monotonic()
    states = {name: twin.dump() for name, twin in world.twins.items()}
    return Moment(at, states, {name: tuple(twin.log) for name, twin in world.twins.items()})


# The loss


def campaign(world: Bench, shot: Film, *, seed: int, samples: int, share: float, most: int | None) -> Count:
    """Lose the power before each operation of the film, or before a share of those on the ledger: the few on
    values shown once are all tried. `most`: recoveries."""
    count, known = Count(), set[tuple[Any, ...]]()
    rng = random.Random(seed)
    disk, promises = Disk(shot.files, [SINKS]), dict[str, bytes]()
    chosen = [rng.random() < share or op.path.startswith(SINKS) for op in shot.ops]
    for number, op in enumerate(shot.ops):
        if op.what == "promise":
            promises[op.path] = op.data
        elif chosen[number]:
            count.operations += 1
            for sample in range(samples):
                key = f"{seed}/{number}/{sample}"
                image = _image(disk, key, sample)
                count.images += 1
                head, wrong = _looked_at(world, image, promises)
                count.wrong += [f"{key} ({op.what} {op.path}): {text}" for text in wrong]
                at = max(i for i, m in enumerate(shot.moments) if m.at <= op.at)
                state = (head, at, *sorted((p, d) for p, d in image.items() if p.startswith(SINKS)))
                if not wrong and state not in known and (most is None or count.recoveries < most):
                    known.add(state)
                    count.wrong += [f"{key}: {text}" for text in _recovery(world, image, shot.moments[at], count)]
        disk.do(op)
    return count


def _image(disk: Disk, key: str, sample: int) -> dict[str, bytes]:
    """The first sample has lost all it could, the second nothing; then chance decides."""
    if sample == 1:
        return disk.after()
    rng = random.Random(key)
    return disk.after(rng, 0.0 if sample == 0 else rng.choice([0.2, 0.5, 0.8]))


def _lay_out(world: Bench, image: Mapping[str, bytes]) -> None:
    for leftover in world.folder.glob(f"{LEDGER}*"):
        leftover.unlink()
    shutil.rmtree(world.folder / SINKS, ignore_errors=True)
    for path, data in image.items():
        (world.folder / path).parent.mkdir(exist_ok=True)
        (world.folder / path).write_bytes(data)
        (world.folder / path).chmod(0o600)
    (world.folder / SINKS).mkdir(exist_ok=True)


def _looked_at(world: Bench, image: Mapping[str, bytes], promises: Mapping[str, bytes]) -> tuple[str, list[str]]:
    """The ledger's head, and what of the image breaks a promise. It lies in the bench's folder then."""
    _lay_out(world, image)
    kept = {path: data for path, data in promises.items() if path not in (EVENTS, BEGUN)}
    found = [f"{path} is not what it was said to hold" for path, data in kept.items() if image.get(path) != data]
    try:
        with open_ledger(world.ledger, who=whoami(), clock=real_clock()) as ledger:
            head, history = ledger.head, ledger._history
            last = history.last.seq
    except LedgerUnusable as error:
        return "", [*found, f"the ledger: {error}"]
    durable, begun = (int(promises.get(name, b"0")) for name in (EVENTS, BEGUN))
    if last < durable:
        found.append(f"the ledger ends with event {last}, and {durable} were durable")
    if begun and last > begun:
        found.append(f"the ledger ends with event {last}, and only {begun} were ever begun")
    return head, found


def _recovery(world: Bench, image: Mapping[str, bytes], moment: Moment, count: Count) -> list[str]:
    """Run again from there."""
    _lay_out(world, image)
    for name, twin in world.twins.items():
        twin.load(moment.states[name])
        twin.log.clear()
        for entry in moment.logs[name]:
            twin.log.add(entry)
    count.recoveries += 1
    try:
        count.asked += bool(recovered(world, concurrency=8).questions)
    except AssertionError as error:
        return [str(error)[:2_000] or "another end than the undisturbed run's"]
    return []


def run(change: str, *, seed: int, samples: int, share: float, most: int | None, concurrency: int) -> Count:
    """The whole: twins, a film, and the losses."""
    with TemporaryDirectory() as folder, bench("plain", Path(folder), change) as world:
        undisturbed(world)
        return campaign(world, film(world, concurrency), seed=seed, samples=samples, share=share, most=most)


def main() -> int:
    parser = argparse.ArgumentParser(description="Power loss at every operation on the disk.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--samples", type=int, default=6, help="disks per operation")
    parser.add_argument("--share", type=float, default=1.0, help="of the operations on the ledger")
    parser.add_argument("--count", type=int, help="at most so many recoveries")
    parser.add_argument("--change", default="mixed")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--record", nargs=2, metavar=("JOB", "FILE"), help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.record:
        record(json.loads(Path(words.record[0]).read_text(encoding="utf-8")), Path(words.record[1]))
        return 0
    began = time.monotonic()
    found = run(
        words.change,
        seed=words.seed,
        samples=words.samples,
        share=words.share,
        most=words.count,
        concurrency=words.concurrency,
    )
    print(
        f"power loss, {words.change}: {found.operations} operations, {found.images} disks, {found.recoveries}"
        f" different recoveries ({found.asked} asked a person), {len(found.wrong)} violations, seed {words.seed},"
        f" {time.monotonic() - began:.0f} s"
    )
    for text in found.wrong:
        print(f"  {text}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
