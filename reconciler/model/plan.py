"""A plan is data: actions with their reasons, the exact calls, what must hold before and after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum, StrEnum
from typing import Final

from reconciler.model.access import AccessChange
from reconciler.model.call import quoted
from reconciler.model.change import FieldChange, Hold, Value, Verb
from reconciler.model.document import Address
from reconciler.model.forecast import Pages
from reconciler.model.json import Json
from reconciler.model.live import Demand
from reconciler.model.normalise import spoken
from reconciler.model.place import Place
from reconciler.model.record import Record, aside, field, force_setattr
from reconciler.model.recorded import Bond


class Role(StrEnum):
    """What a call is for. Contingent: sent only if its trigger occurs. Find: a fresh reading of the kind between
    writes, for ids that no answer tells and for calls that go only where something is amiss. Gate: a request that
    changes nothing, whose answer must be as expected before the next one is sent."""

    WRITE = "write"
    FIND = "find"
    GATE = "gate"
    CONTINGENT = "contingent"


class Phase(IntEnum):
    """Where in an object's life a call stands; lower goes first where two calls touch one scope."""

    CREATE = 0
    UPDATE = 1
    ADD = 2
    CHANGE = 3
    REMOVE = 4
    DELETE = 5


class Effect(Record, frozen=True):
    """What live must show once a call has worked; the basis of post-conditions and of settling.

    `key`: a thing with this key exists (with this `scope`, where the kind has one). `gone`: it does not exist
    any more. `fields`: field -> value. `set_field`, `present` (entry id -> subfields) and `absent` (entry ids)
    speak of one set.
    """

    key: Json = None
    gone: bool = False
    fields: Mapping[str, Value] = field(default_factory=dict)
    set_field: str | None = None
    present: tuple[tuple[Value, Mapping[str, Value]], ...] = ()
    absent: tuple[Value, ...] = ()
    scope: tuple[Value, ...] = ()


class On(StrEnum):
    """When a contingent call is sent. `refused`: the server says no (4xx) to the way, not to the caller.
    `code`: it says no with this error code. `astray`: as `refused`, or something that it names is not there (404).
    `unknown`: the call worked, but its answer names no id. `undone`: the call has not worked, whatever the reason,
    and it is known that it has not. `unlike`: a reading shows something else than this call's effect."""

    REFUSED = "refused"
    CODE = "code"
    ASTRAY = "astray"
    UNKNOWN = "unknown"
    UNDONE = "undone"
    UNLIKE = "unlike"


class Trigger(Record, frozen=True):
    """What has to come of the call `refused` for a contingent call to be sent; `chain`: the call that must have
    worked before it. `code`: the error code of `On.CODE`."""

    refused: str
    chain: str | None = None
    on: On = On.REFUSED
    code: str = ""


class Sink(Record, frozen=True):
    """Where a once-shown value goes. `at`: pointer to it in the answer; `field`: the spec field that says where;
    `to`: what it says, as `{toFile: path}`, `{toKeyring: name}` or `{toCommand: name}`."""

    at: str
    field: str
    to: Mapping[str, Json]


