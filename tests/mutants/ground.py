"""Where mutants live: a copy of the checkout in which every function of some rooms stands beside all its small
mistakes, one of which is switched on at a time. What did not change since the last time is kept."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
GROUND = HERE / ".cache" / "mutants"
ROOMS = ("diff", "plan", "apply")
"""The rooms that decide what is sent."""
BESIDE = ("schemas", "manifests", "examples", "tests")
"""Folders that the tests read."""
MISSING = (
    "mutmut is missing; it is not among what `make` installs: .venv/bin/python -m pip install -e '.[mutants]'"
)


def missing() -> bool:
    return find_spec("mutmut") is None


def prepared(only: Sequence[str] = ()) -> list[str]:
    """The names of all mutants of these files (`reconciler/plan/guards.py`), or of all; the copy is made anew,
    with the others as they are."""
    _copy()
    wanted = [path for path in files() if not only or path in only]
    for path in files():
        if path not in wanted and not _is_mutated(path):
            (GROUND / path).with_suffix(".source").unlink(missing_ok=True)
            shutil.copy(HERE / path, GROUND / path)
    return [name for path in wanted for name in mutants_of(path)]


def files() -> list[str]:
    """The files whose functions are mutated, as paths inside the checkout."""
    found = (p for room in ROOMS for p in (HERE / "reconciler" / room).glob("*.py"))
    return sorted(str(p.relative_to(HERE)) for p in found)


def file_of(mutant: str) -> str:
    return mutant.rpartition(".")[0].replace(".", "/") + ".py"


def mutants_of(path: str) -> list[str]:
    """`reconciler.plan.guards.x_contents__mutmut_7`, in the order in which they stand in the file."""
    text = _mutated(path).read_text(encoding="utf-8")
    found = re.findall(r"\['(x[^']+__mutmut_\d+)'\] = ", text)
    return [f"{path.removesuffix('.py').replace('/', '.')}.{name}" for name in found]


def shown(mutant: str) -> str:
    """What a mutant does to its function, as a difference of two texts."""
    text = (GROUND / file_of(mutant)).read_text(encoding="utf-8")
    name = mutant.rpartition(".")[2]
    was, now = (_function(text, n) for n in (re.sub(r"_\d+$", "_orig", name), name))
    return "\n".join(unified_diff(was, now, mutant, mutant, lineterm="", n=1))


def _function(text: str, name: str) -> list[str]:
    found = next(node for node in ast.walk(ast.parse(text)) if getattr(node, "name", "") == name)
    lines = (ast.get_source_segment(text, found) or "").splitlines()
    return [line.replace(name, name.partition("__mutmut")[0]) for line in lines if line]


def _copy() -> None:
    for name in BESIDE:
        shutil.rmtree(GROUND / name, ignore_errors=True)
        shutil.copytree(HERE / name, GROUND / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "pyproject.toml", GROUND)
    there, mutated = set(_sources()), set(files())
    for path in there:
        (GROUND / path).parent.mkdir(parents=True, exist_ok=True)
        if path not in mutated:
            shutil.copy(HERE / path, GROUND / path)
    for old in (p for p in (GROUND / "reconciler").rglob("*.py") if str(p.relative_to(GROUND)) not in there):
        old.unlink()


def _sources() -> Iterator[str]:
    yield from (str(p.relative_to(HERE)) for p in (HERE / "reconciler").rglob("*.py"))


def _mutated(path: str) -> Path:
    """The file in the copy that holds all mutants of one; written if its source changed."""
    source, to = (HERE / path).read_text(encoding="utf-8"), GROUND / path
    if not _is_mutated(path):
        to.write_text(_all_mutants(path, source), encoding="utf-8")
        to.with_suffix(".source").write_text(_digest(path), encoding="utf-8")
    return to


def _is_mutated(path: str) -> bool:
    """Whether the copy holds all mutants of a file as it is now."""
    stamp = (GROUND / path).with_suffix(".source")
    return (GROUND / path).exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == _digest(path)


def _digest(path: str) -> str:
    return sha256((HERE / path).read_bytes()).hexdigest()


def _all_mutants(path: str, source: str) -> str:
    mutation = import_module("mutmut.mutation.file_mutation")
    return str(mutation.mutate_file_contents(path, source).code)
