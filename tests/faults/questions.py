"""A run that is killed, run again, and answered what it asks: of what no reading can wholly tell there is one
question each, and one answer ends the matter."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import Any

from reconciler.ledger import open_ledger, whoami
from reconciler.model.plan import Call, Phase
from reconciler.model.plan_from_json import from_json
from reconciler.twins import OmgTwin, OmnCoreTwin
from reconciler.wire.clock import real_clock
from tests.faults import analytics
from tests.faults.estate import ESTATES
from tests.faults.trials import Bench, Point
from tests.faults.undisturbed import assert_converged, undisturbed
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER

KILLED = {"killed": signal.SIGKILL}
IN_DOUBT = 7
ADOPT = re.compile(r"`(reconciler resume --adopt ([^=`]+)=)ID`")
FORGET = re.compile(r"`(reconciler resume --forget ([^=`]+))`")
TOKEN = "once: {reissue: …}"
KEY_TOKEN = "once: {rotateKey: "
KEY_CALL = "PUT /user/key/"
HOOK_TOKEN = "once: {fetchSecret: …}"
LINKS = "linked to "


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the killed run had intended and not seen answered, of what no reading can wholly tell: addresses.
    `requests`: change requests on briefs of that very run, whose status before is not known (OP-R21). `keys`: of
    accounts that have a key now, which nobody may have seen (CM-R50, CM-R54). `links`: of environments that were
    perhaps linked (OA-R146). `hooks`: of models that have a git configuration now, the secret of which nobody may
    have seen (OA-R172). `peos`: those that were perhaps made; a query may find them, or may not yet (OC-R132)."""

    briefs: frozenset[str] = frozenset()
    invitations: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    hooks: frozenset[str] = frozenset()
    peos: frozenset[str] = frozenset()

    @property
    def questions(self) -> frozenset[str]:
        """The addresses that are asked about for certain."""
        return self.briefs | self.invitations | self.keys | self.links | self.hooks


def doubts(bench: Bench) -> Doubts:
    """As the ledger has them."""
    with open_ledger(bench.ledger, who=whoami(), clock=real_clock()) as ledger:
        runs = ledger.unfinished(tuple(bench.twins))
        sent = [c for run in runs for c in from_json(run.plan).calls if c.id in run.sent]

    def of(kind: str, phase: Phase) -> frozenset[str]:
        calls = (c for c in sent if c.kind == kind and c.phase is phase and c.live_id is None)
        return frozenset(str(c.address) for c in calls)

    keys = frozenset(str(c.address) for c in sent if makes_key(c) and key_of(bench, str(c.address)))
    return Doubts(
        of("Brief", Phase.CREATE),
        of("Invitation", Phase.CREATE),
        of("Brief", Phase.CHANGE),
        keys,
        frozenset(str(c.address) for c in sent if c.asks),
        frozenset(str(c.address) for c in sent if c.kind == "ModelGit" and c.sink and has_git(bench, c)),
        frozenset(str(c.address) for c in sent if c.kind == "Peo" and c.phase is Phase.CREATE),
    )


def has_git(bench: Bench, call: Call) -> bool:
    """Whether a create of a git configuration has come about; models are called as their documents are."""
    models, configured = table(bench, "models"), table(bench, "model_git")
    named = (str(models[i]["name"]).casefold() for i in configured)
    return call.phase is Phase.CREATE and str(call.effect.key).casefold() in named


def table(bench: Bench, name: str) -> dict[str, Any]:
    state: Any = bench.twins[OMNI].dump()["state"]
    return dict(state[name])


def makes_key(call: Call) -> bool:
    return call.line.startswith(KEY_CALL)


def key_of(bench: Bench, address: str) -> bool:
    """Whether the account, which is called as its document is, has a key."""
    email = f"{address.rpartition('/')[2]}@example.com"
    return any(a["email"] == email and a["api_key"] for a in accounts(bench).values())


def accounts(bench: Bench) -> dict[str, Any]:
    state: Any = bench.twins[CMS].dump()["state"] if CMS in bench.twins else {}
    return dict(state.get("users", {}))


def trial(bench: Bench, point: Point, *, concurrency: int) -> Doubts | None:
    """Die, then run once more, answering what is asked. Returns what was in doubt; None where the point
    is never reached."""
    undisturbed(bench)
    bench.rewind()
    told = bench.dies_at(point, concurrency=concurrency)
    if told != KILLED:
        assert_converged(bench, told)
        return None
    return recovered(bench, concurrency=concurrency)


