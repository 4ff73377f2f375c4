"""What a command works with: the project, the operator's side, the ledger, the clock."""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.model.catalog import Catalog
from reconciler.model.clock import Clock
from reconciler.model.document import Address, Desired
from reconciler.model.faults import UsageWrong
from reconciler.model.ledger_place import LedgerAccess
from reconciler.model.operator import Operator
from reconciler.model.record import Record, field, force_setattr, replace
from reconciler.model.recorded import Recorded

if TYPE_CHECKING:
    from reconciler.apply.sinks import Sinks
    from reconciler.ledger import Ledger
    from reconciler.load.project import Project
    from reconciler.wire.late import Late
    from reconciler.wire.limits import Limits
    from reconciler.wire.line import Opens
    from reconciler.workflow.early import Early


class Options(Record, frozen=True):
    """What was said on the command line. `expect_missing`: `target/Kind` whose recorded things really are gone.
    `expect_moved`: targets that are elsewhere than they were, with all their ids."""

    project: Path | None = None
    environment: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    changed_since: str | None = None
    expect_missing: tuple[str, ...] = ()
    expect_moved: tuple[str, ...] = ()
    ephemeral: bool = False


def catalog() -> Catalog:
    """Every kind there is, each read when it is first needed. Looking one up raises ManifestInvalid where its
    schema file is wrong."""
    from reconciler import providers
    from reconciler.load.kinds import kinds_as_needed

    return providers.catalog_as_needed(kinds_as_needed())


def project_of(options: Options, known: Catalog) -> Project:
    """The project a command is about. Raises UsageWrong where there is none, ManifestInvalid where it is wrong."""
    from reconciler.load.project import find_project, load_project

    return load_project(options.project or find_project(Path.cwd()), known.providers)


class Setup(Record, frozen=True):
    """What a command works with. `ledger` None: nothing is remembered, so nothing can be applied. `lasting` False:
    the ledger ends with this process. `root`: the project's folder. The targets of `desired` have the rate that
    counts, whoever puts a setup together. `opens`, `late`, `sinks`: the network, where secrets and files come
    from, and where once-shown values go; None: HTTP, the operator's environment and the project's folder."""

    desired: Desired
    catalog: Catalog
    operator: Operator
    clock: Clock
    ledger: Ledger | None = None
    lasting: bool = True
    expect_missing: frozenset[str] = frozenset()
    expect_moved: frozenset[str] = frozenset()
    rng: random.Random = field(default_factory=random.Random)
    limits: Limits | None = None
    spent: dict[str, deque[float]] = field(default_factory=dict)
    root: Path = Path()
    opens: Opens | None = None
    late: Late | None = None
    sinks: Sinks | None = None

    def __post_init__(self) -> None:
        force_setattr(self, "desired", _granted(self.desired, self.operator, self.catalog))

    @property
    def providers(self) -> dict[str, str]:
        return {t.name: t.provider for t in self.desired.targets.values()}

    @property
    def recorded(self) -> Recorded:
        return self.ledger.recorded() if self.ledger else Recorded()


def needed(ledger: Ledger | None) -> Ledger:
    """A ledger that what is done can be recorded in. Raises UsageWrong where there is none, LedgerUnusable where
    it can only be read."""
    if ledger is None:
        raise UsageWrong(
            "there is no ledger, so an apply could not remember what it made",
            hint="make one with `reconciler init --ledger-only`, or add --ephemeral-ledger",
        )
    ledger.check_writable()
    return ledger


def nothing_remembered() -> UsageWrong:
    """What a command that only looks back says where there is no ledger."""
    return UsageWrong(
        "there is no ledger, so nothing is remembered",
        hint="`reconciler init --ledger-only` makes one; `reconciler doctor` says where the project keeps it",
    )


def selected(options: Options, project: Project, known: Catalog, recorded: Sequence[Address]) -> Desired:
    """The documents a command is about. `recorded`: addresses that only the ledger may know."""
    from reconciler.load.desired import desired
    from reconciler.load.kept import kept
    from reconciler.load.selection import select

    words = {"environment": options.environment, "variables": options.variables}
    found = desired(project.root, known, **words, kept=kept(project.root, os.environ))  # type: ignore[arg-type]
    changed = None
    if options.changed_since is not None:
        from reconciler.load.changed import changed_since

        changed = changed_since(found, project.root, options.changed_since, known, **words)  # type: ignore[arg-type]
    if options.only or options.exclude or changed is not None:
        which = {"only": options.only, "exclude": options.exclude, "changed": changed, "known": recorded}
        found = select(found, **which, kinds=known.kinds)  # type: ignore[arg-type]
    return found


class Begun(Record, frozen=True):
    """What a command knows before it has read a manifest. `recorded`: of the ledger, where there is one."""

    options: Options
    catalog: Catalog
    project: Project
    clock: Clock
    ledger: Ledger | None
    recorded: Recorded

    def setup(self, desired: Desired, used: AbstractSet[str]) -> Setup:
        """What the command works with, about these documents, which lie in `used` targets. Raises ManifestInvalid,
        UsageWrong."""
        from reconciler.load.operator_config import operator

        opened_up = operator(used & set(desired.targets), os.environ)
        missing, moved = frozenset(self.options.expect_missing), frozenset(self.options.expect_moved)
        lasting, root = not self.options.ephemeral, self.project.root
        return Setup(desired, self.catalog, opened_up, self.clock, self.ledger, lasting, missing, moved, root=root)

    def ready(self, desired: Desired) -> Setup:
        """The same, once all documents are known."""
        _expected(self.options, desired, self.catalog)
        return self.setup(
            desired, {d.address.target for d in desired.documents} | {a.target for a in self.recorded.bonds}
        )


