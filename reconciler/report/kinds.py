"""The kinds there are, and what can be done with each."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.report.escape import json_text, md, prose, safe
from reconciler.report.style import Look, Piece, Sheet, Style


def kinds_text(kinds: Iterable[Kind], style: Style) -> str:
    """Per provider one line for each kind: its name, its abilities, and what it is; then what is refused."""
    sheet = Sheet(style)
    every = _sorted(kinds)
    found = [k for k in every if not never(k)]
    column = max((len(k.name) for k in found), default=0) + 2
    provider = ""
    for kind in found:
        if kind.provider != provider:
            provider = kind.provider
            sheet.title(safe(provider))
        sheet.line(
            Piece(safe(kind.name).ljust(column), Look.HEAD), safe(", ".join(can(kind))), indent=2, hang=column
        )
        if kind.tokens:
            sheet.line(f"once: {safe(', '.join(kind.tokens))}", indent=2 + column, hang=0)
        if not kind.source and not observed(kind):
            sheet.line(f"leaving git: {leaving(kind)}", indent=2 + column, hang=0)
        sheet.line(Piece(safe(kind.description), Look.QUIET), indent=2 + column, hang=0)
    sheet.gap()
    for kind in (k for k in every if never(k)):
        name = safe(f"{kind.provider}/{kind.name}")
        sheet.line("refused: ", Piece(name, Look.HEAD), f" - {safe(kind.refused)}")
    sheet.gap()
    sheet.line("more about one: reconciler explain KIND, or KIND.field")
    return sheet.text()


def never(kind: Kind) -> bool:
    """Whether a kind can neither be managed nor referred to."""
    return bool(kind.refused) and not kind.source


def observed(kind: Kind) -> bool:
    """Whether a manifest of it can only be compared: nothing makes or changes such a thing."""
    return not kind.source and not kind.abilities


def can(kind: Kind) -> tuple[str, ...]:
    """What can be done with a kind: `create, update`; `observe` where differences are only told."""
    return ("observe",) if observed(kind) else kind.abilities


def known_by(kind: Kind) -> str:
    """`space and key`; of what no list and no search shows, the id alone."""
    if not kind.findable:
        return "its recorded or pinned id alone: no list and no search shows it"
    return " and ".join((*kind.scope, kind.key))


def leaving(kind: Kind) -> str:
    """`release by default, or delete`: what becomes of a thing whose document leaves git."""
    others = [word for word in kind.prune.allowed if word != kind.prune.default]
    return (
        f"{kind.prune.default} by default, or {' or '.join(others)}" if others else f"always {kind.prune.default}"
    )


def kinds_json(kinds: Iterable[Kind]) -> str:
    """`[{provider, kind, abilities, onRemove: {default, allowed}, key, findable, tokens, refused}]`, sorted;
    onRemove is null where a kind is only read; the last of key is the key itself, those before it single it out.
    `refused`: why nobody can declare it, else null; a kind that is not even read has no abilities and no key."""
    found: list[Json] = [
        {
            "provider": k.provider,
            "kind": k.name,
            "abilities": list(k.abilities),
            "onRemove": None if k.source or k.refused else _on_remove(k),
            "key": [] if never(k) else [*k.scope, k.key],
            "findable": k.findable,
            "tokens": list(k.tokens),
            "refused": k.refused or None,
        }
        for k in _sorted(kinds)
    ]
    return json_text(found) + "\n"


def _on_remove(kind: Kind) -> JsonObject:
    return {"default": kind.prune.default, "allowed": list(kind.prune.allowed)}


def kinds_markdown(kinds: Iterable[Kind]) -> str:
    """A list of kinds, one line each, and those that are refused."""
    every = _sorted(kinds)
    lines = [
        f"- {md(f'{k.provider}/{k.name}')} {prose(', '.join(can(k)))} - {prose(k.description)}"
        + ("" if k.source or observed(k) else f" - leaving git: {prose(leaving(k))}")
        + (f" - once: {prose(', '.join(k.tokens))}" if k.tokens else "")
        for k in every
        if not never(k)
    ]
    refused = [f"- {md(f'{k.provider}/{k.name}')} - {prose(k.refused)}" for k in every if never(k)]
    more = ["", "### Refused", "", *refused] if refused else []
    return "\n".join(["### Kinds", "", *lines, *more]) + "\n"


def _sorted(kinds: Iterable[Kind]) -> list[Kind]:
    return sorted(kinds, key=lambda k: (k.provider, k.name))
