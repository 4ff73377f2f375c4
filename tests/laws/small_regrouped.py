"""The calls of a plan in any other grouping: what could be left out, or go along in another one's request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import chain, combinations
from typing import Any

from lxml import etree

from reconciler.twins.core.values import encode
from tests.laws.small_twins import Sent

MOST_ITEMS = 6
"""Of one path: of more, not every set is tried."""


def alphabet(calls: Sequence[Sent]) -> list[Sent]:
    """Every call by itself, and any of those to one path as one."""
    found: dict[Sent, None] = dict.fromkeys(calls)
    for same in _by_path(calls).values():
        found |= dict.fromkeys(_together(same))
    return list(found)


def _by_path(calls: Sequence[Sent]) -> dict[tuple[str, str, str], list[Sent]]:
    found: dict[tuple[str, str, str], list[Sent]] = {}
    for call in calls:
        found.setdefault((call.method, call.path, call.media.partition(";")[0]), []).append(call)
    return found


def _together(same: Sequence[Sent]) -> Iterator[Sent]:
    first = same[0]
    if "xml" in first.media:
        yield from _documents(same)
    elif "json" in first.media and all(call.content for call in same):
        bodies = [json.loads(call.content) for call in same]
        for some in _sets(range(len(bodies)), least=2):
            yield first._replace(content=encode(_merged([bodies[n] for n in some])))


def _documents(same: Sequence[Sent]) -> Iterator[Sent]:
    """Every set of what the documents hold, in the order in which it was sent, actions of one type alone; and what
    is said twice of one thing said at once."""
    roots = [etree.fromstring(call.content) for call in same]
    items = [item for root in roots for one in root for item in one]
    for some in _sets(range(len(items)), least=1):
        if len({items[n].get("type") for n in some if items[n].tag.endswith("}action")}) < 2:
            yield same[0]._replace(content=_document(roots[0], [items[n] for n in some]))
    fused = _fused(items)
    if len(fused) < len(items):
        yield same[0]._replace(content=_document(roots[0], fused))


def _document(root: Any, items: Sequence[Any]) -> bytes:
    whole = etree.Element(root.tag, dict(root.attrib), nsmap=root.nsmap)
    inside: dict[str, Any] = {}
    for item in items:
        above = item.getparent()
        if above.tag not in inside:
            inside[above.tag] = etree.SubElement(whole, above.tag, dict(above.attrib))
        inside[above.tag].append(deepcopy(item))
    found: bytes = etree.tostring(whole, encoding="utf-8", xml_declaration=True)
    return found


def _fused(items: Sequence[Any]) -> list[Any]:
    """One item per thing: the later one's words go before."""
    found: dict[object, Any] = {}
    for n, item in enumerate(items):
        own = item.get("id") or item.get("tid") or item.get("key") or item.get("path")
        at = (item.tag, item.get("type"), own or n)
        if at in found:
            one = etree.Element(item.tag, {**found[at].attrib, **item.attrib}, nsmap=item.nsmap)
            others = [c for c in found[at] if c.tag not in {d.tag for d in item}]
            one.extend(deepcopy([*others, *item]))
            etree.Element(item.getparent().tag).append(one)
            found[at] = one
        else:
            found[at] = item
    return list(found.values())


def _sets(items: Sequence[int], *, least: int) -> Iterator[tuple[int, ...]]:
    """Every set of them; of very many only the largest ones."""
    first = least if len(items) <= MOST_ITEMS else len(items) - 1
    return chain.from_iterable(combinations(items, n) for n in range(first, len(items) + 1))


def _merged(bodies: Sequence[Any]) -> Any:
    """Bodies as one: names together, lists one after the other, of two values the later."""
    if all(isinstance(body, dict) for body in bodies):
        names = dict.fromkeys(name for body in bodies for name in body)
        return {name: _merged([body[name] for body in bodies if name in body]) for name in names}
    if all(isinstance(body, list) for body in bodies):
        return [
            item
            for n, item in enumerate(chain.from_iterable(bodies))
            if item not in [*chain.from_iterable(bodies)][:n]
        ]
    return bodies[-1]
