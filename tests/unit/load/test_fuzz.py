"""Manifests changed at random: never a traceback, and a place for whatever is refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

from reconciler.load.attached import Attached, project_file
from reconciler.load.documents import Desk
from reconciler.load.events import read
from reconciler.load.references import reference_problems, register
from reconciler.load.uniqueness import repeated
from reconciler.load.validators import Validators
from reconciler.load.variables import Variables
from reconciler.model.document import Target
from reconciler.model.place import Problem
from tests.unit.load.projects import FOLDER, LABEL, TEAM, catalog, partner
from tests.unit.load.seeded import MISTAKES

ROUNDS = 5_000
TARGETS = {"analytics": Target("analytics", "omni-analytics"), "studio": Target("studio", "studio-tracker")}
SEEDS = [
    "---\n".join((LABEL, FOLDER, TEAM, partner("acme", parent="other", owner="jane@example.com"))),
    *(text.replace("¦", "") for text in MISTAKES.values()),
]
PIECES = [
    b"&a ", b"*a", b"!!str ", b"<<: ", b"- ", b": ", b"[", b"]", b"{", b"}", b"'", b'"', b"|", b">", b"#", b"\t",
    b"\n", b"\r", b"---\n", b"...\n", b"%YAML 1.1\n", b"? ", b"null", b"true", b"0x1f", b"1e999", b".nan",
    b"\x00", b"\x1b", b"\xff",
    b"\xe2\x80\xae", b"\xef\xbb\xbf", b"${var.region}", b"${", b"$${", b"\\", b"\\u0000", b"9" * 5_000,
    b"[" * 70, b"name", b"spec:", b"metadata:", b"Label", b"kind: Folder\n", b"path: [a, [b]]", b"[]", b"{}", b"-",
]  # fmt: skip


def _cut(data: bytes, rng: random.Random) -> bytes:
    at, length = rng.randrange(len(data) + 1), rng.randrange(1, 40)
    return data[:at] + data[at + length :]


def _put(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(PIECES) + data[at:]


def _flip(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _copy(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"".join(lines)


def _swap(data: bytes, rng: random.Random) -> bytes:
    """One word of the file in the place of another: right in form, wrong in type."""
    words = [w for w in data.replace(b",", b" ").split() if w]
    return data.replace(rng.choice(words), rng.choice(words), 1) if words else data


CHANGES: list[Callable[[bytes, random.Random], bytes]] = [_cut, _put, _flip, _copy, _swap]


def _mutated(seed: int) -> bytes:
    rng = random.Random(seed)
    data = rng.choice(SEEDS).encode()
    for _ in range(rng.randrange(1, 5)):
        data = rng.choice(CHANGES)(data, rng) or b"a"
    return data


def judged(data: bytes) -> list[Problem]:
    """All that the loader says of one file."""
    known = catalog()
    reading = read(data, "f.yaml")
    attached = Attached(partial(project_file, Path("/dev/null")))
    desk = Desk(TARGETS, Validators(known.kinds), Variables({"region": "EMEA"}), attached)
    drafts = [draft for parsed in reading.documents for draft in desk.drafts(parsed)]
    filed = register(drafts, known.kinds, whole=reading.complete)
    problems = [*reading.problems, *(p for d in drafts for p in d.problems), *repeated(drafts, filed)]
    problems += reference_problems(drafts, filed)
    for document in (d.document for d in drafts if d.document):
        at = (document.provider, document.kind)
        problems += known.verbs[at].check(known.kinds[at], [document])
    sound = reading.complete and all(d.document for d in drafts)
    assert problems or sound, "refused without a word"
    return problems


def test_changed_manifests_never_break_the_loader() -> None:
    refused = 0
    for seed in range(ROUNDS):
        problems = judged(_mutated(seed))
        refused += bool(problems)
        for problem in problems:
            assert problem.place.file == "f.yaml", seed
            assert problem.place.line >= 1, seed
            assert problem.place.column >= 1, seed
            assert problem.message, seed
            assert str(problem).isprintable(), seed
    assert ROUNDS // 2 < refused < ROUNDS