def recovered(bench: Bench, *, concurrency: int) -> Doubts:
    """A run was cut short: the next ends where the undisturbed one ends, once it is answered what it asks."""
    open_, made = doubts(bench), keys_made(bench)
    told = bench.program.run(bench.job(concurrency=concurrency))
    if not (open_.questions or ((open_.requests or open_.peos) and "error" in told)):
        assert_converged(bench, told)
        return open_
    asked(told, open_)
    answer_briefs(bench, told["text"])
    adopted = answer_peos(bench, told["text"])
    tokens, twice = answer_invitations(bench, open_.invitations)
    tokens |= {address: {"rotateKey": "1"} for address in open_.keys}
    tokens |= {address: {"fetchSecret": "2"} for address in open_.hooks}
    twice += len(open_.keys & made)
    answered: dict[str, Any] = {"concurrency": concurrency, "once": tokens}
    if open_.links:
        answered["ids"] = answer_links(bench, open_.links, bench.program.run(bench.job(**answered)))
    assert_converged(bench, bench.program.run(bench.job(**answered)), tokens, twice, adopted)
    return open_


def answer_links(bench: Bench, links: frozenset[str], told: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The apply that was to be made once more has linked them; or it was told that they are, and a person writes
    their ids down as the product shows them."""
    no = [text for call, text in told["messages"].items() if told["ends"][call] == "failed"]
    assert len(no) <= len(links), told
    assert all("not valid" in text for text in no), told
    if not no:
        return {}
    shown = analytics.links(bench.omni)
    return {address: shown[address.rpartition("/")[2]] for address in links}


def keys_made(bench: Bench) -> frozenset[str]:
    """The addresses of those whose key was made by then, as far as an account is called as its document is."""
    emails = {i: str(a["email"]) for i, a in accounts(bench).items()}
    log = bench.twins[CMS].log.writes() if CMS in bench.twins else []
    made = (emails[e.path.rpartition("/")[2]] for e in log if e.changed and e.call.startswith(KEY_CALL))
    return frozenset(f"{CMS}/User/{email.partition('@')[0]}" for email in made)


def asked(told: dict[str, Any], open_: Doubts) -> None:
    """The run has stopped with one question for each, and with none besides."""
    assert (told.get("error"), told.get("code")) == ("CallInDoubt", IN_DOUBT), told
    text = told["text"]
    made, not_made = ([at for _, at in words.findall(text)] for words in (ADOPT, FORGET))
    assert sorted(made) == sorted(not_made)
    assert {a for a in made if "/Brief/" in a} == open_.briefs
    assert {a for a in made if "/Brief/" not in a} <= open_.invitations | open_.peos
    assert len(made) == len(set(made))
    assert text.count(TOKEN) == len(open_.invitations)
    assert text.count(KEY_TOKEN) == len(open_.keys)
    assert text.count(HOOK_TOKEN) == len(open_.hooks)
    assert text.count(LINKS) == len(open_.links)
    assert all(address in text for address in open_.invitations | open_.keys | open_.hooks)
    untold = re.findall(r"(platform/Brief/\w+): nobody can tell whether PATCH ", text)
    assert len(untold) == len(set(untold)) == text.count("nobody can tell")
    assert set(untold) <= open_.requests


def answer_briefs(bench: Bench, text: str) -> None:
    """A person looks into the product, and types one of the commands that the question names."""
    twin = bench.twins.get(PLATFORM)
    if not (ADOPT.findall(text) and isinstance(twin, OmgTwin)):
        return
    ids = {str(b.fields["brief_title"]).lower(): str(b.id) for b in twin.briefs()}
    no = {address: command for command, address in FORGET.findall(text)}
    for command, address in ADOPT.findall(text):
        found = ids.get(address.rpartition("/")[2])
        words = f"{command}{found}" if found else no[address]
        if "/Brief/" in address:
            told = bench.program.run(bench.job("answer", words=words.split()[1:]))
            assert "1 answered" in told["text"], told


def answer_peos(bench: Bench, text: str) -> list[str]:
    """The same for those of OMN Core, where each is known by its name. Returns the addresses of those that were
    made."""
    twin = bench.twins.get(CORE)
    if not isinstance(twin, OmnCoreTwin):
        return []
    state: Any = twin.dump()["state"]
    ids = {str(p["name"]): str(p["id"]) for p in state["peos"].values()}
    names = {str(d.address): str(d.spec["name"]) for d in ESTATES[bench.change]() if d.address.kind == "Peo"}
    there = {a: ids[n] for a, n in names.items() if n in ids and a in text}
    no = {address: command for command, address in FORGET.findall(text)}
    for command, address in (found for found in ADOPT.findall(text) if "/Peo/" in found[1]):
        words = f"{command}{there[address]}" if address in there else no[address]
        told = bench.program.run(bench.job("answer", words=words.split()[1:]))
        assert "1 answered" in told["text"], told
    return [*there]


def answer_invitations(bench: Bench, lost: frozenset[str]) -> tuple[dict[str, dict[str, str]], int]:
    """The tokens by which a person asks for other links, and how many of the invitations had been made."""
    rows = bench.seen()["live"].get(f"{TRACKER}/invitations", [])
    pending = {str(email).partition("@")[0].replace(".", "-") for email, _ in rows}
    tokens = {address: {"reissue": "1"} for address in lost}
    return tokens, sum(address.rpartition("/")[2] in pending for address in lost)
