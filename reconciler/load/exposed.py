"""Files with secrets that lie in the project, where git would take them along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import normpath
from typing import Final

from reconciler.load import git
from reconciler.load.draft import Draft
from reconciler.load.explain import Where
from reconciler.model.json import Json
from reconciler.model.kind import Field
from reconciler.model.place import Problem, Severity, SpecPath

WORD: Final = "fromFile"


def exposed(root: Path, drafts: Sequence[Draft]) -> list[Problem]:
    """A warning for each secret whose file is there, and which git tracks or would add. Git is asked once, and
    only where a document names such a file."""
    named = [
        (draft, path, file)
        for draft in drafts
        if draft.kind is not None and draft.facts is not None and draft.facts.hides
        for path, file in _files(draft.kind.fields, draft.spec, ("spec",))
    ]
    paths = sorted({file for _, _, file in named})
    kept = git.kept_by(root, paths) if paths else set()
    return [_warning(draft, path, file) for draft, path, file in named if file in kept]


def _files(
    fields: Mapping[str, Field], values: Mapping[str, Json], above: SpecPath
) -> Iterator[tuple[SpecPath, str]]:
    for name, one in fields.items():
        value = values.get(name)
        for at, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            path = (*above, name) if at is None else (*above, name, at)
            if not isinstance(item, dict):
                continue
            file = item.get(WORD)
            if one.write_only and isinstance(file, str) and _inside(file):
                yield path, normpath(file)
            yield from _files(one.entries, item, path)


def _inside(file: str) -> bool:
    """Whether git can be asked about it at all; what else is wrong with it is told elsewhere."""
    path = normpath(file)
    return bool(file) and file.isprintable() and path != "." and not path.startswith(("/", "../")) and path != ".."


def _warning(draft: Draft, path: SpecPath, file: str) -> Problem:
    where = Where(draft.positions, (), str(draft.address) if draft.address else "")
    found = where.problem(path, f"git does not ignore {file}, which holds a secret", rule="exposed")
    return Problem(found.place, found.message, f"add {file} to .gitignore", Severity.WARNING, found.rule)
