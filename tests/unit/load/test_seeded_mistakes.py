"""Every mistake of the table is found once, at the character where it is, with words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.characters import BREAK
from reconciler.load.events import read
from tests.unit.load.projects import said
from tests.unit.load.seeded import MISTAKES


def _said() -> dict[str, object]:
    value = read((Path(__file__).parent / "said.yaml").read_bytes(), "said.yaml").documents[0].value
    assert isinstance(value, dict)
    return {**value}


SAID = _said()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_explained_where_it_is(name: str, tmp_path: Path) -> None:
    before, _, _ = MISTAKES[name].partition("¦")
    lines = BREAK.split(before)

    found = said(tmp_path, MISTAKES[name].replace("¦", ""))

    assert found == [f"manifests/a.yaml:{len(lines)}:{len(lines[-1]) + 1}: {SAID[name]}"]


def test_the_table_is_long_and_every_row_has_its_words() -> None:
    assert len(MISTAKES) >= 100
    assert list(SAID) == list(MISTAKES)


def test_where_the_kind_is_not_known_no_spec_of_another_is_an_example(tmp_path: Path) -> None:
    text = "apiVersion: omni-analytics/v1\nkind: Lable\nmetadata: {name: a}\n"

    found = said(tmp_path, text)

    assert any("'spec' is missing" in line for line in found)
    assert not any("for example `spec" in line for line in found)


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    """A file that is not YAML hides nothing that is wrong with the others."""
    names = ["open quote", "unknown field", "duplicate key", "impossible removal", "no e-mail address"]
    texts = {f"{i}": MISTAKES[name].replace("¦", "") for i, name in enumerate(names)}
    # One name each, so that they are not duplicates of each other.
    texts = {
        i: t.replace("name: production", f"name: no-{i}").replace("Production", f"No {i}")
        for i, t in texts.items()
    }
    files = {f"manifests/{i}.yaml": t for i, t in texts.items()}

    found = said(tmp_path, {**files})

    assert [line.split(":", maxsplit=1)[0] for line in found] == sorted(files)