class Call(Record, frozen=True):
    """One request to be sent, and everything apply has to know about it.

    `path` is a template whose `{names}` stand in `args`. Values not known yet are data:
    `{"$from": {"call": id, "path": pointer}}`. `after`: calls that must have succeeded. `waits`: calls that must
    not have failed (deletes wait for the creates of their scope). `follows`: calls that must have ended, however
    they did (calls on one object follow one another). `expect`: pointer (or several, `a|b`: the first that is
    there) -> value that the answer must show. `new_id`: pointer to the id of the created thing (or several, as
    `/id|/model/id`), or `{name}` where the path names it already. `becomes`: the thing's id after this call,
    where the id changes. `live_id`: the id the thing has before the call, if it is live.

    `media`, `repeat`: as in `Request`. `carrier`: this call is no request of its own but goes along in that
    one, its `body` in the place of `{"$riders": "<carrier>"}`; `{"$count": "<carrier>"}` is the number of those
    that went. `whole`: a carrier that goes with all its riders or not at all. `gate`: an answer that does not
    show `expect` is a refusal. `clobbers`: fields whose live values the request replaces besides those of
    `effect`. `sink`: pointer to a once-shown value in the answer, the field that declares where it goes, and
    that declaration. `once`: tokens that have acted when it has worked. `requests`: how many requests a find
    makes. `looks`: a refusal may mean that it is so already, so live is asked. `keeps`: subfields of the one
    entry that it takes away which nobody declares, and a later call puts back. `asks`: what a person is told where
    nobody can tell whether it happened, and it may all the same be sent again by the next plan.
    """

    id: str
    target: str
    kind: str
    address: Address
    method: str
    path: str
    phase: Phase
    args: Mapping[str, Value] = field(default_factory=dict)
    query: Mapping[str, Value] = field(default_factory=dict)
    body: Value = None
    role: Role = Role.WRITE
    summary: str = ""
    after: frozenset[str] = frozenset()
    waits: frozenset[str] = frozenset()
    follows: frozenset[str] = frozenset()
    trigger: Trigger | None = None
    expect: Mapping[str, Value] = field(default_factory=dict)
    effect: Effect = field(default_factory=Effect)
    verify: bool = False
    new_id: str | None = None
    becomes: str | None = None
    live_id: str | None = None
    set_field: str | None = None
    held: tuple[str, ...] = ()
    media: str = "json"
    repeat: bool = True
    carrier: str | None = None
    whole: bool = False
    gate: bool = False
    clobbers: tuple[str, ...] = ()
    sink: Sink | None = None
    once: Mapping[str, str] = field(default_factory=dict)
    requests: int = 1
    looks: bool = False
    keeps: Mapping[str, Value] = field(default_factory=dict)
    asks: str = ""

    @property
    def contingent(self) -> bool:
        """Whether it is sent only if its trigger occurs; a find may be, too."""
        return self.role is Role.CONTINGENT or self.trigger is not None

    @property
    def sent(self) -> bool:
        """Whether it is a request of its own, and no rider."""
        return self.carrier is None

    @property
    def line(self) -> str:
        """`METHOD /path/{id}?query`, with unknown values in braces."""
        path = self.path
        for name, value in self.args.items():
            text = "<" + shown(value) + ">" if isinstance(value, dict) else quoted(str(value))
            path = path.replace("{" + name + "}", text)
        query = "&".join(f"{k}={shown(v)}" for k, v in self.query.items())
        return f"{self.method} {path}" + (f"?{query}" if query else "")


def shown(value: Value) -> str:
    """A value for people; one to come reads `id of call 3`, one that a reading tells `id of 'a' from call 4`."""
    source = value.get("$from", value.get("$find")) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(source, dict):
        return str(value)
    if "$find" in value:
        return f"id of '{spoken(source.get('key'))}' from call {source.get('read')}"
    place = str(source.get("path", "")).partition("|")[0]
    return f"{place.strip('/')} of call {source.get('call')}"


class Check(Record, frozen=True):
    """One object as the plan saw it; `calls` are refused when this no longer holds.

    `absent`: no live thing had `key`, but for those with the ids in `fields` (and `id`, the first of them): their
    key is about to be free, or only other lists show them. Else `id`, and how it looked: a digest for its key, for
    each of `fields`, and for what it contains, if `contents`.
    """

    address: Address
    calls: tuple[str, ...]
    key: Json = None
    absent: bool = False
    id: str | None = None
    fields: tuple[str, ...] = ()
    contents: bool = False
    looks: Mapping[str, str] = field(default_factory=dict)
    scope: tuple[Json, ...] = ()


class Precondition(Record, frozen=True):
    """One fresh reading of a kind, and all checks it serves. `requests`: how many it took when planned."""

    demand: Demand
    checks: tuple[Check, ...]
    requests: int = 1


RECORDED_NEXT: Final = "lifecycle changed: recorded at the next apply"
"""The note of an action without calls of which the ledger does not know yet what leaving git is to mean."""


