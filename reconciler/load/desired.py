"""Everything the files say, or everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from reconciler.load import git, reading
from reconciler.load.attached import Attached, ReadFile, project_file
from reconciler.load.characters import visible
from reconciler.load.documents import Desk
from reconciler.load.draft import Draft
from reconciler.load.exposed import exposed
from reconciler.load.files import SUFFIXES, SourceFile, read_all
from reconciler.load.kept import Kept
from reconciler.load.meant import with_keys
from reconciler.load.misnamed import misnamed
from reconciler.load.nearest import did_you_mean
from reconciler.load.project import Project, load_project
from reconciler.load.references import Register, by_key, reference_problems, register
from reconciler.load.unfit import unfit
from reconciler.load.uniqueness import repeated
from reconciler.load.validators import Validators
from reconciler.load.variables import Variables
from reconciler.model.catalog import Catalog, Verbs
from reconciler.model.document import Desired, Document
from reconciler.model.faults import ManifestInvalid, UsageWrong
from reconciler.model.json import Json, digest
from reconciler.model.kind import Kind
from reconciler.model.place import Place, Problem, Severity
from reconciler.model.record import Record, field, replace

MOST_PROBLEMS: Final = 1_000
"""Nobody reads more, and guessing what each meant takes time."""
STEP: Final = 50
"""Documents between two chances to do something else: a few milliseconds."""
_T = TypeVar("_T")


class Seen(Record, frozen=True):
    """What one step of loading came upon. `documents`: those it judged right by themselves, in file order, each
    told once; whether they fit together shows at the end. `sound`: nothing was found wrong so far."""

    documents: tuple[Document, ...]
    sound: bool


def at_once(steps: Generator[Seen, None, _T]) -> _T:
    """All steps, with nothing between them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: _T = end.value
            return found


def desired(
    project_dir: Path,
    catalog: Catalog,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] | None = None,
    paths: Sequence[str] | None = None,
    proposed: Mapping[str, bytes] | None = None,
    kept: Kept | None = None,
) -> Desired:
    """All documents of a project, in the order of their addresses.

    `variables`: from the command line; `paths`: instead of the project's own `manifests`, and names that they do
    not declare may then be declared elsewhere; `proposed`: files by their paths, manifests and what these attach,
    as they would be; `kept`: what the manifests held when they were last read. Raises ManifestInvalid with all
    problems of all files (of the project file alone while that is wrong: nothing can be judged without it), and
    UsageWrong for an unknown environment, an unused variable or a missing project file.
    """
    return at_once(
        desired_in_steps(
            project_dir,
            catalog,
            environment=environment,
            variables=variables,
            paths=paths,
            proposed=proposed,
            kept=kept,
        )
    )


def desired_in_steps(
    project_dir: Path,
    catalog: Catalog,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] | None = None,
    paths: Sequence[str] | None = None,
    proposed: Mapping[str, bytes] | None = None,
    kept: Kept | None = None,
) -> Generator[Seen, None, Desired]:
    """The same in steps of about STEP documents, for who has something to do between them; what a step tells may
    still turn out to be wrong. Raises at the step at which `desired` would."""
    project = load_project(project_dir, catalog.providers)
    given = dict(variables or {})
    values = project.variables_for(environment, given)
    wanted = _wanted(project, paths)
    sources, problems = _sources(project, wanted, proposed or {})
    read = _files(project, proposed) if proposed else None
    batch = yield from drafts_in_steps(sources, project, catalog, values, read, kept)
    if kept and batch.whole and paths is None and not proposed:
        kept.close(worth=kept.worth(sources))
    whole = batch.whole and paths is None and not problems
    filed = register(batch.drafts, catalog.kinds, whole=whole)
    problems += by_key(unfit(batch.problems, batch.drafts, catalog), batch.drafts, filed)
    ordered = sorted((d.document for d in batch.drafts if d.document), key=_in_order)
    problems += islice(_judged(batch.drafts, ordered, catalog, filed), MOST_PROBLEMS)
    problems += exposed(project.root, batch.drafts)
    if any(p.severity is Severity.ERROR for p in problems):
        raise ManifestInvalid(problems)
    _all_used(given, values)
    if not sources:
        place, text = Place(project.source.path), "no manifest was found"
        problems.append(Problem(place, text, "look at `manifests:`", Severity.WARNING, "file"))
    documents = with_keys(ordered, catalog.kinds)
    return Desired(
        documents=tuple(documents),
        targets=project.targets,
        digest=_digest(project.source, sources, batch.files, environment, given),
        delete_limit=project.delete_limit,
        commit=_commit(project, sources, batch.files, wanted),
        warnings=tuple(sorted(problems)),
    )


def _sources(
    project: Project, wanted: Sequence[tuple[str, Place]], proposed: Mapping[str, bytes]
) -> tuple[list[SourceFile], list[Problem]]:
    """The manifest files, with those that are proposed in place of what stands there."""
    there = [one for one in wanted if not proposed or (project.root / one[0]).exists()]
    sources, problems = read_all(project.root, there)
    ours = [SourceFile(path, data) for path, data in proposed.items() if path.endswith(SUFFIXES)]
    kept = [s for s in sources if s.path not in proposed]
    return sorted([*kept, *ours], key=lambda s: s.path), problems


def _files(project: Project, proposed: Mapping[str, bytes]) -> ReadFile:
    """The files that documents attach: those that are proposed, else those of the project."""
    return lambda path: proposed[path] if path in proposed else project_file(project.root, path)


