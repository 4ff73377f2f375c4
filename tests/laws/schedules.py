"""Random schedules, live and desired."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from hypothesis import strategies as st

from reconciler.model.document import Document
from tests.world import World, doc

PEOPLE: Final = ("admin@example.com", "jane@example.com", "bob@example.com")
ADDRESSES: Final = (*PEOPLE, "Reports@partner.example.com", "news@partner.example.com")
NAMES: Final = ("Weekly", "weekly", "Daily", "Alert")
CRONS: Final = ("0 9 ? * MON *", "00 09 ? * mon *", "0/30 8-18 * * ? *", "5 6 1W * ? *")
ZONES: Final = ("UTC", "America/New_York", "Europe/Berlin")

Spec = dict[str, Any]


def mails(*, lists: bool) -> st.SearchStrategy[Spec]:
    """A mail's part of a spec. `lists`: recipients as users too, and modes."""
    text = {"subject": st.sampled_from(["Sales", "Stock"])}
    maybe = {"body": st.sampled_from(["", "Hello"]), "fanOut": st.booleans()}
    people = st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=4, unique=True)
    if not lists:
        return st.fixed_dictionaries({**text, "recipients": people}, optional=maybe)

    def parted(chosen: tuple[list[str], int, str | None, Spec]) -> Spec:
        """Some of the people by address, some as users, all in one mode."""
        listed, cut, mode, rest = chosen
        users = [a for a in listed[:cut] if a in PEOPLE]
        others = [a for a in listed if a not in users]
        spec = dict(rest)
        for name, part in (("recipients", others), ("recipientUsers", users)):
            if part:
                spec[name] = part
                spec |= {f"{name}Mode": mode} if mode else {}
        return spec

    modes = st.sampled_from([None, None, "exact", "additive"])
    return st.tuples(people, st.integers(0, 4), modes, st.fixed_dictionaries(text, optional=maybe)).map(parted)


HOOKS: Final = st.fixed_dictionaries(
    {"url": st.sampled_from(["https://hooks.example.com/a", "http://b.example.com"])}
)
FILES: Final = st.fixed_dictionaries(
    {
        "address": st.sampled_from(["sftp.example.com", "files.example.com"]),
        "port": st.sampled_from([22, 2222]),
        "username": st.just("reports"),
        "path": st.sampled_from(["/in", "/out/sales.csv"]),
    }
)
PARTS: Final = {"webhook": HOOKS, "sftp": FILES}
OPTIONS: Final = st.fixed_dictionaries(
    {"killJobsOnFailure": st.booleans()}, optional={"showContentLink": st.booleans()}
)
"""Options that go with every format: others that are live and not declared may be in the way of another one."""


@st.composite
def specs(draw: st.DrawFn, places: Sequence[str], *, lists: bool, key: tuple[str, str] | None = None) -> Spec:
    """A whole valid spec, but for owner and state."""
    to = draw(st.sampled_from(["email", "email", "webhook", "sftp"]))
    format_ = draw(st.sampled_from(["pdf", "csv", "json"]))
    place, name = key or (draw(st.sampled_from(places)), draw(st.sampled_from(NAMES)))
    maybe = {
        "tile": st.sampled_from(["1", "2"]),
        "alert": st.fixed_dictionaries(
            {"when": st.sampled_from(["RESULTS_PRESENT", "RESULTS_MISSING"]), "query": st.sampled_from(["1", "2"])}
        ),
        "filters": st.just({"region": {"kind": "EQ", "left_side": "US", "type": "string"}}),
        "options": OPTIONS,
    }
    return {
        "document": place,
        "name": name,
        "cron": draw(st.sampled_from(CRONS)),
        "timezone": draw(st.sampled_from(ZONES)),
        "format": format_,
        "destination": to,
        **draw(cast("st.SearchStrategy[dict[str, Any]]", PARTS.get(to, mails(lists=lists)))),
        **draw(st.fixed_dictionaries({}, optional=maybe)),
    }


CONSENTS: Final = ("effects", "replace", "first-removals", "delete")


@st.composite
def documents(draw: st.DrawFn, places: Sequence[str], before: Sequence[Document] = ()) -> list[Document]:
    """A few documents, each with a key of its own, perhaps renamed from what it was."""
    names = draw(st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True))
    keys = st.tuples(st.sampled_from(places), st.sampled_from(NAMES))
    chosen = draw(st.lists(keys, min_size=len(names), max_size=len(names), unique=True))
    old = {d.address.name: d for d in before}
    found = []
    for name, key in zip(names, chosen, strict=True):
        spec = draw(specs(places, lists=True, key=key))
        spec |= draw(
            st.fixed_dictionaries({}, optional={"paused": st.booleans(), "owner": st.sampled_from(PEOPLE)})
        )
        was = old.get(name)
        metadata: dict[str, Any] = {}
        if was is not None and was.spec["name"] != spec["name"] and draw(st.booleans()):
            metadata["previous_key"] = was.spec["name"]
        allow = draw(st.sets(st.sampled_from(CONSENTS)))
        removal = draw(st.sampled_from([None, "delete"])) if "delete" in allow else None
        found.append(doc("Schedule", name, spec, allow=allow, on_remove=removal, **metadata))
    return found


def wire(spec: Spec) -> Spec:
    """A spec as the API's own body, for what others make."""
    renamed = {
        "document": "identifier",
        "cron": "schedule",
        "destination": "destinationType",
        "body": "textBody",
        "tile": "queryIdentifierMapKey",
        "filters": "filterConfig",
    }
    body = {renamed.get(n, n): v for n, v in spec.items() if n not in ("alert", "options", "paused")}
    if "alert" in spec:
        body |= {"conditionType": spec["alert"]["when"], "conditionQueryMapKey": spec["alert"]["query"]}
    return body | dict(spec.get("options", {}))


def make(w: World, spec: Spec, owner: str | None, *, paused: bool) -> None:
    """A schedule that somebody else made."""
    answer = w.omni.edit("POST", "/v1/schedules", wire(spec))
    assert answer.ok, answer
    assert isinstance(answer.body, dict)
    path = f"/v1/schedules/{answer.body['id']}"
    if paused:
        w.omni.edit("PUT", f"{path}/pause")
    if owner is not None:
        w.omni.edit("PUT", f"{path}/transfer-ownership", {"userId": owner})