class Action(Record, frozen=True):
    """One address in the plan. `calls`: ids of the calls that serve it. `bond`: what the ledger will remember
    when it is done (its id is filled in then), None where nothing is to be remembered or it is released."""

    verb: Verb
    address: Address
    label: str
    place: Place | None = None
    fields: tuple[FieldChange, ...] = ()
    holds: tuple[Hold, ...] = ()
    notes: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    bond: Bond | None = None
    previous: Address | None = None
    access: bool = False


class PlanTarget(Record, frozen=True):
    """What a saved plan is bound to: provider and base URL. `per_minute`: the rate budget it was planned for."""

    name: str
    provider: str
    base: str
    per_minute: int | None = None


class ReadingCost(Record, frozen=True):
    """What the reading of a target was expected to take (`least`: or more), what it took, and how long its lists
    turned out to be."""

    target: str
    foretold: int
    least: bool
    made: int
    pages: Pages = field(default_factory=dict)


class Stamp:
    """The id of a plan that was made without one, worked out when somebody first asks."""

    __slots__ = ("_found", "_plan")

    def __init__(self, plan: Plan) -> None:
        self._plan: Plan | None = plan
        self._found = ""

    def __call__(self) -> str:
        if self._plan is not None:
            from reconciler.model.plan_json import plan_id

            self._found, self._plan = plan_id(self._plan), None
        return self._found


@aside("stamp")
class Plan(Record, frozen=True):
    """Everything a person reviews and `apply` carries out. `stamp`: its `id`, a digest over all but times, costs
    and commit; or empty, and it is worked out when somebody first asks. A plan that is made of this one
    (`replace`) keeps it.

    `reads`: the requests planning made, as text; `reading`: what they were expected to be, per target. `bound`:
    what the write formula of each kind allows at least.
    `access`: who gains and who loses what.
    """

    stamp: str | Stamp
    tool: str
    manifests: str
    targets: tuple[PlanTarget, ...]
    actions: tuple[Action, ...]
    calls: tuple[Call, ...]
    preconditions: tuple[Precondition, ...] = ()
    reads: tuple[str, ...] = ()
    bound: int = 0
    commit: str | None = None
    made_at: str = ""
    left_out: tuple[Address, ...] = ()
    warnings: tuple[str, ...] = ()
    ledger_head: str = ""
    reading: tuple[ReadingCost, ...] = ()
    access: tuple[AccessChange, ...] = ()

    def __post_init__(self) -> None:
        if not self.stamp:
            force_setattr(self, "stamp", Stamp(self))

    @property
    def id(self) -> str:
        return self.stamp if isinstance(self.stamp, str) else self.stamp()

    def __repr__(self) -> str:
        """Short, and without working out the id: the event loop asks for it whenever a signal is set."""
        return f"<Plan: {len(self.actions)} actions, {len(self.calls)} calls>"

    @property
    def writes(self) -> tuple[Call, ...]:
        """The calls that are sent if nothing unforeseen happens and no guard holds them."""
        return tuple(c for c in self.calls if c.sent and not c.contingent and not c.held)

    @property
    def held(self) -> tuple[Call, ...]:
        return tuple(c for c in self.calls if c.sent and c.held and not c.contingent)

    @property
    def contingent(self) -> tuple[Call, ...]:
        return tuple(c for c in self.calls if c.sent and c.contingent and not c.held)

    @property
    def needed(self) -> tuple[Precondition, ...]:
        """The preconditions that are read if no hold is lifted: each guards a call that is not held."""
        sent = {c.id for c in self.calls if not c.held}
        return tuple(p for p in self.preconditions if any(sent.intersection(c.calls) for c in p.checks))

    def riders(self, carrier: str) -> tuple[Call, ...]:
        """The calls that go along in one request."""
        return tuple(c for c in self.calls if c.carrier == carrier)

    def calls_for(self, action: Action) -> Iterator[Call]:
        wanted = set(action.calls)
        return (c for c in self.calls if c.id in wanted)
