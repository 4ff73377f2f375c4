"""Mistakes in files, for people and machines."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.json import Json
from reconciler.model.place import Problem, Severity
from reconciler.report.escape import json_text, md, prose, safe
from reconciler.report.style import Look, Piece, Sheet, Style


def problems_text(problems: Sequence[Problem], style: Style) -> str:
    """One line per problem, its way out below it; then how many there are."""
    sheet = Sheet(style)
    for problem in problems:
        warns = problem.severity is Severity.WARNING
        word = Piece("warning: ", Look.CHANGE) if warns else Piece("error: ", Look.REMOVE)
        sheet.line(Piece(f"{safe(str(problem.place))}: ", Look.HEAD), word, safe(problem.message))
        if problem.hint:
            sheet.line(f"hint: {safe(problem.hint)}", indent=4)
    if problems:
        sheet.gap()
        sheet.line(tally(problems))
    return sheet.text()


def tally(problems: Sequence[Problem]) -> str:
    """`3 errors and 1 warning in 2 files`."""
    warnings = sum(p.severity is Severity.WARNING for p in problems)
    counted = [_some(len(problems) - warnings, "error"), _some(warnings, "warning")]
    files = _some(len({p.place.file for p in problems}), "file")
    return f"{' and '.join(word for word in counted if word)} in {files}"


def _some(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s") if count else ""


def problems_json(problems: Sequence[Problem], documents: int | None = None) -> str:
    """`{valid, documents, problems: [{file, line, column, message, hint, severity, rule}]}`."""
    found: list[Json] = [
        {
            "file": p.place.file,
            "line": p.place.line,
            "column": p.place.column,
            "message": p.message,
            "hint": p.hint,
            "severity": str(p.severity),
            "rule": p.rule,
        }
        for p in problems
    ]
    valid = all(p.severity is Severity.WARNING for p in problems)
    return json_text({"valid": valid, "documents": documents, "problems": found}) + "\n"


def problems_markdown(problems: Sequence[Problem]) -> str:
    """The problems as a Markdown list."""
    if not problems:
        return "### All manifests are valid\n"
    lines = [
        f"- {md(str(p.place))} **{p.severity}** {prose(p.message)}" + (f" ({prose(p.hint)})" if p.hint else "")
        for p in problems
    ]
    return "\n".join([f"### {tally(problems)}", "", *lines]) + "\n"
