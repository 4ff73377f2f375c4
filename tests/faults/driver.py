"""A command line small enough to be killed a thousand times: run as a script, it forks one child per job.

A job is one JSON line on standard input; the answers are `{"pid": …}` as soon as the child is there, and
`{"status": …}` (a wait status) once it has ended. What the child has to say lies in the job's `result` file, if
it lived to say it. The crash points of a job lie here, around the ledger's writes, and not
in the product.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from reconciler import workflow
from reconciler.cli.app import run
from reconciler.cli.exit_codes import of_report
from reconciler.ledger import Ledger, open_ledger, whoami
from reconciler.ledger.event import Draft, Type
from reconciler.model.call import Reply, Request
from reconciler.model.faults import ReconcilerError
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.report.ends import questions
from reconciler.wire.library import load_httpx
from reconciler.workflow.asking import Asked
from reconciler.workflow.binding import check_binding
from tests.faults.analytics import noted
from tests.faults.estate import ESTATES, setup_of
from tests.world import catalog, hasty_clock

Job = dict[str, Any]


@contextmanager
def counted_writes(ledger: Ledger, crash: list[Any] | None) -> Iterator[list[str]]:
    """The ledger's appends as they happen. `crash`: `[n, "before" | "after"]`, the process dies at the n-th, just
    before it begins or just after it is durable; `[n, "intended"]` just after the n-th intent is durable,
    `[n, "answered"]` just before the n-th outcome is."""
    history: Any = ledger._history
    writing, add = history.writing, history.add
    seen: list[str] = []

    def dies(*points: list[Any]) -> None:
        if crash in points:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def dangerous() -> Iterator[None]:
        """Of sections within each other only the outermost makes anything durable: all that was added in it."""
        if history._writing:
            yield
            return
        dies([len(seen) + 1, "before"])
        before, intents = len(seen), seen.count(Type.INTENT)
        with writing():
            yield
        dies(*([n, "after"] for n in range(before + 1, len(seen) + 1)))
        dies(*([n, "intended"] for n in range(intents + 1, seen.count(Type.INTENT) + 1)))

    def told(draft: Draft) -> Any:
        dies([len(seen) + 1, "before"])
        seen.append(str(draft.type))
        if draft.type == Type.OUTCOME:
            dies([seen.count(Type.OUTCOME), "answered"])
        return add(draft)

    history.writing, history.add = dangerous, told
    try:
        yield seen
    finally:
        history.writing, history.add = writing, add


@contextmanager
def counted_requests(crash: list[Any] | None) -> Iterator[None]:
    """The requests that write, as they go out. `crash`: `[n, "send"]`, the process dies just before the n-th of
    them does; `[n, "reply"]`, as soon as that one is answered."""
    wires: Any = Asked
    told: Callable[[Asked, Request], Awaitable[Reply]] = wires.send
    sent = 0

    async def counted(asked: Asked, request: Request) -> Reply:
        nonlocal sent
        if request.safe:
            return await told(asked, request)
        sent += 1
        own = sent
        _die_if(crash == [own, "send"])
        try:
            return await told(asked, request)
        finally:
            _die_if(crash == [own, "reply"])

    wires.send = counted
    try:
        yield
    finally:
        wires.send = told


def _die_if(condition: bool) -> None:
    if condition:
        os.kill(os.getpid(), signal.SIGKILL)


def perform(job: Job) -> Job:
    """`do`: `apply` (settle, plan, apply, plan again unless `again` is false), `save` (plan into the file `plan`),
    `resume` (apply that file). `once`: address -> tokens that its document carries by now; `ids`: address -> the
    ids that people have written beside its environments, by what these name."""
    clock = hasty_clock()
    with (
        open_ledger(Path(job["ledger"]), create=True, who=whoami(), clock=clock) as ledger,
        counted_writes(ledger, job.get("crash")) as seen,
        counted_requests(job.get("crash")),
    ):
        connection: Any = ledger._store
        connection._connection.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing the system has
        tokens, ids = job.get("once", {}), job.get("ids", {})
        documents = [
            replace(noted(d, ids.get(str(d.address), {})), once={**d.once, **tokens.get(str(d.address), {})})
            for d in ESTATES[job["estate"]]()
        ]
        at_once, root = job.get("concurrency", 8), Path(job["folder"])
        setup = setup_of(documents, job["urls"], job["settings"], ledger, clock, at_once, root)
        return {**DEEDS[job["do"]](setup, job), "appended": seen}


def _apply(setup: workflow.Setup, job: Job) -> Job:
    """As the command does it: what an interrupted run left behind comes first."""
    _, doubts, _ = asyncio.run(workflow.settle(setup))
    if doubts:
        raise workflow.CallInDoubt(doubts)
    plan = asyncio.run(workflow.make_plan(setup))
    return _carried_out(setup, plan, {}, again=job.get("again", True))


def _save(setup: workflow.Setup, job: Job) -> Job:
    plan = asyncio.run(workflow.make_plan(setup))
    Path(job["plan"]).write_text(json.dumps(to_json(plan)), encoding="utf-8")
    return {"planned": len(plan.writes)}


def _resume(setup: workflow.Setup, job: Job) -> Job:
    plan = from_json(json.loads(Path(job["plan"]).read_text(encoding="utf-8")))
    check_binding(setup, plan)
    earlier, doubts, _ = asyncio.run(workflow.settle(setup))
    if doubts:
        raise workflow.CallInDoubt(doubts)
    return _carried_out(setup, plan, earlier.get(plan.id, {}))


DEEDS: dict[str, Callable[[workflow.Setup, Job], Job]] = {"apply": _apply, "save": _save, "resume": _resume}


def _carried_out(setup: workflow.Setup, plan: Plan, earlier: Mapping[str, Outcome], *, again: bool = True) -> Job:
    report = workflow.apply(workflow.Ready(setup, plan, earlier))
    left = asyncio.run(workflow.make_plan(setup)).writes if again else ()
    return {
        "planned": len(plan.writes),
        "ends": {o.call: str(o.end) for o in report.outcomes},
        "messages": {o.call: o.message for o in report.outcomes},
        "interrupted": report.interrupted,
        "code": of_report(report, plan),
        "questions": [f"{e.call.address}: {e.outcome.question}" for e in questions(report, plan)],
        "holds": [f"{a.address}: {h.rule}" for a in plan.actions for h in a.holds],
        "says": [f"{a.address}: {n}" for a in plan.actions for n in (*a.notes, *(h.way_out for h in a.holds))],
        "left": [c.line for c in left],
    }


def answer(job: Job) -> Job:
    """A command as a person types it in the project's folder: its exit code, and what it says."""
    os.chdir(job["folder"])
    with redirect_stdout(StringIO()) as out, redirect_stderr(out):
        code = run(job["words"])
    return {"code": code, "text": out.getvalue()}


