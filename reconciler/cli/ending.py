"""How a command ends when it does not end well: one message, a way out, an exit code; never a traceback."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli import missing
from reconciler.cli.exit_codes import REMOTE
from reconciler.cli.output import fitting, say, style
from reconciler.model.faults import ManifestInvalid, ProviderUnreachable, ReconcilerError, UsageWrong

if TYPE_CHECKING:
    import click

_SECRET_NAME = re.compile(r"(?i)(^|_)(api)?key($|_)|token|secret|passw|credential|(^|_)auth($|_)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEY_FILE = re.compile(r"""fromFile["']?\s*:\s*(?:"([^"]+)"|'([^']+)'|([^\s,}"']+))""")
_NOBODY_HERE = re.compile(r"no connection to (127\.0\.0\.1|localhost|::1):")
_SHORTEST = 4  # a shorter value is no secret, and hiding it would hide innocent words
_SHORTEST_GUESSED = 6
_LARGEST = 1 << 20  # bytes of a file we look for secrets in


def failed(error: Exception, *, debug: bool) -> int:
    """Say what went wrong, and give the exit code for it."""
    if debug:
        _say("".join(traceback.format_exception(error)), wrapped=False)
    if isinstance(error, ReconcilerError):
        _tell(error)
        return error.exit_code
    if isinstance(error, ModuleNotFoundError) and not (error.name or "reconciler").startswith("reconciler"):
        _say(missing(error), wrapped=False)
        return REMOTE
    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        where = f": {error.filename}" if error.filename else ""
        _say_error(f"{error.strerror or error}{where}")
        return REMOTE
    _say_error(
        f"this is a bug in reconciler: {type(error).__name__}: {error}", "run again with --debug to see where"
    )
    return REMOTE


def misused(error: click.ClickException, hint: str) -> None:
    """Say what is wrong with the command's words, and where to read on."""
    _say_error(" ".join(error.format_message().split()), hint)


def _tell(error: ReconcilerError) -> None:
    if not isinstance(error, ManifestInvalid):
        _say_error(str(error), _hint(error))
        return
    from reconciler.report.problems import problems_text

    _say(problems_text(error.problems, style(sys.stderr)), escaped=True)


def _hint(error: ReconcilerError) -> str:
    """The error's own way out; where nobody listens on this machine, the twins are probably not served."""
    if isinstance(error, ProviderUnreachable) and _NOBODY_HERE.match(error.reason):
        return "is `reconciler twin serve` running? RECONCILER_CONFIG leads to this machine"
    if isinstance(error, UsageWrong) and ".reconciler/twins/operator.yaml cannot be read" in str(error):
        return "is `reconciler twin serve` running? else correct or unset RECONCILER_CONFIG"
    return error.hint


def _say_error(message: str, hint: str = "") -> None:
    _say(f"error: {message}\n" + (f"hint: {hint}\n" if hint else ""))


def _say(text: str, *, escaped: bool = False, wrapped: bool = True) -> None:
    """Text on stderr, without secrets, line by line harmless."""
    from reconciler.report.escape import safe

    shown = masked(text)
    if not escaped:
        shown = "\n".join(safe(line) for line in shown.rstrip("\n").split("\n")) + "\n"
        shown = fitting(shown, sys.stderr) if wrapped else shown
    say(shown, sys.stderr)


def masked(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """The text with stars in place of every secret the operator's configuration knows of, or that was met."""
    from reconciler.wire.redact import without_any

    return without_any(text, secrets(environ))


def secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """Values of environment variables that sound secret or stand in the operator's file, and of the key files it
    names. The file is searched and not parsed: it may be the very thing that is broken."""
    config = _read(Path(environ.get("RECONCILER_CONFIG") or os.devnull).expanduser())
    named = set(_WORD.findall(config))
    for name, value in environ.items():
        suspected = _SHORTEST if name in named else _SHORTEST_GUESSED if _SECRET_NAME.search(name) else 0
        if suspected and len(value) >= suspected:
            yield value
    beside = Path(environ.get("RECONCILER_CONFIG", "")).expanduser().parent
    for forms in _KEY_FILE.findall(config):
        if len(value := _read(beside / "".join(forms)).strip()) >= _SHORTEST:
            yield value


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""  # what we cannot read, we cannot have shown
