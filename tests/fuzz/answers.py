"""`python -m tests.fuzz.answers [--count N] [--seed N] [--jobs N] [--only N]`: every answer that any call of any
system gets, made hostile. Each run must end in a plan or in words that name the call; nothing is deleted, and on
the word of an answer that can be seen to lie nothing is written, that a truthful one would not have led to."""

from __future__ import annotations

import random
import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from functools import partial

from reconciler.model.call import Request
from reconciler.model.faults import ReconcilerError, RemoteFault
from reconciler.model.json import same
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style
from reconciler.wire.encode import encoded
from reconciler.wire.judge import Judge
from reconciler.wire.late import NOWHERE
from reconciler.wire.line import Answer
from reconciler.wire.redact import Redaction
from reconciler.wire.retry import Failure
from reconciler.wire.url import Base
from tests.fuzz.crew import Finding, Summary, Trial, Wrong, run
from tests.fuzz.far import Key
from tests.fuzz.scenes import USUAL, Scene, copied, scenes
from tests.fuzz.spoilt import Spoilt, spoilt
from tests.world import PROVIDERS, catalog

BLOCK = 64
"""So many trials in a row are of one scene: to bring it about takes as long as a few of them."""
READINGS = 0.96
"""The share of trials in which a plan's reading is spoilt; in the others it is what a write is answered."""
QUICKLY = 0.95
"""The share of the readings that are first looked at without a plan."""


