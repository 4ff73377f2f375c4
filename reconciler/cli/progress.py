"""How far an apply is: one line that changes on a terminal, JSON lines for machines, nothing in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from reconciler.cli.output import say
from reconciler.model.json import Json

_SILENT = ("not sent", "blocked", "unneeded")
"""Nothing happened: no line is worth it."""
Progress = Callable[[Mapping[str, Json]], None]


def watcher(form: str) -> Progress:
    """`auto` (a line on a terminal), `json` or `none`; everything goes to standard error."""
    if form == "json":
        return _as_json
    return Line() if form == "auto" and sys.stderr.isatty() else _silent


def before_reading(form: str, progress: str) -> Progress:
    """What a reading will cost, before it begins: a sentence, or JSON lines where the result is JSON or progress
    is; nothing with `none`."""
    if progress == "none":
        return _silent
    return _as_json if "json" in (form, progress) else Costs()


class Costs:
    """Says what the reading of each target costs, if that is worth a word, and again if that was wrong; first
    which runs did not finish."""

    def __init__(self) -> None:
        self._said: dict[Json, float] = {}

    def __call__(self, event: Mapping[str, Json]) -> None:
        from reconciler.cli.output import fitting
        from reconciler.report.escape import safe
        from reconciler.report.reading_text import reading_text

        if event.get("event") == "unfinished":
            from reconciler.report.past_words import looked_up_first

            say(fitting(safe(looked_up_first(str(event.get("run")))), sys.stderr), sys.stderr)
            return
        target, seconds = event.get("target"), event.get("seconds")
        sentence = reading_text(event, self._said.get(target))
        if sentence and isinstance(seconds, int | float):
            self._said[target] = seconds
            say(fitting(safe(sentence), sys.stderr), sys.stderr)


def _silent(event: Mapping[str, Json]) -> None:
    """Nobody watches."""


def _as_json(event: Mapping[str, Json]) -> None:
    from reconciler.report.escape import json_text

    say(json_text(dict(event), indent=None) + "\n", sys.stderr)


class Line:
    """The last thing that happened, on one line of a terminal that is written over."""

    def __init__(self) -> None:
        self._used = 0

    def __call__(self, event: Mapping[str, Json]) -> None:
        from reconciler.cli.output import style
        from reconciler.report.escape import safe

        done, total, left = event.get("done", 0), event.get("total", 0), event.get("seconds_left")
        happened = event.get("event", "")
        if happened in _SILENT:
            return  # after Ctrl-C that is all the rest; the report says how many
        text = f"{done}/{total} calls  {event.get('summary') or event.get('line', '')}"
        if happened not in ("", "intend", "done"):
            text += f"  {happened}"
        if isinstance(left, int | float) and left >= 1:
            text += f"  about {left:.0f} s left"
        shown = safe(text)[: style(sys.stderr).width - 1]
        say("\r" + shown.ljust(self._used), sys.stderr)
        self._used = len(shown)

    def clear(self) -> None:
        """Leave the line empty."""
        if self._used:
            say("\r" + " " * self._used + "\r", sys.stderr)
            self._used = 0
