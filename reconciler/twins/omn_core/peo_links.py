"""Linking peos to channels, and unlinking them (OC-P51)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import ERROR, NotDone, accident, answer_each, marred, said
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.linked import sent_links
from reconciler.twins.omn_core.peo_persist import DENIED
from reconciler.twins.omn_core.peo_things import Channel, Peo
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.replies import Reply, refused, told

PERSIST = "/peo/peos/links/persist"
PERFORM = "/peo/peos/links/perform"
LINK = "peoToProjectLink"
NO_PROJECT = "Project not found"


def persist(call: Call) -> Answer:
    linking = _Links.of(call)

    def one(given: JsonObject) -> Json:
        try:
            return linking.link(given)
        except _NotLinked as why:
            return why.reply
        except NotDone as why:
            return refused(LINK, why, "link")

    return answer_each(call, sent_links(call, "peoToProject"), one, "OC-P30")


def perform(call: Call) -> Answer:
    linking = _Links.of(call)

    def unlink(action: Action) -> Reply:
        try:
            return linking.unlink(action.meta)
        except _NotLinked as why:
            return why.reply

    return perform_each(call, LINK, {"unlink": unlink})


class _NotLinked(NotDone):
    """A link is refused in the words of linking, also where it was to be taken away."""

    def __init__(self, description: str, end: JsonObject, name: str) -> None:
        super().__init__(description)
        echo = {"tid": text(end, f"{name}Tid"), "id": text(end, f"{name}Id")}
        denied = description == DENIED
        shown = {} if denied else echo
        self.reply = said(ERROR, description, "unlink" if denied else "link", "peo" if denied else LINK, **shown)


@dataclass(slots=True)
class _Links:
    """One call. The dictionaries tell which tid an id has."""

    call: Call
    table: dict[str, Peo]
    ids: Mapping[str, str]
    channel_ids: Mapping[str, str]

    @classmethod
    def of(cls, call: Call) -> _Links:
        table, channels = call.table(Peo), call.table(Channel).values()
        ids = {one.id: one.tid for one in table.values()}
        return cls(call, table, ids, {one.id: one.tid for one in channels})

    def link(self, ends: JsonObject) -> Reply:
        peo, project = self._ends(ends)
        if project in peo.projects and self.call.hard("OC-P51"):
            raise _NotLinked(NO_PROJECT, ends, "project")
        mishap = accident(self.call, peo.name)
        self._put(peo, (*(one for one in peo.projects if one != project), project))
        reply = told(LINK, "The link has been saved successfully", "link")
        return marred({**reply, "details": {"mode": "delta", **ends}}, mishap)

    def unlink(self, ends: JsonObject) -> Reply:
        peo, project = self._ends(ends)
        if project not in peo.projects and self.call.hard("OC-P51"):
            raise _NotLinked(NO_PROJECT, ends, "project")
        mishap = accident(self.call, peo.name)
        self._put(peo, tuple(one for one in peo.projects if one != project))
        return marred(told("peo", "PEO has been unlinked successfully", "unlink", tid=peo.tid), mishap)

    def _ends(self, ends: JsonObject) -> tuple[Peo, str]:
        """The peo, and the channel's tid. Raises _NotLinked."""
        peo = self.table.get(_tid(ends, "peo", self.ids))
        if peo is None:
            raise _NotLinked("PEO not found", ends, "peo")
        if self.call.caller.user in peo.denied:
            raise _NotLinked(DENIED, ends, "peo")
        project = _tid(ends, "project", self.channel_ids)
        if project not in self.call.table(Channel):
            raise _NotLinked(NO_PROJECT, ends, "project")
        return peo, project

    def _put(self, peo: Peo, projects: tuple[str, ...]) -> None:
        self.table[peo.tid] = replace(peo, projects=projects, modified=self.call.moment())


def _tid(ends: JsonObject, name: str, ids: Mapping[str, str]) -> str:
    """The tid of one end, which is named by it or by its id."""
    return text(ends, f"{name}Tid") or ids.get(text(ends, f"{name}Id") or "", "")


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=PERSIST, answer=persist, takes=Takes.DOCUMENT),
        OmnRoute(method="POST", path=PERFORM, answer=perform, takes=Takes.DOCUMENT),
    ),
    questions=(Knob("OC-P51", "linking what is linked, unlinking what is not", "SUCCESS", "Project not found"),),
)
