"""The project file `reconciler.yaml`: targets, where the manifests are, variables, guards, the ledger's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reconciler.load import events
from reconciler.load.characters import HIDDEN
from reconciler.load.explain import Where, check
from reconciler.load.files import PROJECT_FILE as FILE
from reconciler.load.files import SourceFile, inside, read_limited
from reconciler.load.ledger_url import server_of
from reconciler.load.nearest import did_you_mean, listed
from reconciler.load.positions import Positions
from reconciler.load.shape import shipped_validator
from reconciler.load.variables import NAME, Variables
from reconciler.model.catalog import Provider
from reconciler.model.document import DeleteLimit, Target
from reconciler.model.faults import ManifestInvalid, UsageWrong
from reconciler.model.json import Json, JsonObject
from reconciler.model.ledger_place import Server
from reconciler.model.place import Place, Problem
from reconciler.model.record import Record, field

DEFAULT_LEDGER: Final = ".reconciler/ledger.db"
LONGEST_VALUE: Final = 10_000
# What no repository decides: a pull request could otherwise send a credential to a host of its choice.
OPERATORS: Final = frozenset(
    {"url", "host", "baseUrl", "key", "apiKey", "token", "secret", "password", "credential"}
)


class Project(Record, frozen=True):
    """What the project file says. `manifests`: relative paths, where they are written. `ledger`: a real path, or a
    place on a server that the operator has to agree to."""

    root: Path
    targets: Mapping[str, Target]
    manifests: tuple[tuple[str, Place], ...]
    ledger: Path | Server
    delete_limit: DeleteLimit = field(default_factory=DeleteLimit)
    variables: Mapping[str, str] = field(default_factory=dict)
    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: SourceFile = field(default_factory=lambda: SourceFile(FILE, b""))

    def variables_for(self, environment: str | None, given: Mapping[str, str]) -> Variables:
        """Values of a run: the project's, over them the environment's, over them those of the command line. Raises
        UsageWrong for an unknown environment or a name or value that cannot be."""
        if environment is not None and environment not in self.environments:
            known = f"known: {listed(sorted(self.environments))}" if self.environments else "the project has none"
            hint = did_you_mean(environment, self.environments, known)
            raise UsageWrong(f"there is no environment '{environment}' in {FILE}", hint=hint)
        for name, value in given.items():
            _usable(name, value)
        chosen = self.environments[environment] if environment is not None else {}
        elsewhere = {n: e for e, values in sorted(self.environments.items(), reverse=True) for n in values}
        return Variables({**self.variables, **chosen, **given}, elsewhere)


def _usable(name: str, value: str) -> None:
    if not NAME.fullmatch(name):
        raise UsageWrong(f"'{name[:60]}' cannot be the name of a variable", hint="write --var name=value")
    if len(value) > LONGEST_VALUE or HIDDEN.search(value):
        reason = "is too long" if len(value) > LONGEST_VALUE else "holds a control character"
        raise UsageWrong(f"the value of --var {name} {reason}")


def find_project(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a project file. Raises UsageWrong where there is none."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
        if (folder / "reconciler.yml").is_file():
            raise UsageWrong(f"{folder / 'reconciler.yml'}: the project file is called {FILE}", hint="rename it")
    below = sorted(folder.parent.name for folder in here.glob(f"*/{FILE}"))[:1]
    hint = (
        f"give --project {below[0]}, where there is one"
        if below
        else "make one with `init`, or give --project DIR"
    )
    raise UsageWrong(f"no {FILE} here or in any folder above", hint=hint)


def load_project(root: Path, providers: Mapping[str, Provider]) -> Project:
    """Read a folder's project file. Raises UsageWrong if it cannot be read, ManifestInvalid if it is wrong."""
    try:
        data = read_limited(inside(root, FILE))
    except ValueError as error:
        raise UsageWrong(f"{root / FILE} {error}") from error
    if isinstance(data, str):
        raise UsageWrong(f"{root / FILE} {data}")
    return parse_project(data, root, providers)


