"""A project in five systems in which every sort of secret is at home, and the twins that it is about."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from reconciler.cli.app import run
from reconciler.twins import Twin, running_all
from tests.safety.canary import FILES, KEYS, VARIABLES, Canaries, planted
from tests.world import PROVIDERS, TWINS

ADMIN = "admin@example.com"
ONCE = ("key", "acceptUrl", "webhookSecret")
"""The fields of answers that show a value once."""
SPY = """\
import os, sys
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "spied"), "ab") as notes:
    own = b"\\0".join(w.encode("utf-8", "surrogateescape") for w in sys.argv)
    notes.write(own + b"\\n" + open("/proc/self/environ", "rb").read() + b"\\n")
"""
COMMAND = SPY + "sys.stdin.buffer.read()\n"
GIT = '#!/bin/sh\n{python} {spy} "$@"\nexec {git} "$@"\n'


def manifest(kind: str, target: str, name: str, spec: Mapping[str, Any], **metadata: Any) -> dict[str, Any]:
    head = {"apiVersion": f"{PROVIDERS[target]}/v1", "kind": kind}
    return {**head, "metadata": {"name": name, "target": target, **metadata}, "spec": dict(spec)}


def _account(name: str, password: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    spec = {"email": f"{name}@example.com", "password": {**password, "version": 1}, **more}
    return manifest("User", "cms", name, spec)


def _connection(name: str, password: Mapping[str, Any]) -> dict[str, Any]:
    spec = {"name": name.title(), "dialect": "postgres", "password": {**password, "version": 1}}
    return manifest("Connection", "analytics", name, spec)


def manifests() -> list[dict[str, Any]]:
    effects = {"lifecycle": {"allow": ["effects"]}}
    files = {"document": "d0c00002", "cron": "0 7 ? * FRI *", "timezone": "UTC", "format": "pdf", "name": "Files"}
    sftp = {"destination": "sftp", "address": "sftp.example.com", "port": 22, "username": "us", "path": "/in"}
    key = {"fromFile": "keys/pem", "version": 1}
    return [
        manifest("Label", "analytics", "fresh", {"name": "Fresh"}),
        manifest("ClientTeam", "studio", "crew", {"slug": "crew", "name": "Crew"}),
        manifest("Keyword", "core", "new", {"path": "New", "labels": [{"locale": "en_GB", "text": "New"}]}),
        manifest(
            "Invitation",
            "studio",
            "one",
            {"email": "new.one@example.com", "role": "PRODUCER", "link": {"toFile": "secrets/one.link"}},
            **effects,
        ),
        manifest("Schedule", "analytics", "files", {**files, **sftp, "password": key}),
        _connection("lake", {"fromFile": "keys/xml"}),
        _connection("pond", {"fromFile": "keys/hex"}),
        *(_connection(n.split("_")[0].lower(), {"fromEnv": n}) for n in VARIABLES if n not in ACCOUNTS),
        _account("shop", {"fromEnv": "SHOP_PASSWORD"}, apiKey="present", keyTo={"toFile": "secrets/shop.key"}),
        _account("app", {"fromEnv": "APP_PASSWORD"}, apiKey="present", keyTo={"toCommand": "keep"}),
    ]


ACCOUNTS = ("SHOP_PASSWORD", "APP_PASSWORD")


@dataclass(slots=True)
class Aviary:
    """The project's folder, which is also home; the twins; and everything that they have shown once."""

    root: Path
    twins: Mapping[str, Twin]
    urls: Mapping[str, str]
    canaries: Canaries
    shown: dict[str, str] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        return self.root / "project"

    def keep(self, name: str) -> None:
        """The world as it is now, under a name to come back to."""
        self.states[name] = {n: twin.dump() for n, twin in self.twins.items()}
        shutil.copytree(self.root, self._kept(name), symlinks=True)

    def reset(self, name: str) -> None:
        """Back to a world that was kept: far ends, ledger, files."""
        for twin_name, twin in self.twins.items():
            with twin.lock:
                twin.faults.clear()
                twin.hooks.clear()
            twin.load(self.states[name][twin_name])
            twin.log.clear()
        os.chdir(self.root.parent)
        shutil.rmtree(self.root)
        shutil.copytree(self._kept(name), self.root, symlinks=True)
        os.chdir(self.project)

    def _kept(self, name: str) -> Path:
        return self.root.with_name(f"kept {name}")

    def collect(self) -> Canaries:
        """All canaries, those among them that were shown once."""
        for twin in self.twins.values():
            for _, answer in twin.log.answers or ():
                self.shown |= {f"{field} {value[-6:]}": value for field, value in _once(answer.body)}
            if twin.log.answers:
                twin.log.answers.clear()
        return self.canaries.also(self.shown.items())

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file below home but those in which secrets are at home."""
        for path in self.root.rglob("*"):
            kept = path.parent.name in ("keys", "secrets") and not path.name.startswith(".")
            if not kept and path.is_file() and stat.S_ISREG(path.lstat().st_mode):
                yield str(path.relative_to(self.root)), path.read_bytes()


def _once(body: Any) -> Iterator[tuple[str, str]]:
    """Values of fields that are shown once, wherever they stand."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name in ONCE and isinstance(value, str) and len(value) > 12:
                yield name, value
                yield from ((f"token of {name}", value.rpartition("/")[2]) for _ in [0] if "/" in value)
            yield from _once(value)
    elif isinstance(body, list):
        for item in body:
            yield from _once(item)


