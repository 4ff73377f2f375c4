"""The operator's side: the host and credential of each target. From the environment, never from the project."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from reconciler.load import events
from reconciler.load.explain import Where, check
from reconciler.load.files import read_given
from reconciler.load.positions import Positions
from reconciler.load.secrets import from_env, from_file
from reconciler.load.shape import shipped_validator
from reconciler.model.faults import ManifestInvalid, UsageWrong
from reconciler.model.json import Json, JsonObject
from reconciler.model.operator import Access, Operator
from reconciler.model.place import Place, Problem
from reconciler.model.record import Record

VARIABLE: Final = "RECONCILER_CONFIG"
MOST_DIGITS: Final = 6


class ConfigFile(Record, frozen=True):
    """The operator's file as read; `where` gives places in it. Without a file, everything is empty."""

    value: JsonObject
    where: Where
    path: Path | None = None

    def target(self, name: str) -> Mapping[str, Json]:
        targets = self.value.get("targets")
        node = targets.get(name) if isinstance(targets, dict) else None
        return node if isinstance(node, dict) else {}

    def beside(self, text: str) -> Path:
        """A path as the file means it: relative to the file."""
        return (self.path.parent if self.path else Path()) / _expanded(text)


def operator(targets: Iterable[str], environ: Mapping[str, str]) -> Operator:
    """Access to the named targets, from the file that RECONCILER_CONFIG names and, before it, from
    `RECONCILER_<TARGET>_URL`, `RECONCILER_<TARGET>_KEY` and `RECONCILER_<TARGET>_PER_MINUTE`.

    Nothing is read that is secret; `Access.secret` does that. Raises ManifestInvalid for a file that is wrong, and
    UsageWrong, with what to set, for a target without URL or credential or with a URL that cannot be used.
    """
    names = sorted(targets)
    file = config_file(environ)
    _one_variable_each(names, environ)
    access = {name: _access(name, file, environ) for name in names}
    allow = file.value.get("allow")
    env = allow.get("env") if isinstance(allow, dict) else None
    allowed = frozenset(str(e) for e in env) if isinstance(env, list) else frozenset[str]()
    origin = str(file.path) if file.path else "the environment"
    secret = allowed | frozenset(_named(file.value))
    return Operator(access, allowed, origin, _folders(file), _commands(file), secret)


def _named(value: Json) -> Iterator[str]:
    """The environment names that a file says secrets are in, wherever it says so."""
    if isinstance(value, dict):
        if isinstance(name := value.get("fromEnv"), str):
            yield name
        for item in value.values():
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _folders(file: ConfigFile) -> tuple[str, ...]:
    allow = file.value.get("allow")
    named = allow.get("folders") if isinstance(allow, dict) else None
    return tuple(str(_expanded(str(f))) for f in named) if isinstance(named, list) else ()


def _commands(file: ConfigFile) -> dict[str, tuple[str, ...]]:
    named = file.value.get("commands")
    listed = named.items() if isinstance(named, dict) else ()
    return {name: tuple(str(w) for w in words) for name, words in listed if isinstance(words, list)}


def variable(target: str, what: str) -> str:
    """`RECONCILER_MY_TARGET_URL` for the target `my-target`."""
    return f"RECONCILER_{re.sub(r'[^A-Z0-9]', '_', target.upper())}_{what}"


