"""The calls of OMN Core for the fault matrix. All of them are POSTs: which only read, their sites say."""

from __future__ import annotations

from typing import Any

from reconciler.model.document import Document
from tests.contract.classes import at, cl, nd
from tests.contract.definitions import ad
from tests.contract.directories import di
from tests.contract.glossaries import en, entry, glossary
from tests.contract.keywords import kw
from tests.contract.peos import peo, product
from tests.faults.cells import Site
from tests.faults.core import GONE, PRINT, SHOE
from tests.world import CORE

Documents = tuple[Document, ...]
A, B, OLD_KW = kw("A", en_GB="a"), kw("B", en_GB="b"), kw("Old", **GONE)
CARE, SIZE, OLD_AD = ad("care", en_GB="Care"), ad("size", "number"), ad("old", **GONE)
REF = ad("goes_with", "ref")
STANDARD, OLD_CL = cl("Standard", en_GB="Fashion"), cl("Old", **GONE)
SHOES, OLD_ND = nd("Standard/Shoes", en_GB="Shoes"), nd("Standard/Old", **GONE)
SHOES_DE = nd("Standard/Shoes", en_GB="Footwear", de_DE="Schuhe")
WASHED = at("Standard/Shoes", "care", values=["wash", "iron"], default="wash")
IRONED = at("Standard/Shoes", "care", values=["wash", "iron"], default="iron")
OLD_AT = at("Standard/Shoes", "care", **GONE)
TREE = (CARE, STANDARD, SHOES)
TERMS, WORDS = glossary("Terms"), glossary("Words")
OLD_GL = glossary("Old", **GONE)
SCHUH, WEG = entry("terms", "Schuh", en("shoe")), entry("terms", "Weg", **GONE)
LOOKS, OLD_DI = di("looks", {"SEASON": "summer"}), di("old", **GONE)
OURS = product(SHOE, name="Our shoe")
OTHER = product("other", name="Other")
LINKED = product(SHOE, name="Our shoe", links=[{"attribute": "goes_with", "product": "other"}])


def paper(name: str, called: str = "paper", **words: Any) -> Document:
    return peo(name, called=called, product=SHOE, templateId=PRINT, **words)


def read(name: str, path: str, before: Documents, after: Documents, *, many: bool = True, **more: Any) -> Site:
    """A reading; `many`: of a list."""
    return Site(name, CORE, "POST", f"{path}$", before, after, pages=many, reading=True, **more)


def call(name: str, path: str, before: Documents, after: Documents, **more: Any) -> Site:
    return Site(name, CORE, "POST", f"{path}$", before, after, **more)


def made(name: str, path: str, before: Documents, after: Documents) -> Site:
    return call(name, path, before, after, creates=True)


def gone(name: str, path: str, before: Documents, after: Documents) -> Site:
    return call(name, path, before, after, removes=True)


DEFINITIONS, CLASSES, ATTRIBUTES = (f"/pim/{n}" for n in ("attribute-definitions", "classes", "attributes"))
NODES, PRODUCTS, LINKS = "/pim/nodes", "/pim/products", "/pim/products/links"
GLOSSARIES, ENTRIES, KEYWORDS = (f"/common/{n}" for n in ("glossaries", "glossaryEntries", "keywords"))
DIRS, PEOS, PROJECTS = "/dam/dirs", "/peo/peos", "/peo/peos/links"

