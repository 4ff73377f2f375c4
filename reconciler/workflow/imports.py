"""`import`: read what is live, draft manifests of what nobody declares, and try them out before anything is
written.

The drafts go through the ordinary loader and the ordinary comparison. What these would not take as it is, or would
change, is left out with the reason, so that a plan of what is written needs no call.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired
from reconciler.model.faults import UsageWrong
from reconciler.model.kind import Kind
from reconciler.model.record import Record, field, replace
from reconciler.workflow.ground import Ground
from reconciler.workflow.importer import Importer, LeftOut, Telling, mute
from reconciler.workflow.memory import Downloads, keeping
from reconciler.workflow.setup import Options, Setup, catalog, ledger_of, project_of, selected
from reconciler.workflow.sheets import Files

if TYPE_CHECKING:
    from reconciler.load.project import Project


class Wish(Record, frozen=True):
    """What was said on the command line. `by`: field -> values, of kinds that have several lists; `asked`: fields
    that are read for their price, `without`: fields that are not read. `folder`: where to write. `dry`: nothing is
    to be written."""

    target: str
    kinds: tuple[str, ...] = ()
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    folder: str | None = None
    dry: bool = False


class Imported(Record, frozen=True):
    """What an import found. `files`: what is to be written, and where; `added`: file -> how many documents;
    `declared`: how many things are declared already; `requests`: how many it took; `warnings`: what the loader
    says of what is to be written."""

    root: Path
    files: Files
    left_out: tuple[LeftOut, ...]
    declared: int
    requests: int
    warnings: tuple[str, ...] = ()


def import_live(options: Options, wish: Wish, telling: Telling = mute) -> Imported:
    """What is live in a target and declared nowhere, as manifests; nothing is written yet, but the folder of
    `manifests:` is made where it is missing. Raises ManifestInvalid where the files that are there are wrong,
    UsageWrong, RemoteFault."""
    from reconciler import providers

    known = catalog()
    project = project_of(options, known)
    if wish.target not in project.targets:
        raise UsageWrong(
            f"the project has no target '{wish.target[:80]}'", hint=_near(wish.target, [*project.targets])
        )
    provider = project.targets[wish.target].provider
    known = providers.for_import(known, provider)
    kinds, left_out = chosen(known, provider, wish.kinds)
    _known_fields(kinds, {"--by": {*wish.by}, "--with": wish.asked, "--without": wish.without})
    folder = folder_of(project, wish)
    if not wish.dry:
        _make_room(project, folder)
    declared = selected(options, project, known, ())
    with _opened(options, project, known, declared, wish.target) as (setup, downloads):
        ground = Ground(options, project, setup, wish.target, folder, downloads)
        importer = Importer(ground, kinds, wish.by, wish.asked, wish.without, telling, left_out)
        files = asyncio.run(importer.run())
        left = tuple(importer.left_out)
        return Imported(project.root, files, left, importer.declared, importer.requests, importer.warnings)


def write_imported(imported: Imported) -> None:
    """Write the files. Raises UsageWrong where one cannot be written, or has changed meanwhile."""
    from reconciler.load.put import put

    put(imported.root, imported.files.whole, imported.files.before)


def chosen(known: Catalog, provider: str, words: Sequence[str]) -> tuple[list[Kind], list[LeftOut]]:
    """The kinds that are imported: those named, else all that can be. Raises UsageWrong for a kind that cannot."""
    mine = {k.name: k for k in known.of(provider)}
    if not words:
        out = {n: why for n, k in mine.items() if not k.source and (why := _unlisted(k) or _unasked(k))}
        kinds = [k for n, k in mine.items() if not k.source and n not in out]
        return kinds, [LeftOut(n, "", why) for n, why in out.items()]
    for word in words:
        if word not in mine:
            choices = [n for n, k in mine.items() if not k.source]
            raise UsageWrong(f"{provider} has no kind '{word[:80]}'", hint=_near(word, choices))
        if mine[word].source:
            raise UsageWrong(f"a {word} cannot be declared: it is only read, so that others can refer to it")
        if why := _unlisted(mine[word]):
            raise UsageWrong(f"{word} cannot be imported: {why}")
    return [mine[word] for word in dict.fromkeys(words)], []


def _unlisted(kind: Kind) -> str:
    if kind.findable and kind.rest.list is not None:
        return ""
    return f"no list and no search shows a {kind.name}; declare it by hand, with its id as `metadata.id`"


def _unasked(kind: Kind) -> str:
    from reconciler.importing import observed_only

    if kind.data:
        return f"a {kind.name} is data more often than configuration; name the kind to import it"
    return f"a {kind.name} can only be observed; name the kind to import it" if observed_only(kind) else ""


def _near(word: str, choices: Sequence[str]) -> str:
    from reconciler.load.nearest import did_you_mean, listed

    return did_you_mean(word, choices, f"known: {listed(sorted(choices))}")


def _known_fields(kinds: Sequence[Kind], said: Mapping[str, set[str] | frozenset[str]]) -> None:
    """Raises UsageWrong for a field that none of the kinds has."""
    fields = sorted({name for kind in kinds for name in kind.fields})
    for option, names in said.items():
        for name in sorted(names):
            if name not in fields:
                raise UsageWrong(
                    f"{option} {name[:80]}: none of these kinds has that field", hint=_near(name, fields)
                )


def folder_of(project: Project, wish: Wish) -> str:
    """Where manifests go, as a path in the project: a folder of the target's name, the project's own or below its
    first one. Raises UsageWrong for a folder that no plan reads."""
    from reconciler.load.files import SUFFIXES, inside

    folders = [p.rstrip("/") or "." for p, _ in project.manifests if not p.endswith(SUFFIXES)]
    if wish.folder is None and folders:
        own = next((f for f in folders if PurePosixPath(f).name == wish.target), f"{folders[0]}/{wish.target}")
        return own.removeprefix("./")
    given = (wish.folder or wish.target).rstrip("/")
    try:
        real = inside(project.root, given)
        read = any(real == (at := inside(project.root, one)) or at in real.parents for one in folders)
    except ValueError as error:
        raise UsageWrong(f"'{given[:100]}' {error}") from None
    if not read or any(part.startswith(".") for part in Path(given).parts):
        raise UsageWrong(f"no plan would read '{given[:100]}'", hint="choose a folder below one of `manifests:`")
    return given.removeprefix("./")


def _make_room(project: Project, folder: str) -> None:
    """Make the folder of `manifests:` that these manifests go to. Raises UsageWrong where that cannot be."""
    from reconciler.load.files import SUFFIXES, inside

    for text, _ in project.manifests:
        mine = f"{folder}/".startswith(f"{text.rstrip('/').removeprefix('./')}/")
        if mine and not text.endswith(SUFFIXES):
            try:
                inside(project.root, text).mkdir(parents=True, exist_ok=True)
            except ValueError:
                return  # the loader says what is wrong with this path, and where it stands
            except OSError as error:
                raise UsageWrong(f"the folder {text} cannot be made: {error.strerror}") from error


@contextmanager
def _opened(
    options: Options, project: Project, known: Catalog, declared: Desired, target: str
) -> Iterator[tuple[Setup, Downloads]]:
    """The target alone, with the operator's side of it, and what is downloaded meanwhile."""
    from reconciler.load.operator_config import operator
    from reconciler.wire.clock import real_clock

    downloads: Downloads = {}
    mine = tuple(d for d in declared.documents if d.address.target == target)
    desired = replace(declared, documents=mine, targets={target: project.targets[target]})
    with ExitStack() as stack:
        clock = real_clock()
        ledger = ledger_of(options, project, clock, stack)
        access = operator({target}, os.environ)
        yield Setup(desired, keeping(known, downloads), access, clock, ledger, root=project.root), downloads
