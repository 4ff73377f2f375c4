"""Numbers of changes of every kind of OMN Core, the documents before and after them, and what they cost
(OC-C2, OC-C11, OC-C21, OC-C31, OC-C41, OC-C51, OC-C56)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any, Final, TypeAlias

from reconciler.model.document import Document
from tests.contract.classes import at, cl, nd
from tests.contract.definitions import ad
from tests.contract.directories import di
from tests.contract.glossaries import en, entry, glossary
from tests.contract.keywords import kw
from tests.contract.peos import peo, product, shop
from tests.world import World

DEL: Final[Mapping[str, Any]] = {"on_remove": "delete", "allow": ["delete", "first-removals"]}
NEW: Final[Mapping[str, Any]] = {"allow": ["replace"]}
Sides: TypeAlias = "tuple[Sequence[Document], Sequence[Document]]"
"""What is declared before, and then."""


def ground(k: World, most: int) -> None:
    """What all changes need: definitions, a classification with nodes for `most` attributes of each deed,
    glossaries, a keyword, a directory, products; nothing of it is declared."""
    shop(k)
    k.core.add_template("8", "Web")
    for key in ("base", "other", "ACC"):
        k.core.add_definition(key, "ref" if key.isupper() else "text")
    k.core.add_class("Base")
    k.core.add_nodes("/Base", [f"{deed}{n}" for deed in ("ac", "au", "ar", "ad") for n in range(most)])
    for name in ("Base", "More"):
        k.core.add_glossary(name)
    k.core.add_keyword("Base")
    k.core.add_rnc("MAM")
    k.core.add_directory("/MAM/base")


def _peo(name: str, **words: Any) -> Document:
    return peo(name, called=words.pop("called", name), **words)


def _entry(text: str, at_: str = "Base", **words: Any) -> Document:
    """`to`: its translation; empty: it has none."""
    to = words.pop("to", None)
    others = [] if to is None else [en(to) if to else {}]
    return entry(at_, text, *others, called=words.pop("called", text), **words)


def _product(tid: str, **words: Any) -> Document:
    return product(tid, name=words.pop("name", f"the {tid}"), **words)


LINKS: Final[list[Any]] = [{"attribute": "ACC", "product": "prod-1"}]
PARTS: Final[Mapping[str, Callable[[int], Sides]]] = {
    "definition create": lambda n: ([], [ad(f"dc{n}")]),
    "definition update": lambda n: ([ad(f"du{n}", en_GB="a")], [ad(f"du{n}", en_GB="b")]),
    "definition replace": lambda n: ([ad(f"dr{n}")], [ad(f"dr{n}", "number", **NEW)]),
    "definition delete": lambda n: ([ad(f"dd{n}", **DEL)], []),
    "class create": lambda n: ([], [cl(f"cc{n}")]),
    "class update": lambda n: ([cl(f"cu{n}", en_GB=f"a{n}")], [cl(f"cu{n}", en_GB=f"b{n}")]),
    "class delete": lambda n: ([cl(f"cd{n}", **DEL)], []),
    "node create": lambda n: ([], [nd(f"Base/nc{n}")]),
    "node update": lambda n: ([nd(f"Base/nu{n}", en_GB="a")], [nd(f"Base/nu{n}", en_GB="b")]),
    "node replace": lambda n: ([nd(f"Base/nr{n}", name=f"nr{n}")], [nd(f"Base/ns{n}", name=f"nr{n}", **NEW)]),
    "node delete": lambda n: ([nd(f"Base/nd{n}", **DEL)], []),
    "attribute create": lambda n: ([], [at(f"Base/ac{n}", "base")]),
    "attribute update": lambda n: ([at(f"Base/au{n}", "base")], [at(f"Base/au{n}", "base", localized=True)]),
    "attribute replace": lambda n: (
        [at(f"Base/ar{n}", "base", name=f"ar{n}")],
        [at(f"Base/ar{n}", "other", name=f"ar{n}", **NEW)],
    ),
    "attribute delete": lambda n: ([at(f"Base/ad{n}", "base", **DEL)], []),
    "keyword create": lambda n: ([], [kw(f"kc{n}")]),
    "keyword update": lambda n: ([kw(f"ku{n}", en_GB=f"a{n}")], [kw(f"ku{n}", en_GB=f"b{n}")]),
    "keyword rename": lambda n: ([kw(f"kr{n}")], [kw(f"ks{n}", name=f"kr{n}", was=f"kr{n}")]),
    "keyword move": lambda n: ([kw(f"km{n}")], [kw(f"Base/km{n}", name=f"km{n}", was=f"km{n}")]),
    "keyword delete": lambda n: ([kw(f"kd{n}", **DEL)], []),
    "glossary create": lambda n: ([], [glossary(f"gc{n}")]),
    "glossary update": lambda n: (
        [glossary(f"gu{n}", attributes={"A": "a"})],
        [glossary(f"gu{n}", attributes={"A": "b"})],
    ),
    "glossary rename": lambda n: ([glossary(f"gr{n}")], [glossary(f"gs{n}", called=f"gr{n}", was=f"gr{n}")]),
    "glossary delete": lambda n: ([glossary(f"gd{n}", **DEL)], []),
    "entry create": lambda n: ([], [_entry(f"ec{n}")]),
    "entry update": lambda n: ([_entry(f"eu{n}", to=f"a{n}")], [_entry(f"eu{n}", to=f"b{n}")]),
    "entry untranslate": lambda n: ([_entry(f"et{n}", to=f"a{n}")], [_entry(f"et{n}", to="")]),
    "entry rename": lambda n: ([_entry(f"er{n}")], [_entry(f"es{n}", called=f"er{n}", was=f"er{n}")]),
    "entry move": lambda n: ([_entry(f"em{n}")], [_entry(f"em{n}", "More")]),
    "entry delete": lambda n: ([_entry(f"ed{n}", **DEL)], []),
    "directory create": lambda n: ([], [di(f"rc{n}")]),
    "directory update": lambda n: ([di(f"ru{n}", {"A": "a"})], [di(f"ru{n}", {"A": "b"})]),
    "directory rename": lambda n: ([di(f"rr{n}")], [di(f"rs{n}", name=f"rr{n}", was=f"rr{n}")]),
    "directory move": lambda n: ([di(f"rm{n}")], [di(f"base/rm{n}", name=f"rm{n}", was=f"rm{n}")]),
    "directory delete": lambda n: ([di(f"rd{n}", **DEL)], []),
    "peo create": lambda n: ([], [_peo(f"pc{n}", projects=["AWS"])]),
    "peo link": lambda n: ([_peo(f"pl{n}", projects=["AWS"])], [_peo(f"pl{n}", projects=["AWS", "Web"])]),
    "peo unlink": lambda n: ([_peo(f"pu{n}", projects=["AWS", "Web"])], [_peo(f"pu{n}", projects=["AWS"])]),
    "peo rename": lambda n: (
        [_peo(f"pr{n}")],
        [_peo(f"ps{n}", called=f"pr{n}", previous_key=f"pr{n}", allow=["rename"])],
    ),
    "peo replace": lambda n: ([_peo(f"pa{n}")], [_peo(f"pa{n}", template="Web", templateId="8", **NEW)]),
    "peo delete": lambda n: ([_peo(f"pd{n}", **DEL)], []),
    "product create": lambda n: ([], [_product(f"tc{n}")]),
    "product update": lambda n: ([_product(f"tu{n}")], [_product(f"tu{n}", name=f"new {n}")]),
    "product link": lambda n: ([_product(f"tl{n}")], [_product(f"tl{n}", links=LINKS)]),
    "product unlink": lambda n: ([_product(f"tp{n}", links=LINKS)], [_product(f"tp{n}", links=[])]),
    "product delete": lambda n: ([_product(f"td{n}", **DEL)], []),
}
"""`kind deed` -> the documents of the nth such deed."""
REQUESTS: Final[Sequence[Sequence[str]]] = (
    ("definition replace",),
    ("definition create", "definition update", "definition replace"),
    ("definition delete",),
    (
        *("class create", "class update", "node create", "node update", "node replace"),
        *("attribute create", "attribute update", "attribute replace"),
    ),
    ("node replace",),
    ("node delete",),
    ("attribute replace",),
    ("attribute delete",),
    ("class delete",),
    ("keyword create", "keyword update", "keyword rename"),
    ("keyword move",),
    ("keyword delete",),
    ("glossary create", "glossary update", "glossary rename"),
    ("entry create", "entry update", "entry rename"),
    ("entry move",),
    ("entry untranslate", "entry delete"),
    ("glossary delete",),
    ("directory create", "directory update", "directory rename"),
    ("directory move",),
    ("directory delete",),
    ("peo replace",),
    ("peo create", "peo rename", "peo replace"),
    ("peo link",),
    ("peo unlink",),
    ("peo delete",),
    ("product create", "product update"),
    ("product link",),
    ("product unlink",),
    ("product delete",),
)
"""The deeds that go together, request by request."""


def writes(mix: Mapping[str, int], batch: int) -> int:
    """What a mix costs: each kind of request for as many objects as the target takes."""
    return sum(ceil(sum(mix.get(deed, 0) for deed in deeds) / batch) for deeds in REQUESTS)


def documents(mix: Mapping[str, int]) -> Sides:
    """What is declared before the changes, and after them."""
    both = [PARTS[deed](n) for deed, many in mix.items() for n in range(many)]
    return [d for before, _ in both for d in before], [d for _, after in both for d in after]


LISTS: Final[Mapping[str, str]] = {
    "definition": "/pim/attribute-definitions/retrieve",
    **dict.fromkeys(("class", "node", "attribute"), "/pim/classes/retrieve"),
    "keyword": "/common/keywords/retrieve",
    **dict.fromkeys(("glossary", "entry"), "/common/glossaries/retrieve"),
    "directory": "/dam/dirs/retrieve",
    "peo": "/peo/peos/retrieve",
    "product": "/pim/products/retrieve",
}
"""The list that shows a kind, and whatever else it shows."""


def preconditions(mix: Mapping[str, int]) -> dict[str, int]:
    """How often each list is asked for before the first write, but for peos, which are asked for by id."""
    written = {deed.partition(" ")[0] for deed, many in mix.items() if many}
    roots = mix.get("keyword delete", 0) + (1 if mix.get("keyword move") else 0)
    going = 1 if mix.get("definition delete") or mix.get("definition replace") else 0
    found = {LISTS[kind]: 1 + (roots if kind == "keyword" else 0) for kind in written}
    if going:  # whether any attribute makes use of them (OC-C13)
        found[LISTS["attribute"]] = found.get(LISTS["attribute"], 0) + 1
    return {path: many for path, many in found.items() if path != LISTS["peo"]}


def listed(calls: Sequence[str]) -> dict[str, int]:
    """How often each list but that of peos was asked for."""
    seen = Counter(call.rpartition(" ")[2] for call in calls)
    return {path: seen[path] for kind, path in LISTS.items() if kind != "peo" and path in seen}
