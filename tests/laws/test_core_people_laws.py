"""Keywords and directories of OMN Core with people at work between two manifests: whatever they do is put right,
or told and left to them, and then nothing is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.document import Document
from tests.laws import directories, forests, test_directory_laws, test_keyword_laws
from tests.world import CORE, World, world

KINDS = ("Keyword", "Directory")
Deed = tuple[int, int, str]
deeds = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.sampled_from("abx")), max_size=4)
"""What is done, to which one, with which word."""


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        one.expect_missing = frozenset(f"{CORE}/{kind}" for kind in KINDS)
        yield one


def settle(k: World, documents: list[Document]) -> None:
    """Plan and apply; what cannot be done for what people have done waits for them."""
    k.documents = documents
    plan = k.plan()
    assert len(plan.writes) == plan.bound
    report = k.checked_apply(plan)
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded", "held"}, report.outcomes
    left = k.plan()
    assert [c.line for c in left.writes] == [], [(str(a.address), a.notes, a.holds) for a in left.actions]


@given(test_keyword_laws.changes(), deeds)
def test_keywords(k: World, worlds: tuple[forests.Forest, forests.Forest], meanwhile: Sequence[Deed]) -> None:
    before, after = worlds
    test_keyword_laws.begun(k, before, ours=True)
    for deed in meanwhile:
        in_keywords(k, *deed)

    settle(k, forests.documents(after, before))


def in_keywords(k: World, what: int, which: int, word: str) -> None:
    """Somebody makes, renames, relabels, moves or deletes a keyword."""
    paths = sorted(k.core.paths())
    one = paths[which % len(paths)] if paths else ""
    other = paths[(which * 7 + 3) % len(paths)] if paths else ""
    beside = one.rpartition("/")[0]
    if what == 0 and free(paths, f"{one}/{word}"):
        k.core.add_keyword(word, one or "/")
    elif one and what == 1 and free(paths, f"{beside}/{word}"):
        k.core.change_keyword(one, value=word)
    elif one and what == 2:
        k.core.change_keyword(one, labels={"en_EN": f"{word}{which}"})
    elif one and what == 3 and not f"{other}/".startswith(f"{one}/"):
        if free(paths, f"{other}/{one.rpartition('/')[2]}"):
            k.core.move_keyword(one, other)
    elif one and what == 4:
        k.core.remove_keyword(one)


def free(paths: Sequence[str], path: str) -> bool:
    return path not in paths


@given(directories.changes(), deeds)
def test_directories(
    k: World, worlds: tuple[directories.Tree, directories.Tree], meanwhile: Sequence[Deed]
) -> None:
    before, after = worlds
    test_directory_laws.begun(k, before, ours=True)
    for deed in meanwhile:
        in_directories(k, *deed)

    settle(k, directories.documents(after, before))


def in_directories(k: World, what: int, which: int, word: str) -> None:
    """Somebody makes, renames, describes, moves or deletes a directory."""
    paths = sorted(k.core.directory_paths())
    one = paths[which % len(paths)] if paths else "/MAM"
    other = paths[(which * 7 + 3) % len(paths)] if paths else "/MAM"
    beside = one.rpartition("/")[0]
    if what == 0:
        k.core.add_directory(f"{one}/{word}")
    elif paths and what == 1 and free(paths, f"{beside}/{word}"):
        k.core.rename_directory(one, word)
    elif paths and what == 2:
        k.core.describe_directory(one, {"V": word})
    elif paths and what == 3 and not f"{other}/".startswith(f"{one}/"):
        if one.split("/")[1] == other.split("/")[1] and free(paths, f"{other}/{one.rpartition('/')[2]}"):
            k.core.move_directory(one, other)
    elif paths and what == 4:
        k.core.remove_directory(one)
