"""Foreign text of every sort behind every command and every form of its output: nothing of it acts anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.report.style import cells
from reconciler.twins import Answer, OmniTwin
from reconciler.twins.core.values import Request
from reconciler.twins.omni_analytics.things import Folder, Label, fold
from tests.safety.aviary import Aviary
from tests.safety.canaries import filled, said
from tests.safety.hostile import SAMPLE, acting
from tests.safety.mishaps import echoing
from tests.safety.words import LONG, Leaf, leaves

NAME = SAMPLE.replace("/", "|")
"""Of a thing that is live."""
FILE = NAME.replace("\0", "")[:80]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aviary]:
    """All is applied; then names drift, and things that nobody declares appear."""
    with filled(tmp_path_factory.mktemp("outputs")) as made:
        made.reset("applied")
        omni = made.twins["analytics"]
        assert isinstance(omni, OmniTwin)
        labels, folders = omni.state.of(Label), omni.state.of(Folder)
        labels[fold(NAME)] = replace(labels.pop("fresh"), name=NAME)
        some = next(iter(folders.values()))
        folders["odd"] = replace(some, id="odd", name=NAME)
        made.keep("drifted")
        yield made


def choices() -> list[tuple[Leaf, tuple[str, ...]]]:
    return [(leaf, more) for leaf in leaves() if leaf.path not in LONG for more in ((), *leaf.more)]


CHOICES = choices()


def harmless(text: str, *, wide: bool) -> None:
    assert acting(text, besides="\n\r") == set()
    assert text.count("\r") == text.count("\r\n")  # only CSV ends its lines so
    for line in text.splitlines() if wide else ():
        longest = max((cells(word) for word in line.split()), default=0)
        assert cells(line) <= 80 or longest > 40, line


@pytest.mark.parametrize(("leaf", "more"), CHOICES, ids=[f"{c.name} {' '.join(m)}" for c, m in CHOICES])
def test_what_is_live_acts_on_nobodys_terminal(world: Aviary, leaf: Leaf, more: tuple[str, ...]) -> None:
    world.reset("drifted")
    latest = Path("RUN").read_text(encoding="utf-8")
    words = [latest if w == "RUN" else w for w in (*leaf.path, *leaf.base, *more)]

    _, text = said(words)

    if leaf.path != ("completion",):  # a script for a shell, none of it foreign
        harmless(text, wide=False)


@pytest.mark.parametrize("words", [["plan"], ["apply", "--yes"], ["import", "analytics"], ["doctor"], ["drift"]])
@pytest.mark.parametrize("debug", [False, True])
def test_the_words_of_a_server_act_on_nobodys_terminal(world: Aviary, words: list[str], debug: bool) -> None:
    world.reset("drifted")

    def answer(twin: Any, _: Request, __: Answer, ___: str) -> Answer:
        refused: Answer = twin.error(403, SAMPLE)
        return refused

    with echoing(world, answer, writes=words[0] == "apply"):
        _, text = said([*words, *(["--debug"] if debug else [])])

    assert "\\x1b" in text
    harmless(text, wide=not debug)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_names_of_files_and_what_is_wrong_in_them_act_on_nobodys_terminal(world: Aviary, form: str) -> None:
    world.reset("new")
    (Path("manifests") / f"{FILE}.yaml").write_text('apiVersion: "\\e[31m"\nkind: "\\u202eX"\n', encoding="utf-8")

    code, text = said(["validate", "--output", form])

    assert code == 1
    harmless(text, wide=form == "text")


def test_the_words_that_were_typed_act_on_nobodys_terminal(world: Aviary) -> None:
    world.reset("new")
    typed = FILE
    lines = (
        "{} | plan {} | plan --project {} | show {} | explain {} | init {} | import {} | plan --out {} --only {}"
    )
    lines += " | apply --yes --var {} | history show {} | ledger show {} | access --who {}"
    for line in lines.split(" | "):
        words = [typed if word == "{}" else word for word in line.split()]
        with suppress(SystemExit):
            _, text = said(words)
        harmless(text, wide=False)
        os.chdir(world.project)