def _laid_out(root: Path, urls: Mapping[str, str]) -> None:
    """A home: operator's file, project with its ledger, key files, spies."""
    project = root / "project"
    for folder in ("keys", "manifests", "secrets"):
        (project / folder).mkdir(parents=True, mode=0o700)
    (root / "tmp").mkdir()
    (root / "bin").mkdir()
    targets: dict[str, Any] = {name: {"provider": PROVIDERS[name]} for name in urls}
    targets["studio"]["singleOrganisation"] = True
    targets["cms"]["account"] = ADMIN
    guards = {"deletes": {"count": 100, "percent": 100}}
    whole = {"apiVersion": "reconciler/v1", "kind": "Project", "targets": targets, "guards": guards}
    (project / "reconciler.yaml").write_text(json.dumps(whole), encoding="utf-8")
    for one in manifests():
        path = project / "manifests" / f"{one['kind']}-{one['metadata']['name']}.yaml".lower()
        path.write_text(json.dumps(one, indent=1), encoding="utf-8")
    for name, text in FILES.items():
        (project / name).write_text(text, encoding="utf-8")
        (project / name).chmod(0o600)
    (root / "command.py").write_text(COMMAND, encoding="utf-8")
    (root / "spy.py").write_text(SPY, encoding="utf-8")
    git = root / "bin" / "git"
    git.write_text(
        GIT.format(python=sys.executable, spy=root / "spy.py", git=shutil.which("git")), encoding="utf-8"
    )
    git.chmod(0o700)
    _write_operator(root, urls)


def _write_operator(root: Path, urls: Mapping[str, str]) -> None:
    access = {
        name: {"url": url, "credential": {"fromEnv": f"ODD_{name.upper()}"}, "requestsPerMinute": 100_000}
        for name, url in urls.items()
    }
    own = {"apiVersion": "reconciler/v1", "kind": "Operator", "targets": access}
    own["allow"] = {"env": sorted(VARIABLES)}
    own["commands"] = {"keep": [sys.executable, str(root / "command.py")]}
    (root / "operator.yaml").write_text(json.dumps(own), encoding="utf-8")


def environment(root: Path) -> dict[str, str]:
    """Of every command: home is below the aviary, and the secrets are where the operator says."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("RECONCILER_", "GIT_"))}
    return {
        **kept,
        **VARIABLES,
        **{f"ODD_{name.upper()}": key for name, key in KEYS.items()},
        "RECONCILER_CONFIG": str(root / "operator.yaml"),
        "HOME": str(root),
        "TMPDIR": str(root / "tmp"),
        "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
    }


def _keyed(cls: type[Twin], key: str) -> Twin:
    """A twin that is asked with this key instead of its own."""
    twin = cls()
    twin.seed_world()
    return twin if key == cls.default_key else _rekeyed(twin, cls.default_key, key)


def _rekeyed(twin: Twin, old: str, new: str) -> Twin:
    from hashlib import sha256

    setattr(twin, "default_key", new)  # noqa: B010 - of this one twin
    text = json.dumps(twin.dump())
    for before, after in ((old, new), *((sha256(old.encode()).hexdigest(), sha256(new.encode()).hexdigest()),)):
        text = text.replace(json.dumps(before), json.dumps(after))
    twin.load(json.loads(text))
    return twin


@contextmanager
def aviary(folder: Path) -> Iterator[Aviary]:
    """Twins served, the project laid out; this process stands in it, in its environment."""
    twins = {name: _keyed(cls, KEYS[name]) for name, cls in TWINS.items()}
    before, at = dict(os.environ), Path.cwd()
    with running_all([*twins.values()]) as found:
        urls = dict(zip(twins, found, strict=True))
        root = folder / "home"
        _laid_out(root, urls)
        inside = environment(root)
        try:
            made = Aviary(root, twins, urls, planted())
            for twin in twins.values():
                twin.log.answers = []
            os.environ.clear()
            os.environ.update(inside)
            os.chdir(made.project)
            with redirect_stdout(StringIO()):
                assert run(["init", "--ledger-only"]) == 0
            yield made
        finally:
            os.chdir(at)
            os.environ.clear()
            os.environ.update(before)
