"""Where a secret is -> its value, at the moment a request is built, or its rule is tried before an apply."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconciler.load.files import inside, read_given, read_limited
from reconciler.load.secret_shape import SOURCES
from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json

LONGEST: Final = 64 << 10  # bytes of a file that holds one secret


def resolve(
    reference: Mapping[str, Json], root: Path, allowed_env: frozenset[str], environ: Mapping[str, str]
) -> str:
    """The secret that a manifest's reference names, as it goes into a body. `root`: the project's folder, which a
    file must lie in.

    Raises GuardRefused, without any part of the value in the message, where the operator does not allow the
    variable, or there is nothing to be had.
    """
    source = next((s for s in SOURCES if isinstance(reference.get(s), str)), "")
    name = str(reference.get(source))
    if source == "fromEnv":
        if name not in allowed_env:
            hint = f"allow it in the operator's file, which RECONCILER_CONFIG names: `allow: {{env: [{name}]}}`"
            raise GuardRefused(f"manifests may not read the environment variable {name}", hint=hint)
        return _filled(environ.get(name, ""), f"the environment variable {name}", f"set {name}")
    if source == "fromFile":
        try:
            path = inside(root, name)
        except ValueError as error:
            hint = "name a file inside the project"
            raise GuardRefused(f"the secret file '{name[:100]}' {error}", hint=hint) from error
        # No link is looked through a second time: by now one may stand in the place of a folder.
        text = _text(read_limited(path, LONGEST), path, "secret")
        return _filled(text, f"the secret file {path}", "write the secret into it")
    raise GuardRefused(f"{source or 'this source'} is not served by this version", hint="use fromEnv or fromFile")


def from_env(name: str, environ: Mapping[str, str]) -> str:
    """The value of an environment variable, without blanks around it. Raises GuardRefused where it is empty."""
    return _usable(environ.get(name, ""), f"the environment variable {name}", f"set {name}")


def from_file(path: Path) -> str:
    """The one line of a file that nobody but its owner may read. Raises GuardRefused."""
    if os.name == "posix":
        _only_owner(path)
    text = _text(read_given(path, LONGEST), path, "credential")
    return _usable(text, f"the credential file {path}", "write the key into it, on one line")


def _text(data: bytes | str, path: Path, what: str) -> str:
    if isinstance(data, str):
        raise GuardRefused(f"the {what} file {path} {data}", hint="make it, or correct the path")
    # An error in decoding would carry the bytes along; what is not UTF-8 is refused for the sign it turns into.
    return data.decode("utf-8", "replace")


def _only_owner(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise GuardRefused(f"the credential file {path} cannot be read: {error.strerror}") from error
    if stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise GuardRefused(f"the credential file {path} can be read by others", hint=f"chmod 600 {path}")


def _filled(value: str, what: str, hint: str) -> str:
    """A secret that goes into a body: any text, lines included, without blanks around it."""
    text = value.strip()
    if not text:
        raise GuardRefused(f"{what} is empty", hint=hint)
    if "\x00" in text or "\ufffd" in text:
        raise GuardRefused(f"{what} is no text in UTF-8", hint=hint)
    return text


def _usable(value: str, what: str, hint: str) -> str:
    text = value.strip()
    if not text:
        raise GuardRefused(f"{what} is empty", hint=hint)
    # A line break or a letter beyond ASCII cannot stand in a header; httpx would show the value while refusing it.
    if not (text.isascii() and text.isprintable()):
        raise GuardRefused(f"{what} holds a line break, or letters beyond ASCII", hint=hint)
    return text
