"""Random documents of a kind: what its rows and deeds say of each field, and what its schema allows besides."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from reconciler.model.json import ABSENT, Json
from reconciler.model.kind import Kind
from tests.contract.every_kind import TABLES
from tests.contract.every_row import Row, Sheet, Step, Table, put
from tests.world import catalog

Pool = tuple[Row, tuple[Step, ...]]
TEXTS: Final = ("Zoë – ½ <b>", "007", "true", "null", "1e3", "a/b c", "x" * 20, "Ünï", "0", "=1+1", "{}", "é")
"""What looks like something else: a number, a truth value, a formula, a path."""
STEERING: Final = ("x-ref", "x-mentions", "x-opaque", "x-file", "x-pin", "x-names", "x-sink", "pattern", "format")
"""A text with one of these words is not free."""


def drawn_kinds() -> dict[tuple[str, str], Kind]:
    """Every kind that manifests can declare, by provider and name: all of the catalog but sources and refused."""
    known = catalog()
    return {at: kind for at, kind in known.kinds.items() if not kind.source and at not in known.refused}


def table_of(at: tuple[str, str]) -> Table:
    """The table of a kind: what a least document of it is, and which values the world around it has names for.
    Raises LookupError where a kind has none."""
    for table in TABLES:
        if table.at == at:
            return table
    raise LookupError(
        f"{'/'.join(at)} has no table in tests/contract/every_kind.py, so nothing can be drawn of it"
    )


def free_values(schema: Mapping[str, Any]) -> Iterator[Json]:
    """Values of a field that need nothing around them, out of its schema alone."""
    if any(word in schema for word in ("readOnly", "writeOnly", "x-refused", "x-nested", "x-entry-key")):
        return
    yield from schema.get("enum", ())
    if "enum" in schema:
        return
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if "boolean" in types:
        yield from (True, False)
    if "integer" in types or "number" in types:
        least = int(schema.get("minimum", 0))
        yield from (n for n in (least, least + 1, least + 7) if n <= schema.get("maximum", n))
    if "string" in types and not any(word in schema for word in STEERING):
        low, high = schema.get("minLength", 0), schema.get("maxLength", 1_000)
        yield from (text for text in TEXTS if low <= len(text) <= high)
    if "string" in types and schema.get("format") in ("date", "date-time"):
        hours = "T23:30:00-05:30" if schema["format"] == "date-time" else ""
        yield from (f"{day}{hours}" for day in ("2026-02-28", "2028-02-29", "2026-12-31"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be said of a kind. `sheets`: whole documents of it; `rows`: each row with what its steps say and
    what the schema allows besides; `consents`: words that `lifecycle.allow` takes somewhere in its table."""

    table: Table
    sheets: tuple[Sheet, ...]
    rows: tuple[Pool, ...]
    consents: tuple[str, ...]


def choices(at: tuple[str, str]) -> Choices:
    """Raises LookupError for a kind of which nothing can be drawn."""
    table = table_of(at)
    found = [d for deed in table.deeds for d in (deed.first, deed.now) if d is not None]
    own = [s for s in found if s.kind in ("", table.kind)]
    return Choices(table, (Sheet(), *own), tuple(_pools(table, at)), tuple(_consents(table, own)))


def _pools(table: Table, at: tuple[str, str]) -> Iterator[Pool]:
    properties: Any = catalog().kinds[at].schema["properties"]
    for row in table.rows:
        schema = properties[row.top] if "/" not in row.path else {}
        yield row, (*row.steps, *(Step(v) for v in free_values(schema)))
    key = catalog().kinds[at].key
    if key not in {row.path for row in table.rows}:
        yield (
            Row(key, "", ()),
            tuple(Step(v) for v in (table.spec.get(key, ABSENT), *free_values(properties[key]))),
        )


def _consents(table: Table, sheets: list[Sheet]) -> list[str]:
    lives = [*(s.life for s in sheets), *(r.life for r in table.rows)]
    words = {str(word) for life in lives for word in _words(life.get("allow"))}
    return sorted(words)


def _words(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def drawn_sheet(rng: random.Random, among: Choices) -> tuple[Sheet, tuple[Sheet, ...]]:
    """A random document, and what stands beside it; the loader has not judged it yet."""
    base = rng.choice(among.sheets) if rng.random() < 0.5 else Sheet()
    spec: dict[str, Any] = {**among.table.spec, **base.spec}
    life, metadata, beside = dict(base.life), dict(base.metadata), list[Sheet]()
    share = rng.choice((0.0, 0.1, 0.3, 0.6))
    for row, steps in rng.sample(among.rows, len(among.rows)):
        if rng.random() < (share if row.path != catalog_key(among.table) else 0.03):
            step = rng.choice(steps)
            spec = put(among.table, {**spec, **row.more, **step.more}, row.path, step.says)
            life |= row.life
            metadata |= row.metadata
            beside += [s for s in row.beside if s not in beside]
    if among.consents and rng.random() < 0.6:
        life["allow"] = list[Json](among.consents)
    clean = {k: v for k, v in spec.items() if v is not ABSENT}
    return replace(base, spec=clean, life=life, metadata=metadata), tuple(beside)


def catalog_key(table: Table) -> str:
    return catalog().kinds[table.at].key