@contextmanager
def begun(options: Options) -> Iterator[Begun]:
    """The project and its ledger, which is closed at the end. Raises ManifestInvalid, UsageWrong,
    LedgerUnusable."""
    from reconciler.wire.clock import real_clock

    known = catalog()
    project = project_of(options, known)
    with ExitStack() as stack:
        clock = real_clock()
        ledger = ledger_of(options, project, clock, stack)
        yield Begun(options, known, project, clock, ledger, ledger.recorded() if ledger else Recorded())


@contextmanager
def prepared(options: Options) -> Iterator[Setup]:
    """Files, operator and ledger, ready for a command; the ledger is closed at the end. Raises ManifestInvalid,
    UsageWrong, LedgerUnusable."""
    with begun(options) as found:
        yield found.ready(selected(options, found.project, found.catalog, tuple(found.recorded.bonds)))


@asynccontextmanager
async def prepared_early(options: Options) -> AsyncIterator[tuple[Setup, Early]]:
    """The same, with what can be asked while the manifests are read asked by then. Nothing is where only some of
    them count: which, nobody knows before the end. Raises as `prepared`, and RemoteFault for nothing."""
    from reconciler.load.desired import desired_in_steps
    from reconciler.load.kept import kept
    from reconciler.workflow.early import Early
    from reconciler.workflow.places import check_places

    with begun(options) as found:

        def setup_of(targets: frozenset[str]) -> Setup:
            one = found.setup(Desired((), found.project.targets, digest=""), targets)
            check_places(one, found.recorded)
            return one

        early = Early(setup_of)
        try:
            if options.only or options.exclude or options.changed_since is not None:
                chosen = selected(options, found.project, found.catalog, tuple(found.recorded.bonds))
            else:
                words = {"environment": options.environment, "variables": options.variables}
                root = found.project.root
                remembered = kept(root, os.environ)
                steps = desired_in_steps(root, found.catalog, **words, kept=remembered)  # type: ignore[arg-type]
                chosen = await early.loaded(steps)
            yield found.ready(chosen), early
        finally:
            await early.aclose()


def _granted(desired: Desired, opened_up: Operator, known: Catalog) -> Desired:
    """The targets with the rate that counts: the project's own, and no more than the key was granted, or the API
    grants everybody."""
    targets = {}
    for name, target in desired.targets.items():
        access = opened_up.access.get(name)
        most = (access.per_minute if access else None) or known.providers[target.provider].per_minute
        counts = [n for n in (target.per_minute, most) if n is not None]
        targets[name] = replace(target, per_minute=min(counts, default=None))
    return replace(desired, targets=targets)


@contextmanager
def remembered(options: Options) -> Iterator[tuple[Catalog, Project, Ledger]]:
    """What is needed to look into the past alone: no operator, no host. Raises like `prepared`, and UsageWrong
    where there is no ledger."""
    from reconciler.wire.clock import real_clock

    known = catalog()
    project = project_of(options, known)
    with ExitStack() as stack:
        ledger = ledger_of(options, project, real_clock(), stack)
        if ledger is None:
            raise nothing_remembered()
        yield known, project, ledger


def _expected(options: Options, desired: Desired, known: Catalog) -> None:
    """Each word of --expect-missing is the kind of a target, as `target/Kind`, each of --expect-moved a target.
    Raises UsageWrong."""
    if not (options.expect_missing or options.expect_moved):
        return
    from reconciler.load.nearest import did_you_mean, listed

    kinds = sorted((k for k in known.kinds.values() if not k.source), key=lambda k: k.name)
    choices = [f"{t.name}/{k.name}" for t in desired.targets.values() for k in kinds if k.provider == t.provider]
    targets = sorted(desired.targets)
    for word, known_ones, what in (
        *((word, choices, "--expect-missing: '{}' is no kind of a target") for word in options.expect_missing),
        *((word, targets, "--expect-moved: '{}' is no target") for word in options.expect_moved),
    ):
        if word not in known_ones:
            hint = did_you_mean(word, known_ones, f"known: {listed(known_ones)}")
            raise UsageWrong(what.format(word[:80]), hint=hint)


def ledger_of(options: Options, project: Project, clock: Clock, stack: ExitStack) -> Ledger | None:
    """The project's ledger, one that ends with this process if that was asked for, or none."""
    place = None if options.ephemeral else ledger_place(project)
    if isinstance(place, Path) and _missing(place):
        return None  # without importing what would find none
    from reconciler.ledger import ephemeral, find_ledger, whoami

    if place is None:
        return ephemeral(whoami(), clock)
    found = find_ledger(place, who=whoami(), clock=clock)
    return stack.enter_context(found) if found else None


def _missing(place: Path) -> bool:
    """Whether there certainly is no such file; what cannot be told is the ledger's to say."""
    try:
        place.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def ledger_place(project: Project) -> Path | LedgerAccess:
    """The ledger's file, or its server with the operator's access to it. Raises UsageWrong where the operator does
    not agree, ManifestInvalid where the operator's file is wrong."""
    if isinstance(project.ledger, Path):
        return project.ledger
    from reconciler.load.ledger_access import ledger_access

    return ledger_access(project.ledger, os.environ)


def make_ledger(root: Path) -> bool:
    """A new ledger for the project in this folder; False where there is one, which stays as it is. Raises
    LedgerUnusable, and as `ledger_place`."""
    from reconciler.ledger import find_ledger, open_ledger, whoami
    from reconciler.wire.clock import real_clock

    place = ledger_place(project_of(Options(project=root), catalog()))
    found = find_ledger(place, who=whoami(), clock=real_clock())
    (found or open_ledger(place, create=True, who=whoami(), clock=real_clock())).close()
    return found is None