def manifests_digest(
    project_dir: Path,
    catalog: Catalog,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] | None = None,
    paths: Sequence[str] | None = None,
) -> str:
    """`Desired.digest` of the same arguments, of manifests right or wrong: what a saved plan binds to. Raises as
    `desired` does for the project file, and ManifestInvalid for a file that cannot be read."""
    project = load_project(project_dir, catalog.providers)
    given = dict(variables or {})
    sources, problems = read_all(project.root, _wanted(project, paths))
    if problems:
        raise ManifestInvalid(problems)
    batch = drafts_of(sources, project, catalog, project.variables_for(environment, given))
    return _digest(project.source, sources, batch.files, environment, given)


class Batch(Record, frozen=True):
    """Documents of many files, with the problems of each. `whole`: every file was read to its end. `files`: the
    sha256 of each file that a document attaches, by path."""

    drafts: tuple[Draft, ...]
    problems: tuple[Problem, ...]
    whole: bool
    files: Mapping[str, str] = field(default_factory=dict)


def drafts_of(
    sources: Sequence[SourceFile],
    project: Project,
    catalog: Catalog,
    variables: Variables,
    read: ReadFile | None = None,
) -> Batch:
    """Read and judge each document by itself; once there are MOST_PROBLEMS, no more. `read`: where the files are
    that documents attach, if not in the project as it is now."""
    return at_once(drafts_in_steps(sources, project, catalog, variables, read))


def drafts_in_steps(
    sources: Sequence[SourceFile],
    project: Project,
    catalog: Catalog,
    variables: Variables,
    read: ReadFile | None = None,
    kept: Kept | None = None,
) -> Generator[Seen, None, Batch]:
    """The same, STEP documents at a time."""
    attached = Attached(read or partial(project_file, project.root))
    desk = Desk(project.targets, Validators(catalog.kinds, catalog.refused), variables, attached)
    desk.straight.sealed = kept is not None and kept.worth(sources)
    drafts: list[Draft] = []
    found: list[Problem] = []
    whole, told = True, 0
    for source in sources:
        file = reading.read(source, kept)
        whole &= file.complete
        found += file.problems
        for parsed in file.documents:
            for draft in desk.drafts(parsed):
                drafts.append(draft)
                if not draft.problems:
                    continue
                found += draft.problems
                if len(found) >= MOST_PROBLEMS:
                    text = f"{MOST_PROBLEMS:,} problems so far; what follows was not looked at"
                    found.append(Problem(draft.place, text, rule="size"))
                    return Batch(tuple(drafts), tuple(found), whole=False, files=attached.digests)
            if len(drafts) - told >= STEP:
                yield Seen(tuple(d.document for d in drafts[told:] if d.document), sound=not found)
                told = len(drafts)
        if kept:
            kept.accept(source.sha256, desk.straight.all_of())
    yield Seen(tuple(d.document for d in drafts[told:] if d.document), sound=not found)
    return Batch(tuple(drafts), tuple(found), whole, attached.digests)


def _in_order(document: Document) -> tuple[str, str, str, str, int, int]:
    """By address, then by place."""
    address, place = document.address, document.place
    return address.target, address.kind, address.name, place.file, place.line, place.column


def _judged(
    drafts: Sequence[Draft], documents: Sequence[Document], catalog: Catalog, filed: Register
) -> Iterator[Problem]:
    """What only shows when all documents are looked at together, and what only a kind's own rules tell."""
    yield from repeated(drafts, filed)
    yield from reference_problems(drafts, filed)
    yield from misnamed(drafts, filed)
    groups: dict[tuple[str, str, str], list[Document]] = {}
    for document in documents:
        at = (document.provider, document.kind, document.address.target)
        groups.setdefault(at, []).append(document)
    for (provider, name, _), documents in sorted(groups.items(), key=lambda g: g[0]):
        kind, verbs = catalog.kinds[provider, name], catalog.verbs[provider, name]
        first = [d for i, d in enumerate(documents) if not i or d.address != documents[i - 1].address]
        yield from map(_shown, verbs.check(kind, first))
        if len(first) < len(documents):
            yield from _again(kind, documents, verbs)


def _again(kind: Kind, documents: Sequence[Document], verbs: Verbs) -> Iterator[Problem]:
    """What stands there under an address that was there before, each by itself: that it is there twice is told
    already."""
    for i, document in enumerate(documents):
        if i and document.address == documents[i - 1].address:
            yield from map(_shown, verbs.check(kind, [document]))


def _shown(problem: Problem) -> Problem:
    """A kind's own words may repeat what a manifest says, whatever is hidden in that."""
    return replace(problem, message=visible(problem.message), hint=visible(problem.hint))


def _wanted(project: Project, paths: Sequence[str] | None) -> list[tuple[str, Place]]:
    return list(project.manifests) if paths is None else [(path, Place(path)) for path in paths]


def _all_used(given: Mapping[str, str], values: Variables) -> None:
    for name in given:
        if name not in values.used:
            hint = did_you_mean(name, sorted(values.used), "take it off the command line")
            raise UsageWrong(f"no manifest uses the variable '{name}'", hint=hint)


def _commit(
    project: Project, sources: Sequence[SourceFile], files: Mapping[str, str], wanted: Sequence[tuple[str, Place]]
) -> str | None:
    looked_at = [project.source.path, *(path for path, _ in wanted), *files]
    return git.commit(project.root, looked_at, {project.source.path, *(s.path for s in sources), *files})


def _digest(
    project: SourceFile,
    sources: Sequence[SourceFile],
    attached: Mapping[str, str],
    environment: str | None,
    given: Mapping[str, str],
) -> str:
    files: list[Json] = [[s.path, s.sha256] for s in (project, *sources)]
    files += [[path, text] for path, text in sorted(attached.items())]
    return digest({"files": files, "environment": environment, "variables": dict(given)})