def child(job: Job) -> None:
    """The forked child's whole life."""
    try:
        result = answer(job) if job["do"] == "answer" else perform(job)
    except ReconcilerError as error:
        result = {"error": type(error).__name__, "text": str(error), "hint": error.hint, "code": error.exit_code}
    except BaseException:  # noqa: BLE001 - told to the test, which fails on it
        result = {"traceback": traceback.format_exc()}
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")
    os._exit(0)


ROOMS = (
    *("access", "apply", "diff", "plan", "read", "report.ends", "vault", "wire.wires", "wire.readonly"),
    *("ledger.sqlite", "load.desired", "load.operator_config", "load.project", "load.secrets", "cli.resume"),
    *("workflow.secret_rules", "workflow.resume"),
)
LIBRARIES = ("anyio._backends._asyncio", "certifi", "deepdiff", "getpass", "httpcore", "jsonschema.validators")
"""What a run needs sooner or later, besides what these need."""


def serve() -> None:
    """Fork a child per line until the input ends. All imports are done, so a child begins at once."""
    catalog()
    load_httpx()
    for room in ROOMS:
        import_module(f"reconciler.{room}")
    for name in LIBRARIES:
        import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what is there by now is not looked through in every child
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            child(job)
        print(json.dumps({"pid": pid}), flush=True)
        print(json.dumps({"status": os.waitpid(pid, 0)[1]}), flush=True)


if __name__ == "__main__":
    serve()