class Trials:
    """What a worker keeps: the scenes, and which of them its twins show."""

    def __init__(self, seed: int, block: int = BLOCK) -> None:
        self._stack = ExitStack()
        self._scenes = self._stack.enter_context(scenes())
        random.Random(0).shuffle(self._scenes)
        self._seed, self._block, self._at = seed, block, -1

    def scene(self, n: int) -> Scene:
        at = (n // self._block) % len(self._scenes)
        scene = self._scenes[at]
        if at != self._at:
            self._at = at
            _ = scene.truth
            scene.begin()
        return scene

    def __call__(self, n: int) -> str:
        scene, rng = self.scene(n), random.Random(f"{self._seed}/{n}")
        one = Lie(scene, rng)
        try:
            if rng.random() < READINGS:
                return one.read()
            try:
                return one.written()
            finally:
                scene.begin()
        except Exception as error:
            error.data = one.shown  # type: ignore[attr-defined]
            raise
        finally:
            scene.ground.far.spoil = lambda _, answer: answer


class Lie:
    """One trial: an answer is spoilt, and what comes of it is compared with the truth."""

    def __init__(self, scene: Scene, rng: random.Random) -> None:
        self.scene, self.rng, self.truth = scene, rng, scene.truth
        self.spoilt: Spoilt | None = None

    @property
    def shown(self) -> bytes:
        """The answer that did it."""
        return b"" if self.spoilt is None else self.spoilt.answer.body[:100_000]

    def _begin(self, among: tuple[Key, ...], *, lasting: bool) -> None:
        """From now on one of these requests is answered so; always, or once."""
        far = self.scene.ground.far
        chosen = self.chosen = self.rng.choice(among)
        others = [a.body for k, a in self.truth.answers.items() if k != chosen]

        def spoil(key: Key, answer: Answer) -> Answer:
            if key != chosen or (self.spoilt is not None and not lasting):
                return answer
            if self.spoilt is None:
                self.spoilt = spoilt(answer, self.rng, others)
            return self.spoilt.answer

        far.spoil = spoil

    def _wrong(self, rule: str, text: str) -> Wrong:
        how = self.spoilt.how if self.spoilt else "nothing"
        return Wrong(rule, f"{self.scene.site.name}, after {how}: {text}", self.shown)

    # What a plan reads

    def read(self) -> str:
        """Most answers are first looked at by themselves: what says the same as ever, or is refused by whoever
        reads it, needs no plan."""
        self._begin(self.truth.readings, lasting=self.rng.random() < 0.8)
        if self.rng.random() < QUICKLY and (end := self._alone()):
            return f"reading: {end}"
        _, ledger = self.scene.begun
        try:
            plan = self.scene.ground.plan(self.scene.site.after, ledger)
        except ReconcilerError as error:
            return f"reading: {self._refused(error)}"
        self._deletes(plan)
        more = {_line(c) for c in plan.writes} - {_line(c) for c in self.truth.plan.writes}
        if more and self.spoilt is not None and self.spoilt.lies:
            raise self._wrong("a write on the word of a lie", f"{sorted(more)}")
        if self.rng.random() < 0.1:
            self._told(plan)
        return "reading: planned, with other writes" if more else "reading: planned as ever, or less"

    def _alone(self) -> str:
        """What one spoilt answer is taken for by the kinds that read it; empty where that may change the plan."""
        far = self.scene.ground.far
        key = self.chosen
        answer = far.spoil(key, self.truth.answers[key])
        if "content-encoding" in answer.headers:
            return ""
        read = [r for r in self.truth.lists if any(self._is(key, request) for request, _ in r.replies)]
        if not read:
            return ""
        for one in read:
            at = next(n for n, (request, _) in enumerate(one.replies) if self._is(key, request))
            request, honest = one.replies[at]
            reply = self._judge(request).answer(answer, 0.0)
            if isinstance(reply, Failure):
                return "" if reply.fault.status and reply.fault.status >= 300 else self._refused(reply.fault)
            if same(reply.body, honest):
                continue
            replies = (*one.replies[:at], (request, reply.body), *one.replies[at + 1 :])
            try:
                if one.verbs.reads(one.kind, one.demand, replies):
                    return ""
                found = one.verbs.parse(one.kind, one.demand, replies)
            except ValueError:
                return "AnswerInvalid"
            if replace(found, read_at=0.0) != replace(one.found, read_at=0.0):
                return ""
        return "read as ever"

    def _is(self, key: Key, request: Request) -> bool:
        return key in self._keys(request)

    def _keys(self, request: Request) -> tuple[Key, ...]:
        """How a request looks on its way."""
        provider = catalog().providers[PROVIDERS[request.target]]
        base = Base.parse(provider.base(self.scene.ground.far.urls[request.target]))
        content = encoded(request, provider, NOWHERE).content
        target = base.url(request.path, request.query).removeprefix(base.origin)
        return ((request.target, request.method, target, content.data if content else b""),)

    def _judge(self, request: Request) -> Judge:
        provider = catalog().providers[PROVIDERS[request.target]]
        base = Base.parse(provider.base(self.scene.ground.far.urls[request.target]))
        return Judge(request, provider, base, "", USUAL, Redaction([], ()))

    def _refused(self, error: ReconcilerError) -> str:
        """Whatever is refused names the call, and a way out."""
        if isinstance(error, RemoteFault) and not (error.request and error.request in str(error) and error.hint):
            raise self._wrong("words", f"the call is not named: {error}")
        return type(error).__name__

    def _deletes(self, plan: Plan) -> None:
        there = {_line(c) for c in self.truth.plan.writes if c.phase is Phase.DELETE}
        more = {_line(c) for c in plan.writes if c.phase is Phase.DELETE} - there
        if more:
            raise self._wrong("a delete that the truth does not lead to", f"{sorted(more)}")

    def _told(self, plan: Plan) -> None:
        """It can be saved, read again and shown, whatever live values are in it."""
        if from_json(to_json(plan)) != plan:
            raise self._wrong("a plan that changes as it is saved", "")
        if bad := {c for c in plan_text(plan, Style(), calls=True) if not c.isprintable() and c != "\n"}:
            raise self._wrong("raw characters", f"{sorted(map(hex, map(ord, bad)))}")

    # What a write is answered

    def written(self) -> str:
        ground, site = self.scene.ground, self.scene.site
        sent = tuple(k for k in self.truth.calls if k not in self.truth.readings) or self.truth.calls
        ledger = copied(self.scene.begun[1])
        self._begin(sent, lasting=self.rng.random() < 0.3)
        try:
            _, report = ground.run(site.after, ledger)
            ends = {str(o.end) for o in report.outcomes}
            end = "all done" if ends <= {"done", "unneeded"} else "not all done"
        except ReconcilerError as error:
            end = self._refused(error)
        self._sent()
        if self.rng.random() < 0.3:
            end += f", then {self._again(ledger)}"
        return f"writing: {end}"

    def _again(self, ledger: object) -> str:
        """A plain run afterwards."""
        ground = self.scene.ground
        ground.far.spoil = lambda _, answer: answer
        try:
            plan, report = ground.run(self.scene.site.after, ledger)  # type: ignore[arg-type]
        except ReconcilerError as error:
            return type(error).__name__
        self._sent()
        ends = {str(o.end) for o in report.outcomes}
        return "all is done" if ends <= {"done", "unneeded"} and not plan.held else "something is left"

    def _sent(self) -> None:
        """Nothing was deleted that the plan did not name, and nothing made twice."""
        honest = {key[:3] for key in self.truth.calls}
        took = [key for key, ok in self.scene.ground.far.writes if ok]
        if gone := [key for key in took if key[1] == "DELETE" and key[:3] not in honest]:
            raise self._wrong("something else was deleted", f"{gone}")
        sizes, most = self.scene.ground.sizes(), self.truth.sizes
        if more := {sort: n - most[sort] for sort, n in sizes.items() if n > max(most[sort], self._before(sort))}:
            raise self._wrong("made twice", f"{more} more than there should be")

    def _before(self, sort: str) -> int:
        return self.scene.sizes.get(sort, 0)


def _line(call: Call) -> tuple[str, str, str]:
    return str(call.address), call.line, call.phase.name


def trials(seed: int, block: int = BLOCK) -> Trial:
    return Trials(seed, block)


def told(words: Namespace, summary: Summary) -> bool:
    """Print the whole of it; True where nothing was wrong."""
    print(f"{summary.tried:,} spoilt answers (seed {words.seed})")
    for end, times in sorted(summary.ends.items()):
        print(f"  {times:>9,}  {end}")
    print(f"{len(summary.findings)} findings; at most {summary.peak} MiB; {summary.cpu:.0f} s of CPU in "
          f"{summary.seconds:.0f} s")  # fmt: skip
    by_rule: dict[str, list[Finding]] = {}
    for one in summary.findings:
        by_rule.setdefault(one.rule, []).append(one)
    for rule, found in sorted(by_rule.items()):
        least = min(found, key=lambda f: len(f.data or b""))
        print(f"\n{len(found)} × {rule}\n{least.text}\n  the answer: {(least.data or b'')[:600]!r}")
        print(f"  again: python -m tests.fuzz.answers --seed {words.seed} --only {least.trial}")
    return not summary.findings


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.fuzz.answers")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int, help="this one trial, in this process")
    words = parser.parse_args()
    if words.only is not None:
        print(Trials(words.seed)(words.only))
        return 0
    return 0 if told(words, run(partial(trials, words.seed), words.count, words.jobs, sys.stderr)) else 1


if __name__ == "__main__":
    sys.exit(main())
