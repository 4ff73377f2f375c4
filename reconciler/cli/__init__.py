"""The command line: words in, a `workflow` call, words out and an exit code.

Holds: one file per command, a dozen lines around `workflow`; what they share (options, output, the end of a
command); the starter project of `init`. Owns click. Never: a decision about what should be done to an API. What is
heavy is imported by the command that needs it, and `--version` imports nothing at all.
"""

from __future__ import annotations

import sys

MACHINE = 8
"""`exit_codes.REMOTE`, for who cannot import that."""
COLLECT = (1_000_000, 50, 100)
"""How often unused cycles are looked for: new objects, and rounds of the younger before the older ones."""


def missing(error: ModuleNotFoundError) -> str:
    """What to say where a library is not there that came with the installation."""
    name = ascii(error.name)[1:-1]
    return (
        f"error: the Python library {name} is missing, which reconciler cannot do without\n"
        f"hint: install it again with all it needs: {sys.executable} -m pip install --force-reinstall reconciler\n"
    )


def main() -> int:
    """The console entry: runs the command of `sys.argv` and returns its exit code."""
    if sys.argv[1:] == ["--version"]:
        from reconciler.version import __version__

        sys.stdout.write(f"reconciler {__version__}\n")
        return 0
    import atexit
    import gc
    import signal

    # What a command reads stays until it ends: to look through all of it again and again, and once more for the
    # end, finds nothing that is worth the time. Files are closed and what waits for the end still runs.
    gc.set_threshold(*COLLECT)
    atexit.register(gc.freeze)
    try:
        from reconciler.cli.app import run
    except ModuleNotFoundError as error:
        if (error.name or "reconciler").partition(".")[0] == "reconciler":
            raise
        sys.stderr.write(missing(error))
        return MACHINE
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores the end of a terminal: so do we
            signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    return run(sys.argv[1:])
