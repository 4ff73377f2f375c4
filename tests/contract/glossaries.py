"""Steps of a story about glossaries and their entries: plan, count by OC-C30 to OC-C35, apply, and find
nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, pick
from reconciler.model.plan import Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.contract.keywords import Deed, action, requests, rules
from tests.world import CORE, World, check_log, doc

__all__ = [
    "DELETABLE",
    "Deed",
    "action",
    "applied",
    "carried_out",
    "en",
    "entry",
    "glossary",
    "hard",
    "made",
    "planned",
    "requests",
    "rules",
    "shown",
    "targets",
]

RETRIEVE = "/common/glossaries/retrieve"
PERSIST, PERFORM = "/common/glossaries/persist", "/common/glossaries/perform"
PERSIST_ENTRIES, PERFORM_ENTRIES = "/common/glossaryEntries/persist", "/common/glossaryEntries/perform"
DELETABLE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "first-removals"]}


def glossary(name: str, /, *, called: str = "", was: str | None = None, **words: object) -> Document:
    """A glossary's document. `called`: its own name; `attributes` and `multiple` are fields, all else metadata."""
    spec: dict[str, Json] = {"name": name}
    if "multiple" in words:
        spec["multipleTranslations"] = bool(words.pop("multiple"))
    if "attributes" in words:
        spec["attributes"] = words.pop("attributes")  # type: ignore[assignment]
    if was is not None:
        words["previous_key"] = was
    return doc(f"{CORE}/Glossary", called or name.lower(), spec, **words)


def entry(
    at: str, text: str, /, *others: Json, called: str = "", was: str | None = None, **words: object
) -> Document:
    """An entry's document, in German unless told otherwise; `others` are its translations (`en("shoe")`)."""
    fields = {n: words.pop(n) for n in ("locale", "type", "forbidden", "translationsMode") if n in words}
    spec: dict[str, Json] = {"glossary": at, "locale": "de_DE", "type": "term", "text": text, **fields}  # type: ignore[dict-item]
    if others:
        spec["translations"] = [one for one in others if one]
    if was is not None:
        words["previous_key"] = was
    return doc(f"{CORE}/GlossaryEntry", called or text.lower().replace(" ", "-"), spec, **words)


def en(text: str, **more: Json) -> dict[str, Json]:
    """A translation into English; `{}` in its place means that there are none."""
    return {"locale": "en_EN", "text": text, **more}


def made(k: World, kind: str, name: str) -> bool:
    return k.recorded.bonds[Address(CORE, kind, name)].made


def hard(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"


def planned(k: World, *documents: Document) -> Plan:
    """A plan, and what it cost to make: no write, and as many reads as it says (OC-C30)."""
    k.documents = list(documents)
    k.core.log.clear()
    plan = k.plan()
    assert [e.call for e in k.core.log if e.write] == []
    assert len(plan.reads) == len(k.core.log)
    assert len(plan.writes) == plan.bound
    return plan


def applied(k: World, plan: Plan, *, overrides: Iterable[Override] = (), looked: bool = False) -> Deed:
    """`looked`: answers left something open, and live was asked."""
    lifted = tuple(overrides)
    k.core.log.clear()
    report = k.apply(plan, *lifted)
    if not looked:
        check_log(k, released(plan, lifted), report)
    return Deed(plan, report, [_written(str(e.body)) for e in k.core.log if e.write])


def carried_out(k: World, *documents: Document, calls: int | None = None) -> Deed:
    """Plan and apply: OC-C31 calls; then nothing is left."""
    plan = planned(k, *documents)
    assert calls is None or len(plan.writes) == calls
    deed = applied(k, plan)
    assert set(deed.ends) <= {"done", "held"}
    left = planned(k, *documents)
    assert [c.line for c in left.writes] == []
    return deed


def _written(body: str) -> str:
    return body.partition('schemaVersion="5.6.0">')[2].removesuffix("</pim>")


def shown(k: World) -> dict[str, dict[str, dict[str, str]]]:
    """Glossary -> text (`locale text`) -> its translations by locale, as they are live."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for one in k.core.glossaries_without_ids():
        assert isinstance(one, dict)
        assert isinstance(one["entries"], list)
        texts: dict[str, dict[str, str]] = {}
        for entry_ in one["entries"]:
            assert isinstance(entry_, list)
            assert isinstance(entry_[4], list)
            texts[f"{entry_[1]} {entry_[2]}"] = {str(t[0]): str(t[1]) for t in entry_[4] if isinstance(t, list)}
        if one["name"] != "Default" or texts:
            found[str(one["name"])] = texts
    return found


def targets(k: World) -> dict[str, str]:
    """The ids of the entries that are translations, by their texts."""
    answer: Any = k.core.edit("POST", RETRIEVE, {"retrieveEntries": True}).body
    entries = pick(answer, "/glossaryEntries/entries")
    links = [pick(one, "/links/itms") for one in (entries if isinstance(entries, list) else [])]
    every = [one for some in links if isinstance(some, list) for one in some]
    return {str(pick(one, "/itm/0/value")): str(pick(one, "/id")) for one in every}
