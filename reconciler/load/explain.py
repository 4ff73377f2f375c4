"""Mistakes -> problems: each with its place, one per mistake, and a guess at what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from reconciler.load.characters import visible
from reconciler.load.mistakes import MOST, Mistake, declared, mistakes
from reconciler.load.nearest import did_you_mean, listed, nearest
from reconciler.load.positions import Positions
from reconciler.load.sentences import example, form, sentence, shown
from reconciler.model.json import Json
from reconciler.model.place import Problem, SpecPath
from reconciler.model.record import Record

if TYPE_CHECKING:
    from reconciler.load.shape import Form


class Where(Record, frozen=True):
    """The part of a document that is looked at: `base` are the steps to it, `said` what to call the document."""

    positions: Positions
    base: SpecPath = ()
    said: str = ""

    def problem(self, path: SpecPath, message: str, hint: str = "", *, rule: str, at_key: bool = False) -> Problem:
        """A problem with what stands at `base` + `path`."""
        whole = (*self.base, *path)
        place = self.positions.key(whole) if at_key else self.positions.nearest(whole)
        text = ": ".join(part for part in (self.said, dotted(whole), message) if part)
        return Problem(place, visible(text), visible(hint), rule=rule)


def dotted(path: SpecPath) -> str:
    """`spec.members[0].user`; names too long to read are cut."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step[:60]}" for step in path).lstrip(".")


def check(validator: Form, value: Json, where: Where) -> list[Problem]:
    """All mistakes of a value against a schema, in file order."""
    if validator.accepts(value):
        return []
    return sorted(_all(list(mistakes(validator, value)), where))


def _all(found: Sequence[Mistake], where: Where) -> Iterator[Problem]:
    """A missing field whose name is only misspelt is one mistake, not two; and so is an empty text."""
    meant = {(m.path, name) for m in found if m.word == "additionalProperties" for name in _meant(m)}
    empty = {m.path for m in found if m.word == "minLength" and m.value == ""}
    for mistake in found:
        misspelt = mistake.word == "required" and (mistake.path, mistake.detail) in meant
        if not misspelt and not (mistake.word == "pattern" and mistake.path in empty):
            yield from _problems(mistake, where)


def _problems(mistake: Mistake, where: Where) -> Iterator[Problem]:
    if mistake.is_name:
        path, message = (*mistake.path, str(mistake.value)), f"{shown(mistake.value)} cannot be a name here"
        yield where.problem(path, message, form(mistake), rule="name", at_key=True)
    elif mistake.word == "additionalProperties":
        yield from _unknown(mistake, where)
    elif mistake.word == "required":
        message, hint = f"'{mistake.detail}' is missing", example(mistake.schema, mistake.detail)
        yield where.problem(mistake.path, message, hint, rule="missing-field", at_key=True)
    elif mistake.word == "uniqueItems":
        yield _repeated(mistake, where)
    elif mistake.alternatives:
        yield from _all(_likely(mistake), where)
    else:
        message, hint = sentence(mistake)
        rule = "refused" if "x-refused" in mistake.schema else mistake.word
        yield where.problem(mistake.path, message, hint, rule=rule, at_key=mistake.word == "not")


def _likely(mistake: Mistake) -> Sequence[Mistake]:
    """Of several forms the one that was probably meant: its type is right, its mistakes are deep, and few."""

    def fit(branch: Sequence[Mistake]) -> tuple[bool, int, int]:
        right_type = not any(m.word == "type" and m.path == mistake.path for m in branch)
        return right_type, max(len(m.path) for m in branch), -len(branch)

    return max(mistake.alternatives, key=fit)


def _unknown(mistake: Mistake, where: Where) -> Iterator[Problem]:
    fields = _writable(mistake)
    for name in _extra(mistake):
        hint = did_you_mean(name, fields, f"known: {listed(fields)}" if fields else "")
        yield where.problem((*mistake.path, name), "unknown field", hint, rule="unknown-field", at_key=True)


def _meant(mistake: Mistake) -> Iterator[str | None]:
    return (nearest(name, _writable(mistake)) for name in _extra(mistake))


def _writable(mistake: Mistake) -> list[str]:
    fields = declared(mistake.schema)
    return [n for n, one in fields.items() if not isinstance(one, dict) or not _closed(one)]


def _closed(node: Mapping[str, Json]) -> bool:
    return node.get("readOnly") is True or "x-refused" in node


def _extra(mistake: Mistake) -> Iterator[str]:
    """The names that the schema does not know, as many as anybody reads."""
    found = mistake.value if isinstance(mistake.value, dict) else {}
    return islice((name for name in found if name not in declared(mistake.schema)), MOST)


def _repeated(mistake: Mistake, where: Where) -> Problem:
    first = where.positions.nearest((*where.base, *mistake.path[:-1], int(mistake.detail)))
    return where.problem(mistake.path, f"the same as the item at {first}", "remove one", rule="repeated-item")
