"""OMN Core before and after a change of more than forty writes: that of `core`, a pair of objects in each request,
and a shelf of its own beside it."""

from __future__ import annotations

from reconciler.model.document import Document
from tests.contract.directories import di
from tests.contract.keywords import kw
from tests.contract.peos import peo, product
from tests.faults import core
from tests.faults.core import GONE, PRINT, SHOE

BATCH = 2
"""Objects in one request."""


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what was seeded."""
    return [
        *core.before(),
        kw("Shelf", name="shelf", en_GB="Shelf"),
        kw("Shelf/Low", name="low", en_GB="Low", **GONE),
        di("shelf", {"ROOM": "a"}, name="shelf-dir"),
    ]


def after() -> list[Document]:
    """Creates, changes, renames, moves, removals and deletes of every kind, with references among them."""
    return [
        *core.after(),
        kw("Shelf", name="shelf", en_GB="Board"),
        kw("Shelf/High", name="high", en_GB="High"),
        kw("Shelf/High/Left", name="left", en_GB="Left"),
        di("shelf", {"ROOM": "b"}, name="shelf-dir"),
        di("shelf/top", name="shelf-top"),
        product("our-sandal", name="A sandal", node="Standard/Shoes/Trainers"),
        product("our-clog", name="A clog", node="Standard/Shoes"),
        peo("Shoe at hand", called="hand", product=SHOE, templateId=PRINT, projects=["PRINT"]),
    ]
