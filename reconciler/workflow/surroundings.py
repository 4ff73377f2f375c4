"""What a set-up needs on this machine: Python and packages, project, manifests, operator, ledger, sinks. Nothing
is sent, and nothing is changed but what opening a ledger changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.model.doctor import Grade, Sign
from reconciler.model.document import Desired, Document, Manage
from reconciler.model.faults import GuardRefused, LedgerUnusable, ManifestInvalid, ReconcilerError, UsageWrong
from reconciler.model.operator import Operator
from reconciler.model.place import Problem, Severity
from reconciler.model.record import Record, replace
from reconciler.model.recorded import Recorded
from reconciler.workflow.installed import packages, python, some
from reconciler.workflow.setup import Options, Setup, ledger_place, project_of, selected

if TYPE_CHECKING:
    from reconciler.ledger import Ledger
    from reconciler.load.project import Project
    from reconciler.model.catalog import Catalog
    from reconciler.model.json import Json
    from reconciler.model.kind import Field


class Found(Record, frozen=True):
    """The signs, and what the far ends can be asked with: None where nobody knows any target."""

    signs: list[Sign]
    setup: Setup | None = None


def looked_at(options: Options, known: Catalog, targets: Sequence[str]) -> Found:
    """All signs of this machine. Raises UsageWrong for a target that the project does not name."""
    from reconciler.wire.clock import real_clock

    signs = [python(), *packages()]
    try:
        project = project_of(options, known)
    except (UsageWrong, ManifestInvalid) as error:
        return Found([*signs, _wrong("project", error)])
    check_names(targets, project.targets)
    signs.append(Sign("project", Grade.OK, f"{project.root}: {some(len(project.targets), 'target')}"))
    clock = real_clock()
    desired, told = _manifests(options, project, known)
    recorded, of_ledger = _ledger(project)
    of_ledger += _unused_url(project)
    used = {d.address.target for d in desired.documents} | {a.target for a in recorded.bonds}
    operator, of_operator = _operator(project, known, targets or [*project.targets], used | {*targets})
    kept = [*_secrets(desired, known, operator, project), *_sinks(desired, known, operator, project)]
    signs += [*told, *of_operator, *of_ledger, *kept]
    return Found(signs, Setup(desired, known, operator, clock, root=project.root))


def check_names(named: Sequence[str], targets: Collection[str]) -> None:
    """Raises UsageWrong for a name that no target has."""
    from reconciler.load.nearest import did_you_mean, listed

    for name in named:
        if name not in targets:
            hint = did_you_mean(name, targets, f"known: {listed(sorted(targets))}")
            raise UsageWrong(f"the project has no target '{name[:80]}'", hint=hint)


def _manifests(options: Options, project: Project, known: Catalog) -> tuple[Desired, list[Sign]]:
    """The documents, none where a file is wrong."""
    try:
        desired = selected(options, project, known, ())
    except ManifestInvalid as invalid:
        return Desired((), project.targets, ""), [_wrong("manifests", invalid)]
    counted = f"{some(len(desired.documents), 'document')} and no problem"
    if not desired.warnings:
        return desired, [Sign("manifests", Grade.OK, counted)]
    text = f"{some(len(desired.documents), 'document')}, {some(len(desired.warnings), 'warning')}"
    return desired, [Sign("manifests", Grade.WARN, text, "`reconciler validate` shows each with its place")]


def _wrong(about: str, error: ReconcilerError) -> Sign:
    if not isinstance(error, ManifestInvalid):
        return Sign(about, Grade.FAIL, str(error), error.hint)
    errors: list[Problem] = [p for p in error.problems if p.severity is Severity.ERROR]
    files = len({p.place.file for p in errors})
    text = f"{some(len(errors), 'error')} in {some(files, 'file')}"
    if about == "operator":
        return Sign(about, Grade.FAIL, str(errors[0]) if errors else text, "correct the operator's file")
    return Sign(about, Grade.FAIL, text, "`reconciler validate` shows each with its place")


def _operator(
    project: Project, known: Catalog, names: Sequence[str], used: Collection[str]
) -> tuple[Operator, list[Sign]]:
    """The access to each target that can be opened. One that no document uses may go without."""
    from reconciler.load.operator_config import operator

    try:
        opened = operator((), os.environ)
    except (UsageWrong, ManifestInvalid) as error:
        return Operator(), [_wrong("operator", error)]
    signs = [Sign("operator", Grade.OK, f"the hosts and credentials come from {opened.origin}")]
    for name in sorted(names):
        try:
            one = operator([name], os.environ)
            signs.append(_access(project, known, one, name))
        except ReconcilerError as error:
            grade = Grade.FAIL if name in used else Grade.WARN
            signs.append(Sign(name, grade, str(error), error.hint))
            continue
        opened = replace(opened, access={**opened.access, **one.access})
    try:
        operator(opened.access, os.environ)
    except ReconcilerError as error:  # one variable would serve two targets
        signs.append(_wrong("operator", error))
        opened = replace(opened, access={})
    return opened, signs


def _access(project: Project, known: Catalog, opened: Operator, name: str) -> Sign:
    """That there is a URL at which this provider can be spoken to, and a credential; it is looked at, and dropped.
    Raises UsageWrong where the URL cannot be used, GuardRefused where the credential cannot be had."""
    from reconciler.wire.wire import base_of

    target, access = project.targets[name], opened.access[name]
    provider = known.providers[target.provider]
    base = base_of(target, provider, access)
    access.secret()
    if access.ca_file is not None and not os.access(access.ca_file, os.R_OK):
        raise UsageWrong(f"the CA file {access.ca_file} cannot be read", hint="correct `caFile`")
    text = f"{base.origin}{base.path}, with the {provider.credential} from {access.source}"
    return Sign(name, Grade.OK, text)


def _ledger(project: Project) -> tuple[Recorded, list[Sign]]:
    """What the ledger remembers, and whether it is as it should be."""
    from reconciler.ledger import find_ledger, whoami
    from reconciler.wire.clock import real_clock

    file = project.ledger if isinstance(project.ledger, Path) else None
    before = stat.S_IMODE(file.stat().st_mode) if file and file.exists() else 0
    try:
        ledger = find_ledger(ledger_place(project), who=whoami(), clock=real_clock())
        if ledger is None:
            text = f"there is none at {project.ledger}: plans know nothing of the past, and apply refuses"
            way_out = "make one with `reconciler init --ledger-only`"
            return Recorded(), [Sign("ledger", Grade.WARN, text, way_out)]
        with ledger:
            whole = f"{project.ledger}, its chain verified up to {ledger.verify()[:12]}"
            kept = _mode(file, before, whole) if file else Sign("ledger", Grade.OK, whole)
            return ledger.recorded(), [_read_only(ledger, kept), *_loose_ends(ledger, project)]
    except LedgerUnusable as error:
        here = file is not None or isinstance(error.__cause__, ImportError)  # a driver is missing here, not there
        return Recorded(), [Sign("ledger", Grade.FAIL, str(error), error.hint, far=not here)]
    except (UsageWrong, ManifestInvalid, GuardRefused) as error:  # the operator does not agree, or has no password
        return Recorded(), [Sign("ledger", Grade.FAIL, str(error).partition("\n")[0], error.hint)]


def _read_only(ledger: Ledger, kept: Sign) -> Sign:
    """What can only be read is enough for whoever only reads; its file's mode is then somebody else's matter."""
    if not ledger.denied:
        return kept
    return Sign("ledger", Grade.OK, f"{kept.sentence}; {ledger.denied}: enough for all but apply and corrections")


def _mode(file: Path, before: int, whole: str) -> Sign:
    """Whether nobody else may read it. Opening a ledger closes it to others where that is allowed."""
    now = stat.S_IMODE(file.stat().st_mode)
    if os.name != "posix" or before & 0o077 == 0:
        return Sign("ledger", Grade.OK, whole)
    if now & 0o077 == 0:
        text = f"{whole}; its mode was {before:04o}, and is {now:04o} now that it was opened"
        return Sign("ledger", Grade.WARN, text, "see what gave it away: a checkout, a backup, a copy")
    text = f"{whole}; others can read it (mode {now:04o})"
    return Sign("ledger", Grade.FAIL, text, f"chmod 600 {file}", far=True)


def _unused_url(project: Project) -> Iterator[Sign]:
    """That the operator names a server, and the project keeps its ledger in a file nevertheless."""
    from reconciler.load.ledger_access import URL

    if isinstance(project.ledger, Path) and os.environ.get(URL):
        text = f"{URL} is set, and the project keeps its ledger in {project.ledger}, a file of this machine"
        way_out = f'write `ledger: {{url: "postgresql://…"}}` into {project.root / "reconciler.yaml"}, or unset it'
        yield Sign("ledger", Grade.WARN, text, way_out)


def _loose_ends(ledger: Ledger, project: Project) -> Iterator[Sign]:
    left, doubts = ledger.unfinished(tuple(sorted(project.targets))), ledger.doubts()
    if left:
        text = f"{some(len(left), 'run')} without an end: cut short, in doubt, or at work just now"
        yield Sign("ledger", Grade.WARN, text, "`reconciler apply` looks up what became of it, and goes on")
    if doubts:
        text = f"{some(len(doubts), 'create')} in doubt: only a person can tell"
        yield Sign("ledger", Grade.WARN, text, "`reconciler resume` lists them, and takes the answers")


def _secrets(desired: Desired, known: Catalog, operator: Operator, project: Project) -> Iterator[Sign]:
    """Whether every secret that a manifest names can be had; each is looked at, and dropped. Whoever has no
    operator's configuration that can be read is told that alone."""
    from reconciler.load.secrets import resolve
    from reconciler.workflow.secret_rules import unfit

    named = [*_named_secrets(desired, known)] if operator.origin else []
    wrong = 0
    for document, field, reference in named:
        found = unfit(field, reference, lambda r: resolve(r, project.root, operator.allowed_env, os.environ))
        if found is not None:
            wrong += 1
            at = document.at("spec", field.name)
            yield Sign("secrets", Grade.FAIL, f"{document.address}: {field.name}, at {at}: {found[0]}", found[1])
    if named and not wrong:
        yield Sign("secrets", Grade.OK, f"{some(len(named), 'secret')} that manifests name can be had")