def usable_url(url: str) -> str:
    """The URL, if a credential may be sent there. Raises ValueError, a sentence, else."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("holds blanks or characters that no URL holds")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with https:// and a host")
    if "@" in parts.netloc or parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError("must hold no user, query or fragment")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise ValueError("must be https: the credential would be readable on its way")
    return url


def _expanded(text: str) -> Path:
    """`~` as people mean it. Raises UsageWrong where nobody has that home."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UsageWrong(f"'{text}' lies in a home folder that does not exist") from error


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def config_file(environ: Mapping[str, str]) -> ConfigFile:
    """The file that RECONCILER_CONFIG names, checked against its schema. Raises UsageWrong, ManifestInvalid."""
    named = environ.get(VARIABLE, "")
    if not named:
        return ConfigFile({}, Where(Positions("", Place(""), None)))
    path = _expanded(named).absolute()
    data = read_given(path)
    if isinstance(data, str):
        raise UsageWrong(f"{VARIABLE}: {path} {data}", hint=f"correct or unset {VARIABLE}")
    reading = events.read(data, str(path))
    if reading.problems:
        raise ManifestInvalid(reading.problems)
    if len(reading.documents) != 1 or not isinstance(value := reading.documents[0].value, dict):
        text, hint = "an operator's file is one mapping", "it begins with `targets:`"
        raise ManifestInvalid([Problem(Place(str(path)), text, hint, rule="operator")])
    where = Where(reading.documents[0].positions)
    if problems := check(shipped_validator("operator"), value, where):
        raise ManifestInvalid(problems)
    return ConfigFile(value, where, path)


def _one_variable_each(names: Iterable[str], environ: Mapping[str, str]) -> None:
    """Two targets whose names differ in punctuation alone would get each other's credential."""
    seen: dict[str, str] = {}
    for name in names:
        for what in ("URL", "KEY", "PER_MINUTE"):
            of = variable(name, what)
            if of in environ and seen.setdefault(of, name) != name:
                text = f"{of} would serve two targets, {seen[of]} and {name}"
                raise UsageWrong(text, hint=f"set both in the file that {VARIABLE} names")


def _access(name: str, file: ConfigFile, environ: Mapping[str, str]) -> Access:
    node = file.target(name)
    url_variable, key_variable = variable(name, "URL"), variable(name, "KEY")
    url = environ.get(url_variable) or node.get("url")
    credential = node.get("credential")
    secret, source = secret_of(key_variable, credential if isinstance(credential, dict) else {}, file, environ)
    missing = [v for v, there in ((url_variable, url), (key_variable, secret)) if not there]
    if missing or secret is None:
        hint = f"set {' and '.join(missing)}, or put `{name}:` under `targets:` in the file that {VARIABLE} names"
        wanted = " or ".join(w for w, there in (("URL", url), ("credential", secret)) if not there)
        raise UsageWrong(f"the operator's configuration has no {wanted} for the target '{name}'", hint=hint)
    try:
        checked = usable_url(str(url))
    except ValueError as error:
        origin = (
            url_variable if environ.get(url_variable) else file.where.positions.nearest(("targets", name, "url"))
        )
        raise UsageWrong(f"{origin}: the URL of '{name}' {error}") from error
    ca_file = node.get("caFile")
    trusted = str(file.beside(ca_file)) if isinstance(ca_file, str) else None
    return Access(checked, secret, source, trusted, _granted(name, node, environ))


def _granted(name: str, node: Mapping[str, Json], environ: Mapping[str, str]) -> int | None:
    """The rate this key was granted. Raises UsageWrong where the variable holds no such number."""
    named = variable(name, "PER_MINUTE")
    if text := environ.get(named, ""):
        if not (text.isascii() and text.isdigit() and 0 < len(text) <= MOST_DIGITS and int(text)):
            raise UsageWrong(f"{named} holds no count of requests", hint=f"write it as {named}=500, or unset it")
        return int(text)
    found = node.get("requestsPerMinute")
    return found if isinstance(found, int) else None


def secret_of(
    key_variable: str, credential: Mapping[str, Json], file: ConfigFile, environ: Mapping[str, str]
) -> tuple[Callable[[], str] | None, str]:
    """How to get the credential, and a name for it in messages."""
    if environ.get(key_variable):
        return functools.partial(from_env, key_variable, environ), f"env {key_variable}"
    if isinstance(name := credential.get("fromEnv"), str):
        return functools.partial(from_env, name, environ), f"env {name}"
    if isinstance(text := credential.get("fromFile"), str):
        return functools.partial(from_file, file.beside(text)), f"file {file.beside(text)}"
    return None, ""
