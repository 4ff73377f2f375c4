"""A value handed to a command that the operator has named: on its standard input, never among its words."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Sequence
from typing import Final

from reconciler.model.faults import GuardRefused

SECONDS: Final = 60.0
"""How long a command may take to keep a value."""
OURS: Final = "RECONCILER_"
"""What begins like this is for us: hosts, and the keys to them."""


def prove(name: str, words: Sequence[str]) -> None:
    """The command can be run. Raises GuardRefused."""
    if not words or shutil.which(words[0]) is None:
        said = words[0] if words else "nothing"
        hint = f"correct `commands: {{{name}: […]}}` in the file that RECONCILER_CONFIG names"
        raise GuardRefused(f"the command '{name}' cannot be run here: there is no {said}", hint=hint)


def put(name: str, words: Sequence[str], value: str, withheld: Collection[str] = ()) -> None:
    """The command has taken the value, and says so with exit code 0. What it prints is not read: it might be the
    value. `withheld`: environment names it does not get to see, as none of ours. Raises GuardRefused."""
    surroundings = {n: v for n, v in os.environ.items() if n not in withheld and not n.startswith(OURS)}
    data, quiet = value.encode("utf-8", "surrogatepass"), subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603  the operator's own words
            [*words], input=data, stdout=quiet, stderr=quiet, timeout=SECONDS, check=False, env=surroundings
        )
    except subprocess.TimeoutExpired:
        raise GuardRefused(f"the command '{name}' did not end within {SECONDS:.0f} seconds") from None
    except OSError as error:
        raise GuardRefused(f"the command '{name}' cannot be run: {error.strerror or error}") from None
    if done.returncode:
        raise GuardRefused(f"the command '{name}' ended with {done.returncode}")