def _named_secrets(desired: Desired, known: Catalog) -> Iterator[tuple[Document, Field, Mapping[str, Json]]]:
    """The references of everything that may be sent."""
    for document in desired.documents:
        if document.lifecycle.manage is Manage.OBSERVE:
            continue
        for field in known.kind(document.provider, document.kind).fields.values():
            ignored = f"spec.{field.name}" in document.lifecycle.ignore
            value = document.spec.get(field.name)
            if field.write_only and not ignored and isinstance(value, dict):
                yield document, field, value


def _sinks(desired: Desired, known: Catalog, operator: Operator, project: Project) -> Iterator[Sign]:
    """Whether every place that a manifest names for a once-shown value could take one."""
    from reconciler.vault import Vault

    vault = Vault(project.root, folders=operator.folders, commands=operator.commands)
    named = [*_named_sinks(desired, known)]
    wrong = 0
    for address, to in named:
        try:
            vault.look(to)
        except GuardRefused as error:
            wrong += 1
            yield Sign("sinks", Grade.FAIL, f"{address}: {error}", error.hint)
    if named and not wrong:
        yield Sign("sinks", Grade.OK, f"{some(len(named), 'place')} for values that are shown once")


def _named_sinks(desired: Desired, known: Catalog) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for document in desired.documents:
        kind = known.kind(document.provider, document.kind)
        for field in kind.fields.values():
            if field.sink and isinstance(to := document.spec.get(field.name), dict):
                yield str(document.address), to
