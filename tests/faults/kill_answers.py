"""What a run asks that was started after a kill, and a person who looks into the product and answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reconciler.ledger import open_ledger, whoami
from reconciler.model.plan import Phase
from reconciler.model.plan_from_json import from_json
from reconciler.wire.clock import real_clock
from tests.faults import analytics
from tests.faults.estate import ESTATES
from tests.faults.questions import LINKS, doubts
from tests.faults.trials import Bench
from tests.world import CORE, PLATFORM

ADOPT: Final = re.compile(r"`reconciler resume --adopt '?([^=`']+)=ID'?`")
FORGET: Final = "--forget "
LOST: Final = re.compile(r"the value that `\w+` (?:of (\S+) )?is for was (?:shown once and )?never seen")
TOKENS: Final = {"Invitation": ("reissue", 1), "User": ("rotateKey", 1), "ModelGit": ("fetchSecret", 2)}
"""Kind -> the token that asks for another value, and its first new one."""
UNSURE: Final = "nobody can tell whether"
NOT_VALID: Final = "not valid"
"""What Omni Analytics says of a link that is there already, among other things."""


@dataclass(slots=True)
class Desk:
    """A person's part in a trial. `certain`: addresses that have to be asked about, `perhaps`: that may be, by
    what the ledger and the far ends are when a run has been killed. `asked`: how often each was. `adopted`: of
    which was said what they are. `failed`: links that were refused for being there. `unsure`:
    tokens that may have acted when the next run was killed as well: no reading shows it, so they act again."""

    bench: Bench
    certain: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    adopted: set[str] = field(default_factory=set)
    failed: int = 0
    unsure: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def answers(self) -> dict[str, Any]:
        """What the documents say by now."""
        return {"once": self.tokens, "ids": self.ids}

    def look(self) -> None:
        """A run was killed: what is in doubt now."""
        found = doubts(self.bench)
        self.certain |= (found.questions - found.links) | tasks_in_doubt(self.bench)
        self.perhaps |= found.requests | found.peos | found.links

    def hear(self, told: Mapping[str, Any]) -> bool:
        """Answer what a run that was not killed asks. Returns whether another run is needed."""
        sentences = list(said(told))
        self.unsure += sum(UNSURE in s and s.partition(": ")[0] in self.tokens for s in sentences)
        questions = Counter(a for s in sentences if (a := self._about(s)))
        self._type([a for address, times in questions.items() if (a := self._answer(address, times))])
        return bool(questions) or told.get("error") == "CallInDoubt" or self._links(told)

    def _about(self, sentence: str) -> str:
        if found := ADOPT.search(sentence):
            if FORGET not in sentence:
                self.wrong.append(f"question: no way out for what was not made: {sentence}")
            return found[1]
        if LINKS in sentence and "?" in sentence:
            return sentence.partition(": ")[0]
        if found := LOST.search(sentence):
            return found[1] or sentence.partition(": ")[0]
        return ""

    def _answer(self, address: str, times: int) -> str:
        """Note the answer; the address where a command gives it."""
        self.asked[address] += 1
        if times > 1:
            self.wrong.append(f"question: {address} is asked about {times} times in one run")
        if address not in self.certain | self.perhaps:
            self.wrong.append(f"question: {address} was not in doubt")
        self.certain.discard(address)
        self.perhaps.discard(address)
        kind = address.split("/")[1]
        if kind in TOKENS:
            token, first = TOKENS[kind]
            self.tokens[address] = {token: str(first + self.asked[address] - 1)}
        return "" if kind in TOKENS or kind == "ConnectionEnvironments" else address

    def _type(self, addresses: Sequence[str]) -> None:
        """Look into the product, and type the command with what the questions name."""
        if not addresses:
            return
        made = {a: own for a, own in there(self.bench).items() if a in addresses}
        words = [w for a in addresses for w in (("--adopt", f"{a}={made[a]}") if a in made else ("--forget", a))]
        told = self.bench.program.run(self.bench.job("answer", words=["resume", *words]))
        if f"{len(addresses)} answered" not in told["text"]:
            self.wrong.append(f"question: {words} was not taken: {told['text']}")
        self.adopted |= made.keys()

    def _links(self, told: Mapping[str, Any]) -> bool:
        """Links that were to be made once more are there: their ids are written down as the product shows them."""
        no = [text for call, text in told.get("messages", {}).items() if told["ends"][call] == "failed"]
        bases = {a for a in self.asked | Counter(self.perhaps) if "/ConnectionEnvironments/" in a}
        if not no or not bases or not all(NOT_VALID in text for text in no):
            return False
        shown = analytics.links(self.bench.omni)
        self.ids = {address: shown[address.rpartition("/")[2]] for address in bases}
        self.failed += len(no)
        return True


def said(told: Mapping[str, Any]) -> Iterator[str]:
    """What a run says that somebody may have to answer."""
    if "error" in told:
        yield from str(told["text"]).split("\n")
    yield from told.get("questions", ())
    yield from told.get("says", ())


def tasks_in_doubt(bench: Bench) -> frozenset[str]:
    """The tasks whose create was intended, and not seen answered, by a run that did not end."""
    with open_ledger(bench.ledger, who=whoami(), clock=real_clock()) as ledger:
        runs = ledger.unfinished(tuple(bench.twins))
        sent = [c for run in runs for c in from_json(run.plan).calls if c.id in run.sent]
    return frozenset(str(c.address) for c in sent if c.kind == "Task" and c.phase is Phase.CREATE)


def there(bench: Bench) -> dict[str, str]:
    """Address -> id, of what no reading of ours finds and a person sees in the product since the change began."""
    own = (d for d in ESTATES[bench.change]() if d.address.kind in ("Brief", "Task", "Peo"))
    named = {(d.address.kind, str(d.spec.get("title", d.spec.get("name")))): str(d.address) for d in own}
    before = {(kind, own) for kind, _, own in _shown(bench.baseline)}
    shown = _shown({name: twin.dump() for name, twin in bench.twins.items()})
    return {named[k, n]: own for k, n, own in shown if (k, own) not in before and (k, n) in named}


def _shown(worlds: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Kind, name and id of all that is in these worlds."""
    briefs, tasks = (worlds.get(PLATFORM, {}).get("state", {}).get(t, {}) for t in ("briefs", "tasks"))
    yield from (("Brief", str(b["fields"]["brief_title"]), str(b["id"])) for b in briefs.values())
    yield from (("Task", str(t["name"]), str(t["id"])) for t in tasks.values())
    peos = worlds.get(CORE, {}).get("state", {}).get("peos", {})
    yield from (("Peo", str(p["name"]), str(p["id"])) for p in peos.values())
