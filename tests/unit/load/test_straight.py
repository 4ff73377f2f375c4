"""The straight way makes of a document what the thorough one makes of it, or leaves it to that one."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from reconciler.load.attached import Attached, project_file
from reconciler.load.desired import STEP, Seen, desired_in_steps
from reconciler.load.documents import Desk
from reconciler.load.files import SourceFile
from reconciler.load.reading import read
from reconciler.load.validators import Validators
from reconciler.load.variables import Variables
from reconciler.model.document import Desired, Target
from reconciler.model.faults import ManifestInvalid
from tests.unit.load import test_fuzz
from tests.unit.load.projects import FOLDER, LABEL, TEAM, catalog, load, partner, write

CHECKOUT: Final = Path(__file__).parents[3]
KNOWN = catalog()
SEED = "---\n".join([LABEL, FOLDER, TEAM, partner("acme", owner="jane@example.com", tags="[a, b]")]).encode()
PLACES = {p: Target(p, p) for p in sorted({provider for provider, _ in KNOWN.kinds})}


def both(data: bytes, targets: dict[str, Target]) -> tuple[int, int]:
    """How many documents there are, and how many went the straight way; each is the same by both."""
    attached = Attached(partial(project_file, CHECKOUT))
    desk = Desk(targets, Validators(KNOWN.kinds, KNOWN.refused), Variables({"region": "EMEA"}), attached)
    count = straight = 0
    for parsed in read(SourceFile("f.yaml", data)).documents:
        count += 1
        if draft := desk.straight.draft(parsed):
            straight += 1
            assert [draft] == [*desk.thorough(parsed)]
            assert draft.document
            assert not draft.problems
    return count, straight


def test_every_manifest_here() -> None:
    files = [path for folder in ("manifests", "examples") for path in (CHECKOUT / folder).rglob("*.yaml")]
    found = [both(path.read_bytes(), PLACES) for path in files]
    count, straight = (sum(one[i] for one in found) for i in (0, 1))
    assert count > 100
    assert straight > count // 3


def test_changed_manifests() -> None:
    rng, straight = random.Random(1), 0
    for _ in range(1_500):
        data = rng.choice(test_fuzz.CHANGES)(SEED, rng) or b"a"
        straight += both(data, test_fuzz.TARGETS)[1]
    assert straight > 300


@pytest.mark.parametrize(
    ("text", "straight"),
    [
        (LABEL, True),
        (LABEL.replace("name: production", "name: production, target: analytics"), True),
        (LABEL.replace("name: production", "name: production, labels: {a: b}, description: x"), True),
        (LABEL.replace("name: production", "name: production, lifecycle: {protect: true}"), False),
        (LABEL.replace("name: production", "name: production, id: x"), False),
        (LABEL.replace("name: production", "name: production, previously: {name: x}"), False),
        (LABEL.replace("name: Production", "name: 'US$'"), False),
        (LABEL.replace("name: Production", 'name: "a\\x24b"'), False),
        (LABEL.replace("name: Production", "name: Pro, other: 1"), False),
        (LABEL.replace("name: production", "name: [a]"), False),
        (LABEL.replace("name: production", "name: production, target: [a]"), False),
        (LABEL.replace("name: production", "name: production, target: studio"), False),
        (LABEL.replace("kind: Label", "kind: [Label]"), False),
        (LABEL.replace("v1", "v2"), False),
        (partner("acme"), True),
        (partner("acme", branches="[{name: North}]"), False),
        (partner("acme", branchesMode="exact"), False),
        (partner("acme", password="{fromEnv: A, version: 1}"), True),
    ],
)
def test_what_is_ordinary(text: str, straight: bool) -> None:
    assert both(text.encode(), test_fuzz.TARGETS) == (1, int(straight))


def steps_of(root: Path) -> tuple[list[Seen], Desired]:
    found, steps = [], desired_in_steps(root, catalog())
    while True:
        try:
            found.append(next(steps))
        except StopIteration as end:
            return found, end.value


def test_steps_tell_each_document_once(tmp_path: Path) -> None:
    count = 4 * STEP + 7
    write(tmp_path, "---\n".join(partner(f"p{i:04}") for i in range(count)))
    seen, found = steps_of(tmp_path)

    told = [document for one in seen for document in one.documents]
    assert len(seen) == 5
    assert all(one.sound for one in seen)
    assert sorted(told, key=lambda d: d.address) == [*found.documents]
    assert found == load(tmp_path)


def test_steps_say_when_something_is_wrong(tmp_path: Path) -> None:
    texts = [partner(f"p{i:04}") for i in range(3 * STEP)]
    texts[STEP + 3] = partner("wrong", size="11")
    write(tmp_path, "---\n".join(texts))
    steps, sound = desired_in_steps(tmp_path, catalog()), []
    with pytest.raises(ManifestInvalid):  # noqa: PT012 - it is the last step that raises
        while True:
            sound.append(next(steps).sound)
    assert sound == [True, False, False, False]
