"""The kinds there are, and what can be done with each."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.report.escape import json_text, md, prose, safe
from reconciler.report.style import Look, Piece, Sheet, Style


def kinds_text(kinds: Iterable[Kind], style: Style) -> str:
    """Per provider one line for each kind: its name, its abilities, and what it is."""
    sheet = Sheet(style)
    found = _sorted(kinds)
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
    sheet.line("more about one: reconciler explain KIND, or KIND.field")
    return sheet.text()


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
    """`[{provider, kind, abilities, onRemove: {default, allowed}, key, findable, tokens}]`, sorted; onRemove is
    null where a kind is only read; the last of key is the key itself, those before it single it out."""
    found: list[Json] = [
        {
            "provider": k.provider,
            "kind": k.name,
            "abilities": list(k.abilities),
            "onRemove": None if k.source else {"default": k.prune.default, "allowed": list(k.prune.allowed)},
            "key": [*k.scope, k.key],
            "findable": k.findable,
            "tokens": list(k.tokens),
        }
        for k in _sorted(kinds)
    ]
    return json_text(found) + "\n"


def kinds_markdown(kinds: Iterable[Kind]) -> str:
    """A list of kinds, one line each."""
    lines = [
        f"- {md(f'{k.provider}/{k.name}')} {prose(', '.join(can(k)))} - {prose(k.description)}"
        + ("" if k.source or observed(k) else f" - leaving git: {prose(leaving(k))}")
        + (f" - once: {prose(', '.join(k.tokens))}" if k.tokens else "")
        for k in _sorted(kinds)
    ]
    return "\n".join(["### Kinds", "", *lines]) + "\n"


def _sorted(kinds: Iterable[Kind]) -> list[Kind]:
    return sorted(kinds, key=lambda k: (k.provider, k.name))