DESCRIBED = (
    read("list definitions", f"{DEFINITIONS}/retrieve", (CARE,), (CARE, SIZE)),
    made("create a definition", f"{DEFINITIONS}/persist", (CARE,), (CARE, SIZE)),
    call("change a definition", f"{DEFINITIONS}/persist", (CARE,), (ad("care", en_GB="Caring", de_DE="Pflege"),)),
    gone("delete a definition", f"{DEFINITIONS}/perform", (CARE, OLD_AD), (CARE,)),
    read("list classifications", f"{CLASSES}/retrieve", TREE, (*TREE, WASHED)),
    made("create a classification with all in it", f"{CLASSES}/persist", (CARE,), (*TREE, WASHED)),
    call("change a node", f"{CLASSES}/persist", TREE, (CARE, STANDARD, SHOES_DE)),
    call("change an attribute", f"{CLASSES}/persist", (*TREE, WASHED), (*TREE, IRONED)),
    gone("delete a classification", f"{CLASSES}/perform", (*TREE, OLD_CL), TREE),
    read("ask for the right", f"{NODES}/retrieve", (*TREE, OLD_ND), TREE, many=False, answers=(403,)),
    gone("delete a node", f"{NODES}/perform", (*TREE, OLD_ND), TREE),
    read("read defaults", f"{ATTRIBUTES}/retrieve", (*TREE, WASHED), (*TREE, IRONED), many=False, answers=(404,)),
    gone("delete an attribute", f"{ATTRIBUTES}/perform", (*TREE, OLD_AT), TREE),
)
WORDED = (
    read("list keywords", f"{KEYWORDS}/retrieve", (A,), (A, B)),
    read("list locales", "/common/locales/retrieve", (A,), (A, B)),
    made("create keywords", f"{KEYWORDS}/persist", (A,), (A, B, kw("B/C"))),
    call("rename a keyword", f"{KEYWORDS}/persist", (A,), (kw("X", name="a", was="A", en_GB="x"),)),
    call("move a keyword", f"{KEYWORDS}/perform", (A, B), (A, kw("A/B", name="b", was="B", en_GB="b"))),
    gone("delete a keyword", f"{KEYWORDS}/perform", (A, OLD_KW), (A,)),
    read("list glossaries", f"{GLOSSARIES}/retrieve", (TERMS, SCHUH), (TERMS, SCHUH, WORDS)),
    made("create glossaries with entries", f"{GLOSSARIES}/persist", (), (TERMS, SCHUH)),
    call("rename a glossary", f"{GLOSSARIES}/persist", (TERMS,), (glossary("T", called="terms", was="Terms"),)),
    gone("delete a glossary", f"{GLOSSARIES}/perform", (TERMS, OLD_GL), (TERMS,)),
    made("create entries", f"{ENTRIES}/persist", (TERMS,), (TERMS, SCHUH, WEG)),
    call("change an entry", f"{ENTRIES}/persist", (TERMS, SCHUH), (TERMS, entry("terms", "Schuh", en("boot")))),
    call(
        "move an entry",
        f"{ENTRIES}/perform",
        (TERMS, WORDS, entry("terms", "Hut", called="hut")),
        (TERMS, WORDS, entry("words", "Hut", called="hut")),
    ),
    gone("delete an entry", f"{ENTRIES}/perform", (TERMS, SCHUH, WEG), (TERMS, SCHUH)),
)
STORED = (
    read("list RNCs", "/dam/rncs/retrieve", (LOOKS,), (LOOKS, di("more"))),
    read("list directories", f"{DIRS}/retrieve", (LOOKS,), (LOOKS, di("more")), answers=(404,)),
    read("ask for assets", "/dam/assets/query", (LOOKS, OLD_DI), (LOOKS,), many=False),
    made("create a directory", f"{DIRS}/persist", (LOOKS,), (LOOKS, di("looks/more"))),
    made("create a branch of directories", f"{DIRS}/perform", (LOOKS,), (LOOKS, di("x"), di("x/y", {"A": "b"}))),
    call(
        "rename a directory",
        f"{DIRS}/persist",
        (LOOKS,),
        (di("views", {"SEASON": "x"}, name="looks", was="looks"),),
    ),
    call("move a directory", f"{DIRS}/perform", (LOOKS, di("m")), (LOOKS, di("looks/m", name="m", was="m"))),
    gone("delete a directory", f"{DIRS}/perform", (LOOKS, OLD_DI), (LOOKS,)),
    read("read products", f"{PRODUCTS}/retrieve", (OURS,), (OURS, OTHER), many=False, answers=(404,)),
    made("create a product", f"{PRODUCTS}/persist", (), (OURS,)),
    call("rename a product", f"{PRODUCTS}/persist", (OURS,), (product(SHOE, name="The shoe"),)),
    call("link a product", f"{LINKS}/persist", (REF, OURS, OTHER), (REF, LINKED, OTHER)),
    call(
        "unlink a product",
        f"{LINKS}/perform",
        (REF, LINKED, OTHER),
        (REF, product(SHOE, name="Our shoe", links=[]), OTHER),
        untold=True,
    ),
    gone("delete a product", f"{PRODUCTS}/perform", (OURS, product("other", name="Other", **GONE)), (OURS,)),
    read(
        "look for peos",
        f"{PEOS}/query",
        (OURS, paper("One")),
        (OURS, paper("One"), paper("Two", "two")),
        many=False,
        answers=(404,),
    ),
    read(
        "read peos",
        f"{PEOS}/retrieve",
        (OURS, paper("One")),
        (OURS, paper("One", projects=["WEB"])),
        many=False,
        answers=(404,),
    ),
    read(
        "read channels",
        "/cm/channels/retrieve",
        (OURS, paper("One")),
        (OURS, paper("One", projects=["WEB"])),
        many=False,
    ),
    call(
        "rename a peo",
        f"{PEOS}/persist",
        (OURS, paper("One")),
        (OURS, paper("Two", previous_key="One", allow=["rename"])),
    ),
    call("link a peo", f"{PROJECTS}/persist", (OURS, paper("One")), (OURS, paper("One", projects=["WEB", "AWS"]))),
    call(
        "unlink a peo",
        f"{PROJECTS}/perform",
        (OURS, paper("One", projects=["WEB"])),
        (OURS, paper("One", projects=[])),
    ),
    call("make a peo", f"{PEOS}/persist", (OURS,), (OURS, paper("One")), creates=True, asks=True),
    gone("delete a peo", f"{PEOS}/perform", (OURS, paper("One", **GONE)), (OURS,)),
)
SITES = (*DESCRIBED, *WORDED, *STORED)
"""Whether a peo was made may be a person's to settle (OC-R132)."""