def parse_project(data: bytes, root: Path, providers: Mapping[str, Provider]) -> Project:
    """The project that the bytes of a project file describe. Raises ManifestInvalid with all its problems."""
    value, where = _mapping(data)
    problems = check(shipped_validator("project"), value, where)
    if not problems:
        problems = [*_target_problems(value, where, providers), *_ledger_problems(value, where, root)]
    if problems:
        raise ManifestInvalid(problems)
    limits = _below(_below(value, "guards"), "deletes")
    standard = DeleteLimit()
    return Project(
        root=root,
        targets={name: _target(name, node) for name, node in _nodes(value, "targets")},
        manifests=_manifests(value, where.positions),
        ledger=_ledger(value, root),
        delete_limit=DeleteLimit(
            _number(limits.get("count"), standard.count), _number(limits.get("percent"), standard.percent)
        ),
        variables=_texts(_below(value, "variables")),
        environments={name: _texts(_below(node, "variables")) for name, node in _nodes(value, "environments")},
        source=SourceFile(FILE, data),
    )


def _mapping(data: bytes) -> tuple[JsonObject, Where]:
    reading = events.read(data, FILE)
    if reading.problems:
        raise ManifestInvalid(reading.problems)
    if len(reading.documents) != 1 or not isinstance(value := reading.documents[0].value, dict):
        place = reading.documents[-1].positions.start if reading.documents else Place(FILE)
        text = "a project file is one mapping"
        raise ManifestInvalid([Problem(place, text, "it begins with `apiVersion: reconciler/v1`", rule="project")])
    return value, Where(reading.documents[0].positions)


def _target_problems(value: JsonObject, where: Where, providers: Mapping[str, Provider]) -> Iterator[Problem]:
    for name, node in _nodes(value, "targets"):
        path = ("targets", name)
        for word in sorted(OPERATORS & node.keys()):
            text = "no host and no credential stands in the project; they are the operator's"
            hint = "set it in the file that RECONCILER_CONFIG names, or as an environment variable"
            yield where.problem((*path, word), text, hint, rule="operator", at_key=True)
        provider = providers.get(str(node["provider"]))
        if provider is None:
            hint = did_you_mean(node["provider"], providers, f"known: {listed(sorted(providers))}")
            yield where.problem((*path, "provider"), "unknown provider", hint, rule="provider")
        elif not OPERATORS & node.keys():
            yield from _settings_problems(_target(name, node), provider, where)


def _settings_problems(target: Target, provider: Provider, where: Where) -> Iterator[Problem]:
    path = ("targets", target.name)
    known = list(provider.settings)
    for name in (n for n in target.settings if n not in provider.settings):
        none = f"known: {listed(known)}" if known else f"{provider.name} has no settings of its own"
        hint = did_you_mean(name, known, none)
        yield where.problem(
            (*path, name), f"unknown setting of {provider.name}", hint, rule="setting", at_key=True
        )
    for text in provider.check(target):
        yield where.problem(path, text, rule="setting", at_key=True)


def _ledger_problems(value: JsonObject, where: Where, root: Path) -> Iterator[Problem]:
    node = _below(value, "ledger")
    try:
        _ledger(value, root)
    except ValueError as error:
        if "url" in node:
            hint = "write postgresql://db.example.com:5432/reconciler; user and password are the operator's"
            yield where.problem(("ledger", "url"), f"the ledger's URL {error}", hint, rule="ledger")
        else:
            yield where.problem(("ledger", "path"), str(error), rule="file")


def _ledger(value: JsonObject, root: Path) -> Path | Server:
    """Raises ValueError for what is no place for one."""
    node = _below(value, "ledger")
    return server_of(str(node["url"])) if "url" in node else inside(root, str(node.get("path", DEFAULT_LEDGER)))


def _target(name: str, node: JsonObject) -> Target:
    limits = _below(node, "limits")
    per_minute = limits.get("requestsPerMinute")
    return Target(
        name=name,
        provider=str(node["provider"]),
        settings={k: v for k, v in node.items() if k not in {"provider", "limits"}},
        per_minute=_number(per_minute, 0) or None,
        concurrency=_number(limits.get("concurrency"), 8),
    )


def _manifests(value: JsonObject, positions: Positions) -> tuple[tuple[str, Place], ...]:
    named = value.get("manifests")
    if not isinstance(named, list):
        return (("manifests", positions.start),)
    return tuple((str(one), positions.nearest(("manifests", i))) for i, one in enumerate(named))


def _below(node: JsonObject, word: str) -> JsonObject:
    value = node.get(word)
    return value if isinstance(value, dict) else {}


def _nodes(value: JsonObject, word: str) -> Iterator[tuple[str, JsonObject]]:
    return ((name, node) for name, node in _below(value, word).items() if isinstance(node, dict))


def _texts(node: Mapping[str, Json]) -> dict[str, str]:
    return {name: str(value) for name, value in node.items()}


def _number(value: Json, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default
